"""Whether snapshots, tables and ledger say the same: what `directory check` runs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeAlias

from directory.live import Directory, state
from directory.publish import publish
from directory.question import FACETS, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import Audience, Entry, MembershipStatus, Organization
from directory.regions import REGIONS, RegionKind
from directory.search.facets import KINDS
from directory.search.snapshot import Snapshot
from directory.store import Reading, Stamps
from directory.store.agreement import disagreements as of_store
from directory.text import fold

NAMES_TRIED = 200  # organizations that are looked up by their name; all of a large directory would take minutes
WAITS = 5  # for a moment in which nobody writes
EVERYBODY = tuple(MembershipStatus)

Kept: TypeAlias = list[tuple[Entry, Stamps]]


def disagreements(directory: Directory) -> list[str]:
    """A sentence for each thing on which snapshots, tables and ledger do not agree; [] where all is well.

    The snapshots are those that the directory has, brought up to the ledger first, or new ones. Raises Unavailable.
    """
    for audience in Audience:
        directory.snapshot(audience)
    directory.follow()
    if directory.left_out:  # they cannot be read, so that nothing could be compared with them
        told = "cannot be published and is in no snapshot. Correct it or undo its last change, then check again."
        return [f"The organization {identity} {told}" for identity in sorted(directory.left_out)]
    return [*of_store(directory.store), *_of_snapshots(directory, WAITS)]


def _of_snapshots(directory: Directory, waits: int) -> list[str]:
    directory.follow()
    with directory.store.reading() as reading:
        snapshots = [directory.snapshot(audience) for audience in Audience]
        revision = reading.head().revision
        if not waits or all(snapshot.revision == revision for snapshot in snapshots):
            kept = list(reading.entries())
            return [sentence for snapshot in snapshots for sentence in _of_snapshot(snapshot, kept, reading)]
    return _of_snapshots(directory, waits - 1)  # somebody has written in between


def _of_snapshot(snapshot: Snapshot, kept: Kept, reading: Reading) -> Iterator[str]:
    if snapshot.state != state(reading.head(), snapshot.audience):
        yield f"The snapshot of {snapshot.audience} shows another state than the tables: revision {snapshot.revision}."
    expected = dict(_published(snapshot.audience, kept, reading))
    yield from _of_records(snapshot, expected)
    yield from _of_slugs(snapshot, expected, reading)
    yield from _of_sets(snapshot, list(expected.values()))
    yield from _of_names(snapshot, list(expected.values()))


def _published(audience: Audience, kept: Kept, reading: Reading) -> Iterator[tuple[str, Organization]]:
    shown_to = reading.audiences()

    def visible(identity: str) -> bool:
        return identity in shown_to and audience.sees(shown_to[identity])

    for entry, stamps in kept:
        if audience not in stamps.updated:  # what the feed lacks is told by the check of the store
            continue
        organization = publish(entry, audience, stamps.updated[audience], visible)
        if organization is not None:
            yield organization.id, organization


def _of_records(snapshot: Snapshot, expected: dict[str, Organization]) -> Iterator[str]:
    shown = set(snapshot.index.rows.by_id)
    for identity in sorted(shown - expected.keys()):
        yield f"The snapshot of {snapshot.audience} shows {identity}, which the tables do not have for it."
    for identity, organization in expected.items():
        found = snapshot.organization(identity)
        if found is None:
            yield f"{organization.slug} is missing in the snapshot of {snapshot.audience}."
        elif found != organization:
            fields = [field for field in Organization.__struct_fields__ if getattr(found, field) != getattr(organization, field)]
            yield f"{organization.slug} differs between tables and the snapshot of {snapshot.audience} in {', '.join(fields)}."


def _of_slugs(snapshot: Snapshot, expected: dict[str, Organization], reading: Reading) -> Iterator[str]:
    seen = reading.slugs(snapshot.audience)
    for slug in reading.slugs():
        found, identity = snapshot.by_slug(slug), seen.get(slug)
        if (found and found.id) != (identity if identity in expected else None):
            yield f"The slug {slug} leads elsewhere in the snapshot of {snapshot.audience} than in the tables."
    for loser, survivor in reading.merged(snapshot.audience).items():
        if snapshot.by_id(loser) != expected.get(survivor):
            yield f"The merged organization {loser} leads elsewhere in the snapshot of {snapshot.audience} than in the tables."


def _of_sets(snapshot: Snapshot, organizations: list[Organization]) -> Iterator[str]:
    for field, vocabulary in FACETS.items():
        counts = _counts(organizations, partial(_terms, field))
        yield from _of_counts(snapshot, field, vocabulary.terms, counts, partial(_asking_terms, field))
    kinds = _counts(organizations, lambda one: (one.kind,))
    yield from _of_counts(snapshot, KINDS, kinds, kinds, _asking_kind)
    statuses = _counts(organizations, lambda one: (one.membership.status,))
    yield from _of_counts(snapshot, "membership", MembershipStatus, statuses, _asking_membership)
    located = _counts(organizations, lambda one: {code for location in one.locations for code in location.regions})
    states = [region.code for region in REGIONS.of_kind(RegionKind.STATE)]
    yield from _of_counts(snapshot, "a location in", states, located, _asking_located)
    for code, count in located.items():  # a question for each county would take minutes
        if len(snapshot.index.sets["located"][code]) != count:
            yield f"{snapshot.audience} has another number in {code} than the {count} records that are there."


def _of_counts(
    snapshot: Snapshot, field: str, values: Iterable[str], expected: Counter[str], asking: Callable[[str], Question]
) -> Iterator[str]:
    for value in values:
        total = snapshot.find(asking(value)).total
        if total != expected[value]:
            yield f"{snapshot.audience} finds {total} with {field} {value}, but {expected[value]} records have it."


def _counts(organizations: list[Organization], values: Callable[[Organization], Iterable[str]]) -> Counter[str]:
    return Counter(value for one in organizations for value in values(one))


def _terms(field: str, organization: Organization) -> set[str]:
    """Its terms and all broader ones: each counts it."""
    vocabulary, own = FACETS[field], getattr(organization, field)
    return {above for slug in own for above in (slug, *vocabulary.ancestors(slug))}


def _asking_terms(field: str, slug: str) -> Question:
    terms = {field: TermFilter(any_of=(slug,))}
    return Question(membership=EVERYBODY, **terms)  # type: ignore[arg-type]


def _asking_kind(kind: str) -> Question:
    return Question(membership=EVERYBODY, kinds=(kind,))  # type: ignore[arg-type]


def _asking_membership(status: str) -> Question:
    return Question(membership=(status,))  # type: ignore[arg-type]


def _asking_located(code: str) -> Question:
    return Question(membership=EVERYBODY, regions=RegionFilter((code,), by=RegionMatch.LOCATED))


def _of_names(snapshot: Snapshot, organizations: list[Organization]) -> Iterator[str]:
    """Some organizations, evenly spread, are looked up by their own names."""
    for one in organizations[:: len(organizations) // NAMES_TRIED + 1]:
        words = f'"{fold(one.name)}"'
        found = snapshot.find(Question(text=words, membership=EVERYBODY))
        row = snapshot.index.rows.by_id.get(one.id)
        if fold(one.name) and row is not None and row not in found.rows:
            yield f"{one.slug} is not found by its name in the snapshot of {snapshot.audience}."
