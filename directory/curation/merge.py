"""Merge two records of one organization, or of one coalition, event or other record.

The survivor keeps its id and slug. The loser is removed, and from then on its id and slugs find the survivor.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from directory.curation.merge_kinds import merge_records
from directory.curation.merge_parts import (
    merge_contacts,
    merge_lists,
    merge_membership,
    merge_names,
    merge_places,
    merge_plain_fields,
    merge_relations,
    merge_search_engines,
    merge_sources,
    narrowest_audience,
)
from directory.curation.record_keys import parse_key, resolve_key
from directory.drafts.coalition_draft import MEMBER_LIMIT
from directory.drafts.draft_parts import LIST_LIMIT
from directory.errors import BadInput, Conflict, NotFound
from directory.kinds import get_kind
from directory.kinds.references import map_references
from directory.live import Directory
from directory.records import RecordKind, StoredOrganization, StoredRecord
from directory.store.ledger.edits import Edit, Put, Receipt, RecordId, Remove
from directory.store.read_transaction import ReadTransaction
from directory.store.records.references import find_referrers
from directory.visibility import apply_strictest_hiding

_LIST_LIMITS = {"members": MEMBER_LIMIT}  # items; LIST_LIMIT for all other fields
_UNLIMITED_FIELDS = ("sources", "row_matches")  # nobody enters them
_PART_LISTS = ("links", "identifiers", "row_matches")  # united like lists of terms


def build_merged_record(survivor: StoredOrganization, loser: StoredOrganization) -> StoredOrganization:
    """Return the survivor with the facts that the loser adds.

    - Plain fields: by their merge rule. Links and identifiers are united, the survivor's first.
    - Names: the loser's name becomes FORMER if the survivor is its successor, otherwise ALSO_KNOWN_AS.
    - Places and contacts: equal ones are merged, the others are added (merge_parts.py).
    - Membership: ACTIVE before LAPSED before PROSPECT before NONE; the survivor's if both have the same status.
    - Visibility: nothing is shown to more people than either record shows it to: the narrower audience and the stricter
      disclosure win, search engines are refused if either record refuses them, and the result is hidden if either record is.
    - Sources: the survivor's, and the loser's for the facts taken from it.
    - Rows of lists that refer to either record refer to the survivor.
    """
    part_lists = {name: merge_lists(getattr(survivor, name), getattr(loser, name)) for name in _PART_LISTS}
    result = replace(
        survivor,
        **{**merge_plain_fields(survivor, loser), "search_engines": merge_search_engines(survivor, loser)},
        **part_lists,
        names=merge_names(survivor, loser),
        membership=merge_membership(survivor.membership, loser.membership),
        audience=narrowest_audience((survivor.audience, loser.audience)),
        sites=merge_places(survivor, loser, merge_lists(survivor.issue_areas, loser.issue_areas)),
        contacts=merge_contacts(survivor.contacts, loser.contacts),
        parent=_choose_parent(survivor, loser),
        relations=merge_relations(survivor, loser),
    )
    return apply_strictest_hiding(replace(result, sources=merge_sources(survivor, loser, result)), loser)


class MergePlan(Struct, frozen=True):
    """The two records of a merge and its result. `revisions`: when the survivor and the loser were last changed."""

    survivor: StoredRecord
    loser: StoredRecord
    result: StoredRecord
    revisions: tuple[int, int]

    @property
    def kind(self) -> RecordKind:
        return get_kind(self.survivor).name


def plan_merge(reading: ReadTransaction, loser: str, survivor: str) -> MergePlan:
    """Return what merging two records would do. Each is given by its key (record_keys.py).

    Raises NotFound if either record does not exist, BadInput if both keys find the same record or records of different kinds, and
    if a list of the result would be too long.
    """
    ids = [resolve_key(reading, key) for key in (survivor, loser)]
    if ids[0] == ids[1]:
        raise BadInput(
            f'"{loser}" and "{survivor}" are the same record. Give two different records.', argument="loser", value=loser
        )
    if ids[0].kind is not ids[1].kind:
        sentence = f"{ids[1].kind.noun_phrase.capitalize()} cannot be merged into {ids[0].kind.noun_phrase}."
        raise BadInput(f"{sentence} Give two records of one kind.", argument="loser", value=loser)
    survivor_record, survivor_revision = _load_record(reading, ids[0], survivor)
    loser_record, loser_revision = _load_record(reading, ids[1], loser)
    if isinstance(survivor_record, StoredOrganization) and isinstance(loser_record, StoredOrganization):
        result: StoredRecord = build_merged_record(survivor_record, loser_record)
    else:
        result = merge_records(survivor_record, loser_record)
    _require_short_lists(survivor_record, loser_record, result)
    return MergePlan(survivor_record, loser_record, result, (survivor_revision, loser_revision))


def _require_short_lists(survivor: StoredRecord, loser: StoredRecord, result: StoredRecord) -> None:
    """Refuse lists with more items than a person may enter, because such a record could not be edited or imported again."""
    for field in result.__struct_fields__:
        values = [getattr(record, field) for record in (survivor, loser, result)]
        counts = [len(value) if isinstance(value, tuple) else 0 for value in values]
        most = _LIST_LIMITS.get(field, LIST_LIMIT)
        if field not in _UNLIMITED_FIELDS and counts[2] > max(most, *counts[:2]):
            name = "locations" if field == "sites" else field.replace("_", " ")
            sentence = f"The merged record would have {counts[2]} {name}, but at most {most} are allowed."
            raise BadInput(f"{sentence} Remove some from one of the two records first.", argument="loser", field=field)


def _load_record(reading: ReadTransaction, record_id: RecordId, key: str) -> tuple[StoredRecord, int]:
    for record, revision in reading.load_records(record_id.kind, [record_id.id]):
        return record, revision
    noun = record_id.kind.noun
    raise NotFound(f'There is no {noun} "{parse_key(key)[1]}" now. Give the id or slug of an existing one.', value=key)


def merge(
    directory: Directory,
    loser: str,
    survivor: str,
    *,
    actor: str,
    now: dt.datetime,
    reason: str = "",
    expected_plan: MergePlan | None = None,
) -> Receipt:
    """Merge the loser into the survivor and redirect other records' references to the loser, in one write.

    Each record is given by its id or a slug. Private places move with their sites. `undo` can revert a merge. `expected_plan` is
    the plan that a person agreed to. Raises what `plan_merge` raises, Conflict if a record has changed since that plan, and
    BadInput if the survivor would become its own ancestor.
    """

    def edits(reading: ReadTransaction) -> Sequence[Edit]:
        planned = plan_merge(reading, loser, survivor)
        if expected_plan is not None and planned != expected_plan:
            sentence = "One of the two records changed since it was shown. Nothing was merged. Review both and try again."
            raise Conflict(sentence, current=max(planned.revisions))
        _require_no_parent_cycle(reading, planned)
        referrers = _repoint_references(reading, planned)
        return [Put(planned.result), Remove(planned.loser.id, survivor_id=planned.survivor.id, kind=planned.kind), *referrers]

    return directory.write(edits, actor=actor, now=now, reason=reason or f"merged {loser} into {survivor}")


def _repoint_references(reading: ReadTransaction, planned: MergePlan) -> Iterator[Put]:
    """Yield every record that refers to the loser, with its references moved to the survivor."""
    both = {RecordId(planned.kind, planned.loser.id), RecordId(planned.kind, planned.survivor.id)}
    referrers = find_referrers(reading.connection, [RecordId(planned.kind, planned.loser.id)]) - both
    survivor_ids = {planned.loser.id: planned.survivor.id}
    for entry in reading.load_records_of(sorted(referrers)):
        yield Put(map_references(entry, lambda identity: survivor_ids.get(identity, identity)))


def _choose_parent(survivor: StoredOrganization, loser: StoredOrganization) -> str | None:
    """Return the survivor's parent, or else the loser's. Neither may be one of the two records; None if there is no other."""
    parents = (parent for parent in (survivor.parent, loser.parent) if parent not in (None, survivor.id, loser.id))
    return next(parents, None)


def _require_no_parent_cycle(reading: ReadTransaction, planned: MergePlan) -> None:
    if not isinstance(planned.result, StoredOrganization):
        return  # the store refuses cycles of other kinds
    ancestor, visited = planned.result.parent, set[str]()
    while ancestor is not None and ancestor not in visited:
        visited.add(ancestor)
        entry = next((entry for entry, _ in reading.load_organizations([ancestor])), None)
        ancestor = entry.parent if entry else None
        if entry and ancestor in (planned.survivor.id, planned.loser.id):
            name = planned.survivor.slug
            sentence = (
                f"{name} would become its own parent organization, through {entry.slug}. Change the parent of one of them first."
            )
            raise BadInput(sentence, argument="parent", organization=entry.slug)
