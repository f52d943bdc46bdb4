"""Check that snapshots, tables and ledger agree. `directory check` runs this."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from directory.kinds import get_kind, publish_record
from directory.live import Directory
from directory.question import FACETS, Question, RegionFilter, RegionMatch, TermFilter
from directory.question.facet_choices import KIND_FACET
from directory.records import Audience, MembershipStatus, Organization, PublishedRecord, RecordKind, StoredRecord
from directory.search.searched_fields import SEARCHED_FIELDS
from directory.search.snapshot import Snapshot
from directory.snapshots.audience_news import build_snapshot_state, get_update_times
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.read_transaction import ReadTransaction
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_NAME_LOOKUPS = 200  # organizations to look up by name; all of a large directory would take minutes
MAX_RETRIES = 5  # attempts to read snapshots and tables at the same revision
ALL_STATUSES = tuple(MembershipStatus)


def find_disagreements(directory: Directory) -> list[str]:
    """Return one sentence for each disagreement between snapshots, tables and ledger; [] if there is none.

    Checks the directory's own snapshots after updating them, and builds those that do not exist yet. Raises Unavailable.
    """
    directory.build_snapshots(Audience)
    directory.update_snapshots()
    if directory.unpublishable_ids:  # records that cannot be read cannot be compared either
        problem = "cannot be published and is in no snapshot. Correct it or undo its last change, then check again."
        return [f"The record {identity} {problem}" for identity in sorted(directory.unpublishable_ids)]
    return [*find_ledger_inconsistencies(directory.store), *_check_snapshots(directory, MAX_RETRIES)]


def _check_snapshots(directory: Directory, retries: int) -> list[str]:
    directory.update_snapshots()
    with directory.store.begin_read() as reading:
        snapshots = directory.build_snapshots(Audience)
        revision = reading.load_head().revision
        if not retries or all(snapshot.revision == revision for snapshot in snapshots):
            records = [record for kind in RecordKind for record, _ in reading.load_records(kind)]
            return [sentence for snapshot in snapshots for sentence in _check_snapshot(snapshot, records, reading)]
    return _check_snapshots(directory, retries - 1)  # another process wrote in between


def _check_snapshot(snapshot: Snapshot, records: Iterable[StoredRecord], reading: ReadTransaction) -> Iterator[str]:
    if snapshot.state != build_snapshot_state(reading.load_head(), snapshot.audience):
        yield f"The {snapshot.audience} snapshot (revision {snapshot.revision}) is not at the same state as the tables."
    expected = dict(_publish_expected(snapshot.audience, records, reading))
    yield from _check_records(snapshot, expected)
    for kind in RecordKind:
        yield from _check_slugs(snapshot, kind, expected, reading)
        yield from _check_sets(snapshot, kind, [record for record in expected.values() if get_kind(record).name is kind])
    organizations = [record for record in expected.values() if isinstance(record, Organization)]
    yield from _check_counts(snapshot, organizations)
    yield from _check_names(snapshot, organizations)


def _publish_expected(
    audience: Audience, records: Iterable[StoredRecord], reading: ReadTransaction
) -> Iterator[tuple[str, PublishedRecord]]:
    audiences, update_times = reading.load_audiences(), get_update_times(reading.load_visible_changes(audience))

    def is_visible(identity: str) -> bool:
        return identity in audiences and audience.sees(audiences[identity])

    for record in records:
        if record.id not in update_times:  # the store's own check reports records that are missing in the feed
            continue
        published = publish_record(record, audience, update_times[record.id], is_visible)
        if published is not None:
            yield published.id, published


# ---------------------------------------------------------------- records and slugs


def _check_records(snapshot: Snapshot, expected: dict[str, PublishedRecord]) -> Iterator[str]:
    visible_ids = {record.id for view in snapshot.views.values() for _, record in view.index.rows.number_records()}
    for identity in sorted(visible_ids - expected.keys()):
        yield f"The {snapshot.audience} snapshot shows {identity}, which the tables do not have for this audience."
    for identity, record in expected.items():
        published = snapshot.get_record(get_kind(record).name, identity)
        if published is None:
            yield f"{record.slug} is missing in the {snapshot.audience} snapshot."
        elif published != record:
            fields = [name for name in record.__struct_fields__ if getattr(published, name) != getattr(record, name)]
            yield f"{record.slug} differs between tables and the {snapshot.audience} snapshot in {', '.join(fields)}."


def _check_slugs(
    snapshot: Snapshot, kind: RecordKind, expected: dict[str, PublishedRecord], reading: ReadTransaction
) -> Iterator[str]:
    targets = reading.load_slug_targets(snapshot.audience, kind)
    for slug in reading.load_slug_targets(kind=kind):
        record, identity = snapshot.find_record_by_slug(kind, slug), targets.get(slug)
        if (record and record.id) != (identity if identity in expected else None):
            yield f"The slug {slug} finds another record in the {snapshot.audience} snapshot than in the tables."
    for loser, survivor in reading.load_final_survivors(snapshot.audience).items():
        if reading.find_kind(loser) is kind and snapshot.find_record(kind, loser) != expected.get(survivor):
            yield f"The merged {kind.noun} {loser} finds another record in the {snapshot.audience} snapshot than in the tables."


def _check_sets(snapshot: Snapshot, kind: RecordKind, records: list[PublishedRecord]) -> Iterator[str]:
    """Compare each set of the index with the keys of the records."""
    index = snapshot.views[kind].index
    for name, list_keys in SEARCHED_FIELDS[kind].set_keys.items():
        for key, count in Counter(key for record in records for key in set(list_keys(record))).items():
            if len(index.sets[name][key]) != count:
                found = len(index.sets[name][key])
                yield f"The {snapshot.audience} snapshot has {found} records of {name} {key}, but the tables have {count}."


def _check_names(snapshot: Snapshot, organizations: list[Organization]) -> Iterator[str]:
    """Search for an evenly spread sample of organizations by their own names."""
    for organization in organizations[:: len(organizations) // MAX_NAME_LOOKUPS + 1]:
        name = fold(organization.name)
        result = snapshot.find(Question(text=f'"{name}"', membership=ALL_STATUSES))
        row = snapshot.index.rows.find_row(organization.id)
        if name and row is not None and row not in result.rows:
            yield f"{organization.slug} is not found by its name in the {snapshot.audience} snapshot."


# ---------------------------------------------------------------- counts


def _check_counts(snapshot: Snapshot, organizations: list[Organization]) -> Iterator[str]:
    for field, vocabulary in FACETS.items():
        counts = _count_values(organizations, partial(_terms_with_ancestors, field))
        yield from _check_totals(snapshot, field, vocabulary.terms, counts, partial(_build_term_question, field))
    kinds = _count_values(organizations, lambda organization: (organization.kind,))
    yield from _check_totals(snapshot, KIND_FACET, kinds, kinds, _build_kind_question)
    statuses = _count_values(organizations, lambda organization: (organization.membership.status,))
    yield from _check_totals(snapshot, "membership", MembershipStatus, statuses, _build_membership_question)
    located = _count_values(organizations, _location_regions)
    states = [region.code for region in REGIONS.list_of_kind(RegionKind.STATE)]
    yield from _check_totals(snapshot, "a location in", states, located, _build_located_question)
    for code, count in located.items():  # a search for each county would take minutes
        indexed = len(snapshot.index.sets["located"][code])
        if indexed != count:
            yield f"The {snapshot.audience} snapshot has {indexed} records in {code}, but the tables have {count}."


def _check_totals(
    snapshot: Snapshot,
    field: str,
    values: Iterable[str],
    expected: Counter[str],
    build_question: Callable[[str], Question],
) -> Iterator[str]:
    for value in values:
        total = snapshot.find(build_question(value)).total
        if total != expected[value]:
            yield f"The {snapshot.audience} snapshot finds {total} with {field} {value}, but {expected[value]} records have it."


def _count_values(organizations: list[Organization], values: Callable[[Organization], Iterable[str]]) -> Counter[str]:
    return Counter(value for organization in organizations for value in values(organization))


def _terms_with_ancestors(field: str, organization: Organization) -> set[str]:
    """Return the organization's terms and all broader ones, since a search for a broader term finds it too."""
    vocabulary, own = FACETS[field], getattr(organization, field)
    return {term for slug in own for term in (slug, *vocabulary.ancestors(slug))}


def _location_regions(organization: Organization) -> set[str]:
    return {code for location in organization.locations for code in location.regions}


def _build_term_question(field: str, slug: str) -> Question:
    terms = {field: TermFilter(any_of=(slug,))}
    return Question(membership=ALL_STATUSES, **terms)  # type: ignore[arg-type]


def _build_kind_question(kind: str) -> Question:
    return Question(membership=ALL_STATUSES, kinds=(kind,))  # type: ignore[arg-type]


def _build_membership_question(status: str) -> Question:
    return Question(membership=(status,))  # type: ignore[arg-type]


def _build_located_question(code: str) -> Question:
    return Question(membership=ALL_STATUSES, regions=RegionFilter((code,), by=RegionMatch.LOCATED))
