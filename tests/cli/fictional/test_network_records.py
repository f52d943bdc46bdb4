"""A fictional network has records of every kind, in memory and in a database."""

import datetime as dt
from collections import Counter
from contextlib import closing

import pytest

from cli.fictional.network_records import build_other_records, publish_records
from cli.fictional.organizations import generate_fictional_organizations, seed_fictional_network
from directory.curation.consistency import find_disagreements
from directory.kinds import KINDS, get_kind
from directory.kinds.kind import list_references
from directory.live import Directory
from directory.records import Audience, RecordKind
from directory.search.snapshot import Snapshot, SnapshotState
from directory.store.ledger.edits import EditOutcome

NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
COUNT = 400
ORGANIZATIONS = list(generate_fictional_organizations(COUNT, now=NOW))
RECORDS = [*ORGANIZATIONS, *build_other_records(ORGANIZATIONS, now=NOW)]
COUNTS = Counter(get_kind(record).name for record in RECORDS)


def test_every_kind_is_present() -> None:
    kinds = RecordKind
    assert [COUNTS[kind] for kind in (kinds.COALITION, kinds.EVENT, kinds.INSTRUMENT)] == [COUNT // 20, COUNT // 5, 2]
    assert COUNTS[kinds.PROVISION] > 340
    assert COUNTS.keys() == KINDS.keys()


def test_ids_are_unique_and_references_lead_to_records_of_their_kind() -> None:
    ids = {(get_kind(record).name, record.id) for record in RECORDS}
    assert len({identity for _, identity in ids}) == len(RECORDS)
    assert {reference for record in RECORDS for reference in list_references(record)} <= ids


@pytest.mark.parametrize("audience", Audience)
def test_records_can_be_published_without_a_database(audience: Audience) -> None:
    published = publish_records(RECORDS, audience, NOW)
    assert (len(published) == len(RECORDS)) == (audience is Audience.STAFF)
    snapshot = Snapshot.build(audience, SnapshotState(1, "built", fictional=True), published, {}, [])
    for kind in RecordKind:
        visible = [record for record in published if get_kind(record).name is kind]
        assert len(snapshot.views[kind].index.rows.live_rows) == len(visible) > 0


def test_a_written_network_has_all_of_them_and_is_consistent(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        receipt = seed_fictional_network(directory, COUNT, seed=1, now=NOW)
        assert (receipt.revision, receipt.count(EditOutcome.CREATED)) == (1, COUNT)
        snapshot = directory.get_snapshot(Audience.STAFF)
        assert {kind: len(view.index.rows.live_rows) for kind, view in snapshot.views.items()} == COUNTS
        assert not directory.unpublishable_ids
        assert find_disagreements(directory) == []


@pytest.mark.parametrize("count", [1, 2, 3, 19, 21])
def test_a_tiny_network_can_be_written(sqlite_url: str, count: int) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        assert seed_fictional_network(directory, count, seed=1, now=NOW).count(EditOutcome.CREATED) == count
        assert find_disagreements(directory) == []
