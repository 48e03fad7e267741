"""The rules that every table of figures keeps, and what is said where one does not."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread import observations
from goldenthread.observations import MISSING, PRESENT, ObservationError, combine, frame, validate


def table(rows: int = 8, **columns: object) -> pd.DataFrame:
    years = np.arange(rows)
    base = {
        "area": "E06000010",
        "measure": "household-recycling-rate",
        "period_start": pd.to_datetime([f"{1900 + y}-04-01" for y in years]),
        "period_end": pd.to_datetime([f"{1901 + y}-03-31" for y in years]),
        "period_label": [f"{1900 + y}/{(1 + y) % 100:02d}" for y in years],
        "value": years + 30.5,
        "status": "published",
    }
    return frame(base | columns)


def test_good_figures_are_given_back_as_they_are():
    good = table()
    assert validate(good) is good
    assert validate(observations.empty()).empty


def test_a_frame_has_the_twelve_columns_in_order_and_typed():
    made = table()
    assert tuple(made.columns) == observations.COLUMNS
    assert made["period_end"].dtype == "datetime64[s]"
    assert made["lower"].isna().all()
    assert set(made["note"]) == {""}
    assert made["status"].dtype == made["area"].dtype == pd.Series(["a"]).dtype


def test_a_column_nobody_knows_is_refused():
    with pytest.raises(ObservationError, match="not columns of observations: colour, size"):
        frame({"area": ["E06000010"], "size": 1, "colour": "red"})


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="length"):
        frame({"area": ["E06000010"] * 2, "value": [1.0, 2.0, 3.0]})


def first(column: str, value: object) -> dict[str, object]:
    """Spoil the third row of a column."""
    spoilt = table()[column].astype(object)
    spoilt[2] = value
    return {column: spoilt}


BROKEN = {
    "a place's name": (first("area", "Hull"), "area: expected a letter and eight digits"),
    "a short code": (first("area", "E0600010"), "area: expected"),
    "a code with a line end": (first("area", "E06000010\n"), "area: expected"),
    "a code in lower case": (first("area", "e06000010"), "area: expected"),
    "no area": (first("area", ""), "area: expected"),
    "a title for a measure": (first("measure", "Household recycling"), "measure: expected"),
    "a measure that ends in a hyphen": (first("measure", "rate-"), "measure: expected"),
    "a short label": (first("period_label", "22"), "period_label: expected"),
    "a blank label": (first("period_label", "      "), "period_label: expected"),
    "an unknown status": (first("status", "guessed"), "status: expected one of published, provisional"),
    "no status": (first("status", ""), "status: expected one of"),
    "no period": (first("period_end", pd.NaT), "a cell is empty that must not be"),
    "no number": (first("value", np.nan), "the value and its status disagree"),
    "a number that is missing": (first("status", "suppressed"), "the value and its status disagree"),
    "an infinite number": (first("value", np.inf), "a number is infinite"),
    "an infinite part": (first("denominator", -np.inf), "a number is infinite"),
    "a period the wrong way round": (first("period_end", pd.Timestamp(1890, 1, 1)), "a period ends before it starts"),
    "a lower limit above": (first("lower", 40.0), "outside its own confidence limits"),
    "an upper limit below": (first("upper", 20.0), "outside its own confidence limits"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_one_bad_row_is_found_and_shown(fault):
    columns, said = BROKEN[fault]
    with pytest.raises(ObservationError) as caught:
        validate(table(**columns))
    message = str(caught.value)
    assert said in message
    assert "(1 rows)" in message
    # The example is the row that was spoilt.
    assert "1902-04-01" in message


def test_a_limit_may_be_as_rounded_as_the_publisher_printed_it():
    assert len(validate(table(lower=table()["value"] + 0.04, upper=table()["value"])))
    assert len(validate(table(lower=table()["value"] * 1.01)))


def test_a_missing_value_may_keep_its_parts():
    assert len(validate(table(value=np.nan, status="suppressed", denominator=4.0)))


@pytest.mark.parametrize("status", [*PRESENT, *MISSING])
def test_every_status_is_either_of_a_value_or_of_none(status):
    value = 1.0 if status in PRESENT else np.nan
    assert len(validate(table(value=value, status=status)))
    with pytest.raises(ObservationError, match="disagree"):
        validate(table(value=np.nan if status in PRESENT else 1.0, status=status))


def test_a_true_zero_is_a_value():
    assert validate(table(value=0.0))["value"].eq(0).all()
    with pytest.raises(ObservationError, match="disagree"):
        validate(table(value=0.0, status="not available"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: t.drop(columns="note"), "expected the columns area, measure"),
        (lambda t: t.assign(colour="red"), "expected the columns area, measure"),
        (lambda t: t[t.columns[::-1]], "expected the columns area, measure"),
        (lambda t: t.assign(value=t["value"].astype("float32")), "value: expected .*float64.*, found float32"),
        (lambda t: t.assign(value=t["value"].astype(str)), "value: expected .*float64.*, found str"),
        (lambda t: t.assign(value=1), "value: expected .*float64.*, found int64"),
        (lambda t: t.assign(area=t["area"].astype("category")), "area: expected"),
        (lambda t: t.assign(period_start=t["period_start"].dt.strftime("%Y")), "period_start: expected"),
    ],
)  # fmt: skip
def test_other_columns_or_types_are_refused_by_name(spoil, said):
    with pytest.raises(ObservationError, match=said):
        validate(spoil(table()))


def test_a_row_that_comes_twice_is_shown_beside_its_double():
    good = table()
    twice = pd.concat([good, good.iloc[[5, 1]].assign(value=99.0)], ignore_index=True)
    with pytest.raises(ObservationError) as caught:
        validate(twice)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("4 rows repeat an area × measure × period")
    assert [line.split()[-2] for line in lines[2:]] == ["31.5", "99.0", "35.5", "99.0"]


def test_another_label_does_not_make_another_period():
    good = table()
    again = good.iloc[[0]].assign(period_label="1900-01")
    with pytest.raises(ObservationError, match="2 rows repeat"):
        validate(pd.concat([good, again], ignore_index=True))


def test_five_examples_are_shown_of_many():
    with pytest.raises(ObservationError) as caught:
        validate(table(100, status="guessed"))
    assert "(100 rows)" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 7


def test_a_table_that_is_wrong_in_every_row_is_refused_as_fast_as_a_good_one_is_passed():
    # A column that slipped offends in every row: once that took gigabytes and minutes to say.
    many = pd.concat([table(90)] * 2000, ignore_index=True)
    areas = np.repeat([f"E{number:08d}" for number in range(2000)], 90)
    many = many.assign(area=pd.Series(areas, dtype=many["area"].dtype))
    began = time.process_time()
    validate(many)
    good = time.process_time() - began
    for column, value in (("status", "guessed"), ("area", "Hull"), ("value", np.nan)):
        spoilt = many.assign(**{column: pd.Series(value, many.index, dtype=many[column].dtype)})
        began = time.process_time()
        with pytest.raises(ObservationError, match="180,000 rows"):
            validate(spoilt)
        assert time.process_time() - began < 5 * good + 0.5


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["E06000010", "E10000034", "Hull", ""]),
            st.integers(2000, 2003),
            st.one_of(st.none(), st.floats()),
            st.sampled_from([*observations.STATUSES, "guessed"]),
        ),
        max_size=6,
    )
)
def test_what_passes_keeps_every_rule(rows):
    made = frame(
        {
            "area": [area for area, *_ in rows],
            "measure": "m",
            "period_start": pd.to_datetime([f"{year}-01-01" for _, year, *_ in rows]),
            "period_end": pd.to_datetime([f"{year}-12-31" for _, year, *_ in rows]),
            "period_label": [str(year) for _, year, *_ in rows],
            "value": [value for *_, value, _ in rows],
            "status": [status for *_, status in rows],
        }
    )
    sound = (
        all(area in ("E06000010", "E10000034") for area, *_ in rows)
        and all(status in observations.STATUSES for *_, status in rows)
        and all((v is None or v != v) == (s in MISSING) for *_, v, s in rows)
        and not any(v is not None and np.isinf(v) for *_, v, _ in rows)
        and len({(area, year) for area, year, *_ in rows}) == len(rows)
    )
    if sound:
        assert validate(made) is made
    else:
        with pytest.raises(ObservationError):
            validate(made)


def test_tables_are_joined_in_one_order_whatever_came_first():
    one, other = table(3), table(3, area="E06000001")
    joined = combine([one, observations.empty(), other])
    assert joined["area"].tolist() == ["E06000001"] * 3 + ["E06000010"] * 3
    pd.testing.assert_frame_equal(joined, combine([other, one]))
    assert combine([]).empty
    assert tuple(combine([observations.empty()]).columns) == observations.COLUMNS
