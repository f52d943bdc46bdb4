import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from directory.errors import BadInput, TooLarge
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import STANDARD_INPUT, UNKNOWN_DATE_NOTE, find_date, load_dataset, name_dataset, read_input
from seed.sources.formats.file_format import FileFormat
from seed.sources.formats.limits import MAX_FILE_SIZE
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


def a_named_dataset(name: str, options: ReadOptions | None = None, **fields: Any) -> Dataset:
    return name_dataset(a_dataset([], **{"key": "", **fields}), Path(name), options or ReadOptions())


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
    assert a_named_dataset(name).key == key


def test_options_take_precedence_over_the_profile_and_that_over_the_file_name() -> None:
    profile: dict[str, Any] = {"key": "its-own", "date": dt.date(2025, 1, 1), "url": "https://example.org/list"}
    assert (a_named_dataset("members 2026-04-30.csv").key, a_named_dataset("members 2026-04-30.csv").date) == ("members", DAY)
    from_profile = a_named_dataset("members 2026-04-30.csv", **profile)
    assert (from_profile.key, from_profile.date, from_profile.url) == ("its-own", dt.date(2025, 1, 1), "https://example.org/list")
    options = ReadOptions(key="My List!", title="My list", url="https://example.org/mine", date=DAY)
    named = a_named_dataset("members.csv", options, **profile)
    assert (named.key, named.title, named.url, named.date) == ("my-list", "My list", "https://example.org/mine", DAY)


def test_a_file_name_is_never_published() -> None:
    assert "secret" not in a_named_dataset("secret-shelters.csv").title


def test_a_note_states_the_key_the_date_and_the_public_title() -> None:
    (note,) = a_named_dataset("members 2026-04-30.csv").notes
    assert note == 'Source: members. Its date: 2026-04-30. Shown publicly as the source: "A list".'
    assert UNKNOWN_DATE_NOTE in a_named_dataset("members.csv").notes[0]
    assert a_named_dataset("records.toml", has_provenance=True).notes == ()


@pytest.mark.parametrize(
    ("header", "column", "names"),
    [
        (None, "Atlanta Union", ["Macon Union"]),
        (True, "Atlanta Union", ["Macon Union"]),
        (False, "column 1", ["Atlanta Union", "Macon Union"]),
    ],
)
def test_the_header_option_overrides_the_profile(tmp_path: Path, header: bool | None, column: str, names: list[str]) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text(f'header = true\n[columns]\n"{column}" = "name"\n')
    (tmp_path / "list.csv").write_text("Atlanta Union\nMacon Union\n")
    dataset = load_dataset(tmp_path / "list.csv", ReadOptions(profile=profile, header=header), io.BytesIO())
    assert [row.fields["name"] for row in dataset.rows] == names


def test_a_file_and_standard_input_give_the_same_content(tmp_path: Path) -> None:
    path = tmp_path / "list.ndjson"
    path.write_bytes(b'{"name": "A"}\n{"name": "B"}\n')
    from_file = read_input(path, io.BytesIO(b"not read"))
    piped = read_input(STANDARD_INPUT, io.BytesIO(path.read_bytes()))
    assert from_file == ("list.ndjson", path.read_bytes(), FileFormat.NDJSON)
    assert piped == ("standard input", path.read_bytes(), FileFormat.NDJSON)


def test_what_cannot_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.csv"):
        read_input(tmp_path / "gone.csv", io.BytesIO())
    with pytest.raises(TooLarge, match="standard input"):
        read_input(STANDARD_INPUT, io.BytesIO(b"x" * (MAX_FILE_SIZE + 1)))
