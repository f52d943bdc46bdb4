"""One row of a plan as a page shows it: what the list says, what the directory says, and what the import makes of both."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.export.draft_fields import to_draft_fields
from directory.export.flat_columns import format_record
from directory.publish import publish
from directory.records import Audience, OrganizationKind, StoredOrganization
from directory.store.store import Store
from directory.text import fold
from seed.field_changes import FieldChange, VisibilityDecision, list_new_values
from seed.plan.planned_row import PlannedRow, RowAction
from seed.plan_report import RowQuestion, build_row_report, display_name
from web.pages.languages import Language
from web.pages.organization.facts import format_phone
from web.review.labels import SEPARATOR, label_field, label_flat_field, label_value, label_visibility
from web.review.plan_index import RowKey
from web.review.review_session import LATER, Decision
from web.review.sentences import translate_match, translate_problem, translate_sentence

MAX_TEXT_LENGTH = 300  # characters of a value on a page; reports have the whole text
MAX_DIGITS = 9  # of the number of a row
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # when a record changed is not shown
# What helps to recognize an organization, in the order of a comparison.
COMPARED_FIELDS = (
    *("name", "legal_name", "acronym", "short_name", "former_name", "translated_name", "also_known_as", "kind", "website"),
    *("location.address", "location.street", "location.city", "location.county", "location.state", "location.postal_code"),
    *("phone", "email", "contact.name", "contact.phone", "contact.email", "identifier:US-EIN", "parent", "founded"),
)
_LETTERS = re.compile(r"[^\W_]+")


class Side(Struct, frozen=True):
    """A line of a comparison: a field, and its texts, first of the list and then of each record of the directory."""

    field: str
    texts: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether a record states something else than the list, apart from case, spaces, punctuation and what only it states."""
        stated, *others = ("".join(_LETTERS.findall(fold(text))) for text in self.texts)
        return bool(stated) and any(other and stated not in other for other in others)


def load_candidates(store: Store, items: Sequence[PlannedRow], plan: Iterable[PlannedRow] = ()) -> dict[str, Mapping[str, str]]:
    """Return what staff may see of the records that doubtful rows may be about: cells by their ids.

    That is what the directory publishes, and what rows of the same `plan` would create. A removed record is not among them.
    """
    ids = {candidate.id for item in items for candidate in item.candidates}
    if not ids:
        return {}
    with store.begin_read() as reading:
        stored = [record for record, _ in reading.load_organizations(ids)]
    new = {candidate.slug: candidate.id for item in items for candidate in item.candidates if candidate.is_new}
    records = (item.record_after for item in plan if item.action is RowAction.CREATE)
    created = [record for record in records if isinstance(record, StoredOrganization) and record.slug in new]
    # Each plan gives a new record another id, and a question stays as the plan that asked it.
    return {new[record.slug]: _format_cells(record) for record in created} | {one.id: _format_cells(one) for one in stored}


def _format_cells(record: StoredOrganization) -> Mapping[str, str]:
    """Return the published record as cells: a place is no more exact than its disclosure allows."""
    published = publish(record, Audience.STAFF, _NEVER, lambda _: True)
    if published is None:
        return {}
    cells = format_record(to_draft_fields(published, Audience.STAFF))
    cells["kind"] = "" if published.kind is OrganizationKind.OTHER else cells["kind"]  # not known
    phones = (format_phone(contact.phone, contact.phone_extension) for contact in published.contacts if contact.phone)
    emails = (contact.email for contact in published.contacts if contact.email)
    # Lists have one column for what may be in several contacts here.
    return {**cells, "phone": SEPARATOR.join(phones), "email": SEPARATOR.join(emails), "contact.phone": "", "contact.email": ""}


def build_row_view(
    item: PlannedRow,
    language: Language,
    question: RowQuestion | None = None,
    decision: Decision | None = None,
    candidates: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Return the values of the template for a row. `question` is None if there is nothing to decide."""
    report = build_row_report(item)
    reasons = [reason for evidence in report.evidence for reason in evidence.because] if item.evidence else []
    return {
        "number": item.row.number,
        "file": item.row.file,
        "name": display_name(item),
        "action": item.action,
        "slug": item.record_before.slug if item.record_before else None,
        "changes": _build_changes(report.changes, language),
        "values": _build_changes(list_new_values(item), language),
        "proposed": _build_changes(report.proposed, language),
        "problems": [translate_problem(problem, language) for problem in report.problems],
        "left_out": [translate_problem(problem, language) for problem in report.left_out],
        "repairs": [
            (repair, translate_sentence(repair.reason, language)) for repair in report.repairs if repair.before != repair.after
        ],
        "visibility": [_label_decision(each, language) for each in report.visibility],
        "reasons": [translate_sentence(reason, language) for reason in reasons],
        "unknown_tags": list(report.unknown_terms),
        "repeats": report.repeats,
        "left_removed": report.left_removed,
        "namesakes": [f"{each.name} ({each.slug})" for each in item.namesakes],
        "cells": [(heading, shorten(cell)) for heading, cell in item.row.cells.items() if cell.strip()],
        "is_alone": item.action is RowAction.REVIEW and question is None,
        "question": _build_question(item, question, decision, language, candidates or {}) if question else None,
    }


def _label_decision(decision: VisibilityDecision, language: Language) -> tuple[str, str, str]:
    """Return what it is about, who sees it, and why, in the language of the page."""
    value, seen_by, reason = (label_visibility(text, language) for text in (decision.value, decision.seen_by, decision.reason))
    return value, seen_by, reason


def _build_changes(changes: Sequence[FieldChange], language: Language) -> list[tuple[str, str, str]]:
    return [
        (
            label_field(change.field, language),
            shorten(label_value(change.field, change.old, language)),
            shorten(label_value(change.field, change.new, language)),
        )
        for change in changes
    ]


def _build_question(
    item: PlannedRow,
    question: RowQuestion,
    decision: Decision | None,
    language: Language,
    candidates: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    records = [(choice.answer, choice.candidate) for choice in question.choices if choice.candidate is not None]
    evidence = build_row_report(question.item).evidence
    return {
        "field_name": format_row_field(RowKey.of(item.row)),
        "answer": decision.answer if decision else LATER,
        "is_decided": decision is not None,
        "candidates": [
            {"answer": answer, "record": record, "match": translate_match(report, language), "reasons": report.because}
            for (answer, record), report in zip(records, evidence, strict=True)
        ],
        "is_name_of_person": not question.item.row.is_person,
        "others": [choice.answer for choice in question.choices if choice.candidate is None],
        "comparison": _compare(question, candidates, language),
    }


def _compare(question: RowQuestion, candidates: Mapping[str, Mapping[str, str]], language: Language) -> list[Side]:
    """Return the fields that the list or a record states, side by side."""
    row = question.item.row
    records = [candidates.get(each.id, {"name": each.name}) for each in question.item.candidates]
    cells = {field: row.cells.get(heading, "") for field, heading in row.columns.items()}
    rows = ((field, (cells.get(field, ""), *(record.get(field, "") for record in records))) for field in COMPARED_FIELDS)
    return [
        Side(label_flat_field(field, language), tuple(shorten(label_value(field, text, language)) for text in texts))
        for field, texts in rows
        if any(texts)
    ]


def format_row_field(key: RowKey) -> str:
    """Return the name of the field of a form that holds the answer about a row."""
    return f"row:{key.number}:{key.file}"


def parse_row_field(name: str) -> RowKey | None:
    """Return the row that a field of a form is about; None for another field."""
    kind, _, rest = name.partition(":")
    number, separator, file = rest.partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
    return RowKey(file, int(number)) if kind == "row" and separator and is_number else None


def shorten(text: str) -> str:
    return text if len(text) <= MAX_TEXT_LENGTH else f"{text[: MAX_TEXT_LENGTH - 1]}…"
