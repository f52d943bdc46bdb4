"""Plan an import and apply the plan.

Each row is checked and geocoded (`row_statement`), resolved to a record (`record_resolver`), merged into it (`merge_row`) and
compared with it (`diff`). Nothing is written before the plan is applied.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from directory.drafts.free_text import find_new_text_problems
from directory.drafts.geocoding import Geocode
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.live import Directory
from directory.matching.evidence import Evidence, MatchResult
from directory.records import StoredOrganization
from directory.store.ledger.edits import IMPORT_ACTOR, Network, Receipt
from directory.store.store import Store
from seed.merge.merge_row import build_new_record, merge_row
from seed.plan.diff import diff
from seed.plan.missing_records import find_missing_records
from seed.plan.online_geocoder import geocode_missing_points
from seed.plan.people_plan import PeoplePlanner
from seed.plan.planned_row import DuplicateCandidate, OrganizationPlan, OrganizationRow, Plan, PlannedRow, RowAction
from seed.resolve.already_published import drop_already_published
from seed.resolve.record_resolver import NewId, RecordResolver, generate_id
from seed.resolve.row_statement import Statement, list_problems, parse_statement
from seed.rows import Row
from seed.sources.dataset import Dataset

_UUID = re.compile(r"[0-9a-fA-F-]{32,36}")
_UNKNOWN_PARENT = (
    "The directory has no organization with this slug or id. "
    "Write the slug of the parent organization, which is the last part of its web address."
)
WRITE_ACTIONS = (RowAction.CREATE, RowAction.UPDATE)


def resolve_dangling_references(
    items: Sequence[OrganizationRow], stored_ids: Collection[str], *, is_strict: bool = False
) -> list[OrganizationRow]:
    """Return the items without parents and relations that are neither stored nor created by another row.

    They are left out of the record. If `is_strict`, the row is refused, and so is one that refers to the record of a refused row.
    """
    while True:
        known_ids = {*stored_ids, *(item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS)}
        checked = [_check_references(item, known_ids, is_strict) for item in items]
        if all(after is before for after, before in zip(checked, items, strict=True)):
            return checked
        items = checked


def _check_references(item: OrganizationRow, known_ids: Collection[str], is_strict: bool) -> OrganizationRow:
    if item.record_after is None or item.action not in WRITE_ACTIONS:
        return item
    problems = tuple(_find_dangling_references(item.record_after, known_ids))
    if not problems:
        return item
    before, after = item.record_before, item.record_after
    parent = after.parent if after.parent in known_ids else before.parent if before else None
    relations = tuple(
        relation for relation in after.relations if relation.organization is None or relation.organization in known_ids
    )
    checked = {"parent": parent, "relations": relations}
    if is_strict or any(_find_dangling_references(replace(after, **checked), known_ids)):
        return _refuse(item, problems)
    return _leave_out(item, {name: value for name, value in checked.items() if value != getattr(after, name)}, problems)


def _refuse(item: OrganizationRow, problems: tuple[Problem, ...]) -> OrganizationRow:
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=problems, left_out=())


def _leave_out(item: OrganizationRow, values: Mapping[str, object], problems: tuple[Problem, ...]) -> OrganizationRow:
    """Return the item with these values instead of those of the row. The fields then have the sources that they had before."""
    assert item.record_after is not None  # noqa: S101 - the caller passes rows that are written
    before = item.record_before
    earlier = [source for source in before.sources if source.field in values] if before else []
    sources = [source for source in item.record_after.sources if source.field not in values or source in earlier]
    after = replace(item.record_after, **values, sources=tuple(sources))
    changed = tuple(field for field in item.changed_fields if before is None or getattr(after, field) != getattr(before, field))
    changed = tuple(field for field in changed if field not in values)
    action = item.action if changed or item.action is RowAction.CREATE else RowAction.SKIP
    return replace(item, record_after=after, action=action, changed_fields=changed, left_out=(*item.left_out, *problems))


def _find_dangling_references(record: StoredOrganization, known_ids: Collection[str]) -> Iterator[Problem]:
    if record.parent is not None and record.parent not in known_ids:
        yield _build_problem(("parent",), record.parent)
    for position, relation in enumerate(record.relations):
        if relation.organization is not None and relation.organization not in known_ids:
            yield _build_problem(("relations", position), relation.organization)


def _build_problem(path: tuple[str | int, ...], id: str) -> Problem:
    sentence = f"The organization {id} is not in the directory; import it too, or remove this reference."
    return Problem(path, ErrorCode.BAD_INPUT, sentence, {"value": id})


def _leave_out_exposed_places(item: OrganizationRow, is_strict: bool) -> OrganizationRow:
    """Leave out a text that names a place which the record does not publish. Only the merged record has both.

    The row is refused if it `is_strict`, or if the stored text names the place.
    """
    if item.record_after is None or item.action not in WRITE_ACTIONS:
        return item
    found = list(find_new_text_problems(item.record_after, item.record_before))
    if not found:
        return item
    problems = tuple(Problem((field,), ErrorCode.BAD_INPUT, message) for field, message in found)
    texts = {field: getattr(item.record_before, field, None) for field, _ in found}
    remains = is_strict or any(find_new_text_problems(replace(item.record_after, **texts), item.record_before))
    return _refuse(item, problems) if remains else _leave_out(item, texts, problems)


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
    that only rows about people name. `progress` wraps the iteration over the rows.

    Problems of a row are in its item. Raises Unavailable if the store or the geocoding service cannot be reached, and any error
    of reading the rows.
    """
    with store.begin_read() as reading:
        resolver = RecordResolver(reading, new_id)
        resolved = [_plan_row(row, resolver, dataset, today, is_strict) for row in progress(dataset.rows)]
        candidate_builder = partial(_build_candidate, resolver=resolver)
        people = PeoplePlanner(resolved, resolver, dataset, today, candidate_builder, is_strict=is_strict)
        people.attach(creates_organizations=creates_possible)
        items = list(diff(resolved, dataset, reading, may_loosen=may_loosen, overwrites_edits=overwrites_edits))
        items = [geocode_missing_points(item, dataset, geocode) for item in items] if geocode else items
        missing = tuple(find_missing_records(resolved, resolver, dataset, reading, today))
    items = [_leave_out_exposed_places(item, is_strict) for item in items]
    items = people.reject_without_organization(resolve_dangling_references(items, resolver.records, is_strict=is_strict))
    return Plan(tuple(items), missing)


def _plan_row(row: Row, resolver: RecordResolver, dataset: Dataset, today: dt.date, is_strict: bool) -> OrganizationRow:
    if row.is_person:
        return PlannedRow(row=row, action=RowAction.CONTACT)  # planned after all organizations
    left_out: tuple[Problem, ...] = ()
    try:
        unpublished = _resolve_parent(drop_already_published(row, resolver), resolver)
        statement = parse_statement(unpublished, key=dataset.key, today=today, is_strict=is_strict)
        left_out = statement.left_out
        resolution = resolver.resolve(statement, dataset.key)
        if resolution.candidates:
            candidates = tuple(_build_candidate(candidate, resolver) for candidate in resolution.candidates)
            return PlannedRow(row=row, action=RowAction.REVIEW, candidates=candidates, left_out=left_out)
        if resolution.id is None:
            return replace(_plan_create(row, statement, resolver), left_out=left_out)
        planned = _plan_update(row, statement, resolver, resolution.id, resolution.evidence, dataset.key)
        return replace(planned, left_out=left_out)
    except BadInput as error:
        return PlannedRow(row=row, action=RowAction.REJECT, problems=(*list_problems(error), *left_out))


def _plan_create(row: Row, statement: Statement, resolver: RecordResolver) -> OrganizationRow:
    if not statement.has_name:
        sentence = "A new organization needs a name; add its name, or the id or slug of an existing organization."
        raise BadInput(sentence, argument="name")
    id, slug = resolver.assign_id_and_slug(statement)
    record = _require_no_self_reference(build_new_record(statement, id, slug))
    resolver.add(record, row)
    fields = tuple(sorted(statement.stated_fields))
    return PlannedRow(row=row, action=RowAction.CREATE, record_after=record, changed_fields=fields)


def _plan_update(
    row: Row, statement: Statement, resolver: RecordResolver, id: str, evidence: tuple[Evidence, ...], origin: str
) -> OrganizationRow:
    before, revision = resolver.find_with_revision(id)
    assert before is not None  # noqa: S101 - the resolver refuses the record of an earlier row
    slug = statement.draft.slug
    is_own_slug = slug is not None and resolver.find_id(slug) == id  # a former slug does not rename the record
    after = _require_no_self_reference(merge_row(before, statement, origin, None if is_own_slug else slug))
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
    return DuplicateCandidate(record.id, record.slug, record.name, match)


def _resolve_parent(row: Row, resolver: RecordResolver) -> Row:
    """Replace the slug of a parent by its id. The id of an unknown parent is left for the plan to check."""
    parent = row.fields.get("parent")
    if not isinstance(parent, str) or not parent:
        return row
    parent_id = resolver.find_id(parent)
    if parent_id is None and not _UUID.fullmatch(parent.strip()):
        problem = Problem(("parent",), ErrorCode.BAD_INPUT, _UNKNOWN_PARENT)
        others = {name: value for name, value in row.fields.items() if name != "parent"}
        return replace(row, fields=others, problems=(*row.problems, problem))
    return replace(row, fields={**row.fields, "parent": parent_id}) if parent_id else row


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
    Raises Conflict if a record changed after planning: plan again.
    """
    edits = [*plan.edits, *plan.retirements] if retire_missing else plan.edits
    return directory.write(edits, actor=actor, now=now, reason=reason, network=network)
