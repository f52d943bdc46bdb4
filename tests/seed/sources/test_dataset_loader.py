import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import UNDATED_NOTE, find_date, name_dataset
from tests.seed.plan_builders import a_dataset

DAY = dt.date(2026, 4, 30)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("members 2026-04-30", DAY),
        ("members_20260430", DAY),
        ("2026.04.30 members", DAY),
        ("eo_bmf_2026-04", dt.date(2026, 4, 1)),
        ("list 202604", dt.date(2026, 4, 1)),
        ("members 2026", None),
        ("members", None),
        ("", None),
        ("members 2026-13-01", None),
        ("members 2026-02-30", None),
        ("call 4045889761", None),
        ("120260430", None),
        ("list 1865-01-01", None),
    ],
)
def test_a_day_in_a_name_is_a_day_and_nothing_else_is(name: str, day: dt.date | None) -> None:
    assert find_date(name) == day


def of(name: str, how: ReadOptions | None = None, **fields: Any) -> Dataset:
    return name_dataset(a_dataset([], **{"key": "", **fields}), Path(name), how or ReadOptions())


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("BAPD members 2026-04-30.csv", "bapd-members"),
        ("eo_dc_2026.csv", "eo-dc"),
        ("Miembros (año 3).xlsx", "miembros-ano"),
        ("2026.csv", "list"),
        ("-", "list"),
        ("...csv", "list"),
    ],
)
def test_the_key_is_the_same_for_next_years_file(name: str, key: str) -> None:
    assert of(name).key == key


def test_what_somebody_says_goes_before_what_the_profile_says_and_that_before_the_name() -> None:
    profile: dict[str, Any] = {"key": "its-own", "date": dt.date(2025, 1, 1), "url": "https://example.org/list"}
    assert (of("members 2026-04-30.csv").key, of("members 2026-04-30.csv").date) == ("members", DAY)
    found = of("members 2026-04-30.csv", **profile)
    assert (found.key, found.date, found.url) == ("its-own", dt.date(2025, 1, 1), "https://example.org/list")
    how = ReadOptions(key="Said So!", title="Said", url="https://example.org/said", date=DAY)
    said = of("members.csv", how, **profile)
    assert (said.key, said.title, said.url, said.date) == ("said-so", "Said", "https://example.org/said", DAY)


def test_everybody_is_never_told_the_name_of_a_file() -> None:
    assert "secret" not in of("secret-shelters.csv").title


def test_a_note_tells_the_name_the_day_and_what_everybody_is_told() -> None:
    (note,) = of("members 2026-04-30.csv").notes
    assert note == 'The source is called "members", state of 2026-04-30. Everybody is told: A list.'
    assert UNDATED_NOTE in of("members.csv").notes[0]
    assert of("records.toml", has_provenance=True).notes == ()
