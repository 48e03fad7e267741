"""Quality of words: pages with faults, pages that only look as if they had some, and the list of addresses."""

from __future__ import annotations

import datetime
import re
import sys
import threading
from collections import Counter
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from typing import Any
from unittest.mock import MagicMock

import pytest
import yaml

from goldenthread import cli
from goldenthread.prose import check, exceptions, external, links, passages, spelling, style
from goldenthread.prose.check import Rules
from goldenthread.prose.error import ProseError
from goldenthread.prose.exceptions import Allowed
from goldenthread.prose.external import External
from goldenthread.prose.passages import HOLE, Passage
from goldenthread.prose.reading_age import grade, reading_age

HOSTILE = dedent(
    """\
    ---
    description: How a coucil counts.
    kernelspec: {display_name: Pythonn}
    # A coment.
    ---
    # Whose coucil?

    % A coment that nobody sees: wrnog.

    The `wrnog` word, {figure}`wrnog-measure england` and {gloss}`what it is over <denominator>`.
    Next line: see [the law](https://law.example/1#s) and <https://bare.example/wrnog>.

    ```python
    wrnog = 1
    ```

    ````{guidance} Compare like with liek
    :role: wrnog

    First line.

    ```{self-check}
    Which coucil?

    - [ ] That won.

      It is [there](https://there.example).
    ```
    ````

    ```{measure-panel} wrnog-measure
    ```

    > A quotatoin of the law.

    | Head | Other |
    |---|---|
    | a | wrnog cell |

    - A point

      ```{hints-and-tips}
      Deep in a list.
      ```

    <div class="wrnog">raw</div>
    """
)


def _read(text: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.kind, each.text) for each in passages.of_page(text)]


# What is prose


def test_only_prose_is_read_and_every_passage_knows_its_line():
    assert _read(HOSTILE) == [
        (2, "description", "How a coucil counts."),
        (6, "heading", "Whose coucil?"),
        (
            10,
            "paragraph",
            f"The {HOLE} word, {HOLE} and what it is over.\nNext line: see the law and {HOLE}.",
        ),
        (17, "heading", "Compare like with liek"),
        (20, "paragraph", "First line."),
        (23, "paragraph", "Which coucil?"),
        (25, "paragraph", "That won."),
        (27, "paragraph", "It is there."),
        (34, "paragraph", "A quotatoin of the law."),
        (36, "cell", "Head"),
        (36, "cell", "Other"),
        (38, "cell", "a"),
        (38, "cell", "wrnog cell"),
        (40, "paragraph", "A point"),
        (43, "paragraph", "Deep in a list."),
    ]


def test_addresses_boxes_and_quotations_are_known_for_what_they_are():
    read = {each.text: each for each in passages.of_page(HOSTILE)}
    assert [address for each in read.values() for address in each.addresses] == [
        ("https://law.example/1#s", 11),
        ("https://bare.example/wrnog", 11),
        ("https://there.example", 27),
    ]
    assert read["Which coucil?"].inside == ("guidance", "self-check")
    assert [text for text, each in read.items() if each.quoted] == ["A quotatoin of the law."]


def test_data_is_read_where_it_is_a_sentence_or_an_address():
    read = passages.of_data(
        dedent(
            """\
            # A coment.
            - id: wrnog
              ask: Which {name|one|two} of them fell?
              query: '[A-Z]\\d+ (wrnog).*'
              why: >-
                It is long,
                and folded.
              page: "https://page.example/x"
            """
        )
    )
    assert [(each.line, each.text, each.addresses) for each in read] == [
        (3, f"Which {HOLE} of them fell?", ()),
        (5, "It is long, and folded.", ()),
        (8, "", (("https://page.example/x", 8),)),
    ]


def test_data_that_cannot_be_read_names_its_file(tmp_path):
    (tmp_path / "broken.yaml").write_text("- [", encoding="utf-8")
    with pytest.raises(ProseError, match=r"broken\.yaml"):
        passages.of_file(tmp_path / "broken.yaml")


def test_every_block_that_a_writer_fills_with_prose_is_read():
    """A directive that is new is either prose, and listed, or holds names."""
    from goldenthread import site

    app = MagicMock()
    for block in site.blocks():
        block.register(app)
    directives = {call.args[0]: call.args[1] for call in app.add_directive.call_args_list}
    filled = {name for name, made in directives.items() if made.has_content}
    assert filled - {"compare-measures", "figures-since", "headlines"} <= passages.HOLDING


# Spelling


@pytest.fixture(scope="module")
def rules() -> Rules:
    return check.rules()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The coucil’s performnce.", {"coucil": "spelling", "performnce": "spelling"}),
        ("They organize the center.", {"organize": "american", "center": "american"}),
        ("They organise the centre, analyse colour and practise judgement.", {}),
        ("A driving licence, a gas meter, and to license a taxi.", {}),
        (
            "Defense, labor and Neighbors",
            dict.fromkeys(["Defense", "labor", "Neighbors"], "american"),
        ),
        ("Children's and councils' and residents’ wellbeing, don't they?", {}),
        ("St Helens, Barrow-in-Furness and Kingston upon Hull", {}),
        ("northmere is no town", {"northmere": "spelling"}),
        ("See data/wrnog.csv, wrnog.example, wrnog@example.org, E06000010 and 3rd.", {}),
        ("The World Health Organization", {}),
        ("The organization", {"organization": "american"}),
        ("EHCPs and NEETs", {}),
        (
            "well-run, non-statutory, pre-war, ex-officer, co-opted, cross-party and half-speled",
            {"speled": "spelling"},
        ),
    ],
)
def test_words(rules, text, wrong):
    assert {fault.word: fault.rule for fault in rules.lexicon.faults(text)} == wrong


def test_advice_names_the_nearest_word_and_the_british_one(rules):
    said = [fault.advice for fault in rules.lexicon.faults("A coucil of colors, recieved.")]
    assert "perhaps “council”" in said[0]
    assert "“colours”" in said[1]
    assert "perhaps “received”" in said[2]


def test_the_position_survives_what_is_left_out(rules):
    text = "At https://a.example and the World Health Organization: wrnog"
    (fault,) = rules.lexicon.faults(text)
    assert text[fault.start :] == "wrnog"


def test_without_the_dictionaries_a_sentence_says_where_they_come_from(monkeypatch):
    spelling._spellchecker.cache_clear()
    spelling._british.cache_clear()
    monkeypatch.setitem(sys.modules, "spellchecker", None)
    with pytest.raises(ProseError, match="make lint"):
        list(spelling.Lexicon().faults("wrnog"))


# Style


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("We leverage data going forward.", ["filler", "filler"]),
        ('He said “we leverage data” and "utilise" it.', []),
        ("A lever for data.", []),
        ("A world-class, seamless tool.", ["praise", "praise"]),
        ("The provision of services in relation to need.", ["noun", "noun"]),
        ("In terms  of cost", ["noun"]),
        ("A Labour council and a Tory one", ["party", "party"]),
        ("The Labour Force Survey, the labour market and a conservative estimate.", []),
        ("Cllr Smith met Mr Jones.", ["person", "person"]),
        ("The councillor met the chair; sir or madam.", []),
    ],
)
def test_words_that_are_not_written(rules, text, rule):
    assert [fault.rule for fault in rules.style.faults(text)] == rule


def test_sentences_end_where_they_end():
    text = "It rose by 1.5 points, e.g. In Hull. Why? “Because.” See s. 5 of the Act. £5 went."
    assert [sentence for _, sentence in style.sentences(text)] == [
        "It rose by 1.5 points, e.g. In Hull.",
        "Why?",
        "“Because.",
        "See s. 5 of the Act.",
        "£5 went.",
    ]


def test_a_sentence_has_forty_words_and_what_it_quotes_is_not_counted():
    forty = " ".join(["word"] * 40) + "."
    assert list(style.long_sentences(f"{forty} {forty.capitalize()}")) == []
    (fault,) = style.long_sentences(f"Short. One more {forty}")
    assert fault.start == 7
    assert "42 words" in fault.advice
    assert list(style.long_sentences(f"Short. The law says “{forty}” and no more.")) == []


def test_a_short_form_is_explained_at_its_first_use_or_known():
    page = [
        Passage("The QQC met.", 3),
        Passage("The Quite Quiet Council (QQC) met; BRU (the unit) and units (XYZs) too.", 5),
        Passage("A BRU, the XYZ, the UK, 2025/26, COVID-19 and EHCPs.", 7),
    ]
    found = style.short_forms(page, frozenset({"UK", "COVID", "EHCP"}))
    assert [(passage.line, fault.word) for passage, fault in found] == [(3, "QQC")]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("In 2024/25 it was 41.7% of 12,300 homes, or £3 million.", ["41.7%, 12,300, £3 million"]),
        ("About 5 per cent of 3 million people", ["5 per cent, 3 million"]),
        ("Deaths per 100,000 residents, and one out of every 1,000", []),
        ("In Northmere, 12% were late. Suppose 40%.", []),
        ("A report says “82%”.", []),
        ("A 95% interval, and 100% of it", []),
        ("In 2024 all 12 members met on page 3.", []),
        (f"In England {HOLE} in 2024.", []),
    ],
)
def test_typed_figures(text, typed):
    assert [fault.word for fault in style.statistics(Passage(text, 1))] == typed


def test_a_figure_with_a_source_or_of_an_exercise_is_not_a_typed_one():
    assert not list(style.statistics(Passage("12%", 1, addresses=(("https://a.example", 1),))))
    assert not list(style.statistics(Passage("12%", 1, inside=("self-check",))))


# Reading age


def test_syllables_are_those_that_are_spoken():
    words = {
        1: "place year sea changed through league rules asked",
        2: "any people open changes table quiet being region needed figures",
        3: "area idea usual committee regional period national",
        4: "authority society comparison material",
    }
    from goldenthread.prose.reading_age import _syllables

    spoken = {word: count for count, line in words.items() for word in line.split()}
    wrong = {word: _syllables(word) for word, count in spoken.items() if _syllables(word) != count}
    assert wrong == {}


def test_a_page_of_bureaucracy_needs_more_years_than_one_of_plain_words():
    plain = [Passage("We ask what changed. We look at the line for the last two years.", 1)] * 10
    heavy = [Passage("Organisational accountability necessitates multidisciplinary evaluation.", 1)]
    assert reading_age(plain) < 10
    assert reading_age(heavy * 30) > 18
    assert reading_age(plain[:2]) is None
    assert grade("One") < grade("Accountability")


def test_points_of_a_list_are_sentences_and_headings_are_not_counted():
    points = [Passage("one short point without an end", 1)] * 30
    joined = [Passage(" ".join(["one short point without an end"] * 30), 1)]
    assert reading_age(points) < reading_age(joined)
    heading = Passage("Multidisciplinary " * 50, 1, "heading")
    assert reading_age([*points, heading]) == reading_age(points)


# The whole check


def _project(root: Path, page: str, allowed: str = "", listed: list[str] | None = None) -> Path:
    for folder in ("book", "notebooks", "casestudies", "data"):
        (root / folder).mkdir()
    (root / "book" / "page.md").write_text(dedent(page), encoding="utf-8")
    (root / "book" / "_template.md").write_text("wrnog", encoding="utf-8")
    (root / "data" / exceptions.EXCEPTIONS).write_text(dedent(allowed), encoding="utf-8")
    external.save({url: External(url=url) for url in listed or []}, root / "data")
    return root


def _found(root: Path, rules: Rules) -> list[str]:
    by = Rules(
        lexicon=rules.lexicon,
        style=rules.style,
        short_forms=rules.short_forms,
        allowed=exceptions.load(root / "data"),
        addresses=external.load(root / "data"),
    )
    return [f"{each.path}:{each.line}: {each.rule}" for each in check.check(root, by=by)]


BAD = """\
    # A coucil

    We leverage the QQC, 41% of it. [Here](https://new.example/a#b).

    > Leverage, organization and wrnog, as the law says.

    Only 12% of it.
"""


def test_every_fault_has_file_line_and_rule(tmp_path, rules):
    assert _found(_project(tmp_path, BAD), rules) == [
        "book/page.md:1: spelling",
        "book/page.md:3: acronym",
        "book/page.md:3: address",
        "book/page.md:3: filler",
        "book/page.md:7: statistic",
    ]


def test_an_exception_allows_what_it_names_and_a_needless_one_is_a_fault(tmp_path, rules):
    allowed = """\
        - {page: book/page.md, rule: spelling, words: [coucil, wrnog], because: A quotation.}
        - {page: book/page.md, rule: acronym, because: It is a joke.}
        - {page: book/gone.md, rule: party, because: It was there once.}
    """
    root = _project(tmp_path, BAD, allowed, ["https://new.example/a"])
    assert _found(root, rules) == [
        "book/page.md:3: filler",
        "book/page.md:7: statistic",
        "data/prose-exceptions.yaml:1: exception",
        "data/prose-exceptions.yaml:1: exception",
    ]


def test_a_page_that_is_hard_to_read_is_a_fault(tmp_path, rules):
    hard = "Organisational accountability necessitates multidisciplinary evaluation. " * 20
    assert "book/page.md:1: reading-age" in _found(_project(tmp_path, hard), rules)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("- {page: a.md, rule: party}", "a.md: because"),
        ("- {page: a.md, rule: party, because: no}", "a.md: because"),
        ("- {page: a.md, rule: party, becuse: It is one.}", "a.md"),
    ],
)
def test_an_exception_without_a_reason_is_refused(tmp_path, text, named):
    (tmp_path / exceptions.EXCEPTIONS).write_text(text, encoding="utf-8")
    with pytest.raises(ProseError, match=named):
        exceptions.load(tmp_path)


def test_the_command_says_where_and_leaves_with_one(tmp_path, capsys):
    root = Path(check.ROOT)
    page = tmp_path / "page.md"
    page.write_text("# Whose coucil?\n\nOnly 12% of it.\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        cli.main(["check", "prose", str(page), "--root", str(root)])
    said = capsys.readouterr()
    assert left.value.code == 1
    assert f"{page}:1: spelling: “coucil”" in said.out
    assert "1 to mend" in said.err
    # What is only worth a look is shown, and stops nothing.
    assert f"{page}:3: statistic" in said.out
    page.write_text("# Whose council?\n\nOnly 12% of it.\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        cli.main(["check", "prose", str(page), "--root", str(root)])
    assert not left.value.code
    assert f"{page}:3: statistic" in capsys.readouterr().out


def test_what_is_only_worth_a_look_is_counted_and_listed_on_demand(
    tmp_path, capsys, monkeypatch, rules
):
    root = _project(tmp_path, "# Whose council?\n\nOnly 12% of it.\n")
    monkeypatch.setattr(check, "rules", lambda data: replace(rules, allowed=[]))
    for asked, shown in (([], False), (["--warnings"], True)):
        with pytest.raises(SystemExit) as left:
            cli.main(["check", "prose", "--root", str(root), *asked])
        said = capsys.readouterr()
        assert not left.value.code
        assert ("book/page.md:3: statistic" in said.out) is shown
        assert ("1 more is only" in said.err) is not shown


def test_the_reading_ages_are_listed_highest_first(tmp_path, capsys):
    root = _project(tmp_path, "We ask what changed, and why. " * 30)
    hard = "Accountability necessitates evaluation. " * 40
    (root / "casestudies" / "hard.md").write_text(hard, encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.main(["check", "reading-age", "--root", str(root)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [page for _, page in lines] == ["casestudies/hard.md", "book/page.md"]
    assert float(lines[0][0]) > float(lines[1][0])


def test_the_projects_own_lists_are_sound():
    listed = external.load()
    assert len(listed) > 200
    assert all(each.how != "not yet checked" for each in listed.values() if each.checked)
    assert all(each.how == "not yet checked" for each in listed.values() if not each.checked)
    words = spelling.own_words(check.ROOT / "data" / spelling.WORDS)
    assert {word: count for word, count in Counter(words).items() if count > 1} == {}


# Addresses


def test_the_list_is_written_as_it_is_read(tmp_path):
    day = datetime.date(2026, 11, 23)
    listed = {
        "https://b.example/ä?x=1": External(url="https://b.example/ä?x=1"),
        "https://a.example": External(url="https://a.example", checked=day, how="it answered"),
    }
    external.save(listed, tmp_path)
    assert external.load(tmp_path) == listed
    written = (tmp_path / external.ADDRESSES).read_text(encoding="utf-8")
    assert written.startswith("# Every address")
    assert [each["url"] for each in yaml.safe_load(written)] == sorted(listed)
    external.save(external.load(tmp_path), tmp_path)
    assert (tmp_path / external.ADDRESSES).read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("- {url: ftp://a.example}", "url"),
        ("- {url: https://a.example, checked: last week}", "checked"),
        ("- {url: https://a.example/#there}", "url"),
        ("- {url: https://a.example}\n- {url: https://a.example}", "url: stands there twice"),
    ],
)
def test_a_wrong_entry_of_the_list_is_named(tmp_path, text, named):
    (tmp_path / external.ADDRESSES).write_text(text, encoding="utf-8")
    with pytest.raises(ProseError, match=named):
        external.load(tmp_path)


def test_new_addresses_are_taken_up_and_unused_ones_dropped_without_asking(tmp_path):
    used, gone = "https://used.example/a", "https://gone.example"
    root = _project(tmp_path, f"[A]({used}#b) [B](https://new.example)", listed=[used, gone])
    external.save(
        {
            used: External(url=used, checked=datetime.date(2026, 1, 2), how="it answered"),
            gone: External(url=gone),
        },
        root / "data",
    )
    (root / "data" / "more.yaml").write_text("page: https://data.example/x", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        cli.main(["check", "links", "--record", "--root", str(root)])
    assert not left.value.code
    listed = external.load(root / "data")
    assert set(listed) == {used, "https://new.example", "https://data.example/x"}
    assert listed[used].checked == datetime.date(2026, 1, 2)


class Publisher(ThreadingHTTPServer):
    """A server with a good page, and with pages that have moved, are gone, or want a password."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, str]] = []
        self.release = threading.Event()

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers["user-agent"]))
        moved = {
            "/moved": (301, "/good"),
            "/for-now": (302, "/good"),
            "/private": (302, "/account/login?next=/private"),
            "/round": (302, "/round"),
        }
        if self.path == "/slow":
            self.server.release.wait(20)
            return
        if self.path in moved:
            status, to = moved[self.path]
            self._say(status, b"", location=to)
        elif self.path == "/password":
            self._say(200, b"<form><input name=p type='password'></form>")
        elif self.path == "/huge":
            self._say(200, b"x" * 5_000_000)
        elif self.path.startswith(("/good", "/account", "/blog/sign-in-sheets")):
            self._say(200, b"<p>Good.</p>")
        else:
            self._say({"/gone": 410, "/busy": 503, "/mine": 403}.get(self.path, 404), b"")

    def _say(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        if location:
            self.send_header("location", location)
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def publisher():
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()


def test_an_answer_is_judged_by_where_it_leads(publisher):
    paths = {
        "/good": "answers",
        "/good?page=2": "answers",
        "/moved": "moved",
        "/for-now": "answers",
        "/huge": "answers",
        "/blog/sign-in-sheets": "answers",
        "/missing": "gone",
        "/gone": "gone",
        "/private": "sign-in",
        "/password": "sign-in",
        "/mine": "unclear",
        "/busy": "unclear",
        "/round": "unclear",
        "/slow": "unclear",
    }
    urls = {publisher.at(path): path for path in paths}
    nobody = "http://127.0.0.1:1/"
    told: list[links.Answer] = []
    answers = links.ask([*urls, nobody], pause=0, patience=0.5, tell=told.append)
    found = {urls.get(answer.url, nobody): answer for answer in answers}
    assert {path: found[path].outcome for path in paths} == paths
    assert found[nobody].outcome == "unclear"
    assert found["/moved"].to == publisher.at("/good")
    assert sorted(map(str, told)) == sorted(map(str, answers))
    # One address is asked once, and by somebody who says who it is.
    assert Counter(path for path, _ in publisher.seen)["/good?page=2"] == 1
    assert all(agent.startswith("golden-thread/") for _, agent in publisher.seen)


def test_only_what_answered_is_given_a_day(publisher, tmp_path, capsys):
    paths = ["/good", "/moved", "/missing", "/private"]
    page = " ".join(f"[A]({publisher.at(path)})" for path in paths)
    root = _project(tmp_path, page)
    with pytest.raises(SystemExit) as left:
        cli.main(["check", "links", "--pause", "0", "--root", str(root)])
    said = capsys.readouterr().out
    assert left.value.code == 1
    assert f"{publisher.at('/missing')}: gone (404)" in said
    assert "4 asked, 2 to look at" in said
    assert f"{publisher.at('/moved')}: moved (301), now {publisher.at('/good')}" in said
    listed = external.load(root / "data")
    assert {path: bool(listed[publisher.at(path)].checked) for path in paths} == {
        "/good": True,
        "/moved": True,
        "/missing": False,
        "/private": False,
    }
    assert listed[publisher.at("/missing")].how == "not yet checked"
    # What was checked lately is left alone, and no more is asked than is wanted.
    publisher.seen.clear()
    with pytest.raises(SystemExit):
        cli.main(["check", "links", "--pause", "0", "--most", "1", "--root", str(root)])
    assert [path for path, _ in publisher.seen] == ["/missing"]


def test_a_day_is_kept_when_an_address_does_not_answer_any_more():
    day = datetime.date(2026, 1, 2)
    entry = External(url="https://a.example", checked=day, how="it answered")
    gone = links.Answer(entry.url, "gone", "404")
    assert links.dated(entry, gone, datetime.date(2026, 12, 1)) == entry


def test_an_exception_is_for_its_page_and_its_words():
    allowed = Allowed(page="a.md", rule="party", words=("Tory",), because="A quotation.")
    assert allowed.holds("a.md", "party", "Tory")
    assert not allowed.holds("b.md", "party", "Tory")
    assert not allowed.holds("a.md", "person", "Tory")


def test_what_the_style_guide_warns_of_is_what_the_check_finds(rules):
    guide = (check.ROOT / "book" / "about" / "style-guide.md").read_text("utf-8")
    plainly = guide.split("## Say it plainly")[1].split("##")[0]
    pairs = re.findall(r'^\| "(.+?)" \| (.+?) \|$', plainly, re.MULTILINE)
    assert len(pairs) == 4
    for bad, good in pairs:
        assert list(rules.style.faults(bad)), bad
        assert not list(rules.style.faults(good)), good
