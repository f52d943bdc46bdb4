import datetime as dt
import re
import tomllib
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from directory.errors import BadInput
from directory.export.kind_records import EXPORTED_KINDS
from directory.geo import Precision
from directory.kinds.coalition import StoredCoalition
from directory.live import Directory
from directory.publish import publish
from directory.records import Audience, MembershipStatus, NameKind, Organization, OrganizationKind, RecordKind, StoredOrganization
from directory.store.ledger.edits import EditOutcome, Network, Put, Remove
from directory.store.store import Store
from directory.text import fold
from seed.network_records import DATA_FOLDER, NETWORK_ID, load_network_dataset, seed_network
from seed.plan.import_plan import plan_import
from seed.plan.planned_row import RowAction

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
RECORD_COUNT = 8 + 2 + 4 + 10 + 30  # organizations, coalitions, events, instruments and articles of the Universal Declaration
NETWORK_SLUG = "us-human-rights-network"
MEMBERS = {
    "aging-people-in-prison-human-rights-campaign",
    "art-and-resistance-through-education",
    "chicago-anti-eviction-campaign",
    "justice-for-muslims-collective",
    "national-homelessness-law-center",
    "national-network-for-immigrant-and-refugee-rights",
    "workers-center-for-racial-justice",
}
# Sites by opponents of these organizations, and sites that anyone can edit.
NO_SOURCES = ("keywiki", "influencewatch", "discoverthenetworks", "wiki", "gofundme", "gpedia", "facebook")
WITHOUT_A_SOURCE = {"id", "slug", "audience", "sources", "verified_at"}  # ours, not facts about the organization


@pytest.fixture(scope="module")
def load_stated_records() -> dict[str, dict[str, object]]:
    return {str(row.fields["slug"]): dict(row.fields) for row in load_network_dataset().rows}


@pytest.fixture(scope="module")
def seeded_records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StoredOrganization]:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('network') / 'directory.sqlite3'}")
    store.migrate()
    seed_network(Directory(store), NOW)
    entries = {entry.slug: entry for entry, _ in store.load_organizations()}
    store.close()
    return entries


def remove_organization(store: Store, slug: str) -> StoredOrganization:
    """Remove a shipped organization as staff do: also from the coalitions that it belongs to."""
    entry = next(entry for entry, _ in store.load_organizations() if entry.slug == slug)
    coalitions = [one for one, _ in store.load_records(RecordKind.COALITION) if isinstance(one, StoredCoalition)]
    kept = [replace(one, members=tuple(m for m in one.members if m.organization != entry.id)) for one in coalitions]
    store.write([*map(Put, kept), Remove(entry.id)], actor="staff", now=NOW, reason="they left")
    return entry


def publish_entry(entry: StoredOrganization) -> Organization:
    organization = publish(entry, Audience.PUBLIC, NOW, lambda _: True)
    assert organization is not None
    return organization


def test_the_network_and_the_members_its_documents_name_are_there(seeded_records: dict[str, StoredOrganization]) -> None:
    assert seeded_records.keys() == MEMBERS | {NETWORK_SLUG}
    assert {entry.membership.status for slug, entry in seeded_records.items() if slug != NETWORK_SLUG} == {
        MembershipStatus.ACTIVE
    }


def test_the_network_is_no_member_of_itself(seeded_records: dict[str, StoredOrganization]) -> None:
    network = seeded_records[NETWORK_SLUG]
    assert (network.id, network.kind, network.membership.status) == (NETWORK_ID, OrganizationKind.NETWORK, MembershipStatus.NONE)


def test_the_directory_knows_whose_it_is(store: Store) -> None:
    seed_network(Directory(store), NOW)
    assert store.load_head().network_id == NETWORK_ID


def test_everybody_may_see_them(seeded_records: dict[str, StoredOrganization]) -> None:
    assert all(publish(entry, Audience.PUBLIC, NOW, lambda _: True) for entry in seeded_records.values())


def test_every_fact_has_a_source(seeded_records: dict[str, StoredOrganization]) -> None:
    empty = StoredOrganization(id="", slug="", name="")
    for entry in seeded_records.values():
        facts = {field for field in StoredOrganization.__struct_fields__ if getattr(entry, field) != getattr(empty, field)}
        facts = {"locations" if field == "sites" else field for field in facts} - WITHOUT_A_SOURCE
        if entry.slug == NETWORK_SLUG:
            facts -= {"membership"}
        else:
            facts |= {"membership"}
        assert facts == {source.field for source in entry.sources}, entry.slug


def test_every_source_is_seen_with_its_fact_but_those_of_contacts(seeded_records: dict[str, StoredOrganization]) -> None:
    for entry in seeded_records.values():
        sources = {(source.field, source.title) for source in entry.sources if source.field != "contacts"}
        assert {(source.field, source.title) for source in publish_entry(entry).sources} == sources


def test_no_source_is_one_of_those_that_are_not_to_be_trusted(seeded_records: dict[str, StoredOrganization]) -> None:
    urls = [source.url for entry in seeded_records.values() for source in entry.sources]
    assert all(url and url.startswith("http") for url in urls)
    assert not [url for url in urls if any(word in str(urlsplit(url).hostname) for word in NO_SOURCES)]


def test_no_persons_contact_is_shipped(seeded_records: dict[str, StoredOrganization]) -> None:
    contacts = [(entry.slug, contact) for entry in seeded_records.values() for contact in entry.contacts]
    assert [(slug, contact.role, contact.phone) for slug, contact in contacts] == [(NETWORK_SLUG, "Office", "+14045889761")]
    text = "".join(path.read_text() for path in DATA_FOLDER.rglob("*.toml"))
    assert "@" not in text
    assert re.findall(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}", text) == ["(404) 588-9761"]
    assert "Dr." not in text


def test_the_networks_office_is_as_it_publishes_it(seeded_records: dict[str, StoredOrganization]) -> None:
    (office,) = publish_entry(seeded_records[NETWORK_SLUG]).locations
    assert office.address is not None
    assert (office.address.street, office.address.postal_code) == ("250 Georgia Ave SE #330", "30312")
    assert office.precision is Precision.POSTAL_CODE  # no source states a point
    assert office.radius_km


def test_a_place_is_stated_where_a_source_states_it_and_nowhere_else(seeded_records: dict[str, StoredOrganization]) -> None:
    located = {slug: [(site.city, site.state) for site in entry.sites] for slug, entry in seeded_records.items() if entry.sites}
    assert located == {
        NETWORK_SLUG: [("Atlanta", "US-GA")],
        "aging-people-in-prison-human-rights-campaign": [("Washington", "US-DC")],
        "chicago-anti-eviction-campaign": [("Chicago", "US-IL")],
        "national-homelessness-law-center": [("Washington", "US-DC")],
        "workers-center-for-racial-justice": [("Chicago", "US-IL")],
    }
    members = [publish_entry(entry).locations for slug, entry in seeded_records.items() if slug in MEMBERS]
    assert {location.precision for locations in members for location in locations} == {Precision.CITY}


def test_no_record_claims_to_be_verified(seeded_records: dict[str, StoredOrganization]) -> None:
    assert {(entry.verified_at, entry.membership.joined_on) for entry in seeded_records.values()} == {(None, None)}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("USHRN", NETWORK_SLUG),
        ("nnirr", "national-network-for-immigrant-and-refugee-rights"),
        ("National Network for Immigrant & Refugee Rights", "national-network-for-immigrant-and-refugee-rights"),
        ("National Network for Immigrant and Refugee Rights", "national-network-for-immigrant-and-refugee-rights"),
        ("CAEC", "chicago-anti-eviction-campaign"),
        ("Chicago Anti Eviction Campaign", "chicago-anti-eviction-campaign"),
        ("NLCHP", "national-homelessness-law-center"),
        ("National Law Center on Homelessness and Poverty", "national-homelessness-law-center"),
        ("WCRJ", "workers-center-for-racial-justice"),
        ("ARTE", "art-and-resistance-through-education"),
        ("JMC", "justice-for-muslims-collective"),
        ("APPHRC", "aging-people-in-prison-human-rights-campaign"),
    ],
)
def test_every_name_they_are_known_by_is_there(load_stated_records: dict[str, dict[str, object]], words: str, slug: str) -> None:
    record = load_stated_records[slug]
    names = [str(record["name"]), *(other["name"] for other in record["names"])]  # type: ignore[attr-defined]
    assert fold(words) in {fold(name) for name in names}


def test_the_law_center_has_its_former_name(seeded_records: dict[str, StoredOrganization]) -> None:
    former = [name.name for name in seeded_records["national-homelessness-law-center"].names if name.kind is NameKind.FORMER]
    assert former == ["National Law Center on Homelessness & Poverty", "NLCHP"]


def test_a_file_is_named_after_the_slug() -> None:
    for folder in (DATA_FOLDER, *(DATA_FOLDER / name for name in EXPORTED_KINDS)):
        assert all(tomllib.loads(path.read_text())["slug"] == path.stem for path in folder.glob("*.toml"))


# ---------------------------------------------------------------- seeding again


def test_seeding_twice_changes_nothing(any_store: Store) -> None:
    first = seed_network(Directory(any_store), NOW)
    assert (first.revision, first.count(EditOutcome.CREATED)) == (1, RECORD_COUNT)
    again = seed_network(Directory(any_store), NOW + dt.timedelta(days=1))
    assert (again.revision, again.results) == (1, ())
    assert plan_import(load_network_dataset(), any_store, today=NOW.date()).counts[RowAction.SKIP] == 8


def test_what_staff_changed_or_removed_stays_so(store: Store) -> None:
    seed_network(Directory(store), NOW)
    entry = remove_organization(store, "workers-center-for-racial-justice")
    assert seed_network(Directory(store), NOW).revision == 2
    assert entry.id not in {seeded_records.id for seeded_records, _ in store.load_organizations()}


def test_another_networks_directory_keeps_its_own(store: Store) -> None:
    seed_network(Directory(store), NOW)
    other = store.load_slug_targets()["national-network-for-immigrant-and-refugee-rights"]
    store.write([], actor="staff", now=NOW, reason="it is theirs", network=Network(other))
    seed_network(Directory(store), NOW)
    assert store.load_head().network_id == other


def test_real_records_do_not_go_into_a_fictional_directory(store: Store) -> None:
    store.write([], actor="test", now=NOW, reason="made up", network=Network(None, fictional=True))
    with pytest.raises(BadInput):
        seed_network(Directory(store), NOW)
    assert list(store.load_organizations()) == []
