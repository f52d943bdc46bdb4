"""The record that a person edits or adds: its text, what a changed text would do, and writing it."""

from typing import Any, Protocol

import click
from msgspec import Struct
from rapidfuzz import fuzz, process

from cli.editing.edit_report import EditReport, build_edit_report
from cli.editing.edited_record import (
    NO_PRIVATE_PLACE,
    StoredState,
    build_edited_record,
    complete_fields,
    describe_state,
    list_changed_fields,
    rebase,
)
from cli.editing.edited_text import mark_problems, parse_text
from cli.editing.new_record import NewRecord, plan_new_record
from cli.editing.record_fields import Fields, load_reference_names
from cli.editing.record_text import open_existing, open_new, write_text
from cli.record_lookup import suggest_slugs
from cli.terminal import escape_line, format_count
from directory.curation.record_keys import find_record, format_key, parse_key
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode, NotFound
from directory.geo import Disclosure
from directory.kinds import get_kind
from directory.live import Directory
from directory.question.text_limits import KEY_LIMIT
from directory.records import PrivatePlace, RecordKind, StoredRecord
from directory.search.coalition_members import MAX_SUGGESTIONS, SUGGESTION_CUTOFF
from directory.store.ledger.edits import Put, Receipt
from directory.store.read_transaction import ReadTransaction
from web.server.clock import utc_now

EDIT_ACTOR = "directory edit"
ADD_ACTOR = "directory add"
HIDDEN_NOTE = "This record is hidden. An edit does not show it again; only `directory unhide` does."
UNSHOWN_NOTE = (
    "The street or point of {} is stored but not shown here, because it is not published. It stays as it is, unless you write "
    'another street, write street = "" to remove it, or move the place.'
)
CONFLICT_NOTE = "The record changed while you edited it. This text has the changes of both. Check it before you save it."
EDIT_ADVICE = "To change the one in the directory, use `directory edit`."
MAX_SHOWN_VALUE = 300  # characters


class PlannedEdit(Struct, frozen=True):
    """The record that a text makes, and the report on it for the person who decides."""

    record: StoredRecord
    report: EditReport


class EditSession(Protocol):
    """A record that is edited. `plan` returns None if the text changes nothing; it and `write` raise BadInput and Conflict."""

    text: str
    file_name: str
    command: str  # that goes on with a text in a file

    def plan(self, fields: Fields) -> PlannedEdit | None: ...

    def write(self, planned: PlannedEdit, reason: str) -> str:
        """Write the record. Returns what was done, as a line for the person."""
        ...

    def rebase(self, text: str) -> tuple[str, str]:
        """Return a text with the person's changes to the record as it is now, and a sentence about the other change."""
        ...


class StoredRecordSession:
    """An edit of a stored record."""

    def __init__(self, directory: Directory, key: str) -> None:
        self._directory = directory
        self._open(key)

    def _open(self, key: str) -> None:
        with self._directory.store.begin_read() as reading:
            self.state = load_state(reading, key)
            self._unshown = len(reading.find_differing_places(_list_unshown_places(self.state.record)))
        self.key = format_key(self.state.record)
        self.file_name = self.state.record.slug
        self.command = f"directory edit {self.key} --file"
        self.text = self._write_text(self.state.fields, ())

    def _write_text(self, fields: Fields, notes: tuple[str, ...]) -> str:
        record = self.state.record
        hidden = (HIDDEN_NOTE,) if record.is_hidden else ()
        unshown = (UNSHOWN_NOTE.format(format_count(self._unshown, "place")),) if self._unshown else ()
        opening = open_existing(self.key, self.state.revision, record.name, (*hidden, *unshown, *notes))
        return write_text(get_kind(record).name, fields, opening, self.state.references.names)

    def is_key(self, key: str) -> bool:
        """Whether the key leads to this record, also by a former slug."""
        with self._directory.store.begin_read() as reading:
            try:
                return find_record(reading, key).id == self.state.record.id
            except NotFound:
                return False

    def plan(self, fields: Fields) -> PlannedEdit | None:
        complete = complete_fields(self.state, fields)
        if not list_changed_fields(self.state.fields, complete):
            return None
        with self._directory.store.begin_read() as reading:
            after = build_edited_record(self.state, complete, reading, utc_now().date())
            names = {**self.state.references.names, **load_reference_names(reading, after).names}
        if after == self.state.record:
            return None
        return PlannedEdit(after, build_edit_report(self.state.record, after, complete, names))

    def write(self, planned: PlannedEdit, reason: str) -> str:
        edit = Put(planned.record, self.state.revision, keep_current_slug=planned.record.slug == self.state.record.slug)
        receipt = self._directory.write([edit], actor=EDIT_ACTOR, now=utc_now(), reason=reason or "edited")
        return describe_receipt(self._directory, planned.record, receipt)

    def rebase(self, text: str) -> tuple[str, str]:
        """Raises NotFound if the record was removed or merged meanwhile."""
        old, fields = self.state, complete_fields(self.state, parse_text(text))
        with self._directory.store.begin_read() as reading:
            new = _load_same_record(reading, old)
            change = reading.load_last_changes([old.record.id])[old.record.id]
        self._open(new.record.id)
        merged, both = rebase(fields, old, new)
        problems = [Problem((name,), ErrorCode.CONFLICT, _describe_other_value(new.fields.get(name))) for name in both]
        rebased = self._write_text(merged, (CONFLICT_NOTE,))
        is_hidden_now = new.record.is_hidden and not old.record.is_hidden
        hidden = " It was hidden, and your edit does not show it again." if is_hidden_now else ""
        who = f"revision {change.revision}, {change.actor}: {change.reason}"
        sentence = (
            f"{old.record.name} changed while you edited it ({who}).{hidden} "
            "Nothing was written. Your changes are in the text, on top of the new record."
        )
        return mark_problems(rebased, problems) if problems else rebased, sentence


class NewRecordSession:
    """An edit that adds a record."""

    file_name = "new-record"

    def __init__(self, directory: Directory, kind: RecordKind, *, is_new: bool, may_ask: bool) -> None:
        self._directory, self._kind = directory, kind
        self._is_new, self._may_ask = is_new, may_ask
        self.text = write_text(kind, {}, open_new(kind), {})
        self.command = f"directory add --kind {kind.noun} --file"

    def plan(self, fields: Fields) -> PlannedEdit | None:
        planned = self._plan(fields, is_new=self._is_new)
        if planned.candidates:
            self._require_decision(planned)
            planned = self._plan(fields, is_new=True)
        if planned.record is None:
            slug = f" ({format_key(planned.existing)})" if planned.existing else ""
            other = " If it is another organization, use --new." if self._kind is RecordKind.ORGANIZATION else ""
            raise BadInput(f"The directory has this {self._kind.noun} already{slug}. {EDIT_ADVICE}{other}")
        with self._directory.store.begin_read() as reading:
            names = load_reference_names(reading, planned.record).names
        return PlannedEdit(planned.record, build_edit_report(None, planned.record, fields, names))

    def _plan(self, fields: Fields, *, is_new: bool) -> NewRecord:
        return plan_new_record(self._kind, fields, self._directory.store, utc_now().date(), is_new=is_new)

    def _require_decision(self, planned: NewRecord) -> None:
        """Ask whether the record is one of the candidates. Raises BadInput if it is, or if nobody can be asked."""
        click.echo("The directory may have this organization already:")
        for line in planned.candidates:
            click.echo(escape_line(line))
        if not self._may_ask:
            raise BadInput(f"Nothing was added. To add it as another organization, use --new. {EDIT_ADVICE}")
        if not click.confirm("Is it another organization, to be added?", default=False):
            raise BadInput(f"Nothing was added. {EDIT_ADVICE}")

    def write(self, planned: PlannedEdit, reason: str) -> str:
        edit = Put(planned.record, 0, allow_other_slug=True)
        receipt = self._directory.write([edit], actor=ADD_ACTOR, now=utc_now(), reason=reason or "added")
        return describe_receipt(self._directory, planned.record, receipt)

    def rebase(self, text: str) -> tuple[str, str]:
        return text, "The directory changed while you wrote. Nothing was written."


def load_state(reading: ReadTransaction, key: str) -> StoredState:
    """Return the record with this key and its text. Raises BadInput, with the nearest slugs, if there is none."""
    if len(key) > KEY_LIMIT:
        raise BadInput(f"A slug or id has at most {KEY_LIMIT} characters, but this one has {len(key):,}.", argument="slug")
    try:
        record = find_record(reading, key)
    except NotFound as unknown:
        kind, slug = parse_key(key)
        nearest = suggest_slugs(_find_nearest_keys(reading, kind, slug))
        advice = nearest or "Give its slug, the last part of its web address, or its id."
        raise BadInput(f'There is no {kind.noun} "{slug}". {advice}', argument="slug", value=key) from unknown
    kind = get_kind(record).name
    revision = next(revision for _, revision in reading.load_records(kind, [record.id]))
    return describe_state(record, revision, load_reference_names(reading, record))


def describe_receipt(directory: Directory, record: StoredRecord, receipt: Receipt) -> str:
    """Return what was written, with the record's key as it is now."""
    with directory.store.begin_read() as reading:
        key = format_key(find_record(reading, record.id))
    return f"Written: {record.name} ({key}), at revision {receipt.revision}. To undo it: directory undo {receipt.revision}"


def _list_unshown_places(record: StoredRecord) -> dict[str, PrivatePlace]:
    """Return an empty private place for each location of which the text does not show the private place, by its id."""
    return {site.id: NO_PRIVATE_PLACE for site in record.sites if site.disclosure is not Disclosure.EXACT}


def _find_nearest_keys(reading: ReadTransaction, kind: RecordKind, slug: str) -> list[str]:
    existing = {one.id for one in reading.list_ids(kind)}
    slugs = sorted(known for known, id in reading.load_slug_targets(kind=kind).items() if id in existing)
    matches = process.extract(slug, slugs, scorer=fuzz.ratio, limit=MAX_SUGGESTIONS, score_cutoff=SUGGESTION_CUTOFF)
    return [match if kind is RecordKind.ORGANIZATION else f"{kind.noun}:{match}" for match, _, _ in matches]


def _load_same_record(reading: ReadTransaction, old: StoredState) -> StoredState:
    """Return the record as it is now. Raises NotFound if it was removed or merged."""
    name = old.record.name
    try:
        new = load_state(reading, old.record.id)
    except BadInput as problem:
        raise NotFound(f"{name} was removed while you edited it. Nothing was written.", value=old.record.id) from problem
    if new.record.id != old.record.id:
        other = format_key(new.record)
        raise NotFound(f"{name} was merged into {other} while you edited it. Nothing was written.", value=old.record.id)
    return new


def _describe_other_value(value: Any) -> str:
    shown = "not stated" if value is None else str(value)
    cut = shown if len(shown) <= MAX_SHOWN_VALUE else f"{shown[:MAX_SHOWN_VALUE]} ..."
    return f"Somebody else changed this meanwhile. Your value is below. The stored one is now: {cut}"
