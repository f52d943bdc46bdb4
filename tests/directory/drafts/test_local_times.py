"""Local times on the days on which clocks change, and texts that are no times."""

import datetime as dt

import pytest

from directory.drafts.local_times import resolve_local_time
from directory.errors import BadInput

NEW_YORK = "America/New_York"


def resolve(text: str, time_zone: str | None = NEW_YORK) -> str:
    return resolve_local_time(text, time_zone).strftime("%Y-%m-%dT%H:%MZ")


def find_refusal(text: str, time_zone: str | None = NEW_YORK, *, is_all_day: bool = False) -> BadInput:
    with pytest.raises(BadInput) as refusal:
        resolve_local_time(text, time_zone, is_all_day=is_all_day)
    return refusal.value


@pytest.mark.parametrize(
    ("text", "time_zone", "moment"),
    [
        ("2021-03-17 08:00", NEW_YORK, "2021-03-17T12:00Z"),  # daylight saving time
        ("2021-03-10T08:00", NEW_YORK, "2021-03-10T13:00Z"),
        ("2021-03-14 01:59", NEW_YORK, "2021-03-14T06:59Z"),
        ("2021-03-14 03:00", NEW_YORK, "2021-03-14T07:00Z"),
        ("2021-11-07 00:59", NEW_YORK, "2021-11-07T04:59Z"),
        ("2021-11-07 02:00", NEW_YORK, "2021-11-07T07:00Z"),
        ("2021-03-14 02:30", "America/Phoenix", "2021-03-14T09:30Z"),  # no daylight saving time
        ("2021-03-17 08:00:30.500", "UTC", "2021-03-17T08:00Z"),
    ],
)
def test_a_local_time_is_one_moment(text: str, time_zone: str, moment: str) -> None:
    assert resolve(text, time_zone) == moment


def test_a_time_that_clocks_skip_does_not_exist() -> None:
    refusal = find_refusal("2021-03-14 02:30")
    assert refusal.user_message == (
        "2021-03-14 02:30 does not exist in America/New_York, because clocks are set forward. "
        "Correct the time, or add an offset: 2021-03-14 02:30-05:00 or 2021-03-14 02:30-04:00."
    )


def test_a_time_that_occurs_twice_names_both_instants() -> None:
    refusal = find_refusal("2021-11-07 01:30")
    assert refusal.user_message == (
        "2021-11-07 01:30 occurs twice in America/New_York, because clocks are set back: it is 2021-11-07T05:30Z or "
        "2021-11-07T06:30Z. Add an offset: 2021-11-07 01:30-04:00 or 2021-11-07 01:30-05:00."
    )
    assert refusal.params["instants"] == ["2021-11-07T05:30Z", "2021-11-07T06:30Z"]


def test_the_offsets_that_a_message_advises_are_accepted() -> None:
    assert resolve("2021-11-07 01:30-04:00") == "2021-11-07T05:30Z"
    assert resolve("2021-11-07 01:30 -05:00") == "2021-11-07T06:30Z"
    assert {resolve("2021-03-14 02:30-05:00"), resolve("2021-03-14 02:30-04:00")} == {"2021-03-14T07:30Z", "2021-03-14T06:30Z"}


def test_a_day_that_a_zone_skipped_does_not_exist() -> None:
    """Samoa had no December 30, 2011."""
    assert "does not exist in Pacific/Apia" in find_refusal("2011-12-30 12:00", "Pacific/Apia").user_message


def test_an_offset_that_the_zone_does_not_have_is_refused() -> None:
    assert "has the offset -04:00 at this time" in find_refusal("2021-03-17 08:00-05:00").user_message
    assert "has the offset -04:00 or -05:00" in find_refusal("2021-11-07 01:30-07:00").user_message


@pytest.mark.parametrize(
    ("text", "time_zone", "words"),
    [
        ("2021-03-17 08:00", None, "needs a time zone"),
        ("2021-03-17 08:00", "Mars/Base", "not a time zone"),
        ("2021-03-17 08:00", "../../etc/passwd", "not a time zone"),
        ("2021-03-17 08:00", "", "not a time zone"),
        ("2021-03-17", NEW_YORK, "no time of day"),
        ("2021-02-30 08:00", NEW_YORK, "not a date and time"),
        ("2021-03-17 24:10", NEW_YORK, "not a date and time"),
        ("3/17/2021 8am", NEW_YORK, "not a date and time"),
        ("٢٠٢١-03-17 08:00", NEW_YORK, "not a date and time"),
        ("", NEW_YORK, "not a date and time"),
        ("2021-03-17 08:00" + " " * 1_000_000, NEW_YORK, "not a date and time"),
        ("0001-01-01 00:00", "Asia/Tokyo", "year 1"),
        ("9999-12-31 23:59", "America/Los_Angeles", "year 9999"),
    ],
)
def test_other_texts_are_refused(text: str, time_zone: str | None, words: str) -> None:
    assert words in find_refusal(text, time_zone).user_message


def test_a_whole_day_is_midnight_in_utc_in_every_zone() -> None:
    assert resolve_local_time("2020-12-10", NEW_YORK, is_all_day=True) == dt.datetime(2020, 12, 10, tzinfo=dt.UTC)
    assert "no time of day" in find_refusal("2020-12-10 08:00", is_all_day=True).user_message
