import datetime as dt
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from cli.import_options import ImportOptions, add_import_options, build_import_options
from directory.errors import BadInput
from seed.sources.dataset import ReadOptions

TODAY = dt.date(2024, 5, 1)


def given(*arguments: str) -> ImportOptions:
    """What a person's options become."""
    found: list[ImportOptions] = []

    @click.command()
    @add_import_options
    def command(**given: Any) -> None:
        found.append(build_import_options(given, TODAY))

    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return found[0]


def test_nothing_asked_is_nothing_said() -> None:
    plain = given()
    assert plain.read_options == ReadOptions(today=TODAY)
    assert not any((plain.apply, plain.interactive, plain.loosen_visibility, plain.overwrite_edits, plain.retire_missing))
    assert (plain.report, plain.corrections, plain.save_profile, plain.geocoder) == (None, None, None, None)


def test_every_instruction_has_an_option() -> None:
    assert set(ReadOptions.__struct_fields__) - {"today"} <= {option.name for option in _options()}


def _options() -> list[click.Parameter]:
    @click.command()
    @add_import_options
    def command(**given: object) -> None:
        """Only its options are looked at."""

    return command.params


@pytest.mark.parametrize("written", ["R,L2,I8", "R, L2, I8", "R L2 I8", " R,,L2 ,I8,"])
def test_codes_are_parted_by_commas_or_blanks(written: str) -> None:
    assert given("--ntee", written, "--state", written).read_options.ntee == ("R", "L2", "I8")
    assert given("--state", "ga").read_options.states == ("ga",)


def test_what_is_said_of_the_file_is_apart_from_what_is_done() -> None:
    told = given(
        "--source", "BAPD", "--date", "2026-04-30", "--no-header", "--profile", "p.toml", "--apply", "--report", "r.json"
    )
    how = told.read_options
    assert (how.key, how.date, how.header, how.profile) == ("BAPD", dt.date(2026, 4, 30), False, Path("p.toml"))
    assert (told.apply, told.report) == (True, Path("r.json"))


@pytest.mark.parametrize(
    "wrong", [("--date", "30.4.2026"), ("--date", "2026-02-30"), ("--show", "many"), ("--geocoder", "bing"), ("--nonsense",)]
)
def test_what_cannot_be_meant_is_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises((click.ClickException, BadInput)):
        click.command()(add_import_options(lambda **_: None)).main(list(wrong), standalone_mode=False)


@pytest.mark.parametrize("text", ["3.4.2026", "yesterday", "2026-02-30"])
def test_a_date_that_cannot_be_read_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(click.BadParameter, match=f"'{text}' is not a date\\. Write it as year-month-day, as in 2027-03-31."):
        click.command()(add_import_options(lambda **_: None)).main(["--date", text], standalone_mode=False)
