"""The command `coverage`: who works on what where, and where the gaps are."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from cli.directories import open_directory
from cli.options import audience_option, database_option
from cli.output_file import open_output
from cli.partners.coverage_output import print_coverage_report
from cli.partners.coverage_report import build_coverage_report
from cli.question_options import CommandQuestion, question_options
from cli.search_output import FICTIONAL_NOTICE
from cli.terminal import EXIT_NEGATIVE
from directory.errors import BadInput
from directory.export.coverage_picture import draw_coverage
from directory.export.coverage_table import write_coverage_csv
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.question import MAX_GOAL, CountingRule, CoverageFacet, CoverageGoal, CoverageQuestion
from directory.question import Nationwide, Question, RegionMatch
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.vocabulary.choice_labels import choose_label_language
from directory.vocabulary.regions import RegionKind
from web.server.clock import utc_now

MAX_GAPS = 100


def _list_choices(names: Any) -> dict[str, Any]:
    return {name.lower().replace("_", "-"): name for name in names}


FACETS, KINDS = _list_choices(CoverageFacet), _list_choices(RegionKind)
RULES, NATIONWIDE = _list_choices(RegionMatch), _list_choices(Nationwide)


@click.command(short_help="Show who works on what where, and where the gaps are.")
@click.option(
    "--facet", type=click.Choice(list(FACETS)), default="issue-area", show_default=True, help="The vocabulary of the rows."
)
@click.option(
    "--value",
    "values",
    metavar="SLUG",
    multiple=True,
    help="A term that is a row. Can be repeated. Without it, every term that a counted member has.",
)
@click.option(
    "--region-kind", type=click.Choice(list(KINDS)), default="state", show_default=True, help="The kind of the regions."
)
@click.option("--within", metavar="CODE", help="Only regions inside this one, such as US-SOUTH.")
@question_options
@click.option(
    "--at-least",
    type=click.IntRange(1, MAX_GOAL),
    metavar="N",
    help="The goal: so many organizations in each cell. Without it, what half of the regions of a row reach, but at least 1.",
)
@click.option(
    "--by",
    type=click.Choice(list(RULES)),
    default="located-or-serving",
    show_default=True,
    help="Which members count in a region for the goal.",
)
@click.option(
    "--nationwide",
    type=click.Choice(list(NATIONWIDE)),
    default="exclude",
    show_default=True,
    help="Whether nationwide members count for the goal.",
)
@click.option("--gaps", type=click.IntRange(0, MAX_GAPS), default=10, show_default=True, help="The number of gaps to show.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "csv", "svg"]),
    default="text",
    show_default=True,
    help="text for people; json for programs; csv is a table of who does what where; svg is a picture.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; - for standard output. Not for text.",
)
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="The language of the labels.")
@audience_option("Count as this audience, which sees only its own records and details.")
@database_option
def coverage_command(
    database: str, audience: str, output_format: str, output: Path | None, language: str, **options: Any
) -> None:
    """Show who works on what where, and where the gaps are: a matrix of themes and regions.

    Members count as located in a region, as serving it, or as nationwide. A region is "not known" if none counts there and some
    members do not state where they work, or none was verified in the last year. A goal counts an organization and its branches
    once.

    Exit code: 0 if a member matches, 1 if none does, 2 if a condition cannot be used.
    """
    if output_format == "text" and output is not None:
        raise BadInput("Text is for the terminal. To write a file, set --format to json, csv or svg.", argument="output")
    with open_directory(database) as directory:
        snapshot = directory.get_snapshot(Audience(audience.upper()))
    asked = CommandQuestion(snapshot, options["words"], options["search"])
    coverage = Coverage(snapshot, _build_question(asked.question, options), utc_now().date())
    if output_format == "text":
        notices = asked.list_notices() if options["words"] or options["search"] else ()
        print_coverage_report(build_coverage_report(snapshot, coverage, language, options["gaps"]), Console(), list(notices))
    else:
        _write_output(snapshot, coverage, output_format, output, choose_label_language(language), options["gaps"])
    if not coverage.matches:
        sys.exit(EXIT_NEGATIVE)


def _build_question(question: Question, options: dict[str, Any]) -> CoverageQuestion:
    return CoverageQuestion(
        facet=FACETS[options["facet"]],
        values=options["values"],
        region_kind=KINDS[options["region_kind"]],
        within=options["within"],
        question=question,
        rule=CountingRule(RULES[options["by"]], NATIONWIDE[options["nationwide"]]),
        goal=CoverageGoal(options["at_least"]) if options["at_least"] is not None else None,
    )


def _write_output(
    snapshot: Snapshot, coverage: Coverage, output_format: str, output: Path | None, language: str, gap_count: int
) -> None:
    with open_output(output, snapshot.audience) as file:
        if output_format == "csv":
            write_coverage_csv(coverage, file, language)
        elif output_format == "svg":
            file.write(draw_coverage(coverage, language, fictional=snapshot.fictional).encode())
        else:
            report = build_coverage_report(snapshot, coverage, language, gap_count)
            file.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    if snapshot.fictional:
        click.echo(FICTIONAL_NOTICE, err=True)


COMMANDS: list[click.Command] = [coverage_command]
