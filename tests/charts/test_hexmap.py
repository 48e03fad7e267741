"""The map of hexagons: who is on it, where, in which colour, and what is crossed out."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread import areas
from goldenthread.catalogue import catalogue
from goldenthread.charts import hexmap, template
from goldenthread.charts.hexmap import STRENGTHS, councils, layout, middle, outline

RATE = catalogue()["household-recycling-rate"]
UPPER = RATE.model_copy(update={"tier": "upper"})
JUDGED = catalogue()["ofsted-overall"]
WORDS = {"period": "2022/23", "title": "Hull: 46.6%", "alt": "A map.", "source": "Defra"}
HULL, WEST_SUSSEX, WORTHING = "E06000010", "E10000032", "E07000229"
DISTRICTS = sorted(areas.tier_codes("lower"))
COUNTIES = sorted(areas.tier_codes("upper"))
CELLS = st.sets(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=15)


def _draw(values=None, measure=RATE, chosen=HULL):
    values = pd.Series(range(len(DISTRICTS)), DISTRICTS, dtype=float) if values is None else values
    return hexmap(measure, values, chosen=chosen, **WORDS)


def _fills(chart):
    return [trace for trace in chart.figure.data if trace.fill == "toself"]


def _polygons(trace):
    """The closed pieces of a trace."""
    pieces, piece = [], []
    for x, y in [*zip(trace.x, trace.y), (None, None)]:
        if x is None:
            pieces.append(piece)
            piece = []
        else:
            piece.append((x, y))
    return pieces


def _area(line):
    x, y = np.asarray(line).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def _crossed(chart):
    return next(trace for trace in chart.figure.data if trace.meta == "comparator")


def test_every_council_of_today_has_one_hexagon_of_its_own():
    assert set(layout()) == areas.tier_codes("lower")
    assert len(set(layout().values())) == len(layout())


@pytest.mark.publisher_files
def test_recoded_councils_stand_where_their_old_codes_stood(publisher_files):
    file = publisher_files / "ons/geography/odileeds_uk-local-authority-districts-2023.hexjson"
    theirs = json.loads(file.read_text("utf-8"))
    assert theirs["layout"] == "odd-r"
    today = {"E08000016": "E08000038", "E08000019": "E08000039"}
    expected = {
        today.get(code, code): (cell["q"], cell["r"])
        for code, cell in theirs["hexes"].items()
        if code.startswith("E")
    }
    assert layout() == expected


def test_the_layouts_licence_goes_with_it():
    text = (areas.FOLDER / "hexes.csv").read_text("utf-8")
    assert "Copyright (c) 2017- Open Innovations" in text
    assert "permission notice shall be included" in text


def test_north_is_up_and_east_is_right():
    place = {code: middle(cell) for code, cell in layout().items()}
    carlisle, cornwall = place["E06000063"], place["E06000052"]
    assert carlisle[1] > cornwall[1]
    norwich, shropshire = place["E07000148"], place["E06000051"]
    assert norwich[0] > shropshire[0]


def test_a_county_is_the_union_of_its_districts():
    for code, cells in councils("upper").items():
        districts = [d.code for d in areas.councils(tier="lower") if d.county == code]
        assert sorted(cells) == sorted(layout()[district] for district in districts or [code])
    assert sum(map(len, councils("upper").values())) == len(layout())


@given(CELLS)
def test_an_outline_encloses_exactly_its_hexagons(cells):
    one = abs(_area(outline([(0, 0)])[0]))
    assert one == pytest.approx(math.sqrt(3) / 2)
    # Holes run the other way round, and so are taken off.
    assert sum(map(_area, outline(cells))) == pytest.approx(one * len(cells))


@given(CELLS)
def test_a_gap_makes_every_part_smaller_and_moves_no_line_across_another(cells):
    for line, inner in zip(outline(cells), outline(cells, 0.05)):
        np.testing.assert_allclose(
            np.linalg.norm(line - inner, axis=1), 0.05 / math.sin(math.pi / 3), rtol=1e-9
        )
        assert _area(inner) < _area(line)


def test_a_ring_has_a_hole():
    ring = [(1, 0), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1)]
    outer, inner = sorted(map(_area, outline(ring)), reverse=True)
    assert outer > 0 > inner


def test_fifths_are_coloured_the_more_the_higher():
    chart = _draw()
    fills = _fills(chart)
    assert [fill.opacity for fill in fills] == list(STRENGTHS)
    assert {fill.fillcolor for fill in fills} == {template.COUNCIL}
    # One polygon for each council, and the field of the key.
    assert sum(len(_polygons(fill)) - 1 for fill in fills) == len(DISTRICTS)
    heights = [len(_polygons(fill)) - 1 for fill in fills]
    assert max(heights) - min(heights) <= 1


def test_the_highest_is_in_the_strongest_fifth():
    chart = _draw()
    x, y = middle(layout()[DISTRICTS[-1]])
    inside = [
        number
        for number, fill in enumerate(_fills(chart))
        for piece in _polygons(fill)
        if np.hypot(*(np.mean(piece[:-1] or piece, axis=0) - [x, y])) < 0.2
    ]
    assert inside == [4]


def test_what_has_no_figure_is_crossed_out_and_is_no_zero():
    values = pd.Series(range(len(DISTRICTS)), DISTRICTS, dtype=float)
    values[DISTRICTS[:3]] = [math.nan, math.nan, 0.0]
    chart = _draw(values.drop(DISTRICTS[1]))
    # An outline and two strokes for each.
    assert len(_polygons(_crossed(chart))) == 2 * 3
    assert "Crossed out: 2 without a figure." in chart.subtitle
    assert chart.table[RATE.short].tolist()[-3:] == ["0.0%", "no figure", "no figure"]
    assert chart.table["Group"].tolist()[-3:] == ["lowest fifth", "", ""]
    assert "Crossed out" not in _draw().subtitle
    assert _crossed(_draw()).x == ()


def test_equals_stay_together_and_an_empty_fifth_is_not_in_the_key():
    values = pd.Series(0.0, DISTRICTS)
    values[DISTRICTS[:40]] = np.arange(1, 41)
    chart = _draw(values)
    zero = [n for n in chart.figure.layout.annotations if n.name == "key" and n.text == "0.0%"]
    assert len(zero) == 1
    assert len(_fills(chart)) < 5


def test_of_an_upper_tier_measure_a_county_is_one_shape():
    values = pd.Series(range(len(COUNTIES)), COUNTIES, dtype=float)
    chart = _draw(values, UPPER, chosen=WEST_SUSSEX)
    parts = sum(len(outline(cells)) for cells in councils("upper").values())
    assert sum(len(_polygons(fill)) - 1 for fill in _fills(chart)) == parts
    assert len(chart.table) == 153
    names = next(trace for trace in chart.figure.data if trace.meta == "names")
    assert sum(text.startswith("West Sussex: ") for text in names.text) == 7
    assert "county or single-tier council" in chart.subtitle


@pytest.mark.parametrize(
    ("measure", "chosen", "said", "hexagons"),
    [
        (RATE, HULL, "Hull", 1),
        (RATE, WORTHING, "Worthing", 1),
        (RATE, WEST_SUSSEX, "West Sussex", 7),
        (UPPER, WORTHING, "West Sussex", 7),
    ],
)
def test_the_council_is_outlined_and_named(measure, chosen, said, hexagons):
    codes = DISTRICTS if measure is RATE else COUNTIES
    chart = _draw(pd.Series(range(len(codes)), codes, dtype=float), measure, chosen)
    (note,) = (n for n in chart.figure.layout.annotations if n.name == "chosen")
    assert note.text.split("<br>")[0] == said
    (mark,) = (trace for trace in chart.figure.data if trace.meta == "ink")
    around, _leader = _polygons(mark)
    assert _area(around[:-1]) == pytest.approx(hexagons * math.sqrt(3) / 2, abs=0.03)


def test_without_a_council_nothing_is_marked():
    chart = _draw(chosen=None)
    assert not any(trace.meta == "ink" for trace in chart.figure.data)
    assert not any(note.name == "chosen" for note in chart.figure.layout.annotations)


def test_the_better_end_is_named_only_where_one_is_agreed():
    def ends(polarity):
        measure = RATE.model_copy(update={"polarity": polarity})
        texts = [note.text for note in _draw(measure=measure).figure.layout.annotations]
        return [text for text in texts if "fifth" in text and "<br>" not in text]

    assert ends("high") == ["lowest fifth", "highest fifth, the best"]
    assert ends("low") == ["lowest fifth, the best", "highest fifth"]
    assert ends(None) == ["lowest fifth", "highest fifth"]


def test_judgements_are_shown_as_they_are():
    codes = COUNTIES[:8]
    chart = _draw(pd.Series([1, 2, 3, 4, 4, 3, 2, 1], codes, dtype=float), JUDGED, chosen=codes[3])
    key = [n.text for n in chart.figure.layout.annotations if n.name == "key"]
    assert [text.replace("<br>", " ") for text in key] == [
        "Inadequate",
        "Requires improvement to be good",
        "Good",
        "Outstanding",
    ]
    assert "Group" not in chart.table
    assert chart.table[JUDGED.short].tolist()[:2] == ["Outstanding", "Outstanding"]


def test_large_amounts_are_short_in_the_key_and_whole_in_the_table():
    measure = catalogue()["council-tax-requirement"]
    values = pd.Series(np.linspace(1.5e6, 4.29e8, len(DISTRICTS)), DISTRICTS)
    chart = _draw(values, measure)
    key = [n.text for n in chart.figure.layout.annotations if n.name == "key"]
    assert key[0].startswith("£1.5m<br>to £")
    assert chart.table[measure.short].iloc[0] == "£429,000,000"


def test_too_few_and_doubled_councils_are_refused():
    with pytest.raises(ValueError, match="five councils with a figure or more, not 4"):
        _draw(pd.Series([1.0, 2, 3, 4], DISTRICTS[:4]))
    with pytest.raises(ValueError, match=f"{DISTRICTS[0]!r} comes twice"):
        _draw(pd.Series([1.0] * 6, [DISTRICTS[0], *DISTRICTS[:5]]))


@pytest.mark.parametrize("code", ["E92000001", "E08000016", "nonsense"])
def test_who_is_no_council_of_today_cannot_be_marked(code):
    with pytest.raises(areas.AreaError):
        _draw(chosen=code)


def test_the_picture_keeps_its_proportions_and_is_not_heavy():
    html = _draw().html()
    assert 'class="even"' in html
    assert len(html) < 80_000
    assert re.search(r'<path class="t-council area"[^>]*opacity="0.17"', html)
    assert len(_draw().figure.data) <= 10
