"""The one file of the project's own addresses: empty until somebody fills it, and never filled wrongly."""

from __future__ import annotations

import pytest

from goldenthread.addresses import PATH, AddressError, Addresses, addresses

TALK = "{repository-id: R_1, category: Pages, category-id: C_1}"


def _read(tmp_path, text: str) -> Addresses:
    path = tmp_path / "addresses.yaml"
    path.write_text(text, "utf-8")
    return addresses(path)


def test_the_projects_own_file_makes_nothing_up():
    assert addresses() == addresses(PATH) == Addresses()


def test_what_is_filled_in_is_there(tmp_path):
    text = (
        "book: https://book.example/\nrepository: https://github.com/a/b\n"
        f"email: write.to+us@council.example\ndiscussion: {TALK}\n"
    )
    known = _read(tmp_path, text)
    assert known.page("book/compare") == "https://book.example/book/compare.html"
    assert known.on_github == "a/b"
    assert known.email == "write.to+us@council.example"
    assert known.discussion is not None
    assert known.discussion.category_id == "C_1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("book: http://book.example/", "book: "),
        ("book: javascript:alert(1)", "book: "),
        ("repository: 'https://github.com/a/b\" onclick=\"x'", "repository: "),
        ("email: nobody", "email: "),
        ("email: 'a@example.org?bcc=b@example.org'", "email: "),
        ("email: 'a@example.org\nBcc: b@example.org'", "email: "),
        ("mail: a@example.org", "mail: "),
        (f"discussion: {TALK}", "needs a repository on GitHub"),
        (f"repository: https://code.example/a/b\ndiscussion: {TALK}", "needs a repository"),
        ("repository: https://github.com/a/b\ndiscussion: {category: x}", "discussion.repository-id"),
        ("repository: https://github.com/a/b\ndiscussion: utterances", "discussion: "),
        ("- a list", "addresses.yaml"),
        ("book: [", "no YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused_by_its_field(tmp_path, text, said):
    with pytest.raises(AddressError, match=r"addresses\.yaml") as refused:
        _read(tmp_path, text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("repository", "on_github"),
    [
        ("", ""),
        ("https://github.com/a/b.git", "a/b"),
        ("https://github.com/a", ""),
        ("https://github.com/a/b/tree/main", ""),
        ("https://github.com.evil.example/a/b", ""),
    ],
)
def test_only_a_repository_on_github_is_one(repository, on_github):
    assert Addresses(repository=repository).on_github == on_github
