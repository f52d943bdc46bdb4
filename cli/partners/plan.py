"""The command `plan`: the smallest coalition that covers issue areas in regions."""

import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import Any

import click
import msgspec
from msgspec.structs import replace
from rich.console import Console

from cli.directories import open_directory
from cli.options import audience_option, database_option
from cli.partners.plan_output import print_plan_report
from cli.partners.plan_report import build_plan_report
from cli.question_options import CommandQuestion, question_options
from cli.record_lookup import require_organization
from cli.terminal import EXIT_NEGATIVE
from directory.errors import BadInput
from directory.partners.plans.plan import leave_out, plan_coalition
from directory.partners.plans.request import MAX_MEMBERS, MAX_PER_CELL, PlanRequest, parse_plan_line
from directory.question import Nationwide, RegionMatch
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import REGIONS, RegionKind
from schema.types.near_filter import find_organization_origin
from web.server.clock import utc_now


def _name_choices(kind: type[StrEnum]) -> dict[str, Any]:
    """Return the members of an enum by the names that options give them."""
    return {member.lower().replace("_", "-"): member for member in kind}


REGION_KINDS, MATCHES, NATIONWIDE = map(_name_choices, (RegionKind, RegionMatch, Nationwide))


def _list_option(flag: str, name: str, metavar: str, text: str) -> Callable[[Any], Any]:
    return click.option(flag, name, metavar=metavar, multiple=True, help=f"{text} Can be repeated.")


@click.command(short_help="Plan the smallest coalition that covers issue areas.")
@_list_option("--issue", "issue_areas", "SLUG", "An issue area to cover, with everything narrower.")
@_list_option("--region", "regions", "CODE", "A region to cover, such as US-GA.")
@click.option("--each", "region_kind", type=click.Choice(list(REGION_KINDS)), help="Cover every region of this kind.")
@click.option("--within", metavar="CODE", help="With --each, only the regions in this one.")
@click.option("--by", type=click.Choice(list(MATCHES)), help="What counts.  [default: located-or-serving]")
@click.option(
    "--nationwide",
    type=click.Choice(list(NATIONWIDE)),
    help="Whether nationwide organizations count as serving a region.  [default: exclude]",
)
@_list_option("--include", "include", "SLUG", "An organization that has to be in the plan.")
@_list_option("--exclude", "exclude", "SLUG", "An organization that must not be in it.")
@click.option("--max-size", type=click.IntRange(1, MAX_MEMBERS), help="The largest number of members.")
@click.option(
    "--per-cell",
    type=click.IntRange(1, MAX_PER_CELL),
    help="How many members each issue area needs in each region.  [default: 1]",
)
@question_options
@click.option(
    "--from",
    "line",
    metavar="LINE",
    help="Start from a plan in one line, as this command prints it. Other options change or add to it.",
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
    without_ids = [require_organization(snapshot, slug, "without").id for slug in without]
    request = leave_out(snapshot, _build_request(snapshot, line, options), without_ids)
    plan = plan_coalition(snapshot, request, utc_now().date())
    report = build_plan_report(snapshot, plan)
    if output_format == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report)))
    else:
        print_plan_report(report, Console())
    if report.uncovered:
        sys.exit(EXIT_NEGATIVE)


def _build_request(snapshot: Snapshot, line: str | None, options: dict[str, Any]) -> PlanRequest:
    """Return the request of the options or, with a line, that of the line as they change it.

    Raises BadInput, and what PlanRequest and parse_plan_line raise.
    """
    listed = {
        "issue_areas": options["issue_areas"],
        "regions": (*options["regions"], *_list_regions(options["region_kind"], options["within"])),
        **{name: _list_slugs(snapshot, options[name], name) for name in ("include", "exclude")},
    }
    single = {"by": MATCHES.get(options["by"]), "nationwide": NATIONWIDE.get(options["nationwide"])}
    single |= {name: options[name] for name in ("max_size", "per_cell")}
    if options["words"] or options["search"]:
        single["filter"] = CommandQuestion(snapshot, options["words"], options["search"]).question
    stated = {name: value for name, value in single.items() if value is not None}
    if line is None:
        return PlanRequest(**listed, **stated)
    start = parse_plan_line(line, partial(find_organization_origin, snapshot))
    return replace(start, **{name: (*getattr(start, name), *values) for name, values in listed.items()}, **stated)


def _list_slugs(snapshot: Snapshot, slugs: Iterable[str], option: str) -> tuple[str, ...]:
    """Return the current slugs of organizations. Raises BadInput if the audience does not see one of them."""
    return tuple(require_organization(snapshot, slug, option).slug for slug in slugs)


def _list_regions(kind: str | None, within: str | None) -> Iterable[str]:
    if kind is None:
        if within is not None:
            raise BadInput("--within needs --each: the kind of the regions in it.", argument="within")
        return ()
    if within is not None:
        return REGIONS.contained_codes(within, REGION_KINDS[kind])
    return (region.code for region in REGIONS.list_of_kind(REGION_KINDS[kind]))


COMMANDS: list[click.Command] = [plan_command]
