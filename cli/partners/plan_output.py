"""Print a coalition plan for people."""

import shlex
import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from cli.partners.plan_report import MemberReport, PlanReport
from cli.search_output import FICTIONAL_NOTICE
from cli.terminal import escape_line
from directory.question import Nationwide

MAX_SHOWN_GAPS = 10
MAX_SHOWN_CELLS = 3  # for which a member is needed
MAX_SHOWN_NAMES = 3  # of those who could stand in for a member


def print_plan_report(report: PlanReport, console: Console) -> None:
    """Print the members with what each of them adds, why fewer are not enough, and what stays uncovered."""
    if report.fictional:
        console.print(Text(FICTIONAL_NOTICE, style="bold"))
    for note in report.notes:
        _print_line(console, note)
    console.print(Text(_format_summary(report), style="bold"))
    for number, member in enumerate(report.members, 1):
        _print_member(member, number, console)
    if report.certificate.reason:
        _print_line(console, report.certificate.reason)
    _print_gaps(report, console)
    if report.uncovered and report.nationwide == Nationwide.EXCLUDE:
        _print_line(console, "Members who serve the whole country do not count. To count them, add --nationwide include.")
    if report.search is None:
        _print_line(console, "This plan is too long for one line.")
        return
    if report.members:
        _print_line(console, "If a member says no, run: directory plan --without SLUG --from LINE, with this line:")
    console.print(Text(shlex.quote(escape_line(report.search))), soft_wrap=True)


def _format_summary(report: PlanReport) -> str:
    count = len(report.members)
    members = "1 member covers" if count == 1 else f"{count} members cover"
    return f"{members} {report.covered} of {report.total} combinations of theme and region."


def _print_member(member: MemberReport, number: int, console: Console) -> None:
    start = f"{number}. "
    key = f"{member.slug}, included" if member.included else member.slug
    _print_line(console, f"{member.name} ({key})", start)
    alone = [cell.label for cell in member.covers_alone]
    alone_text = f" Needed for {_join(alone, MAX_SHOWN_CELLS)}." if alone else ""
    _print_line(console, f"Covers {member.covers}, adds {member.adds}.{alone_text}", " " * len(start))
    if alone:
        names = _join([other.name for other in member.alternatives], MAX_SHOWN_NAMES) or "nobody"
        _print_line(console, f"Could stand in: {names}.", " " * len(start))


def _join(texts: Sequence[str], limit: int) -> str:
    """Return the first texts and how many more there are; "" if there are none."""
    more = len(texts) - limit
    return "; ".join([*texts[:limit], *([f"and {more} more"] if more > 0 else [])])


def _print_gaps(report: PlanReport, console: Console) -> None:
    for gap in report.uncovered[:MAX_SHOWN_GAPS]:
        nearest = f" Nearest: {'; '.join(other.name for other in gap.nearest)}." if gap.nearest else ""
        _print_line(console, f"{gap.text}{nearest}")
    more = len(report.uncovered) - MAX_SHOWN_GAPS
    if more > 0:
        _print_line(console, f"{more} more are not covered. To see all of them, use --format json.")


def _print_line(console: Console, text: str, start: str = "") -> None:
    """Print a text, wrapped between words and indented below its start."""
    indent = " " * len(start) or "  "
    wrapper = textwrap.TextWrapper(
        console.width, initial_indent=start, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    for line in wrapper.wrap(escape_line(text)):
        console.print(Text(line), soft_wrap=True)
