"""A fictional network: the same at every call, skewed as a real one is, sound as a draft would be, and not to be mistaken."""

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
from directory.records import Audience, MembershipStatus, NameKind, OrganizationKind, StoredOrganization
from directory.store.ledger.edits import EditOutcome
from directory.store.store import Store

NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
COUNT = 2_000
ENTRIES = list(generate_fictional_organizations(COUNT, now=NOW))
MEMBERS = ENTRIES[1:]


def share(holds: Callable[[StoredOrganization], object]) -> float:
    return sum(bool(holds(one)) for one in MEMBERS) / len(MEMBERS)


def submitted(one: StoredOrganization) -> dict[str, Any]:
    """The entry as somebody would have submitted it."""
    fields: dict[str, Any] = {
        name: getattr(one, name)
        for name in StoredOrganization.__struct_fields__
        if name not in ("id", "sites", "contacts", "hidden_since", "hidden_until")
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
        for site in one.sites
    ]
    fields["contacts"] = [{**msgspec.structs.asdict(contact), "audience": None} for contact in one.contacts]
    for several in ("names", "links", "identifiers", "relations", "sources"):
        fields[several] = [msgspec.structs.asdict(part) for part in fields[several]]
    fields["membership"] = msgspec.structs.asdict(one.membership)
    return fields


@pytest.mark.slow
def test_a_draft_would_give_the_very_same() -> None:
    for one in ENTRIES[:300]:
        drafted = parse_draft(submitted(one), today=NOW.date())
        sites = [locate(location, id=make_location_id(one.id, position)) for position, location in enumerate(drafted.locations)]
        assert build_stored_organization(drafted, id=one.id, slug=one.slug, sites=tuple(sites)) == one


def test_the_same_arguments_give_the_same_network() -> None:
    assert list(generate_fictional_organizations(50, 7, NOW)) == list(generate_fictional_organizations(50, 7, NOW))


def test_a_smaller_network_is_the_beginning_of_a_larger_one() -> None:
    assert list(generate_fictional_organizations(40, now=NOW)) == ENTRIES[:40]


def test_another_seed_gives_another_network() -> None:
    other = list(generate_fictional_organizations(40, 2, NOW))
    assert not {one.id for one in other} & {one.id for one in ENTRIES}
    assert not {one.name for one in other[1:]} & {one.name for one in ENTRIES[:40]}


def test_nothing_lies_after_now() -> None:
    assert all(one.verified_at <= NOW for one in ENTRIES if one.verified_at)
    dates = [date for one in ENTRIES for date in (one.membership.joined_on, one.membership.ended_on) if date]
    assert max(dates) <= NOW.date()


def test_now_moves_the_ages_along() -> None:
    earlier = dt.datetime(2020, 6, 1, 12, tzinfo=dt.UTC)
    assert all(one.verified_at <= earlier for one in generate_fictional_organizations(100, now=earlier) if one.verified_at)


def test_entries_come_one_by_one() -> None:
    assert len(list(islice(generate_fictional_organizations(1_000_000), 3))) == 3


def test_the_first_is_the_network_itself() -> None:
    network = ENTRIES[0]
    assert (network.kind, network.membership.status) == (OrganizationKind.NETWORK, MembershipStatus.NONE)
    assert network.id == fictional_id(0)
    assert "Fictional" in network.name


@pytest.mark.parametrize("count", [0, -1, 2_000_001])
def test_a_count_that_cannot_be_is_refused_at_once(count: int) -> None:
    with pytest.raises(BadInput, match="1 to"):
        generate_fictional_organizations(count)


def test_ids_slugs_and_sites_are_each_once() -> None:
    for values in (
        [one.id for one in ENTRIES],
        [one.slug for one in ENTRIES],
        [site.id for one in ENTRIES for site in one.sites],
    ):
        assert len(values) == len(set(values))


def test_names_are_hardly_ever_shared() -> None:
    assert len({one.name for one in ENTRIES}) > 0.99 * COUNT


def test_nobody_can_be_written_to_or_called() -> None:
    for one in ENTRIES:
        addresses = [one.website, *(link.url for link in one.links)]
        assert all(address.endswith(".example/") for address in addresses if address)
        assert not one.identifiers
        for contact in one.contacts:
            assert contact.email is not None
            assert contact.email.endswith(".example")
            assert contact.phone is None or (len(contact.phone) == 12 and contact.phone[5:10] == "55501")


def test_a_named_person_is_for_members_only() -> None:
    contacts = [contact for one in ENTRIES for contact in one.contacts]
    assert {contact.audience for contact in contacts if contact.name} == {Audience.MEMBERS}
    assert {contact.audience for contact in contacts if not contact.name} == {Audience.PUBLIC}


def test_references_lead_to_earlier_organizations() -> None:
    number = {one.id: position for position, one in enumerate(ENTRIES)}
    for one in ENTRIES:
        for other in (one.parent, *(relation.organization for relation in one.relations)):
            assert other is None or 0 < number[other] < number[one.id]


def test_every_record_states_that_it_is_invented() -> None:
    assert all([source.title for source in one.sources] == ["Invented for the fictional network"] for one in ENTRIES)


def test_a_few_themes_are_on_everyones_list_and_many_on_few() -> None:
    counts = Counter(slug for one in MEMBERS for slug in one.issue_areas)
    ranked = [count for _, count in counts.most_common()]
    assert len(ranked) == 44
    assert ranked[0] > 4 * ranked[len(ranked) // 2] > 4 * ranked[-1]


def test_one_to_five_themes() -> None:
    assert {len(one.issue_areas) for one in MEMBERS} == {1, 2, 3, 4, 5}
    assert all(len(set(one.issue_areas)) == len(one.issue_areas) for one in MEMBERS)


def test_kinds_go_with_themes() -> None:
    def unions(theme: str) -> float:
        lead = [one for one in MEMBERS if one.issue_areas[0] == theme]
        return sum(one.kind in (OrganizationKind.UNION, OrganizationKind.WORKER_CENTER) for one in lead) / len(lead)

    assert unions("workers") > 3 * unions("health")


@pytest.mark.parametrize(
    ("expected", "holds"),
    [
        (0.94, lambda one: one.audience is Audience.PUBLIC),
        (0.04, lambda one: one.audience is Audience.MEMBERS),
        (0.02, lambda one: one.audience is Audience.STAFF),
        (0.90, lambda one: one.membership.status is MembershipStatus.ACTIVE),
        (0.04, lambda one: one.membership.status is MembershipStatus.LAPSED),
        (0.04, lambda one: one.membership.status is MembershipStatus.PROSPECT),
        (0.02, lambda one: one.membership.status is MembershipStatus.NONE),
        (0.12, lambda one: one.verified_at is None),
        (0.06, lambda one: not one.sites),
        (0.14, lambda one: len(one.sites) > 1),
        (0.05, lambda one: "US" in one.service_areas),
        (0.60, lambda one: one.description),
        (0.25, lambda one: "es" in one.languages),
        (0.95, lambda one: "en" in one.languages),
        (0.30, lambda one: any(name.kind is NameKind.ACRONYM for name in one.names)),
        (0.06, lambda one: any(name.kind is NameKind.FORMER for name in one.names)),
        (0.05, lambda one: any(name.kind is NameKind.TRANSLATED for name in one.names)),
        (0.03, lambda one: one.parent),
        (0.02, lambda one: one.relations),
    ],
)
def test_shares_are_what_they_are_meant_to_be(expected: float, holds: Callable[[StoredOrganization], object]) -> None:
    four_deviations = 4 * (expected * (1 - expected) / COUNT) ** 0.5
    assert share(holds) == pytest.approx(expected, abs=four_deviations)


def test_an_active_member_has_joined_and_a_lapsed_one_has_left() -> None:
    for one in MEMBERS:
        joined, ended = one.membership.joined_on, one.membership.ended_on
        assert (joined is not None) == (one.membership.status in (MembershipStatus.ACTIVE, MembershipStatus.LAPSED))
        assert (ended is not None) == (one.membership.status is MembershipStatus.LAPSED)
        assert ended is None or (joined is not None and joined < ended)
        assert joined is None or one.founded is None or joined.year >= one.founded


def test_founding_years() -> None:
    years = [one.founded for one in MEMBERS if one.founded]
    assert set(years) <= set(FOUNDED_YEARS)
    assert sum(year >= 2000 for year in years) > len(years) / 2


def test_verifications_are_up_to_five_years_old() -> None:
    ages = [(NOW - one.verified_at).days for one in MEMBERS if one.verified_at]
    assert max(ages) <= 5 * 365
    assert sum(age > 365 for age in ages) > len(ages) / 4


class TestSeeding:
    @pytest.fixture
    def store(self, sqlite_url: str) -> Store:
        store = Store.open(sqlite_url)
        store.migrate()
        return store

    def test_fills_an_empty_database_in_one_revision_and_marks_it(self, store: Store) -> None:
        receipt = seed_fictional_network(store, 30, seed=1, now=NOW)
        assert (receipt.revision, receipt.count(EditOutcome.CREATED)) == (1, 30)
        head = store.load_head()
        assert (head.fictional, head.network_id) == (True, fictional_id(0))
        assert {kept.id for kept, _ in store.load_organizations()} == {one.id for one in ENTRIES[:30]}

    def test_refuses_a_database_that_holds_anything(self, store: Store) -> None:
        seed_fictional_network(store, 2, seed=1, now=NOW)
        with pytest.raises(BadInput, match="empty"):
            seed_fictional_network(store, 2, seed=2, now=NOW)
        assert store.load_head().revision == 1

    def test_refuses_a_count_that_cannot_be_and_writes_nothing(self, store: Store) -> None:
        with pytest.raises(BadInput):
            seed_fictional_network(store, 0, seed=1, now=NOW)
        assert store.load_head().revision == 0
