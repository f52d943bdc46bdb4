"""Two records that are one organization: which becomes what, and putting them together.

The survivor keeps its id and slug; the loser is removed, and its id and slugs lead to the survivor from then on.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from directory.curation.merge_parts import (
    merge_contacts,
    merge_lists,
    merge_membership,
    merge_names,
    merge_places,
    merge_relations,
    merge_sources,
    narrowest_audience,
)
from directory.errors import BadInput, Conflict, NotFound
from directory.records import OrganizationKind, Relation, StoredOrganization
from directory.store.ledger.edits import Edit, Put, Receipt, Remove
from directory.store.read_transaction import ReadTransaction
from directory.store.records.references import find_referrers
from directory.store.store import Store
from directory.visibility import apply_strictest_hiding

_SINGLE_VALUE_FIELDS = ("summary", "description", "founded", "website")  # the survivor's where it states one, else the loser's
_LIST_FIELDS = ("links", "identifiers", "languages", "issue_areas", "communities", "work_areas", "service_areas")


def build_merged_record(survivor: StoredOrganization, loser: StoredOrganization) -> StoredOrganization:
    """The survivor with what the loser adds.

    - What the survivor states stays; what it does not state is the loser's. Lists are united, the survivor's values first.
    - Names: the loser's is kept as FORMER where the survivor says that it succeeded it, else as ALSO_KNOWN_AS.
    - Places and contacts that are the same are put together, the others are added (merged_parts.py).
    - Membership: the one that says more of belonging: ACTIVE before LAPSED before PROSPECT before NONE; the survivor's if alike.
    - Verification stays the survivor's: nobody has confirmed what the loser adds.
    - Nothing is shown to more people than before by either: the narrower audience, the stricter disclosure; hidden if one is.
    - Sources of what is taken from the loser come along.
    """
    themes = merge_lists(survivor.issue_areas, loser.issue_areas)
    fields = {field: merge_lists(getattr(survivor, field), getattr(loser, field)) for field in _LIST_FIELDS}
    first = {field: _value_or_fallback(getattr(survivor, field), getattr(loser, field)) for field in _SINGLE_VALUE_FIELDS}
    result = replace(
        survivor,
        **fields,
        **first,
        names=merge_names(survivor, loser),
        kind=loser.kind if survivor.kind is OrganizationKind.OTHER else survivor.kind,
        membership=merge_membership(survivor.membership, loser.membership),
        audience=narrowest_audience((survivor.audience, loser.audience)),
        sites=merge_places(survivor, loser, themes),
        contacts=merge_contacts(survivor.contacts, loser.contacts),
        parent=_choose_parent(survivor, loser),
        relations=merge_relations(survivor, loser),
    )
    return apply_strictest_hiding(replace(result, sources=merge_sources(survivor, loser, result)), loser)


class MergePlan(Struct, frozen=True):
    """What a merger would do, as it was read: `revisions` at which the survivor and the loser were last changed."""

    survivor: StoredOrganization
    loser: StoredOrganization
    result: StoredOrganization
    revisions: tuple[int, int]


def plan_merge(reading: ReadTransaction, loser: str, survivor: str) -> MergePlan:
    """What merging two records, each given by its id or a slug, would do.

    Raises NotFound where one of them is not there, BadInput where they are one record already.
    """
    slugs = reading.load_slug_targets()
    ids = [slugs.get(key, key) for key in (survivor, loser)]
    if ids[0] == ids[1]:
        raise BadInput(f'"{loser}" and "{survivor}" lead to the same record; name two.', argument="loser", value=loser)
    found = {entry.id: (entry, stamps.revision) for entry, stamps in reading.load_organizations(ids)}
    for key, identity in zip((survivor, loser), ids, strict=True):
        if identity not in found:
            raise NotFound(f'There is no organization "{key}" now; give the id or slug of one that is there.', value=key)
    (kept, kept_at), (gone, gone_at) = (found[identity] for identity in ids)
    return MergePlan(kept, gone, build_merged_record(kept, gone), (kept_at, gone_at))


def merge(
    store: Store,
    loser: str,
    survivor: str,
    *,
    actor: str,
    now: dt.datetime,
    reason: str = "",
    expected_plan: MergePlan | None = None,
) -> Receipt:
    """Merges the loser into the survivor, in one write: both records, and every reference of others to the loser.

    Each is given by its id or a slug. Private places come along with their sites. `undo` reverts it. `as_shown` is what somebody
    agreed to. Raises what `merger` raises; Conflict where a record is no longer as it was shown; BadInput where the survivor
    would become a part of itself.
    """

    def edits(reading: ReadTransaction) -> Sequence[Edit]:
        planned = plan_merge(reading, loser, survivor)
        if expected_plan is not None and planned != expected_plan:
            sentence = "One of the two records changed since it was shown. Nothing was merged; look at them again."
            raise Conflict(sentence, current=max(planned.revisions))
        _require_no_parent_cycle(reading, planned)
        others = _repoint_references(reading, planned)
        return [Put(planned.result), Remove(planned.loser.id, survivor_id=planned.survivor.id), *others]

    return store.write(edits, actor=actor, now=now, reason=reason or f"merged {loser} into {survivor}")


def _repoint_references(reading: ReadTransaction, planned: MergePlan) -> Iterator[Put]:
    """Whoever refers to the loser refers to the survivor."""
    both = {planned.loser.id, planned.survivor.id}
    for entry, _ in reading.load_organizations(sorted(find_referrers(reading.connection, [planned.loser.id]) - both)):
        yield Put(_repoint(entry, planned.loser.id, planned.survivor.id))


def _repoint(entry: StoredOrganization, loser: str, survivor: str) -> StoredOrganization:
    pointed = (replace(one, organization=survivor) if one.organization == loser else one for one in entry.relations)
    return replace(entry, parent=survivor if entry.parent == loser else entry.parent, relations=_remove_duplicates(pointed))


def _remove_duplicates(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    return tuple(dict.fromkeys(relations))


def _value_or_fallback(own: object, other: object) -> object:
    return other if own is None else own


def _choose_parent(survivor: StoredOrganization, loser: StoredOrganization) -> str | None:
    """A record that is both cannot be a part of either."""
    stated = (parent for parent in (survivor.parent, loser.parent) if parent not in (None, survivor.id, loser.id))
    return next(stated, None)


def _require_no_parent_cycle(reading: ReadTransaction, planned: MergePlan) -> None:
    above, passed = planned.result.parent, set[str]()
    while above is not None and above not in passed:
        passed.add(above)
        entry = next((entry for entry, _ in reading.load_organizations([above])), None)
        above = entry.parent if entry else None
        if entry and above in (planned.survivor.id, planned.loser.id):
            name = planned.survivor.slug
            sentence = f"{name} would become a part of itself, by way of {entry.slug}. Change the parent of one of them first."
            raise BadInput(sentence, argument="parent", organization=entry.slug)
