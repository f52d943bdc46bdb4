"""The command `allies`: who would make a good partner, and why."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
import msgspec
from msgspec.structs import replace
from rich.console import Console

from cli.directories import open_directory
from cli.options import audience_option, database_option
from cli.partners.ally_report import build_ally_report, format_csv, print_ally_report
from cli.question_options import CommandQuestion
from cli.record_lookup import require_organization
from cli.terminal import EXIT_NEGATIVE
from directory.errors import BadInput
from directory.filters.origins import resolve_near
from directory.geo import KM_PER_MILE
from directory.partners.allies.allies import find_allies
from directory.partners.allies.draft import GroupDraft, describe_draft
from directory.partners.allies.reasons import SHOWN_REASONS
from directory.partners.allies.request import AllyMode, AllyRequest, AllyWeights, PartnerProfile, describe_organization
from directory.question import MAX_PAGE_SIZE, Page, Question
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.understanding.understand import understand
from web.server.clock import utc_now

MODES = {mode.lower().replace("_", "-"): mode for mode in AllyMode}
WEIGHTS = {name.replace("_", "-"): name for name in AllyWeights.__struct_fields__}
MAX_REASONS = 100
UNLISTED_ADVICE = "To describe a group that is not listed, use --words."
_ADVICE = {
    AllyMode.SAME_THEMES: "To be compared, organizations must state issue areas, communities, ways of working or coalitions.",
    AllyMode.SAME_PLACE_OTHER_THEMES: "To be compared, organizations must state a place and their issue areas.",
    AllyMode.SEEKS_AND_OFFERS: "To be compared, organizations must state what they seek or offer.",
}


@click.command(short_help="Suggest organizations that would make good partners.")
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@click.option("--words", default="", metavar="TEXT", help="Describe a group that is not listed: “a tenants' group in Chicago”.")
@click.option("--issue", "issue_areas", metavar="SLUG", multiple=True, help="An issue area of that group. Can be repeated.")
@click.option("--community", "communities", metavar="SLUG", multiple=True, help="A community it serves. Can be repeated.")
@click.option("--work-area", "work_areas", metavar="SLUG", multiple=True, help="A way in which it works. Can be repeated.")
@click.option("--region", "regions", metavar="CODE", multiple=True, help="A region it serves, such as US-GA. Can be repeated.")
@click.option("--place", default="", metavar="TEXT", help="Where it is, such as “Chicago, IL” or a ZIP code.")
@click.option("--seeks", default="", metavar="TEXT", help="What it looks for in partners.")
@click.option("--offers", default="", metavar="TEXT", help="What it can give to partners.")
@click.option("--mode", type=click.Choice(list(MODES)), default="same-themes", show_default=True, help="How to look for allies.")
@click.option(
    "--weight",
    "weights",
    metavar="NAME=NUMBER",
    multiple=True,
    help=f"How much a kind of reason counts, such as distance=2. Can be repeated. The names are {', '.join(WEIGHTS)}.",
)
@click.option("--among", default="", metavar="TEXT", help="Suggest only organizations that `directory find TEXT` finds.")
@click.option("--near", default="", metavar="PLACE", help="Measure distances from this place.")
@click.option("--miles", type=float, metavar="NUMBER", help="Suggest only organizations within this distance of --near.")
@click.option("--first", type=click.IntRange(1, MAX_PAGE_SIZE), default=10, show_default=True, help="How many.")
@click.option(
    "--reasons",
    type=click.IntRange(1, MAX_REASONS),
    default=SHOWN_REASONS,
    show_default=True,
    help="How many reasons to show for each organization.",
)
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="The language of the reasons.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Print text for people, one JSON object, or a table with a line for each reason.",
)
@audience_option("Read as this audience, which sees only its own records and details.")
@database_option
def allies_command(slugs: Sequence[str], database: str, audience: str, output_format: str, **options: Any) -> None:
    """Suggest organizations that would make good partners, each with reasons whose contributions add up to its score.

    Give the SLUGs of one or several organizations that look for partners together, or describe a group that is not listed.
    Parents, branches and organizations with a stated relation are shown, but not suggested. Of an organization and its branches,
    only the one that suits best is suggested.

    Exit code: 0 if somebody was found, 1 if nobody was found, 2 if the input cannot be used.
    """
    with open_directory(database) as directory:
        snapshot = directory.get_snapshot(Audience(audience.upper()))
    request = AllyRequest(
        group=(
            *(describe_organization(require_organization(snapshot, slug, "slug", UNLISTED_ADVICE)) for slug in slugs),
            *_list_draft(snapshot, options),
        ),
        mode=MODES[options["mode"]],
        weights=_parse_weights(options["weights"]),
        conditions=_build_conditions(snapshot, options),
        page=Page(first=options["first"]),
    )
    report = build_ally_report(
        find_allies(snapshot, request, utc_now().date()), snapshot, options["reasons"], options["language"]
    )
    if output_format == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report)))
    elif output_format == "csv":
        click.echo(format_csv(report), nl=False)
    else:
        notices = CommandQuestion(snapshot, options["words"], None).list_notices() if options["words"] else ()
        print_ally_report(report, Console(), notices=notices, advice=_ADVICE[request.mode])
    if not report.allies:
        sys.exit(EXIT_NEGATIVE)


def _list_draft(snapshot: Snapshot, options: dict[str, Any]) -> list[PartnerProfile]:
    """Return the profile of the group that the options describe; [] if they describe none."""
    given = {name: options[name] for name in GroupDraft.__struct_fields__ if options[name]}
    if "place" in given:
        given["place"] = resolve_near(given["place"])
    return [describe_draft(GroupDraft(**given), snapshot)] if given else []


def _parse_weights(texts: Iterable[str]) -> AllyWeights:
    """Raises BadInput for a weight that is unknown, no number, out of range or set twice."""
    weights: dict[str, float] = {}
    for name, value in map(_parse_weight, texts):
        if name in weights:
            raise BadInput(f"The weight of “{name.replace('_', ' ')}” is set twice. Set it once.", argument="weight")
        weights[name] = value
    return AllyWeights(**weights)


def _parse_weight(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    if name not in WEIGHTS:
        raise BadInput(f'There is no weight "{name}". Use one of {", ".join(WEIGHTS)}.', argument="weight")
    try:
        return WEIGHTS[name], float(number)
    except ValueError:
        raise BadInput(f'"{text}" is not a weight. Write a name and a number, such as {name}=2.', argument="weight") from None


def _build_conditions(snapshot: Snapshot, options: dict[str, Any]) -> Question:
    """Return the question for those who can be suggested. Raises BadInput and UnknownPlace."""
    question = understand(options["among"], snapshot).question if options["among"].strip() else Question()
    if options["miles"] is not None and not options["near"]:
        raise BadInput("A distance needs a place. Add --near, such as --near Chicago.", argument="miles")
    if not options["near"]:
        return question
    if question.origin is not None:
        raise BadInput("Name the place in --near or in --among, not in both.", argument="near")
    radius = None if options["miles"] is None else options["miles"] * KM_PER_MILE
    return replace(question, near=resolve_near(options["near"], radius))


COMMANDS: list[click.Command] = [allies_command]
