"""Print lists of coalitions, events and provisions, and single records, for people."""

import textwrap
from collections.abc import Iterator

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from cli.record_report import (
    CoalitionFacts,
    EventFacts,
    InstrumentFacts,
    MemberFacts,
    ProvisionFacts,
    RecordFacts,
    RecordList,
    RecordReport,
)
from cli.search_output import FICTIONAL_NOTICE
from cli.terminal import build_table, escape_line
from directory.records import Link, RecordKind
from directory.vocabulary.choice_labels import CHOICES
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

OTHER_COLUMNS_WIDTH = 24  # characters beside the longest column of a list, which holds names and keys
WHEN_WIDTH, NUMBER_WIDTH = 20, 10  # of the times of events, and of the numbers of provisions
_KIND_LABELS = {choice.value: choice.label() for name in ("CoalitionKind", "InstrumentKind") for choice in CHOICES[name]}
_LABELS = {  # of the facts of a record, in the order in which they are shown
    "kind": "Kind",
    "acronym": "Acronym",
    "name_es": "In Spanish",
    "subject_es": "In Spanish",
    "when": "When",
    "time_zone": "Time zone",
    "time_as_stated": "Stated time",
    "place": "Place",
    "instrument": "Instrument",
    "cycle": "Cycle",
    "number": "Number",
    "recommending_state": "Recommending state",
    "response": "Response",
    "summary": "Summary",
    "started_on": "Started on",
    "ended_on": "Ended on",
    "adopted_on": "Adopted on",
    "hosts": "Hosts",
    "actors": "Hosts outside the directory",
    "coalition": "Coalition",
    "parent": "Part of",
    "issue_areas": "Issue areas",
    "regions": "Regions",
    "website": "Website",
    "url": "Official page",
    "online_url": "Online",
    "registration_url": "Registration",
    "links": "Links",
}
_KEY_PREFIXES = {"coalition": "coalition:", "parent": "coalition:", "instrument": "instrument:"}  # of facts that are slugs


def print_record_list(report: RecordList, console: Console, *, has_records: bool) -> None:
    """Print the records of a list. `has_records` is whether the audience sees any record of this kind."""
    if report.fictional:
        console.print(Text(FICTIONAL_NOTICE, style="bold"))
    if not report.total:
        _print_line(console, _format_nothing(RecordKind(report.kind).noun, has_records))
        return
    width = max(len(_format_key(report, record)) for record in report.records)
    table = _build_list_table(report, width)
    if width + OTHER_COLUMNS_WIDTH > console.width:  # keys are never broken, so the table is wider than the terminal
        Console(file=console.file, width=width + OTHER_COLUMNS_WIDTH).print(table)
    else:
        console.print(table)
    _print_line(console, _format_total(report))


def print_record_report(report: RecordReport, console: Console) -> None:
    """Print a record with all its facts and the members that the report names."""
    record = report.record
    if report.fictional:
        console.print(Text(FICTIONAL_NOTICE, style="bold"))
    console.print(Text(escape_line(_format_title(record)), style="bold"))
    for label, text in (("Key", _format_key(report, record)), *_iter_facts(record)):
        _print_line(console, f"{label}: {text}")
    for line in _list_counts(record, len(report.members)):
        _print_line(console, line)
    if report.members:
        console.print(_build_member_table(report.members))
    for source in dict.fromkeys((source.title, source.url) for source in record.sources):
        _print_line(console, f"Source: {', '.join(part for part in source if part)}")


def _print_line(console: Console, text: str) -> None:
    """Print a text, wrapped between words. Addresses and keys are never broken."""
    wrapper = textwrap.TextWrapper(console.width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    for line in wrapper.wrap(escape_line(text)):
        console.print(Text(line), soft_wrap=True)


def _format_key(report: RecordList | RecordReport, record: RecordFacts) -> str:
    return f"{RecordKind(report.kind).noun}:{record.slug}"


# ---------------------------------------------------------------- lists


def _format_nothing(noun: str, has_records: bool) -> str:
    if has_records:
        return f"No {noun}s were found. To see all of them, run `directory {noun}s` without conditions."
    return f"This audience sees no {noun}s in this directory. `directory seed` shows the ones that this program can add."


def _format_total(report: RecordList) -> str:
    total, count = report.total, len(report.records)
    first = "The first one is shown." if count == 1 else f"The first {count} are shown."
    more = "" if count == total else f" {first} To see more, use --first."
    return f"{total:,} found.{more} To see one in full: directory show {_format_key(report, report.records[0])}"


def _build_list_table(report: RecordList, key_width: int) -> Table:
    """Return a table with a column of names and keys, which is at least as wide as the longest key."""
    columns: tuple[Column, ...] = (
        Column("No.", max_width=NUMBER_WIDTH),
        Column("Subject", min_width=key_width),
        Column("Members", justify="right"),
    )
    if report.kind == RecordKind.EVENT:
        columns = (Column("When", max_width=WHEN_WIDTH), Column("Event", min_width=key_width))
    elif report.kind == RecordKind.COALITION:
        columns = (Column("Coalition", min_width=key_width), Column("Kind"), Column("Members", justify="right"))
    return build_table(columns, (_list_cells(record, _format_key(report, record)) for record in report.records))


def _list_cells(record: RecordFacts, key: str) -> tuple[str, ...]:
    if isinstance(record, EventFacts):
        return record.when, _join_lines(_format_title(record), key, *_iter_event_lines(record))
    name = _join_lines(_format_title(record), key)
    if isinstance(record, CoalitionFacts):
        return name, _KIND_LABELS[record.kind], f"{record.member_count:,}"
    if isinstance(record, ProvisionFacts):
        return _join_lines(record.number, *([f"cycle {record.cycle}"] if record.cycle else [])), name, f"{record.member_count:,}"
    raise TypeError(type(record))


def _iter_event_lines(event: EventFacts) -> Iterator[str]:
    if event.time_as_stated:
        yield f"Stated time: {event.time_as_stated}"
    if event.place:
        yield event.place
    if event.hosts or event.actors:
        yield f"Hosts: {'; '.join((*event.hosts, *event.actors))}"


def _join_lines(*lines: str) -> str:
    return "\n".join(map(escape_line, lines))


# ---------------------------------------------------------------- one record


def _format_title(record: RecordFacts) -> str:
    if isinstance(record, EventFacts):
        return f"{record.title} (cancelled)" if record.is_cancelled else record.title
    if isinstance(record, ProvisionFacts):
        return record.subject
    return record.name if isinstance(record, CoalitionFacts | InstrumentFacts) else record.slug


def _iter_facts(record: RecordFacts) -> Iterator[tuple[str, str]]:
    """Yield the label and the text of each fact that is stated."""
    for field, label in _LABELS.items():
        if value := getattr(record, field, None):
            yield label, _format_fact(field, value)


def _format_fact(field: str, value: object) -> str:
    if field == "kind":
        return _KIND_LABELS[str(value)]
    if isinstance(value, tuple):
        return "; ".join(_format_item(field, item) for item in value)
    return f"{_KEY_PREFIXES.get(field, '')}{value}"


def _format_item(field: str, item: object) -> str:
    if field == "issue_areas":
        return ISSUE_AREAS.require(str(item)).label()
    if field == "regions":
        return REGIONS.require(str(item)).label()
    return f"{item.kind} {item.url}" if isinstance(item, Link) else str(item)


def _list_counts(record: RecordFacts, shown: int) -> list[str]:
    """Return sentences about the members of a coalition, those who work on a provision, or the provisions of an instrument."""
    if isinstance(record, CoalitionFacts):
        count = f"Members: {record.member_count:,}" if record.member_count else "No members are listed."
        return [count, f"For its events: directory events --coalition {record.slug}"]
    if isinstance(record, ProvisionFacts):
        more = (
            f" The first {shown} are shown; there are {record.member_count - shown:,} more."
            if shown < record.member_count
            else ""
        )
        return [f"Members who work on it: {record.member_count:,}.{more}"] if shown else ["No member works on it."]
    if isinstance(record, InstrumentFacts) and record.provision_count:
        return [f"Provisions: {record.provision_count:,}. To list them: directory provisions --instrument {record.slug}"]
    return []


def _build_member_table(members: tuple[MemberFacts, ...]) -> Table:
    """Return a table of the members. Columns in which no member has anything are left out."""
    rows = [(one.name, one.role or "", _format_membership(one), one.note or "") for one in members]
    headers = ("Member", "Role", "Dates", "Note")
    columns = [number for number in range(len(headers)) if any(row[number] for row in rows)]
    return build_table(
        [headers[number] for number in columns], ([escape_line(row[number]) for number in columns] for row in rows)
    )


def _format_membership(member: MemberFacts) -> str:
    """Return when an organization joined a coalition and left it, "" if neither is known."""
    start, end = (f"since {member.since}" if member.since else ""), (f"until {member.until}" if member.until else "")
    return f"{member.since} to {member.until}" if start and end else start or end
