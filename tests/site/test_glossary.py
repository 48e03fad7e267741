"""The glossary: what it holds, where a text uses it, what a page makes of it, and what stops the build."""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.site import gloss, glossary
from goldenthread.site.glossary import Glossary, GlossaryError, Term, load

sys.path.insert(0, str(Path(__file__).parent))
from small_book import fault, page

TERMS = glossary.glossary()
NAMES = [name for term in TERMS.values() for name in term.names]


def _book(tmp_path, text):
    """A page beside a landing page and a glossary."""
    return page(
        tmp_path, text, name="reading", others={"index": "# Home\n", gloss.PAGE: "# Glossary\n"}
    )


def _marked(made) -> list[tuple[str, str]]:
    """The words that a page marks, and where they lead."""
    found = re.findall(r'<a class="gloss" href="([^"]*)"[^>]*>(.*?)</a>', made.html)
    return [(words, where.partition("#")[2]) for where, words in found]


# --- what it holds ---------------------------------------------------------------------------------


def test_it_is_large_and_in_order():
    assert len(TERMS) >= 120
    listed = [term.term.replace("’", "'").casefold() for term in TERMS.values()]
    assert listed == sorted(listed)


@pytest.mark.parametrize("term", TERMS.values(), ids=list(TERMS))
def test_a_definition_is_one_to_three_plain_sentences(term):
    sentences = re.split(r"(?<=[.?])\s+(?=[A-Z])", term.definition)
    assert 1 <= len(sentences) <= 3
    assert max(len(sentence.split()) for sentence in sentences) <= 32
    # A term is not explained by itself.
    assert not term.definition.casefold().startswith(term.term.casefold() + " is")
    assert term.id not in term.see


def test_what_the_law_says_has_its_source():
    cited = re.compile(r"\b(section|schedule|regulation)\b", re.IGNORECASE)
    legal = [term for term in TERMS.values() if term.source and cited.search(term.source.name)]
    assert len(legal) >= 25
    assert all(
        term.source.url.startswith("https://www.legislation.gov.uk/")
        for term in legal
        if "legislation" in term.source.url
    )
    for name in ("Best value", "Section 114 notice", "Call-in", "Key decision", "SEND"):
        assert TERMS.find(name).source


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"term": "Lag"}, "Lag: definition: Field required"),
        ({"term": "Lag", "definition": "Waiting"}, "Lag: definition"),
        ({"term": "Lag", "definition": "The waiting time.", "mine": 1}, "Lag: mine"),
        ({"term": "Lag", "definition": "The waiting time.", "see": ["lac"]}, "the nearest are lag"),
        ("Lag", "entry 1"),
        (
            {"term": "Lag", "definition": "The waiting time.", "source": {"name": "A", "url": "x"}},
            "source.url",
        ),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_field(tmp_path, entry, said):
    path = tmp_path / "words.yaml"
    path.write_text(yaml.safe_dump([entry]), encoding="utf-8")
    with pytest.raises(GlossaryError, match=re.escape(said)) as caught:
        load(path)
    assert str(caught.value).startswith("words.yaml: ")


def test_a_name_stands_for_one_term():
    one = Term(term="Lag", also=("delay",), definition="The time that passes.")
    other = Term(term="Delay", definition="The time that is lost.")
    with pytest.raises(GlossaryError, match="'delay' is a name of 'Delay' and of 'Lag'"):
        Glossary([one, other])


# --- where a text uses it --------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_name_leads_to_its_term(name):
    term = TERMS.find(name.upper())
    assert name in term.names
    assert TERMS.find(f" {name.replace(' ', '  ')} ") is term


def test_a_wrong_name_is_told_the_nearest():
    with pytest.raises(GlossaryError, match="no term 'denominater'; the nearest are denominator"):
        TERMS.find("denominater")


@pytest.mark.parametrize("name", [n for t in TERMS.values() if t.mark for n in t.names])
def test_a_name_that_is_marked_is_found_in_a_sentence(name):
    text = f"Ask about {name}, then go on."
    assert [text[start:end] for start, end, _ in TERMS.used(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "A rag on a stick, and to send a smart card.",  # abbreviations without their capitals
        "The Golden Thread workbook.",  # a name, not the thread
        "Semi-median, denominatorless and co-precept.",  # parts of words
        "A target for the rate of activity.",  # everyday words
    ],
)
def test_what_only_looks_like_a_term_is_left_alone(text):
    assert list(TERMS.used(text)) == []


def test_the_longest_name_wins_and_a_line_break_is_a_space():
    text = "an education, health and\ncare plan, a confidence\ninterval and Goodhart’s law"
    found = [text[start:end] for start, end, _ in TERMS.used(text)]
    assert found == [
        "education, health and\ncare plan",
        "confidence\ninterval",
        "Goodhart’s law",
    ]


@given(
    st.lists(
        st.one_of(st.sampled_from(NAMES), st.text(alphabet="abc XY-.,’'\n", max_size=12)),
        max_size=8,
    )
)
def test_what_is_found_is_in_order_and_is_a_name(parts):
    text = " ".join(parts)
    done = 0
    for start, end, term in TERMS.used(text):
        assert done <= start < end <= len(text)
        assert TERMS.find(text[start:end]) is term
        assert term.mark
        done = end


# --- what a page makes of it -----------------------------------------------------------------------


def test_the_first_use_of_a_term_is_marked_and_leads_to_the_glossary(tmp_path):
    made = _book(tmp_path, "A median and a median.\n\n- Its denominator.\n\nMedians again.")
    assert made.faults == []
    assert _marked(made) == [("median", "term-median"), ("denominator", "term-denominator")]
    assert f'data-definition="{html.escape(TERMS["median"].definition)}"' in made.html
    assert 'href="book/about/glossary.html#term-median"' in made.html


def test_only_running_text_is_marked(tmp_path):
    made = _book(
        tmp_path,
        "## The median\n\n[A median](index.md), `median`, *median* and **median**.\n\n"
        "> A median.\n\n| Median |\n|---|\n| median |\n\n```text\nmedian\n```\n\n"
        "```{questions} Ask\n- Which median?\n```\n\n```{guidance}\nThe median.\n```\n\n"
        "```{note}\nThe median.\n```",
    )
    assert made.faults == []
    assert _marked(made) == []


def test_neither_the_landing_page_nor_a_book_without_a_glossary_is_marked(tmp_path):
    home = page(tmp_path / "a", "A median.", others={gloss.PAGE: "# Glossary\n"})
    alone = page(tmp_path / "b", "A median.", name="reading", others={"index": "# Home\n"})
    assert (home.faults, _marked(home)) == ([], [])
    assert (alone.faults, _marked(alone)) == ([], [])


def test_a_writer_marks_any_term_in_any_words(tmp_path):
    made = _book(
        tmp_path, "A median first. A {gloss}`target`, the {gloss}`middle one <median>` and a rate."
    )
    assert made.faults == []
    # What the writer marks is not marked again where it stands first.
    assert _marked(made) == [("target", "term-target"), ("middle one", "term-median")]


def test_words_and_definitions_are_escaped(tmp_path, monkeypatch):
    hostile = Term(term='Spy"<script>', definition='A "quoted" <script>alert(1)</script> word.')
    monkeypatch.setattr(glossary, "glossary", lambda: Glossary([hostile]))
    made = _book(tmp_path, 'See {gloss}`it <Spy"\\<script>>`.\n\n```{glossary-terms}\n```')
    assert "<script" not in made.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.html


def test_a_wrong_term_stops_the_build_with_file_and_line(tmp_path):
    made = _book(tmp_path, "Words.\n\nA {gloss}`denominater` here.")
    assert fault(made).startswith("5: ")
    assert "gloss: there is no term 'denominater'; the nearest are denominator" in fault(made)


def test_a_term_in_a_heading_stops_the_build(tmp_path):
    made = _book(tmp_path, "Words.\n\n## The {gloss}`median`\n\nWords.")
    assert fault(made).startswith("5: ")
    assert "cannot be explained in a heading" in fault(made)


def test_the_list_has_every_term_with_its_source_and_its_neighbours(tmp_path):
    made = page(tmp_path, "```{glossary-terms}\n```")
    assert made.faults == []
    assert made.metadata["goldenthread-made-from"] == str(glossary.PATH)
    places = re.findall(r'<dt id="(.*?)">', made.html)
    assert places == [gloss.anchor(term) for term in TERMS.values()]
    leads = set(re.findall(r'href="#(term-.*?)"', made.html))
    assert leads == {f"term-{other}" for term in TERMS.values() for other in term.see}
    assert leads < set(places)
    for term in TERMS.values():
        assert (
            html.escape(term.definition).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
            in made.html
        )
        if term.source:
            assert f'href="{term.source.url}"' in made.html
    letters = re.findall(r'<a href="#(letter-.)">', made.html)
    assert letters == re.findall(r'<h2 id="(letter-.)">', made.html)
