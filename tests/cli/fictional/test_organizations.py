"""A fictional network is reproducible, realistically distributed, valid and recognizably fictional."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec
import pytest

from cli.fictional.organizations import FOUNDED_YEARS, fictional_id, generate_fictional_organizations, seed_fictional_network
from directory.drafts.geocoding import locate, make_location_id
from directory.drafts.organization_draft import build_stored_organization, parse_draft
from directory.errors import BadInput
from directory.live import Directory
from directory.records import Audience, MembershipStatus, NameKind, OrganizationKind, StoredOrganization
from directory.store.ledger.edits import EditOutcome
from directory.store.store import Store
from tests.cli.fictional.example_network import COUNT, NOW, list_members, list_organizations


def share(holds: Callable[[StoredOrganization], object]) -> float:
    return sum(bool(holds(organization)) for organization in list_members()) / len(list_members())


def build_draft_fields(organization: StoredOrganization) -> dict[str, Any]:
    """Return the fields of a draft that would produce this record."""
    fields: dict[str, Any] = {
        name: getattr(organization, name)
        for name in StoredOrganization.__struct_fields__
        if name not in ("id", "sites", "contacts", "hidden_since", "hidden_until", "row_matches")
    }
    fields["locations"] = [
        {
            "name": site.name,
            "street": site.private.street if site.private else None,
            "city": site.city,
            "state": site.state,
            "postal_code": site.postal_code,
            "latitude": site.private.point.latitude if site.private and site.private.point else None,
            "longitude": site.private.point.longitude if site.private and site.private.point else None,
            "disclosure": site.disclosure,
            "is_primary": site.is_primary,
        }
        for site in organization.sites
    ]
    fields["contacts"] = [{**msgspec.structs.asdict(contact), "audience": None} for contact in organization.contacts]
    for several in ("names", "links", "identifiers", "relations", "sources"):
        fields[several] = [msgspec.structs.asdict(part) for part in fields[several]]
    fields["membership"] = msgspec.structs.asdict(organization.membership)
    return fields


@pytest.mark.slow
def test_records_equal_those_built_from_drafts() -> None:
    for organization in list_organizations()[:300]:
        drafted = parse_draft(build_draft_fields(organization), today=NOW.date())
        sites = [
            locate(location, id=make_location_id(organization.id, position))
            for position, location in enumerate(drafted.locations)
        ]
        assert build_stored_organization(drafted, id=organization.id, slug=organization.slug, sites=tuple(sites)) == organization


def test_the_same_arguments_give_the_same_network() -> None:
    assert list(generate_fictional_organizations(50, 7, NOW)) == list(generate_fictional_organizations(50, 7, NOW))


def test_a_smaller_network_is_the_beginning_of_a_larger_one() -> None:
    assert list(generate_fictional_organizations(40, now=NOW)) == list_organizations()[:40]


def test_another_seed_gives_another_network() -> None:
    other = list(generate_fictional_organizations(40, 2, NOW))
    assert not {organization.id for organization in other} & {organization.id for organization in list_organizations()}
    assert not {organization.name for organization in other[1:]} & {
        organization.name for organization in list_organizations()[:40]
    }


def test_no_date_is_in_the_future() -> None:
    assert all(organization.verified_at <= NOW for organization in list_organizations() if organization.verified_at)
    dates = [
        date
        for organization in list_organizations()
        for date in (organization.membership.joined_on, organization.membership.ended_on)
        if date
    ]
    assert max(dates) <= NOW.date()


def test_dates_are_relative_to_now() -> None:
    earlier = dt.datetime(2020, 6, 1, 12, tzinfo=dt.UTC)
    assert all(
        organization.verified_at <= earlier
        for organization in generate_fictional_organizations(100, now=earlier)
        if organization.verified_at
    )


def test_records_are_generated_lazily() -> None:
    assert len(list(islice(generate_fictional_organizations(1_000_000), 3))) == 3


def test_the_first_is_the_network_itself() -> None:
    network = list_organizations()[0]
    assert (network.kind, network.membership.status) == (OrganizationKind.NETWORK, MembershipStatus.NONE)
    assert network.id == fictional_id(0)
    assert "Fictional" in network.name


@pytest.mark.parametrize("count", [0, -1, 2_000_001])
def test_a_count_out_of_range_is_refused_at_once(count: int) -> None:
    with pytest.raises(BadInput, match="1 to"):
        generate_fictional_organizations(count)


def test_ids_and_slugs_are_unique() -> None:
    for values in (
        [organization.id for organization in list_organizations()],
        [organization.slug for organization in list_organizations()],
        [site.id for organization in list_organizations() for site in organization.sites],
    ):
        assert len(values) == len(set(values))


def test_names_are_almost_unique() -> None:
    assert len({organization.name for organization in list_organizations()}) > 0.99 * COUNT


def test_addresses_and_numbers_are_reserved_ones() -> None:
    for organization in list_organizations():
        addresses = [organization.website, *(link.url for link in organization.links)]
        assert all(address.endswith(".example/") for address in addresses if address)
        assert not organization.identifiers
        for contact in organization.contacts:
            assert contact.email is not None
            assert contact.email.endswith(".example")
            assert contact.phone is None or (len(contact.phone) == 12 and contact.phone[5:10] == "55501")


def test_a_named_person_is_for_members_only() -> None:
    contacts = [contact for organization in list_organizations() for contact in organization.contacts]
    assert {contact.audience for contact in contacts if contact.name} == {Audience.MEMBERS}
    assert {contact.audience for contact in contacts if not contact.name} == {Audience.PUBLIC}


def test_references_point_to_earlier_organizations() -> None:
    number = {organization.id: position for position, organization in enumerate(list_organizations())}
    for organization in list_organizations():
        for other in (organization.parent, *(relation.organization for relation in organization.relations)):
            assert other is None or 0 < number[other] < number[organization.id]


def test_every_record_has_the_fictional_source() -> None:
    assert all(
        [source.title for source in organization.sources] == ["Invented for the fictional network"]
        for organization in list_organizations()
    )


def test_a_few_themes_are_frequent_and_many_are_rare() -> None:
    counts = Counter(slug for organization in list_members() for slug in organization.issue_areas)
    ranked = [count for _, count in counts.most_common()]
    assert len(ranked) == 44
    assert ranked[0] > 4 * ranked[len(ranked) // 2] > 4 * ranked[-1]


def test_one_to_five_themes() -> None:
    assert {len(organization.issue_areas) for organization in list_members()} == {1, 2, 3, 4, 5}
    assert all(len(set(organization.issue_areas)) == len(organization.issue_areas) for organization in list_members())


def test_kinds_go_with_themes() -> None:
    def unions(theme: str) -> float:
        lead = [organization for organization in list_members() if organization.issue_areas[0] == theme]
        return sum(organization.kind in (OrganizationKind.UNION, OrganizationKind.WORKER_CENTER) for organization in lead) / len(
            lead
        )

    assert unions("workers") > 3 * unions("health")


@pytest.mark.parametrize(
    ("expected", "holds"),
    [
        (0.94, lambda organization: organization.audience is Audience.PUBLIC),
        (0.04, lambda organization: organization.audience is Audience.MEMBERS),
        (0.02, lambda organization: organization.audience is Audience.STAFF),
        (0.90, lambda organization: organization.membership.status is MembershipStatus.ACTIVE),
        (0.04, lambda organization: organization.membership.status is MembershipStatus.LAPSED),
        (0.04, lambda organization: organization.membership.status is MembershipStatus.PROSPECT),
        (0.02, lambda organization: organization.membership.status is MembershipStatus.NONE),
        (0.12, lambda organization: organization.verified_at is None),
        (0.06, lambda organization: not organization.sites),
        (0.14, lambda organization: len(organization.sites) > 1),
        (0.05, lambda organization: "US" in organization.service_areas),
        (0.60, lambda organization: organization.description),
        (0.25, lambda organization: "es" in organization.languages),
        (0.95, lambda organization: "en" in organization.languages),
        (0.30, lambda organization: any(name.kind is NameKind.ACRONYM for name in organization.names)),
        (0.06, lambda organization: any(name.kind is NameKind.FORMER for name in organization.names)),
        (0.05, lambda organization: any(name.kind is NameKind.TRANSLATED for name in organization.names)),
        (0.03, lambda organization: organization.parent),
        (0.02, lambda organization: organization.relations),
    ],
)
def test_shares_are_as_intended(expected: float, holds: Callable[[StoredOrganization], object]) -> None:
    four_deviations = 4 * (expected * (1 - expected) / COUNT) ** 0.5
    assert share(holds) == pytest.approx(expected, abs=four_deviations)


def test_membership_dates_fit_the_status() -> None:
    for organization in list_members():
        joined, ended = organization.membership.joined_on, organization.membership.ended_on
        assert (joined is not None) == (organization.membership.status in (MembershipStatus.ACTIVE, MembershipStatus.LAPSED))
        assert (ended is not None) == (organization.membership.status is MembershipStatus.LAPSED)
        assert ended is None or (joined is not None and joined < ended)
        assert joined is None or organization.founded is None or joined.year >= organization.founded


def test_founding_years() -> None:
    years = [organization.founded for organization in list_members() if organization.founded]
    assert set(years) <= set(FOUNDED_YEARS)
    assert sum(year >= 2000 for year in years) > len(years) / 2


def test_verifications_are_up_to_five_years_old() -> None:
    ages = [(NOW - organization.verified_at).days for organization in list_members() if organization.verified_at]
    assert max(ages) <= 5 * 365
    assert sum(age > 365 for age in ages) > len(ages) / 4


class TestSeeding:
    @pytest.fixture
    def store(self, sqlite_url: str) -> Store:
        store = Store.open(sqlite_url)
        store.migrate()
        return store

    def test_fills_an_empty_database_in_one_revision_and_marks_it(self, store: Store) -> None:
        receipt = seed_fictional_network(Directory(store), 30, seed=1, now=NOW)
        assert (receipt.revision, receipt.count(EditOutcome.CREATED)) == (1, 30)
        head = store.load_head()
        assert (head.fictional, head.network_id) == (True, fictional_id(0))
        assert {record.id for record, _ in store.load_organizations()} == {
            organization.id for organization in list_organizations()[:30]
        }

    def test_refuses_a_database_with_records(self, store: Store) -> None:
        seed_fictional_network(Directory(store), 2, seed=1, now=NOW)
        with pytest.raises(BadInput, match="empty"):
            seed_fictional_network(Directory(store), 2, seed=2, now=NOW)
        assert store.load_head().revision == 1

    def test_a_count_out_of_range_writes_nothing(self, store: Store) -> None:
        with pytest.raises(BadInput):
            seed_fictional_network(Directory(store), 0, seed=1, now=NOW)
        assert store.load_head().revision == 0
