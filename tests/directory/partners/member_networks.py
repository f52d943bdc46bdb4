"""Snapshots of members who are tied to each other, for tests of the network view."""

from collections.abc import Iterable, Mapping

from directory.kinds import get_kind
from directory.records import Audience, Organization, PublishedRecord, RecordKind, Relation, RelationKind
from directory.search.snapshot import Snapshot, SnapshotState
from tests.builders import a_stored_coalition, an_id, an_organization, publish_for


def a_snapshot(records: Iterable[PublishedRecord]) -> Snapshot:
    """Build the snapshot of staff."""
    listed = list(records)
    slugs: dict[RecordKind, dict[str, str]] = {kind: {} for kind in RecordKind}
    for record in listed:
        slugs[get_kind(record).name][record.slug] = record.id
    return Snapshot.build(Audience.STAFF, SnapshotState(1, "v1"), listed, slugs, [])


def a_network(names: str, partners: Iterable[str] = (), coalitions: Mapping[str, str] | None = None) -> Snapshot:
    """Build members with one letter each as names, a partnership for each pair ("AB") and coalitions of members ("ABC")."""
    relations: dict[str, list[Relation]] = {name: [] for name in names}
    for pair in partners:
        relations[pair[0]].append(Relation(RelationKind.PARTNER, an_id(pair[1])))
    members: list[Organization] = [an_organization(name, relations=tuple(relations[name])) for name in names]
    groups = [publish_for(a_stored_coalition(name, list(letters))) for name, letters in (coalitions or {}).items()]
    return a_snapshot([*members, *groups])
