"""The command `plan`: the smallest coalition that covers issue areas in regions."""

import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import Any

import click
import msgspec
from click.core import ParameterSource
from rich.console import Console

from cli.directories import open_directory
from cli.options import audience_option, database_option
from cli.plan_output import print_plan_report
from cli.plan_report import build_plan_report
from cli.terminal import EXIT_NEGATIVE
from directory.errors import BadInput
from directory.filters.origins import OriginLookup
from directory.filters.query_strings import parse_query_string
from directory.geo import Point
from directory.partners.plans.plan import leave_out, plan_coalition
from directory.partners.plans.request import MAX_MEMBERS, MAX_PER_CELL, PlanRequest, parse_plan_line
from directory.question import Nationwide, RegionMatch
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import REGIONS, RegionKind
from web.server.clock import utc_now


def _name_choices(kind: type[StrEnum]) -> dict[str, Any]:
    """Return the members of an enum by the names that options give them."""
    return {member.lower().replace("_", "-"): member for member in kind}


REGION_KINDS, MATCHES, NATIONWIDE = map(_name_choices, (RegionKind, RegionMatch, Nationwide))


def _list_option(flag: str, name: str, metavar: str, text: str) -> Callable[[Any], Any]:
    return click.option(flag, name, metavar=metavar, multiple=True, help=f"{text} Can be repeated.")


@click.command()
@_list_option("--issue", "issue_areas", "SLUG", "An issue area to cover, with everything narrower.")
@_list_option("--region", "regions", "CODE", "A region to cover, such as US-GA.")
@click.option("--each", "region_kind", type=click.Choice(list(REGION_KINDS)), help="Cover every region of this kind.")
@click.option("--within", metavar="CODE", help="With --each, only the regions in this one.")
@click.option("--by", type=click.Choice(list(MATCHES)), default="located-or-serving", show_default=True, help="What counts.")
@click.option(
    "--nationwide",
    type=click.Choice(list(NATIONWIDE)),
    default="exclude",
    show_default=True,
    help="Whether nationwide organizations count as serving a region.",
)
@_list_option("--include", "include", "SLUG", "An organization that has to be in the plan.")
@_list_option("--exclude", "exclude", "SLUG", "An organization that must not be in it.")
@click.option("--max-size", type=click.IntRange(1, MAX_MEMBERS), help="The largest number of members.")
@click.option(
    "--per-cell",
    type=click.IntRange(1, MAX_PER_CELL),
    default=1,
    show_default=True,
    help="How many members each issue area needs in each region.",
)
@click.option("--filter", "filter_line", metavar="SEARCH", default="", help='Choose only from this search: "community=women".')
@click.option(
    "--from",
    "line",
    metavar="LINE",
    help="Make a plan that this command printed in one line, instead of the options above.",
)
@_list_option("--without", "without", "SLUG", "Leave out this organization: it said no.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Print text for people, or one JSON object.",
)
@audience_option("Plan as this audience, which sees only its own records and details.")
@database_option
def plan_command(
    line: str | None, without: tuple[str, ...], output_format: str, audience: str, database: str, **options: Any
) -> None:
    """Plan the smallest coalition that covers issue areas in regions.

    Each --issue in each --region needs a member. Shows who, what only they cover, who could stand in, and why fewer are not
    enough. Branches of an organization count as members of their own.

    Exit code: 0 if everything is covered, 1 if something is not, 2 if the plan cannot be made.
    """
    with open_directory(database) as directory:
        snapshot = directory.get_snapshot(Audience(audience.upper()))
    find_origin = partial(_find_origin, snapshot)
    request = _build_request(options, find_origin) if line is None else _parse_line(line, options, find_origin)
    plan = plan_coalition(snapshot, leave_out(snapshot, request, without), utc_now().date())
    report = build_plan_report(snapshot, plan)
    if output_format == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report)))
    else:
        print_plan_report(report, Console())
    if report.uncovered:
        sys.exit(EXIT_NEGATIVE)


def _build_request(options: dict[str, Any], find_origin: OriginLookup) -> PlanRequest:
    """Return the request of the options. Raises BadInput and what PlanRequest raises."""
    return PlanRequest(
        issue_areas=options["issue_areas"],
        regions=(*options["regions"], *_list_regions(options["region_kind"], options["within"])),
        by=MATCHES[options["by"]],
        nationwide=NATIONWIDE[options["nationwide"]],
        include=options["include"],
        exclude=options["exclude"],
        max_size=options["max_size"],
        per_cell=options["per_cell"],
        filter=parse_query_string(options["filter_line"], find_origin),
    )


def _list_regions(kind: str | None, within: str | None) -> Iterable[str]:
    if kind is None:
        if within is not None:
            raise BadInput("--within needs --each: the kind of the regions in it.", argument="within")
        return ()
    if within is not None:
        return REGIONS.contained_codes(within, REGION_KINDS[kind])
    return (region.code for region in REGIONS.list_of_kind(REGION_KINDS[kind]))


def _parse_line(line: str, options: dict[str, Any], find_origin: OriginLookup) -> PlanRequest:
    context = click.get_current_context()
    if any(context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in options):
        sentence = "--from is a whole plan. Leave out the other options that describe one; to drop a member, use --without."
        raise BadInput(sentence, argument="from")
    return parse_plan_line(line, find_origin)


def _find_origin(snapshot: Snapshot, identity: str) -> tuple[Point, str] | None:
    organization = snapshot.get_organization(identity)
    return (organization.points[0], organization.name) if organization and organization.points else None


COMMANDS: list[click.Command] = [plan_command]
