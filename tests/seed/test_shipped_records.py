"""The network's own coalitions, events and instruments."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from directory.kinds import KINDS, publish_record
from directory.kinds.coalition import StoredCoalition
from directory.kinds.event import StoredEvent
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.live import Directory
from directory.records import Audience, RecordKind, StoredRecord
from directory.store.ledger.edits import EditOutcome, Put, Remove
from directory.store.store import Store
from directory.vocabulary.terms import ARTICLE_NUMBERS
from seed.network_records import DATA_FOLDER, NETWORK_ID, plan_network, plan_shipped_records, read_shipped_rows, seed_network
from seed.plan.planned_row import RowAction
from tests.builders import a_stored_coalition, a_stored_instrument, a_stored_provision
from tests.seed.test_network_records import NOW, remove_organization

KIND_NAMES = (RecordKind.COALITION, RecordKind.EVENT, RecordKind.INSTRUMENT, RecordKind.PROVISION)


@pytest.fixture(scope="module")
def seeded_records(tmp_path_factory: pytest.TempPathFactory) -> Mapping[RecordKind, Mapping[str, Any]]:
    with closing(Store.open(f"sqlite:///{tmp_path_factory.mktemp('network') / 'directory.sqlite3'}")) as store:
        store.migrate()
        seed_network(Directory(store), NOW)
        return {kind: load_by_slug(store, kind) for kind in KIND_NAMES}


def load_by_slug(store: Store, kind: RecordKind) -> dict[str, Any]:
    return {record.slug: record for record, _ in store.load_records(kind)}


def list_records(records: Mapping[RecordKind, Mapping[str, StoredRecord]]) -> Iterator[StoredRecord]:
    return (record for by_slug in records.values() for record in by_slug.values())


def seed_again(store: Store) -> int:
    return seed_network(Directory(store), NOW + dt.timedelta(days=1)).revision


# ---------------------------------------------------------------- what is there


def test_every_file_is_there(seeded_records: Mapping[RecordKind, Mapping[str, Any]]) -> None:
    for kind, folder in zip(KIND_NAMES, ("coalitions", "events", "instruments"), strict=False):
        assert seeded_records[kind].keys() == {path.stem for path in (DATA_FOLDER / folder).glob("*.toml")}
    assert seeded_records[RecordKind.PROVISION].keys() == {f"udhr-{number}" for number in ARTICLE_NUMBERS}


def test_everybody_may_see_them(seeded_records: Mapping[RecordKind, Mapping[str, Any]]) -> None:
    assert all(publish_record(record, Audience.PUBLIC, NOW, lambda _: True) for record in list_records(seeded_records))


def test_the_campaign_has_its_members_and_their_reasons(seeded_records: Mapping[RecordKind, Mapping[str, Any]]) -> None:
    campaign: StoredCoalition = seeded_records[RecordKind.COALITION]["human-rights-day-2020"]
    assert len(campaign.members) == 7
    assert all(member.note for member in campaign.members)
    assert NETWORK_ID not in {member.organization for member in campaign.members}  # it ran the campaign


def test_the_press_conference_is_at_noon_in_utc(seeded_records: Mapping[RecordKind, Mapping[str, Any]]) -> None:
    event: StoredEvent = seeded_records[RecordKind.EVENT]["upr-press-conference-2021"]
    assert event.starts_at == dt.datetime(2021, 3, 17, 12, tzinfo=dt.UTC)
    assert (event.time_zone, event.time_as_stated) == ("America/New_York", "7a CST/8a EST")
    assert event.coalition == seeded_records[RecordKind.COALITION]["upr-task-force"].id


def test_days_without_a_time_have_no_time_zone(seeded_records: Mapping[RecordKind, Mapping[str, Any]]) -> None:
    days = [event for event in seeded_records[RecordKind.EVENT].values() if event.is_all_day]
    assert len(days) == 3
    assert {(event.time_zone, event.starts_at.time()) for event in days} == {(None, dt.time())}


def test_each_article_belongs_to_the_declaration_and_has_a_source(
    seeded_records: Mapping[RecordKind, Mapping[str, Any]],
) -> None:
    declaration: StoredInstrument = seeded_records[RecordKind.INSTRUMENT]["udhr"]
    article: StoredProvision = seeded_records[RecordKind.PROVISION]["udhr-25"]
    assert (article.instrument, article.number, article.cycle) == (declaration.id, "25", None)
    assert article.issue_areas
    assert {source.field for source in article.sources} == {"name", "number"}
    assert "provisions" not in {source.field for source in declaration.sources}


def test_every_fact_of_other_records_has_a_source(seeded_records: Mapping[RecordKind, Mapping[str, Any]]) -> None:
    judged = {"issue_areas", "name_es", "kind", "is_all_day", "links"}  # ours, stated in the comments of the files
    for record in list_records(seeded_records):
        fields = set(KINDS[record_kind(record)].published_type.__struct_fields__) & set(type(record).__struct_fields__)
        stated = {field for field in fields if getattr(record, field) not in (None, (), False)}
        sourced = {source.field for source in record.sources}
        assert stated - sourced <= {"id", "slug", "sources", "instrument", "time_zone", *judged}, record.slug


def record_kind(record: StoredRecord) -> RecordKind:
    return next(kind for kind in KIND_NAMES if isinstance(record, KINDS[kind].stored_type))


def test_a_row_of_a_provision_names_the_file_of_its_instrument() -> None:
    rows = [shipped.row for shipped in read_shipped_rows(DATA_FOLDER) if shipped.kind is RecordKind.PROVISION]
    assert [(row.file, row.number) for row in rows] == [("instruments/udhr.toml", number) for number in ARTICLE_NUMBERS]


# ---------------------------------------------------------------- seeding again


def test_all_are_created_in_one_revision(store: Store) -> None:
    directory = Directory(store)
    assert seed_network(directory, NOW).revision == 1
    assert len(directory.get_snapshot(Audience.PUBLIC).views[RecordKind.PROVISION].index.rows.live_rows) == 30


def test_an_older_directory_gets_what_it_never_had(store: Store, tmp_path: Path) -> None:
    seed_network(Directory(store), NOW)
    kinds = reversed(KIND_NAMES)
    store.write([Remove(r.id, kind=k) for k in kinds for r, _ in store.load_records(k)], actor="staff", now=NOW, reason="gone")
    assert seed_again(store) == 2  # removed ones stay removed
    with closing(Store.open(f"sqlite:///{tmp_path / 'other.sqlite3'}")) as other:
        other.migrate()
        organizations = [Put(record) for record, _ in store.load_organizations()]
        other.write(organizations, actor="directory seed", now=NOW, reason="an earlier version")
        receipt = seed_network(Directory(other), NOW)
        assert (receipt.revision, receipt.count(EditOutcome.CREATED)) == (2, 2 + 4 + 10 + 30)


def test_what_staff_changed_stays_so(store: Store) -> None:
    seed_network(Directory(store), NOW)
    edited = replace(load_by_slug(store, RecordKind.COALITION)["upr-task-force"], name="Our task force", slug="our-task-force")
    article = replace(load_by_slug(store, RecordKind.PROVISION)["udhr-25"], number="25 bis")
    store.write([Put(edited), Put(article)], actor="staff", now=NOW, reason="ours")
    assert seed_again(store) == 2
    assert load_by_slug(store, RecordKind.COALITION)["our-task-force"] == edited


def test_records_that_staff_entered_themselves_count(store: Store) -> None:
    """A coalition with the slug of a shipped one, and an article with the number of a shipped one, are the same record."""
    declaration = a_stored_instrument("Universal Declaration", slug="declaration", id="2f624753-8207-5181-9fd6-88ff2c3b204b")
    article = replace(a_stored_provision("25"), instrument=declaration.id)
    own = [a_stored_coalition("Ours", slug="upr-task-force"), declaration, article]
    store.write([Put(record) for record in own], actor="staff", now=NOW, reason="ours")
    assert seed_network(Directory(store), NOW).revision == 2
    assert load_by_slug(store, RecordKind.COALITION)["upr-task-force"].name == "Ours"
    provisions = load_by_slug(store, RecordKind.PROVISION)
    assert provisions.keys() == {"article-25", *(f"declaration-{number}" for number in ARTICLE_NUMBERS if number != 25)}


def test_a_removed_organization_is_left_out_of_the_coalition(store: Store) -> None:
    plan = plan_network(store, NOW.date())
    organizations = plan.items[:8]
    store.write([Put(item.record_after) for item in organizations if item.record_after], actor="staff", now=NOW, reason="first")
    removed = remove_organization(store, "justice-for-muslims-collective")
    assert seed_again(store) == 3
    campaign: StoredCoalition = load_by_slug(store, RecordKind.COALITION)["human-rights-day-2020"]
    assert len(campaign.members) == 6
    assert removed.id not in {member.organization for member in campaign.members}


def test_a_merged_organization_leads_to_its_survivor(store: Store) -> None:
    plan = plan_network(store, NOW.date())
    organizations = {item.record_after.slug: item.record_after for item in plan.items[:8] if item.record_after}
    store.write([Put(record) for record in organizations.values()], actor="staff", now=NOW, reason="first")
    loser, survivor = organizations["justice-for-muslims-collective"], organizations["workers-center-for-racial-justice"]
    store.write([Remove(loser.id, survivor_id=survivor.id)], actor="staff", now=NOW, reason="duplicate")
    seed_again(store)
    campaign: StoredCoalition = load_by_slug(store, RecordKind.COALITION)["human-rights-day-2020"]
    assert [member.organization for member in campaign.members].count(survivor.id) == 1
    assert len(campaign.members) == 6


def test_a_wrong_file_is_reported_and_not_written(store: Store, tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    text = 'id = "afeeb5cf-22e3-5066-82b4-925ce83b8e96"\nslug = "x"\nname = "X"\ntime_zone = "Mars"\n'
    (tmp_path / "events" / "x.toml").write_text(text)
    with store.begin_read() as reading:
        (item,) = plan_shipped_records(list(read_shipped_rows(tmp_path)), reading, ())
    assert item.action is RowAction.REJECT
    assert {problem.path_text for problem in item.problems} == {"time_zone", "starts_local"}
