"""The indices of deprivation: both editions, and spoilt copies of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goldenthread import catalogue, observations
from goldenthread.sources import document, mhclg_deprivation
from goldenthread.sources.error import SourceError

pytestmark = pytest.mark.publisher_files


def _read(folder, spoil=lambda d: d):
    source = catalogue.catalogue().sources["mhclg-deprivation"]
    documents = [spoil(d) for d in document.in_folder(source, folder)]
    return mhclg_deprivation.read(documents, catalogue.catalogue().of_source(source.name))


def test_both_editions(publisher_files):
    table = observations.validate(_read(publisher_files))
    shares = table[table["measure"] == "deprivation-most-deprived-neighbourhoods"]
    assert shares.groupby("period_label")["area"].nunique().to_dict() == {"2019": 317, "2025": 296}
    hartlepool = shares[shares["area"] == "E06000001"].set_index("period_label")["value"]
    assert hartlepool.round(2).to_dict() == {"2019": 36.21, "2025": 42.11}
    assert (shares["value"] == 0).any(), "a true zero stays zero"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("income_average_score", "income_mean", "a column is missing"),
        ("ltla24_code", "area", "a column is missing"),
        ("E06000002,", "E06999999,", "not in the register"),
        ("37.58", "thirty-seven", "neither a number"),
    ],
)
def test_spoilt_files_are_refused_by_name(publisher_files, old, new, said):
    def spoil(d):
        return replace(d, content=d.content.replace(old.encode(), new.encode(), 1))

    with pytest.raises(SourceError, match=said):
        _read(publisher_files, lambda d: spoil(d) if "2025" in d.name else d)


def test_an_edition_that_the_name_does_not_say_is_not_guessed(publisher_files):
    with pytest.raises(SourceError, match="does not say its edition"):
        _read(publisher_files, lambda d: replace(d, name="summaries.csv"))
