"""Dates in words, in English and Spanish."""

import datetime as dt

import pytest

from directory.understanding.dates import find_dates


@pytest.mark.parametrize(
    ("text", "first", "last", "rest"),
    [
        ("events in March 2021", "2021-03-01", "2021-03-31", "events"),
        ("eventos en marzo de 2021 sobre vivienda", "2021-03-01", "2021-03-31", "eventos sobre vivienda"),
        ("17 de marzo de 2021", "2021-03-17", "2021-03-17", ""),
        ("press conference on March 17, 2021", "2021-03-17", "2021-03-17", "press conference"),
        ("the 3rd of May 2022 in Atlanta", "2022-05-03", "2022-05-03", "in Atlanta"),
        ("2021-03-17", "2021-03-17", "2021-03-17", ""),
        ("2021-02", "2021-02-01", "2021-02-28", ""),
        ("february 2024", "2024-02-01", "2024-02-29", ""),
        ("rallies in 2021", "2021-01-01", "2021-12-31", "rallies"),
    ],
)
def test_a_date_is_found_with_the_words_around_it(text: str, first: str, last: str, rest: str) -> None:
    found = find_dates(text)
    assert found is not None
    assert found.first
    assert found.last
    assert (found.first.date().isoformat(), found.last.date().isoformat(), found.rest) == (first, last, rest)
    assert (found.first.time(), found.last.time()) == (dt.time(), dt.time.max)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("events since 2026-06-01", "2026-06-01T00:00:00", None),
        ("eventos desde junio de 2026", "2026-06-01T00:00:00", None),
        ("events until June 2026", None, "2026-06-30T23:59:59.999999"),
        ("events after 2025", "2026-01-01T00:00:00", None),
        ("eventos después de marzo de 2021", "2021-04-01T00:00:00", None),
        ("events before the 17th of March 2021", None, "2021-03-16T23:59:59.999999"),
        ("eventos antes del 17 de marzo de 2021", None, "2021-03-16T23:59:59.999999"),
    ],
)
def test_a_word_before_a_date_limits_the_time_on_one_side(text: str, first: str | None, last: str | None) -> None:
    found = find_dates(text)
    assert found is not None
    assert found.rest == text.split()[0]
    assert [moment and moment.replace(tzinfo=None).isoformat() for moment in (found.first, found.last)] == [first, last]


@pytest.mark.parametrize("text", ["", "article 25", "may events", "march", "in march", "12345", "2021-13-01", "17", "20211"])
def test_what_names_no_days_is_no_date(text: str) -> None:
    assert find_dates(text) is None


def test_a_day_that_does_not_exist_is_not_guessed() -> None:
    found = find_dates("february 30 2021")
    assert found is None or found.rest != ""
