"""The options of `directory seed`."""

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


def parse_options(*arguments: str) -> ImportOptions:
    """Return the ImportOptions that these command line arguments produce."""
    parsed: list[ImportOptions] = []

    @click.command()
    @add_import_options
    def command(**values: Any) -> None:
        parsed.append(build_import_options(values, TODAY))

    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return parsed[0]


def test_defaults() -> None:
    plain = parse_options()
    assert plain.read_options == ReadOptions(today=TODAY)
    assert not any((plain.apply, plain.interactive, plain.loosen_visibility, plain.overwrite_edits, plain.retire_missing))
    assert (plain.report, plain.corrections, plain.save_profile, plain.geocoder) == (None, None, None, None)


def test_every_read_option_has_a_command_line_option() -> None:
    assert set(ReadOptions.__struct_fields__) - {"today"} <= {option.name for option in _options()}


def _options() -> list[click.Parameter]:
    @click.command()
    @add_import_options
    def command(**values: object) -> None:
        """A command without a body."""

    return command.params


@pytest.mark.parametrize("written", ["R,L2,I8", "R, L2, I8", "R L2 I8", " R,,L2 ,I8,"])
def test_codes_are_separated_by_commas_or_spaces(written: str) -> None:
    assert parse_options("--ntee", written, "--state", written).read_options.ntee == ("R", "L2", "I8")
    assert parse_options("--state", "ga").read_options.states == ("ga",)


def test_read_options_are_separated_from_the_others() -> None:
    options = parse_options(
        "--source", "BAPD", "--date", "2026-04-30", "--no-header", "--profile", "p.toml", "--apply", "--report", "r.json"
    )
    read_options = options.read_options
    assert (read_options.key, read_options.date, read_options.header, read_options.profile) == (
        "BAPD",
        dt.date(2026, 4, 30),
        False,
        Path("p.toml"),
    )
    assert (options.apply, options.report) == (True, Path("r.json"))


@pytest.mark.parametrize(
    "wrong", [("--date", "30.4.2026"), ("--date", "2026-02-30"), ("--show", "many"), ("--geocoder", "bing"), ("--nonsense",)]
)
def test_wrong_values_are_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises((click.ClickException, BadInput)):
        click.command()(add_import_options(lambda **_: None)).main(list(wrong), standalone_mode=False)


@pytest.mark.parametrize("text", ["3.4.2026", "yesterday", "2026-02-30"])
def test_a_wrong_date_is_refused_with_the_format_to_use(text: str) -> None:
    with pytest.raises(click.BadParameter, match=f"'{text}' is not a date\\. Write it as year-month-day, as in 2027-03-31."):
        click.command()(add_import_options(lambda **_: None)).main(["--date", text], standalone_mode=False)


def test_the_headings_are_in_a_line_or_nowhere() -> None:
    assert parse_options("--header", "4").read_options.header == 4
    assert parse_options("--no-header").read_options.header is False
    assert parse_options().read_options.header is None
    with pytest.raises(BadInput, match="contradict each other"):
        parse_options("--header", "4", "--no-header")
