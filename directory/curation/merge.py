"""Merge two records of one organization.

The survivor keeps its id and slug. The loser is removed, and from then on its id and slugs find the survivor.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

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
from directory.errors import BadInput, Conflict, NotFound
from directory.live import Directory
from directory.records import StoredOrganization
from directory.store.ledger.edits import Edit, Put, Receipt, Remove
from directory.store.read_transaction import ReadTransaction
from directory.store.records.references import find_referrers
from directory.visibility import apply_strictest_hiding

_PART_LISTS = ("links", "identifiers")  # united like lists of terms


def build_merged_record(survivor: StoredOrganization, loser: StoredOrganization) -> StoredOrganization:
    """Return the survivor with the facts that the loser adds.

    - Plain fields: by their merge rule. Links and identifiers are united, the survivor's first.
    - Names: the loser's name becomes FORMER if the survivor is its successor, otherwise ALSO_KNOWN_AS.
    - Places and contacts: equal ones are merged, the others are added (merge_parts.py).
    - Membership: ACTIVE before LAPSED before PROSPECT before NONE; the survivor's if both have the same status.
    - Visibility: nothing is shown to more people than either record shows it to: the narrower audience and the stricter
      disclosure win, search engines are refused if either record refuses them, and the result is hidden if either record is.
    - Sources: the survivor's, and the loser's for the facts taken from it.
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

    survivor: StoredOrganization
    loser: StoredOrganization
    result: StoredOrganization
    revisions: tuple[int, int]


def plan_merge(reading: ReadTransaction, loser: str, survivor: str) -> MergePlan:
    """Return what merging two records would do. Each is given by its id or a slug.

    Raises NotFound if either record does not exist, BadInput if both keys find the same record.
    """
    slugs = reading.load_slug_targets()
    ids = [slugs.get(key, key) for key in (survivor, loser)]
    if ids[0] == ids[1]:
        raise BadInput(
            f'"{loser}" and "{survivor}" are the same record. Give two different records.', argument="loser", value=loser
        )
    records = {record.id: (record, revision) for record, revision in reading.load_organizations(ids)}
    for key, identity in zip((survivor, loser), ids, strict=True):
        if identity not in records:
            raise NotFound(f'There is no organization "{key}" now. Give the id or slug of an existing one.', value=key)
    (survivor_record, survivor_revision), (loser_record, loser_revision) = (records[identity] for identity in ids)
    result = build_merged_record(survivor_record, loser_record)
    return MergePlan(survivor_record, loser_record, result, (survivor_revision, loser_revision))


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
        return [Put(planned.result), Remove(planned.loser.id, survivor_id=planned.survivor.id), *referrers]

    return directory.write(edits, actor=actor, now=now, reason=reason or f"merged {loser} into {survivor}")


def _repoint_references(reading: ReadTransaction, planned: MergePlan) -> Iterator[Put]:
    """Yield every record that refers to the loser, with its references moved to the survivor."""
    both = {planned.loser.id, planned.survivor.id}
    for entry, _ in reading.load_organizations(sorted(find_referrers(reading.connection, [planned.loser.id]) - both)):
        yield Put(_repoint(entry, planned.loser.id, planned.survivor.id))


def _repoint(entry: StoredOrganization, loser: str, survivor: str) -> StoredOrganization:
    relations = (replace(one, organization=survivor) if one.organization == loser else one for one in entry.relations)
    parent = survivor if entry.parent == loser else entry.parent
    return replace(entry, parent=parent, relations=tuple(dict.fromkeys(relations)))


def _choose_parent(survivor: StoredOrganization, loser: StoredOrganization) -> str | None:
    """Return the survivor's parent, or else the loser's. Neither may be one of the two records; None if there is no other."""
    parents = (parent for parent in (survivor.parent, loser.parent) if parent not in (None, survivor.id, loser.id))
    return next(parents, None)


def _require_no_parent_cycle(reading: ReadTransaction, planned: MergePlan) -> None:
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
