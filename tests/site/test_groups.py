"""Whom the site compares a council with: the same groups and middles as the findings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread import findings, peers
from goldenthread.authorities import citizens
from goldenthread.catalogue import catalogue
from goldenthread.site import groups
from goldenthread.site.panels import panel
from goldenthread.snapshot import snapshot

#: A measure of every tier, unit and rhythm, and of services that somebody else may provide.
KINDS = pd.DataFrame(
    [
        {"id": m.id, "kind": (m.tier, m.unit, m.frequency, m.service in ("housing", "libraries"))}
        for m in catalogue().values()
        if m.id in snapshot() and not m.size
    ]
).drop_duplicates("kind")["id"]


@pytest.fixture(scope="module", params=[choice.id for choice in groups.choices()])
def found(request) -> pd.DataFrame:
    shown = [panel(identifier) for identifier in KINDS]
    observed = pd.concat([one.observations for one in shown], ignore_index=True)
    return findings.table(observed, [one.measure for one in shown], request.param)


def test_the_choices_are_those_that_have_groups_for_councils():
    offered = [choice.id for choice in groups.choices()]
    assert offered[0] == groups.USUALLY == "similar"
    assert {"kind", "region", "england", "dfe"} <= set(offered)
    assert not {"own", "governance"} & set(offered)
    assert all(peers.available(one) for one in offered)
    assert all(choice.meaning for choice in groups.choices())


def test_a_fire_authority_is_offered_what_it_has_a_group_in():
    offered = groups.choices(fire=True)
    assert offered[0].id == groups.USUALLY
    assert {"similar", "governance", "england"} == {choice.id for choice in offered}
    fire = np.flatnonzero(citizens()["tier"] == "fire")
    assert len(fire) == 44
    for choice in offered:
        among = groups.groups(choice.id)
        assert (among.of[fire] >= 0).all()
        assert all(set(among.others(int(at))) <= set(fire.tolist()) for at in fire)
        # It is spoken of as what it is.
        said = choice.fire or choice
        assert "councils" not in said.name
        assert "fire and rescue authorities" in said.name


def test_the_last_band_is_the_quartiles_of_the_findings(found):
    comparator = found["comparator"].iloc[0]
    codes = citizens().index
    compared = 0
    for identifier in KINDS:
        one = panel(identifier)
        if not one.compares:
            continue
        rows = found.loc[identifier].reindex(codes)
        own = (rows["shown"].astype(object) == codes).to_numpy()
        bands = groups.bands(one.figures, one.alike, groups.groups(comparator))[:, -1]
        expected = rows[["low", "median", "high"]].to_numpy(float)
        np.testing.assert_allclose(bands[own], expected[own], err_msg=identifier)
        compared += int(np.isfinite(expected[own]).all(axis=1).sum())
    assert compared > 1000


def test_the_page_marks_as_many_strokes_as_were_compared(found):
    """The script takes those of a group that have a figure and do the same job, as the page says."""
    comparator = found["comparator"].iloc[0]
    among = groups.groups(comparator)
    for identifier in KINDS:
        one = panel(identifier)
        values = one.figures[:, -1]
        rows = found.loc[identifier].reindex(citizens().index)
        for place, (code, row) in enumerate(rows.iterrows()):
            if row["shown"] != code or among.of[place] < 0:
                continue
            members = [place, *among.others(place)]
            alike = [at for at in members if one.alike[at] == one.alike[place]]
            assert np.isfinite(values[alike]).sum() == row["peers"], (identifier, code)


def test_a_group_holds_the_one_it_is_for_and_a_list_is_made_of_others():
    for choice in groups.choices():
        made = groups.groups(choice.id)
        for place in np.flatnonzero(made.of >= 0):
            assert place in made.members[made.of[place]]
            assert place not in made.others(int(place))
    assert groups.groups("dfe").others(int(citizens().index.get_loc("E07000105"))) == []


def test_a_list_stands_only_where_it_is_made_for():
    hull, ashford = (int(citizens().index.get_loc(c)) for c in ("E06000010", "E07000105"))
    known = catalogue()
    children = next(m for m in known.values() if m.service == "childrens-services")
    waste = known["household-recycling-rate"]
    assert groups.used("dfe", children, hull) == "dfe"
    assert groups.used("dfe", waste, hull) == "similar"
    assert groups.used("region", waste, hull) == "region"
    assert groups.used("dfe", children, ashford) == "similar"
    assert "children’s services and schools" in groups.why_used("dfe", waste, "Hull")
    assert "no list for Ashford" in groups.why_used("dfe", children, "Ashford")


@given(
    st.lists(
        st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=12, max_size=12),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.integers(0, 1), min_size=12, max_size=12),
)
def test_bands_are_those_of_a_plain_loop(periods, alike):
    values = np.array(periods).T
    kinds = np.array(alike)
    # Two groups and somebody without one.
    members = np.array([[0, 1, 2, 3, 4, 5, 6, -1], [4, 5, 6, 7, 8, 9, 10, 11]])
    of = np.array([0] * 7 + [1] * 4 + [-1])
    made = groups.bands(values, kinds, groups.Groups(members, of))
    assert np.isnan(made[11]).all()
    for place in range(11):
        group = [m for m in members[of[place]] if m >= 0 and kinds[m] == kinds[place]]
        for period in range(values.shape[1]):
            held = values[group, period]
            held = held[np.isfinite(held)]
            if len(held) < findings.ENOUGH:
                assert np.isnan(made[place, period]).all()
            else:
                expected = np.quantile(held, [0.25, 0.5, 0.75])
                np.testing.assert_allclose(made[place, period], expected, rtol=1e-9, atol=1e-6)
