import datetime as dt

import pytest

from directory.errors import BadInput
from seed.clean.values.dates import parse_date, parse_datetime, parse_year


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2019-05-01",
            "2019/5/1",
            "20190501",
            "May 1, 2019",
            "May 1st, 2019",
            "1 May 2019",
            "1 de mayo de 2019",
            "1º de mayo de 2019",
        ),
        *(
            "Wednesday, May 1, 2019",
            "2019-05-01T12:00:00Z",
            "May 1, 2019 3:00 PM",
            "43586",
            "5/1/2019",
            "5/1/19",
            "May 2019",
            "5/2019",
        ),
    ],
)
def test_a_date_is_parsed_in_many_forms(text: str) -> None:
    assert parse_date(text).value == dt.date(2019, 5, 1)


def test_day_and_month_are_distinguished_where_possible() -> None:
    assert parse_date("13/02/2020").value == dt.date(2020, 2, 13)
    assert parse_date("02/13/2020").value == dt.date(2020, 2, 13)
    assert parse_date("13/02/2020").reasons == parse_date("3/3/2020").reasons == ()
    assert parse_date("03/04/2020").value == dt.date(2020, 3, 4)
    assert "as in the US" in parse_date("03/04/2020").reason


def test_a_missing_part_of_a_date_is_filled_and_reported() -> None:
    assert "first of the month" in parse_date("mayo de 2019").reason
    assert parse_date("2019").value == dt.date(2019, 1, 1)
    assert "only the year" in parse_date("2019").reason
    assert "day number" in parse_date("43586").reason


def test_two_digit_years_have_a_century() -> None:
    assert parse_date("1/15/99").value.year == 1999
    assert parse_date("1/15/45").value.year == 2045
    assert parse_date("1/15/45", dt.date(2026, 1, 1)).value.year == 1945


@pytest.mark.parametrize(
    "text", ["soon", "2019-02-30", "31/31/2019", "Summer 2019", "12345", "January 1, 0001", "99999999", "May", "٢٠١٩"]
)
def test_a_text_that_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_date(text)


def test_datetimes_are_in_utc() -> None:
    assert parse_datetime("2019-05-01").value == dt.datetime(2019, 5, 1, tzinfo=dt.UTC)
    assert parse_datetime("2019-05-01T12:00:00-05:00").value == dt.datetime(2019, 5, 1, 17, tzinfo=dt.UTC)
    assert parse_datetime("2019-05-01 12:00").reasons == ("taken as UTC",)


@pytest.mark.parametrize(
    "text", ["1987", "1987.0", "est. 1987", "founded in 1987 (May)", "5/1/1987", "since 1987", "1987-05-01", "5/1/87"]
)
def test_the_year_is_found_in_a_text(text: str) -> None:
    assert parse_year(text).value == 1987


@pytest.mark.parametrize("text", ["1980s", "1987-1990", "'87", "87", "0", "31048", "1987.5", "long ago"])
def test_a_text_without_a_single_year_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="single year"):
        parse_year(text)


def test_an_approximate_year_is_reported() -> None:
    assert parse_year("c. 1987").reasons == ("approximate year",)
    assert parse_year("1987").reasons == ()
