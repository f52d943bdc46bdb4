"""The index holds the values that results are sorted and filtered by."""

import datetime as dt

import numpy as np
import pytest

from directory.search.search_index import SearchIndex
from directory.search.searched_fields import to_day_number, to_timestamp
from tests.builders import NOW, a_membership, an_organization

VERIFIED = dt.datetime(2025, 3, 4, 5, tzinfo=dt.UTC)
JOINED = dt.date(2021, 7, 1)


def test_the_columns_hold_dates_and_years_as_numbers() -> None:
    organization = an_organization(founded=1986, membership=a_membership(joined=JOINED), verified_at=VERIFIED)
    columns = SearchIndex.build([organization]).columns
    assert {name: column[0] for name, column in columns.items()} == {
        "FOUNDED": 1986,
        "JOINED": JOINED.toordinal(),
        "VERIFIED": VERIFIED.timestamp(),
        "UPDATED": NOW.timestamp(),
    }


@pytest.mark.parametrize("column", ["FOUNDED", "JOINED", "VERIFIED"])
def test_an_unknown_value_is_no_number(column: str) -> None:
    assert np.isnan(SearchIndex.build([an_organization()]).columns[column][0])


def test_a_day_starts_at_midnight_utc() -> None:
    assert to_timestamp(dt.date(1970, 1, 2)) == 86_400
    assert to_day_number(dt.date(1, 1, 1)) == 1
