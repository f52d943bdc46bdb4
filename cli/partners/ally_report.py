"""The result of `directory allies` as one value, which is also its JSON, and how it is printed for people and as CSV."""

import csv
import io
from collections.abc import Iterable

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.search_output import FICTIONAL_NOTICE
from cli.terminal import escape_line
from directory.export.formula_escaping import escape_csv_cell
from directory.partners.allies.allies import Ally, AllyPage
from directory.partners.allies.ties import Tie, TieKind
from directory.search.snapshot import Snapshot
from directory.vocabulary.choice_labels import CHOICES

CSV_HEADINGS = ("rank", "slug", "name", "score", "distance km", "reason", "contribution", "text")
_RELATION_LABELS = {choice.value: choice.label() for choice in CHOICES["RelationKind"]}
_TIE_LABELS = {TieKind.PARENT: "its parent", TieKind.BRANCH: "a branch of the same organization"}


class ReasonFacts(Struct, frozen=True, rename="camel"):
    """One reason. `contribution` is its part of the score, `text` the sentence in the chosen language."""

    kind: str
    contribution: float
    text: str


class AllyFacts(Struct, frozen=True, rename="camel"):
    """One suggested organization. `reasons` are the first ones, of `reason_count` in all."""

    slug: str
    name: str
    score: float
    distance_km: float | None
    reasons: tuple[ReasonFacts, ...]
    reason_count: int


class TieFacts(Struct, frozen=True, rename="camel"):
    """An organization that `known_by` knows already, and why."""

    slug: str
    name: str
    known_by: str
    why: str


class AllyReport(Struct, frozen=True, rename="camel"):
    """`total` is the number of all organizations that could be suggested, of which `allies` are the best."""

    fictional: bool
    mode: str
    total: int
    allies: tuple[AllyFacts, ...]
    ties: tuple[TieFacts, ...]


def build_ally_report(page: AllyPage, snapshot: Snapshot, reasons: int, language: str) -> AllyReport:
    """Return the report of a page with at most so many reasons for each organization, in this language."""
    return AllyReport(
        fictional=snapshot.fictional,
        mode=page.request.mode,
        total=page.total_count,
        allies=tuple(_build_ally(edge, reasons, language) for edge in page.edges),
        ties=tuple(_build_tie(tie) for tie in page.ties),
    )


def _build_ally(ally: Ally, limit: int, language: str) -> AllyFacts:
    reasons, km = ally.list_reasons(limit), ally.distance_km
    shown = tuple(ReasonFacts(one.kind, one.contribution, one.format(language)) for one in reasons)
    distance = None if km is None else round(km, 1)
    return AllyFacts(ally.organization.slug, ally.organization.name, ally.score, distance, shown, ally.reason_count)


def _build_tie(tie: Tie) -> TieFacts:
    label = _TIE_LABELS.get(tie.kind) or (_RELATION_LABELS[tie.relation.kind].lower() if tie.relation else "")
    return TieFacts(tie.organization.slug, tie.organization.name, tie.known_by.name, label)


def print_ally_report(report: AllyReport, console: Console, *, notices: Iterable[str], advice: str) -> None:
    """Print the report. `notices` say how a description was understood, `advice` what to do if there are no allies."""
    for line in notices or ([FICTIONAL_NOTICE] if report.fictional else []):
        console.print(Text(escape_line(line)), soft_wrap=True)
    for rank, ally in enumerate(report.allies, 1):
        _print_ally(console, rank, ally)
    for tie in report.ties:
        line = f"Not suggested, because {tie.known_by} knows it already: {tie.name} ({tie.why})."
        console.print(Text(escape_line(line)))
    console.print(Text(_format_total(report) if report.allies else f"No allies were found. {advice}"))


def _print_ally(console: Console, rank: int, ally: AllyFacts) -> None:
    console.print(Text(escape_line(f"{rank}. {ally.name}"), style="bold"), soft_wrap=True)
    console.print(Text(f"   {ally.slug} · score {ally.score:.2f}"), soft_wrap=True)
    reasons = Table.grid(padding=(0, 2, 0, 0))
    for reason in ally.reasons:
        reasons.add_row(Text(f"   {reason.contribution:.2f}"), Text(escape_line(reason.text)))
    if more := ally.reason_count - len(ally.reasons):
        reasons.add_row("", Text(f"{more} more. To see all, add --reasons {ally.reason_count}."))
    console.print(reasons)


def _format_total(report: AllyReport) -> str:
    count = len(report.allies)
    if count == report.total:
        return f"{report.total:,} found."
    shown = "The best one is shown." if count == 1 else f"The best {count} are shown."
    return f"{report.total:,} found. {shown} To see more, use --first."


def format_csv(report: AllyReport) -> str:
    """Return a table with one line for each reason of each organization."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_HEADINGS)
    for rank, ally in enumerate(report.allies, 1):
        for reason in ally.reasons:
            distance = "" if ally.distance_km is None else str(ally.distance_km)
            texts = (ally.slug, ally.name, f"{ally.score:.4f}", distance, reason.kind, f"{reason.contribution:.4f}", reason.text)
            writer.writerow([str(rank), *map(escape_csv_cell, texts)])
    return buffer.getvalue()
