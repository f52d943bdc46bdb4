"""What rows would do to the directory: shown before anything is kept, every row accounted for with its reasons.

Each row is checked and located (statement), matched to a record (kept), combined with it (combine) and compared. What only the
store can tell, private places and who edited what, is asked at the end, once for all rows.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from directory.drafts.geocoding import Geocode
from directory.errors import BadInput
from directory.matching.evidence import Evidence, MatchResult
from directory.records import StoredOrganization
from directory.store.ledger.edits import IMPORT_ACTOR, Network, Receipt
from directory.store.store import Store
from seed.merge.merge_row import build_new_record, merge_row
from seed.plan.dangling_references import refuse_dangling_references
from seed.plan.diff import diff
from seed.plan.missing_points import geocode_missing_points
from seed.plan.missing_records import find_missing_records
from seed.plan.planned_row import DuplicateCandidate, Plan, PlannedRow, RowAction
from seed.resolve.already_published import drop_already_published
from seed.resolve.record_resolver import NewId, RecordResolver, generate_id
from seed.resolve.row_statement import Statement, list_problems, parse_statement
from seed.rows import Row
from seed.sources.dataset import Dataset

ProgressWrapper = Callable[[Iterable[Row]], Iterable[Row]]


def plan_import(
    dataset: Dataset,
    store: Store,
    *,
    today: dt.date,
    geocode: Geocode | None = None,
    may_loosen: bool = False,
    overwrites_edits: bool = False,
    new_id: NewId = generate_id,
    progress: ProgressWrapper = iter,
) -> Plan:
    """The plan for the rows of the dataset, in their order. Nothing is written.

    `may_loosen` lets rows show a record, a contact or a place to more people than now; `overwrites_edits` lets them replace what
    a person edited later than the source's date. `progress` is handed the rows and hands them on. Whatever is wrong with a row is
    told in its item. Raises Unavailable when the store, or the geocoding service, cannot be reached, and what reading the rows
    raises.
    """
    with store.begin_read() as reading:
        kept = RecordResolver(reading, new_id)
        items = [_plan_row(row, kept, dataset, today) for row in progress(dataset.rows)]
        settled = list(diff(items, dataset, reading, may_loosen=may_loosen, overwrites_edits=overwrites_edits))
        settled = [geocode_missing_points(item, dataset, geocode) for item in settled] if geocode else settled
        gone = tuple(find_missing_records(items, kept, dataset, reading, today))
    return Plan(tuple(refuse_dangling_references(settled, kept.records)), gone)


def _plan_row(row: Row, resolver: RecordResolver, dataset: Dataset, today: dt.date) -> PlannedRow:
    try:
        stated = parse_statement(_resolve_parent(drop_already_published(row, resolver), resolver), key=dataset.key, today=today)
        whom = resolver.resolve(stated, dataset.key)
        if whom.candidates:
            return PlannedRow(
                row=row, action=RowAction.REVIEW, candidates=tuple(_build_candidate(one, resolver) for one in whom.candidates)
            )
        if whom.id is None:
            return _plan_create(row, stated, resolver)
        return _plan_update(row, stated, resolver, whom.id, whom.evidence, dataset.key)
    except BadInput as refusal:
        return PlannedRow(row=row, action=RowAction.REJECT, problems=list_problems(refusal))


def _plan_create(row: Row, stated: Statement, resolver: RecordResolver) -> PlannedRow:
    if not stated.has_name:
        raise BadInput("A new organization needs its name; give it, or the id or slug of one that is here.", argument="name")
    id, slug = resolver.assign_id_and_slug(stated)
    entry = _require_no_self_reference(build_new_record(stated, id, slug))
    resolver.add(entry, row)
    return PlannedRow(row=row, action=RowAction.CREATE, record_after=entry, changed_fields=tuple(sorted(stated.stated_fields)))


def _plan_update(
    row: Row, stated: Statement, resolver: RecordResolver, id: str, evidence: tuple[Evidence, ...], origin: str
) -> PlannedRow:
    before, revision = resolver.find_with_revision(id)
    assert before is not None  # noqa: S101 - a record of an earlier row was refused before
    slug = stated.draft.slug
    is_its_own = slug is not None and resolver.find_id(slug) == id  # or once was: a list that knows it by that does not rename it
    after = _require_no_self_reference(merge_row(before, stated, origin, None if is_its_own else slug))
    resolver.claim(id, row)
    return PlannedRow(
        row=row, action=RowAction.UPDATE, record_after=after, record_before=before, revision=revision, evidence=evidence
    )


def _require_no_self_reference(entry: StoredOrganization) -> StoredOrganization:
    if entry.parent == entry.id or any(relation.organization == entry.id for relation in entry.relations):
        raise BadInput("An organization is not its own parent or relation; name the other one.", argument="relations")
    return entry


def _build_candidate(judgement: MatchResult, resolver: RecordResolver) -> DuplicateCandidate:
    entry = resolver.get_record(judgement.id)
    return DuplicateCandidate(entry.id, entry.slug, entry.name, judgement)


def _resolve_parent(row: Row, resolver: RecordResolver) -> Row:
    """A parent may be named by its slug. What leads nowhere is left for the draft to refuse."""
    parent = row.fields.get("parent")
    known = resolver.find_id(parent) if isinstance(parent, str) else None
    return replace(row, fields={**row.fields, "parent": known}) if known else row


def apply_plan(
    plan: Plan,
    store: Store,
    *,
    now: dt.datetime,
    reason: str,
    actor: str = IMPORT_ACTOR,
    network: Network | None = None,
    retire_missing: bool = False,
) -> Receipt:
    """Writes what the plan creates and changes, all of it in one transaction of the ledger, or none.

    Refused and doubtful rows are left out. `retires` removes the missing records that nobody else has stated anything of. A plan
    that changes nothing raises no revision. `network` says whose directory this is; None leaves that as it is.
    Raises Conflict when a record was changed since the plan was made: plan again.
    """
    edits = [*plan.edits, *plan.retirements] if retire_missing else plan.edits
    return store.write(edits, actor=actor, now=now, reason=reason, network=network)
