"""Plan an import and apply the plan.

Each row is checked and geocoded (`row_statement`), resolved to a record (`record_resolver`), merged into it (`merge_row`) and
compared with it (`diff`). Nothing is written before the plan is applied.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial

from msgspec.structs import replace

from directory.drafts.geocoding import Geocode, assign_location_ids
from directory.drafts.problems import Problem
from directory.errors import BadInput, Conflict, ErrorCode
from directory.live import Directory
from directory.matching.evidence import Evidence, MatchResult
from directory.records import RecordKind, RowMatch, StoredOrganization
from directory.snapshots.gc_pause import gc_paused
from directory.store.ledger.edits import IMPORT_ACTOR, Edit, Network, Put, Receipt
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.vocabulary.slugs import slugify
from seed.plan.diff import diff
from seed.plan.merge_row import keep_visibility, merge_row
from seed.plan.online_geocoder import geocode_missing_points
from seed.plan.people_plan import PeoplePlanner
from seed.plan.planned_row import (
    WRITE_ACTIONS,
    DuplicateCandidate,
    OrganizationPlan,
    OrganizationRow,
    Plan,
    PlannedRow,
    RowAction,
)
from seed.plan.whole_plan import find_missing_records, leave_out_exposed_places, reject_cycles, resolve_dangling_references
from seed.resolve.import_history import add_row_matches, build_row_match, count_equal_rows, drop_already_published
from seed.resolve.record_keys import NewId, generate_id
from seed.resolve.record_resolver import RecordResolver, Resolution
from seed.resolve.row_statement import Statement, list_problems, parse_statement
from seed.rows import Row
from seed.sources.dataset import Dataset

_UNKNOWN_PARENT = (
    "The directory has no organization with this slug or id. "
    "Write the slug of the parent organization, which is the last part of its web address."
)

_NOT_COMPARED = (
    "Organizations were added or changed after this plan was made, and may be the same as those that it creates. Nothing was "
    "written. Plan the import again."
)

ProgressWrapper = Callable[[Iterable[Row]], Iterable[Row]]


def plan_import(
    dataset: Dataset,
    store: Store,
    *,
    today: dt.date,
    geocode: Geocode | None = None,
    may_loosen: bool = False,
    overwrites_edits: bool = False,
    is_strict: bool = False,
    creates_possible: bool = False,
    new_id: NewId = generate_id,
    progress: ProgressWrapper = iter,
) -> OrganizationPlan:
    """Return the plan for the rows of the dataset, in their order. Nothing is written.

    `may_loosen` allows rows to show a record, contact or location to more people than now. `overwrites_edits` allows rows to
    replace fields that a person edited after the date of the source. `is_strict` refuses a row with any value that cannot be
    used; otherwise only the name, the id, and what decides who sees what must be right. `creates_possible` creates organizations
    that only rows about people name, or that have the name of a person. `progress` wraps the iteration over the rows.

    Problems of a row are in its item. Raises Unavailable if the store or the geocoding service cannot be reached, and any error
    of reading the rows.
    """
    with gc_paused(), store.begin_read() as reading:
        resolver = RecordResolver(reading, new_id)
        rows = (replace(row, may_be_person=False) for row in dataset.rows) if creates_possible else dataset.rows
        checked = list(count_equal_rows(_check_row(row, resolver, dataset, today, is_strict) for row in progress(rows)))
        resolver.expect([one for one in checked if isinstance(one, Statement)], is_register=dataset.is_register)
        resolved = [_plan_row(one, resolver, dataset, is_strict) if isinstance(one, Statement) else one for one in checked]
        candidate_builder = partial(_build_candidate, resolver=resolver)
        people = PeoplePlanner(resolved, resolver, dataset, today, candidate_builder, is_strict=is_strict)
        people.attach(creates_organizations=creates_possible)
        items = list(diff(resolved, dataset, reading, may_loosen=may_loosen, overwrites_edits=overwrites_edits))
        items = [geocode_missing_points(item, dataset, geocode) for item in items] if geocode else items
        missing = tuple(find_missing_records(resolved, resolver, dataset, reading, today))
        revision = reading.load_head().revision
    items = leave_out_exposed_places(items, is_strict)
    items = reject_cycles(items, [record for record, _ in resolver.records.values()])
    items = people.reject_without_organization(resolve_dangling_references(items, resolver.records, is_strict=is_strict))
    items_with_matches, reminders = _add_reminders(items, people.targets, resolver.records)
    return Plan(items_with_matches, missing, reminders, revision)


def _check_row(
    row: Row, resolver: RecordResolver, dataset: Dataset, today: dt.date, is_strict: bool
) -> Statement | OrganizationRow:
    """Return what the row states about an organization; its plan if it states nothing usable, or is about a person."""
    if row.is_person:
        return PlannedRow(row=row, action=RowAction.CONTACT)  # planned after all organizations
    try:
        stated = drop_already_published(row, resolver.records)
        return replace(parse_statement(stated, key=dataset.key, today=today, is_strict=is_strict), row=row)
    except BadInput as error:
        return PlannedRow(row=row, action=RowAction.REJECT, problems=list_problems(error))


def _plan_row(statement: Statement, resolver: RecordResolver, dataset: Dataset, is_strict: bool) -> OrganizationRow:
    row = statement.row
    try:
        statement = _resolve_parent(statement, resolver, is_strict)
        resolution = resolver.resolve(statement, dataset.key)
        if resolution.left_removed:
            return _plan_left_removed(row, statement, resolver, resolution.left_removed, dataset)
        if resolution.candidates:
            candidates = tuple(_build_candidate(candidate, resolver) for candidate in resolution.candidates)
            row_match = build_row_match(statement, dataset.key, is_decided=False)
            left_out = statement.left_out
            return PlannedRow(row=row, action=RowAction.REVIEW, candidates=candidates, row_match=row_match, left_out=left_out)
        statement = resolver.numbers.leave_out_others(statement, resolution.id)
        item = replace(_plan_certain_row(row, statement, resolver, resolution, dataset.key), left_out=statement.left_out)
        if statement.same_as is None or dataset.has_provenance:
            return item
        return replace(item, row_match=build_row_match(statement, dataset.key, is_decided=True))
    except BadInput as error:
        return PlannedRow(row=row, action=RowAction.REJECT, problems=(*list_problems(error), *statement.left_out))


def _plan_left_removed(row: Row, statement: Statement, resolver: RecordResolver, id: str, dataset: Dataset) -> OrganizationRow:
    """Plan a row about a removed record that a person leaves removed. Nothing of it is imported."""
    row_match = build_row_match(statement, dataset.key, is_decided=True)
    record = resolver.get_record(id)
    return PlannedRow(row=row, action=RowAction.SKIP, left_removed=record, row_match=row_match)


def _plan_certain_row(
    row: Row, statement: Statement, resolver: RecordResolver, resolution: Resolution, origin: str
) -> OrganizationRow:
    if resolution.id is None and row.may_be_person and statement.same_as is None:
        return PlannedRow(row=row, action=RowAction.REVIEW)
    if resolution.id is None:
        namesakes = tuple(_build_candidate(namesake, resolver) for namesake in resolution.namesakes)
        return replace(_plan_create(row, statement, resolver), namesakes=namesakes)
    if resolver.is_claimed(resolution.id):
        return _plan_repetition(row, resolver, resolution.id, resolution.evidence)
    return _plan_update(row, statement, resolver, resolution.id, resolution.evidence, origin)


def _plan_create(row: Row, statement: Statement, resolver: RecordResolver) -> OrganizationRow:
    if not statement.has_name:
        sentence = "A new organization needs a name; add its name, or the id or slug of an existing organization."
        raise BadInput(sentence, argument="name")
    id, slug = resolver.assign_id_and_slug(statement)
    sites = assign_location_ids(statement.record.sites, id)
    record = _require_no_self_reference(replace(statement.record, id=id, slug=slug, sites=sites))
    removed = resolver.removed.returning.get(id)
    record = keep_visibility(record, removed) if removed else record
    resolver.add(record, row)
    fields = tuple(sorted(statement.stated_fields))
    return PlannedRow(row=row, action=RowAction.CREATE, record_after=record, changed_fields=fields)


def _plan_repetition(row: Row, resolver: RecordResolver, id: str, evidence: tuple[Evidence, ...]) -> OrganizationRow:
    """Plan a row whose record an earlier row of the file describes. Its own values are not used."""
    before, revision = resolver.find_with_revision(id)
    return PlannedRow(
        row=row,
        action=RowAction.SKIP,
        record_after=None if before else resolver.get_record(id),
        record_before=before,
        revision=revision,
        evidence=evidence,
        repeats=resolver.repeat(id),
    )


def _plan_update(
    row: Row, statement: Statement, resolver: RecordResolver, id: str, evidence: tuple[Evidence, ...], origin: str
) -> OrganizationRow:
    before, revision = resolver.find_with_revision(id)
    assert before is not None  # noqa: S101 - the resolver refuses the record of an earlier row
    slug = statement.slug
    is_own_slug = resolver.find_id(slug) == id  # a former slug does not rename the record
    after = _require_no_self_reference(merge_row(before, statement, origin, "" if is_own_slug else slug))
    resolver.claim(id, row)
    return PlannedRow(
        row=row, action=RowAction.UPDATE, record_after=after, record_before=before, revision=revision, evidence=evidence
    )


def _require_no_self_reference(record: StoredOrganization) -> StoredOrganization:
    if record.parent == record.id or any(relation.organization == record.id for relation in record.relations):
        sentence = "An organization cannot be its own parent or relation; name another organization."
        raise BadInput(sentence, argument="relations")
    return record


def _build_candidate(match: MatchResult, resolver: RecordResolver) -> DuplicateCandidate:
    record = resolver.get_record(match.id)
    is_new = resolver.is_claimed(record.id) and record.id not in resolver.records
    was_removed = not is_new and record.id not in resolver.records
    return DuplicateCandidate(record.id, record.slug, record.name, match, is_new, was_removed)


def _resolve_parent(statement: Statement, resolver: RecordResolver, is_strict: bool) -> Statement:
    """Return the statement with the id of the parent that it names by its slug or id, which an earlier row may have created.

    The id of an unknown parent is left for the plan to check.
    """
    key = statement.parent_key
    if key is None:
        return statement
    parent_id = resolver.find_id(key)
    if parent_id is not None:
        stated_fields = statement.stated_fields | {"parent"}
        return replace(statement, record=replace(statement.record, parent=parent_id), stated_fields=stated_fields)
    if "parent" in statement.stated_fields:
        return statement
    like_id = resolver.find_id(slug := slugify(key)) or ""
    is_known = like_id in resolver.records or resolver.is_claimed(like_id)
    sentence = f"{_UNKNOWN_PARENT} Perhaps it is {slug}." if is_known else _UNKNOWN_PARENT
    left_out = (*statement.left_out, Problem(("parent",), ErrorCode.BAD_INPUT, sentence))
    if is_strict:
        raise BadInput("This row has problems; correct them.", problems=list(left_out))
    return replace(statement, left_out=left_out)


def _add_reminders(
    items: Sequence[OrganizationRow], targets: Mapping[int, int], stored: Mapping[str, tuple[StoredOrganization, int]]
) -> tuple[tuple[OrganizationRow, ...], tuple[Put, ...]]:
    """Return the items with records that remember the rows about them, and the edits of records that no item writes.

    A decided row is remembered with its record, a doubtful one with its best candidate that is in the directory after the import.
    `targets` leads from the position of a row about a person to that of the row with its organization.
    """
    written_ids = {item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS}
    known_ids = written_ids | stored.keys()
    added: dict[str, list[RowMatch]] = {}
    for position, item in enumerate(items):
        id = _find_reminded_id(item, items[targets.get(position, position)], known_ids)
        if id is not None and item.row_match is not None:
            added.setdefault(id, []).append(item.row_match)
    with_matches = tuple(_add_to_written_record(item, added) for item in items)
    others = (stored[id] for id in added if id not in written_ids)
    edits = ((replace(record, row_matches=add_row_matches(record, added[record.id])), revision) for record, revision in others)
    return with_matches, tuple(Put(record, revision) for record, revision in edits if record != stored[record.id][0])


def _find_reminded_id(item: OrganizationRow, target: OrganizationRow, known_ids: Set[str]) -> str | None:
    if item.row_match is None:
        return None
    record = target.record_after or target.record_before
    ids = (record.id,) if record else tuple(candidate.id for candidate in item.candidates)
    return next((id for id in ids if id in known_ids), None)


def _add_to_written_record(item: OrganizationRow, added: Mapping[str, Sequence[RowMatch]]) -> OrganizationRow:
    record = item.record_after
    if record is None or item.action not in WRITE_ACTIONS or record.id not in added:
        return item
    return replace(item, record_after=replace(record, row_matches=add_row_matches(record, added[record.id])))


def apply_plan(
    plan: Plan,
    directory: Directory,
    *,
    now: dt.datetime,
    reason: str,
    actor: str = IMPORT_ACTOR,
    network: Network | None = None,
    retire_missing: bool = False,
) -> Receipt:
    """Write everything that the plan creates and changes in one transaction, and return its receipt.

    Refused and doubtful rows are skipped. `retire_missing` also removes missing records that no other source has stated. A plan
    without changes creates no revision. `network` sets the organization that runs the directory; None keeps it.
    Raises Conflict if a record changed after planning, or if the plan creates organizations and any changed: plan again.
    """

    def edits(reading: ReadTransaction) -> Sequence[Edit]:
        _require_compared(plan, reading)
        return [*plan.edits, *(plan.retirements if retire_missing else ()), *plan.reminders]

    decisions = plan.removal_decisions
    return directory.write(edits, actor=actor, now=now, reason=reason, network=network, removal_decisions=decisions)


def _require_compared(plan: Plan, reading: ReadTransaction) -> None:
    """Raise Conflict if new organizations of the plan were not compared with the present ones: they may be there already."""
    if plan.revision is None or not plan.counts[RowAction.CREATE]:
        return
    changed = {one.id for one in reading.find_changed_since(plan.revision).ids if one.kind is RecordKind.ORGANIZATION}
    if changed:
        raise Conflict(_NOT_COMPARED, current=reading.load_head().revision)
