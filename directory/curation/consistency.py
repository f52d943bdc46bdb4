"""Whether snapshots, tables and ledger say the same: what `directory check` runs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeAlias

from directory.live import Directory, build_snapshot_state
from directory.publish import publish
from directory.question import FACETS, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import Audience, MembershipStatus, Organization, StoredOrganization
from directory.search.facets import KIND_FACET
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import RecordVersion
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.read_transaction import ReadTransaction
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_NAME_LOOKUPS = 200  # organizations that are looked up by their name; all of a large directory would take minutes
MAX_RETRIES = 5  # for a moment in which nobody writes
ALL_STATUSES = tuple(MembershipStatus)

StoredRecords: TypeAlias = list[tuple[StoredOrganization, RecordVersion]]


def find_disagreements(directory: Directory) -> list[str]:
    """A sentence for each thing on which snapshots, tables and ledger do not agree; [] where all is well.

    The snapshots are those that the directory has, brought up to the ledger first, or new ones. Raises Unavailable.
    """
    for audience in Audience:
        directory.get_snapshot(audience)
    directory.update_snapshots()
    if directory.unpublishable_ids:  # they cannot be read, so that nothing could be compared with them
        told = "cannot be published and is in no snapshot. Correct it or undo its last change, then check again."
        return [f"The organization {identity} {told}" for identity in sorted(directory.unpublishable_ids)]
    return [*find_ledger_inconsistencies(directory.store), *_check_snapshots(directory, MAX_RETRIES)]


def _check_snapshots(directory: Directory, waits: int) -> list[str]:
    directory.update_snapshots()
    with directory.store.begin_read() as reading:
        snapshots = [directory.get_snapshot(audience) for audience in Audience]
        revision = reading.load_head().revision
        if not waits or all(snapshot.revision == revision for snapshot in snapshots):
            kept = list(reading.load_organizations())
            return [sentence for snapshot in snapshots for sentence in _check_snapshot(snapshot, kept, reading)]
    return _check_snapshots(directory, waits - 1)  # somebody has written in between


def _check_snapshot(snapshot: Snapshot, kept: StoredRecords, reading: ReadTransaction) -> Iterator[str]:
    if snapshot.state != build_snapshot_state(reading.load_head(), snapshot.audience):
        yield f"The snapshot of {snapshot.audience} shows another state than the tables: revision {snapshot.revision}."
    expected = dict(_publish_expected(snapshot.audience, kept, reading))
    yield from _check_records(snapshot, expected)
    yield from _check_slugs(snapshot, expected, reading)
    yield from _check_sets(snapshot, list(expected.values()))
    yield from _check_names(snapshot, list(expected.values()))


def _publish_expected(audience: Audience, kept: StoredRecords, reading: ReadTransaction) -> Iterator[tuple[str, Organization]]:
    shown_to = reading.load_audiences()

    def visible(identity: str) -> bool:
        return identity in shown_to and audience.sees(shown_to[identity])

    for entry, stamps in kept:
        if audience not in stamps.updated_at:  # what the feed lacks is told by the check of the store
            continue
        organization = publish(entry, audience, stamps.updated_at[audience], visible)
        if organization is not None:
            yield organization.id, organization


def _check_records(snapshot: Snapshot, expected: dict[str, Organization]) -> Iterator[str]:
    shown = set(snapshot.index.rows.row_by_id)
    for identity in sorted(shown - expected.keys()):
        yield f"The snapshot of {snapshot.audience} shows {identity}, which the tables do not have for it."
    for identity, organization in expected.items():
        found = snapshot.get_organization(identity)
        if found is None:
            yield f"{organization.slug} is missing in the snapshot of {snapshot.audience}."
        elif found != organization:
            fields = [field for field in Organization.__struct_fields__ if getattr(found, field) != getattr(organization, field)]
            yield f"{organization.slug} differs between tables and the snapshot of {snapshot.audience} in {', '.join(fields)}."


def _check_slugs(snapshot: Snapshot, expected: dict[str, Organization], reading: ReadTransaction) -> Iterator[str]:
    seen = reading.load_slug_targets(snapshot.audience)
    for slug in reading.load_slug_targets():
        found, identity = snapshot.find_by_slug(slug), seen.get(slug)
        if (found and found.id) != (identity if identity in expected else None):
            yield f"The slug {slug} leads elsewhere in the snapshot of {snapshot.audience} than in the tables."
    for loser, survivor in reading.load_final_survivors(snapshot.audience).items():
        if snapshot.find_by_id(loser) != expected.get(survivor):
            yield f"The merged organization {loser} leads elsewhere in the snapshot of {snapshot.audience} than in the tables."


def _check_sets(snapshot: Snapshot, organizations: list[Organization]) -> Iterator[str]:
    for field, vocabulary in FACETS.items():
        counts = _count_values(organizations, partial(_terms_with_ancestors, field))
        yield from _check_counts(snapshot, field, vocabulary.terms, counts, partial(_build_term_question, field))
    kinds = _count_values(organizations, lambda one: (one.kind,))
    yield from _check_counts(snapshot, KIND_FACET, kinds, kinds, _build_kind_question)
    statuses = _count_values(organizations, lambda one: (one.membership.status,))
    yield from _check_counts(snapshot, "membership", MembershipStatus, statuses, _build_membership_question)
    located = _count_values(organizations, lambda one: {code for location in one.locations for code in location.regions})
    states = [region.code for region in REGIONS.list_of_kind(RegionKind.STATE)]
    yield from _check_counts(snapshot, "a location in", states, located, _build_located_question)
    for code, count in located.items():  # a question for each county would take minutes
        if len(snapshot.index.sets["located"][code]) != count:
            yield f"{snapshot.audience} has another number in {code} than the {count} records that are there."


def _check_counts(
    snapshot: Snapshot, field: str, values: Iterable[str], expected: Counter[str], asking: Callable[[str], Question]
) -> Iterator[str]:
    for value in values:
        total = snapshot.find(asking(value)).total
        if total != expected[value]:
            yield f"{snapshot.audience} finds {total} with {field} {value}, but {expected[value]} records have it."


def _count_values(organizations: list[Organization], values: Callable[[Organization], Iterable[str]]) -> Counter[str]:
    return Counter(value for one in organizations for value in values(one))


def _terms_with_ancestors(field: str, organization: Organization) -> set[str]:
    """Its terms and all broader ones: each counts it."""
    vocabulary, own = FACETS[field], getattr(organization, field)
    return {above for slug in own for above in (slug, *vocabulary.ancestors(slug))}


def _build_term_question(field: str, slug: str) -> Question:
    terms = {field: TermFilter(any_of=(slug,))}
    return Question(membership=ALL_STATUSES, **terms)  # type: ignore[arg-type]


def _build_kind_question(kind: str) -> Question:
    return Question(membership=ALL_STATUSES, kinds=(kind,))  # type: ignore[arg-type]


def _build_membership_question(status: str) -> Question:
    return Question(membership=(status,))  # type: ignore[arg-type]


def _build_located_question(code: str) -> Question:
    return Question(membership=ALL_STATUSES, regions=RegionFilter((code,), by=RegionMatch.LOCATED))


def _check_names(snapshot: Snapshot, organizations: list[Organization]) -> Iterator[str]:
    """Some organizations, evenly spread, are looked up by their own names."""
    for one in organizations[:: len(organizations) // MAX_NAME_LOOKUPS + 1]:
        words = f'"{fold(one.name)}"'
        found = snapshot.find(Question(text=words, membership=ALL_STATUSES))
        row = snapshot.index.rows.row_by_id.get(one.id)
        if fold(one.name) and row is not None and row not in found.rows:
            yield f"{one.slug} is not found by its name in the snapshot of {snapshot.audience}."
