"""What a panel says, for England and for every council, and the files that carry it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import time
from dataclasses import replace

import pandas as pd
import pytest

from goldenthread import areas, findings, peers, questions, words, writing
from goldenthread.authorities import citizens
from goldenthread.catalogue import catalogue
from goldenthread.charts import picture
from goldenthread.site import data_files, directives, groups, pages, panels
from goldenthread.site.panels import panel
from goldenthread.snapshot import snapshot

HULL, ASHFORD, KENT, CUMBERLAND, BCP = (
    "E06000010",
    "E07000105",
    "E10000016",
    "E06000063",
    "E06000058",
)


def _first(condition) -> str:
    """A measure that the condition holds for."""
    return next(m.id for m in catalogue().values() if m.id in snapshot() and condition(m))


RATE = "household-recycling-rate"
SIZE = _first(lambda m: m.size and m.tier == "both")
JUDGEMENT = _first(lambda m: m.unit == "judgement")
FIRE = _first(lambda m: m.tier == "fire")
COUNTY = _first(lambda m: m.tier == "upper" and m.service == "childrens-services" and not m.size)
DISTRICT = _first(lambda m: m.tier == "lower" and not m.size)
BROKEN = _first(lambda m: len(m.breaks) and m.unit == "per cent" and panel(m.id).breaks)
SHOWN = (RATE, SIZE, JUDGEMENT, FIRE, COUNTY, DISTRICT, BROKEN)


def _joined(own: dict, compared: dict, identifier: str) -> str:
    """A sentence, as the page's script puts its parts together."""
    mine, theirs = own["measures"][identifier], compared["measures"].get(identifier, {})
    if "value" not in mine:
        return mine["sentence"]
    parts = [mine["sentence"] + theirs.get("where", "."), mine.get("change", "")]
    return " ".join(filter(None, parts))


def _files(shown, codes):
    making = data_files.Making(shown)
    return (file for code in codes for file in making.files(code))


@pytest.fixture(scope="module")
def files() -> dict[str, dict]:
    codes = [HULL, ASHFORD, KENT, CUMBERLAND, BCP]
    return dict(_files([panel(identifier) for identifier in SHOWN], codes))


# --- without a choice ------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", SHOWN)
def test_a_panel_is_whole_without_a_choice(identifier):
    made = panel(identifier)
    html = directives.fill("panel", **directives.panel_values(made, root="../"))
    for word in (">nan<", "nan%", "None", "NaN", "undefined"):
        assert word not in html
    assert made.nation["sentence"] in html.replace("&#39;", "'")
    assert made.measure.caveats[0].split(";")[0] in html.replace("&#39;", "'").replace("&amp;", "&")
    assert html.count('data-chart="trend"') == 1
    assert html.count('data-chart="strip"') == (made.measure.unit != "judgement")
    assert ('data-slot="middleOf"' in html) == made.compares
    assert f'id="measure-{identifier}"' in html
    assert "Next due" in html or "A newer edition was due" in html


def test_a_total_and_a_judgement_have_neither_middle_nor_rank(files):
    for identifier in (SIZE, JUDGEMENT):
        entry = files[f"{HULL}.similar.json"]["measures"][identifier]
        assert not {"middle", "median", "lower", "upper"} & set(entry)
        assert "rank" not in entry
    assert "line" not in panel(SIZE).block()
    assert panel(JUDGEMENT).block()["scale"]


def test_a_fire_authoritys_figures_lie_among_those_of_fire_authorities(files):
    block, made = panel(FIRE).block(), panel(FIRE)
    assert len(block["values"]) == len(block["names"]) == 44
    entry = files[f"{HULL}.similar.json"]["measures"][FIRE]
    members = files[f"{HULL}.similar.json"]["groups"][entry["group"]]
    assert block["names"][members[0] - block["first"]] == "Humberside"
    assert len(members) > findings.ENOUGH
    own = files[f"{HULL}.json"]
    name = own["measures"][FIRE]["name"]
    assert name == "Humberside Fire and Rescue Authority"
    # The whole name has no room at the end of a line.
    assert own["labels"][name] == panels.labels("Humberside")
    row = made.found.loc[HULL].to_dict()
    assert files[f"{HULL}.json"]["measures"][FIRE]["note"] == words.whose(row, "Hull") != ""
    assert made.bodies == "fire authorities"
    assert made.half[0] == "Half of all fire authorities"


def test_the_middle_of_fire_authorities_is_that_of_their_own_figures():
    """Councils have no such figures: without their own middle the panel would be empty."""
    made = panel("fire-band-d")
    held = made.values.dropna()
    assert len(held) > 20
    everybody = made.kinds()["all"]
    assert everybody["count"] == len(held)
    assert everybody["middle"] == made.nation["middle"] == made.write(held.median())
    assert everybody["middleOf"] == "the middle fire authority"
    assert all(made.kinds()[kind]["count"] == 0 for kind in areas.COUNCIL_KINDS)
    assert directives.figure("fire-band-d median") == made.write(held.median())


def test_breaks_are_drawn_and_explained():
    made = panel(BROKEN)
    html = directives.fill("panel", **directives.panel_values(made, root=""))
    assert len(made.breaks) == len(made.broken) > 0
    for _, name in made.breaks:
        assert name in html
    for month, why in made.broken:
        assert f"{month}: {why}" in html.replace("&#39;", "'")
    shapes = made.trend().figure.layout.shapes
    assert [shape.name for shape in shapes] == ["break"] * len(made.breaks)


def test_the_strip_has_a_place_for_those_compared_and_draws_it_empty():
    chart = panel(RATE).strip()
    assert [trace.meta for trace in chart.figure.data] == ["councils", "ink", "chosen"]
    assert chart.data["data"][1]["x"] == []
    assert 'class="t-ink line" d=""' in picture.draw(picture.plain(chart.data))


@pytest.mark.parametrize(
    ("end", "published", "today", "said"),
    [
        # Published nine months after the year's end, every December.
        ((2023, 3, 31), (2023, 12, 7), (2024, 2, 1), "Next due: December 2024."),
        ((2023, 3, 31), (2023, 12, 7), (2024, 12, 31), "Next due: December 2024."),
        (
            (2023, 3, 31),
            (2023, 12, 7),
            (2025, 1, 1),
            "A newer edition was due in December 2024 and is not in these figures yet.",
        ),
        # A month late, and a month early.
        ((2023, 3, 31), (2024, 1, 31), (2024, 2, 1), "Next due: December 2024."),
        ((2023, 3, 31), (2023, 11, 30), (2024, 2, 1), "Next due: December 2024."),
        # More than a year after the end of what it is about.
        ((2021, 12, 31), (2023, 12, 7), (2024, 2, 1), "Next due: December 2024."),
        # Nobody says when it was published: the year's end decides.
        ((2023, 3, 31), None, (2024, 2, 1), "Next due: December 2024."),
        ((2022, 12, 31), None, (2024, 2, 1), "Next due: December 2024."),
        ((2022, 11, 30), None, (2023, 2, 1), "Next due: December 2023."),
    ],
)
def test_the_next_edition_follows_the_month_of_release(end, published, today, said):
    held = snapshot().manifest(RATE)
    document = held.documents[0].model_copy(
        update={"published": dt.date(*published) if published else None}
    )
    periods = held.periods.model_copy(update={"end": dt.date(*end)})
    held = held.model_copy(update={"documents": (document,), "periods": periods})
    measure = catalogue()[RATE].model_copy(update={"release_month": 12, "frequency": "annual"})
    assert panels.next_due(measure, held, dt.date(*today)) == said
    irregular = measure.model_copy(update={"frequency": "irregular"})
    assert panels.next_due(irregular, held, dt.date(*today)) == "Next due: not known."


# --- the councils' files ---------------------------------------------------------------------------


@pytest.mark.parametrize("comparator", [choice.id for choice in groups.choices()])
def test_the_parts_of_a_sentence_join_to_what_the_findings_say(files, comparator):
    shown = [panel(identifier) for identifier in SHOWN]
    observed = pd.concat([one.observations for one in shown])
    for code in (HULL, ASHFORD, KENT, CUMBERLAND, BCP):
        place = int(citizens().index.get_loc(code))
        for one in shown:
            own, compared = files[f"{code}.json"], files[f"{code}.{comparator}.json"]
            row = findings.findings(one.measure, one.observations, comparator).loc[code].to_dict()
            if not pd.isna(row["shown"]):
                place = int(citizens().index.get_loc(row["shown"]))
                used = groups.used(comparator, one.measure, place)
                row = findings.findings(one.measure, one.observations, used).loc[code].to_dict()
            expected = words.finding(row, one.measure)
            assert _joined(own, compared, one.measure.id) == expected, (code, one.measure.id)
            if not pd.isna(row["shown"]):
                asked = compared["measures"][one.measure.id]["asks"]
                said = [
                    one.measure.questions[q].ask if isinstance(q, int) else questions.bank()[q].ask
                    for q in asked
                ]
                due = questions.questions({**row, "area": code}, one.measure)
                assert said == [question.ask for question in due]
    assert len(observed)


def test_a_district_is_shown_its_countys_figure_and_told_so(files):
    own, county = (files[f"{code}.json"]["measures"][COUNTY] for code in (ASHFORD, KENT))
    assert own["name"] == "Kent"
    row = panel(COUNTY).found.loc[ASHFORD].to_dict()
    assert own["note"] == words.whose(row, "Ashford")
    assert "Kent" in own["note"]
    assert "Ashford" in own["note"]
    assert own["line"] == county["line"]
    beside, theirs = (files[f"{c}.similar.json"]["measures"][COUNTY] for c in (ASHFORD, KENT))
    assert beside["median"] == theirs["median"]
    groups_ = files[f"{ASHFORD}.similar.json"]["groups"]
    assert set(groups_) == {ASHFORD, KENT} | {g for g in groups_ if g.startswith("E31")}


def test_a_county_has_no_figure_of_its_districts_services(files):
    entry = files[f"{KENT}.json"]["measures"][DISTRICT]
    assert "each district council’s own" in entry["sentence"]
    assert DISTRICT not in files[f"{KENT}.similar.json"]["measures"]


def test_a_council_without_a_figure_keeps_its_words_and_has_no_place(files):
    entry = files[f"{CUMBERLAND}.json"]["measures"][RATE]
    assert "it was formed on 1 April 2023" in entry["sentence"]
    assert "value" not in entry
    beside = files[f"{CUMBERLAND}.similar.json"]["measures"][RATE]
    assert not {"where", "rank", "short"} & set(beside)
    assert beside["asks"] == ["new"]
    assert beside["middle"].endswith("%")


def test_where_a_list_is_not_made_for_a_figure_similar_councils_stand_in_and_it_is_said(files):
    hull = files[f"{HULL}.dfe.json"]
    assert "children’s services and schools" in hull["measures"][RATE]["note"]
    assert (
        hull["measures"][RATE]["where"] == files[f"{HULL}.similar.json"]["measures"][RATE]["where"]
    )
    assert "note" not in hull["measures"][COUNTY]
    assert len(hull["groups"][HULL]) == 11
    assert len(hull["groups"][f"{HULL} similar"]) == 16
    assert files[f"{ASHFORD}.dfe.json"]["phrase"].startswith("10 statistical neighbours of Kent")
    assert files[f"{ASHFORD}.json"]["without"]["dfe"] == peers.why_not("dfe", "Ashford")


@pytest.mark.parametrize("comparator", [choice.id for choice in groups.choices()])
def test_the_bar_says_how_many_a_council_is_compared_with(comparator):
    for code in (HULL, KENT, "E07000105", "E09000020", "E06000053"):
        others = peers.group(comparator, code)
        said = data_files.phrase(comparator, code)
        if others:
            assert said.startswith(f"{len(others)} "), said
        else:
            assert "similar councils" in said or "statistical neighbours of" in said


def test_every_slug_leads_to_one_authority():
    listed = [data_files.who(areas.register()[code]) for code in citizens().index]
    assert len({one["slug"] for one in listed}) == len(listed) == len(citizens())
    assert len({one["name"] for one in listed}) == len(listed)
    for one in listed:
        serves = one.get("fire")
        assert (serves is None) == (one["kind"] == "fire and rescue authority"), one
        assert serves is None or areas.register()[serves].tier == "fire"


# --- fire and rescue authorities -------------------------------------------------------------------

KENT_FIRE, CORNWALL_FIRE, LONDON_FIRE = "E31000022", "E31000008", "E31000046"


def test_a_fire_authoritys_files_hold_its_own_measures_and_say_where_the_others_are():
    shown = [panel(identifier) for identifier in SHOWN]
    made = dict(_files(shown, [KENT_FIRE, CORNWALL_FIRE, LONDON_FIRE]))
    assert set(made) == {
        f"{code}{kind}.json"
        for code in (KENT_FIRE, CORNWALL_FIRE, LONDON_FIRE)
        for kind in ("", ".similar", ".governance", ".england")
    }
    for content in made.values():
        assert set(content["measures"]) == {FIRE}
    own = made[f"{KENT_FIRE}.json"]
    assert own["elsewhere"] == (
        "This is a figure of councils, and Kent Fire and Rescue Authority has none: the page shows "
        "England’s."
    )
    assert "and the London Fire Commissioner has none" in made[f"{LONDON_FIRE}.json"]["elsewhere"]
    assert own["without"] == {}
    assert set(own["labels"]) == {"Kent Fire and Rescue Authority"}
    # Its own figures need no word about whose they are.
    assert "note" not in own["measures"][FIRE]
    assert "name" not in own["measures"][FIRE]


@pytest.mark.parametrize(
    ("code", "comparator", "said"),
    [
        (KENT_FIRE, "similar", "15 similar fire authorities"),
        (KENT_FIRE, "governance", "19 other fire authorities of its type"),
        (CORNWALL_FIRE, "governance", "11 other fire authorities of its type"),
        (LONDON_FIRE, "england", "43 other fire authorities in England"),
    ],
)
def test_the_bar_says_whom_a_fire_authority_is_compared_with(code, comparator, said):
    assert data_files.phrase(comparator, code) == said


@pytest.mark.parametrize("comparator", ["similar", "governance", "england"])
def test_a_fire_authority_is_never_beside_a_council(comparator):
    made = panel(FIRE)
    name = f"{KENT_FIRE}.{comparator}.json"
    content = dict(_files([made], [KENT_FIRE]))[name]
    (members,) = content["groups"].values()
    tiers = citizens()["tier"].iloc[members]
    assert set(tiers) == {"fire"}
    assert citizens().index[members[0]] == KENT_FIRE
    assert len(members) > findings.ENOUGH


def test_a_council_is_told_whose_fire_figures_it_sees_whatever_it_compares_with():
    made = panel(FIRE)
    content = dict(_files([made], ["E10000016", "E06000035", "E09000007"]))
    for code, name in (
        ("E10000016", "Kent Fire and Rescue Authority"),
        ("E06000035", "Kent Fire and Rescue Authority"),
        ("E09000007", "London Fire Commissioner"),
    ):
        own = content[f"{code}.json"]["measures"][FIRE]
        assert own["name"] == name
        assert f"is the work of {writing.placed(name)}" in own["note"]
        for choice in groups.choices():
            beside = content[f"{code}.{choice.id}.json"]
            entry = beside["measures"][FIRE]
            members = beside["groups"][entry["group"]]
            assert code not in citizens().index[members]
            assert set(citizens()["tier"].iloc[members]) == {"fire"}
            if choice.id in ("dfe", "family"):
                assert entry["note"].endswith("compared with similar fire authorities.")


def test_names_from_data_stay_words_in_the_page_and_in_its_files(monkeypatch):
    hostile = "</script><script>alert(\"Hull\")</script> & 'sons'"
    made = replace(panel(FIRE))
    monkeypatch.setattr(type(made), "members", panel(FIRE).members.assign(name=hostile))
    html = directives.fill("panel", **directives.panel_values(made, root=""))
    assert "<script>alert" not in html
    assert html.count("</script>") == html.count("<script type=")
    held = json.loads(html.split('class="panel-data">')[1].split("</script>")[0])
    assert held["names"][0] == hostile
    assert panels.labels("<b>Hull")[0] == "&lt;b&gt;Hull"


def test_what_is_kept_between_builds_follows_the_catalogue_and_the_questions(tmp_path):
    """The councils' files and the notebooks' results are made again when words of them change."""
    (tmp_path / "questions").mkdir()
    (tmp_path / "snapshot").mkdir()
    asked = tmp_path / "questions" / "findings.yaml"
    asked.write_text("one", encoding="utf-8")
    first = pages.figures_digest(tmp_path)
    # The figures are known by their own digest, without being read again.
    (tmp_path / "snapshot" / "any.parquet").write_text("any", encoding="utf-8")
    assert pages.figures_digest(tmp_path) == first
    asked.write_text("two", encoding="utf-8")
    assert pages.figures_digest(tmp_path) != first


# --- how large, and how long -----------------------------------------------------------------------


def test_a_councils_files_stay_small_when_every_measure_is_shown():
    everything = snapshot().everything()
    held = dict(list(everything.groupby("measure", observed=True)))
    shown = [
        panels.Panel(catalogue()[name], snapshot().manifest(str(name)), table)
        for name, table in held.items()
    ]
    sizes: dict[str, int] = {}
    for name, content in _files(shown, [HULL, ASHFORD, "E09000020", KENT_FIRE]):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        sizes[name] = len(gzip.compress(text.encode(), 6))
    assert len(shown) > 300
    print(f"{len(shown)} measures: the largest file is {max(sizes.values()):,} bytes compressed")
    assert max(sizes.values()) < 40_000


def test_all_files_of_a_few_measures_are_made_in_one_pass(tmp_path):
    shown = [panel(identifier) for identifier in SHOWN]
    begun = time.perf_counter()
    data_files.write(tmp_path, shown)
    took = time.perf_counter() - begun
    made = list((tmp_path / data_files.FOLDER).iterdir())
    print(f"{len(made)} files of {len(SHOWN)} measures in {took:.1f} s")
    of_fire = 44 * (1 + len(groups.choices(fire=True)))
    assert len(made) == 317 * (1 + len(groups.choices())) + of_fire
    text = (tmp_path / data_files.FOLDER / f"{BCP}.region.json").read_text(encoding="utf-8")
    assert "NaN" not in text


def test_a_period_of_several_words_can_be_asked_for():
    held = panel("rough-sleeping")
    periods = held.periods["period"].tolist()
    assert " " in periods[0]
    first, last = (writing.spoken(held.line("E92000001")[at], held.measure) for at in (0, -1))
    assert directives.figure(f"rough-sleeping england {periods[0]}") == first != last
    assert directives.figure("rough-sleeping england") == last
    assert directives.figure("rough-sleeping period") == periods[-1]
    # Amounts are written as they are said.
    assert directives.figure("cultural-services-spending england").endswith("billion")
