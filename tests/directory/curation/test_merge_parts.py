"""Merging parts of two records loses nothing except duplicates, and shows nothing to more people."""

import datetime as dt

import pytest

from directory.curation.merge_parts import (
    merge_contacts,
    merge_membership,
    merge_names,
    merge_places,
    merge_relations,
    merge_search_engines,
)
from directory.geo import Disclosure
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationName,
    Relation,
    RelationKind,
    SearchEngines,
    StoredContact,
    StoredLocation,
)
from tests.builders import a_stored_organization, an_alternative_name, an_id

ACTIVE, LAPSED = MembershipStatus.ACTIVE, MembershipStatus.LAPSED
CITY = Disclosure.CITY


def a_site(number: int = 1, **fields: object) -> StoredLocation:
    return StoredLocation(**{"id": an_id(f"site {number}"), "state": "US-GA", "city": "Atlanta", **fields})  # type: ignore[arg-type]


def merge_sites(own: tuple[StoredLocation, ...], others: tuple[StoredLocation, ...]) -> list[tuple[str, str | None, bool]]:
    merged = merge_places(a_stored_organization("A", sites=own), a_stored_organization("B", sites=others), ())
    return [(site.id, site.postal_code, site.is_primary) for site in merged]


class TestNames:
    def test_the_losers_names_come_after_the_survivors(self) -> None:
        survivor, loser = (
            a_stored_organization("Alder", names=(an_alternative_name("AL"),)),
            a_stored_organization("Birch", names=(an_alternative_name("Old Birch", NameKind.FORMER),)),
        )
        assert merge_names(survivor, loser) == (
            an_alternative_name("AL"),
            an_alternative_name("Birch"),
            an_alternative_name("Old Birch", NameKind.FORMER),
        )

    def test_spellings_of_one_name_are_listed_once(self) -> None:
        survivor = a_stored_organization(
            "Alder Union",
            names=(an_alternative_name("BIRCH", NameKind.FORMER), OrganizationName("櫻", NameKind.TRANSLATED, "zh")),
        )
        loser = a_stored_organization(
            "Birch",
            names=(
                an_alternative_name("Alder Unión"),
                an_alternative_name("Elm"),
                an_alternative_name("ELM", NameKind.SHORT),
                an_alternative_name("桜"),
            ),
        )
        assert merge_names(survivor, loser) == (*survivor.names, an_alternative_name("Elm"), an_alternative_name("桜"))

    def test_a_predecessors_name_is_a_former_one(self) -> None:
        loser = a_stored_organization("Birch")
        survivor = a_stored_organization("Alder", relations=(Relation(RelationKind.SUCCESSOR_OF, loser.id),))
        assert merge_names(survivor, loser) == (an_alternative_name("Birch", NameKind.FORMER),)
        assert merge_names(loser, survivor) == (an_alternative_name("Alder"),)


class TestMembership:
    @pytest.mark.parametrize("stronger", range(4))
    def test_the_stronger_status_wins(self, stronger: int) -> None:
        order = [ACTIVE, LAPSED, MembershipStatus.PROSPECT, MembershipStatus.NONE]
        best = Membership(order[stronger], dt.date(2001, 1, 1))
        for weaker in order[stronger + 1 :]:
            for pair in ((best, Membership(weaker)), (Membership(weaker), best)):
                assert merge_membership(*pair) is best

    def test_equal_statuses_keep_the_survivors_dates_and_fill_gaps(self) -> None:
        own, other = Membership(LAPSED, dt.date(2001, 1, 1)), Membership(LAPSED, dt.date(1999, 1, 1), dt.date(2020, 1, 1))
        assert merge_membership(own, other) == Membership(LAPSED, dt.date(2001, 1, 1), dt.date(2020, 1, 1))


class TestSearchEngines:
    UNDECIDED = a_stored_organization("A")
    ALLOWED = a_stored_organization("A", search_engines=SearchEngines.ALLOWED)
    REFUSED = a_stored_organization("A", search_engines=SearchEngines.REFUSED)
    AT_RISK = a_stored_organization("A", issue_areas=("gender-violence",))

    def test_a_refusal_wins(self) -> None:
        for other in (self.UNDECIDED, self.ALLOWED, self.REFUSED, self.AT_RISK):
            assert merge_search_engines(self.REFUSED, other) is SearchEngines.REFUSED
            assert merge_search_engines(other, self.REFUSED) is SearchEngines.REFUSED

    def test_issue_areas_that_hide_places_are_a_refusal_that_another_record_cannot_lift(self) -> None:
        assert merge_search_engines(self.AT_RISK, self.ALLOWED) is SearchEngines.REFUSED
        assert merge_search_engines(self.AT_RISK, self.UNDECIDED) is None  # the merged record has the issue areas, too

    def test_without_a_refusal_the_decision_of_either_is_kept(self) -> None:
        assert merge_search_engines(self.UNDECIDED, self.UNDECIDED) is None
        assert merge_search_engines(self.ALLOWED, self.UNDECIDED) is SearchEngines.ALLOWED
        assert merge_search_engines(self.UNDECIDED, self.ALLOWED) is SearchEngines.ALLOWED


class TestPlaces:
    def test_a_place_elsewhere_is_added(self) -> None:
        own, other = a_site(1, is_primary=True), a_site(2, city="Macon", is_primary=True)
        assert merge_sites((own,), (other,)) == [(own.id, None, True), (other.id, None, False)]
        assert merge_sites((), (other,)) == [(other.id, None, True)]
        assert merge_sites((own,), ()) == [(own.id, None, True)]

    def test_the_same_area_is_one_place(self) -> None:
        assert merge_sites((a_site(1),), (a_site(2, is_primary=True),)) == [(a_site(1).id, None, True)]

    def test_the_more_detailed_of_two_compatible_places_is_kept(self) -> None:
        vague, exact = a_site(1, name="Office"), a_site(2, postal_code="30303")
        assert merge_sites((vague,), (exact,)) == [(exact.id, "30303", False)]
        assert merge_sites((exact,), (vague,)) == [(exact.id, "30303", False)]
        assert (
            merge_places(a_stored_organization("A", sites=(vague,)), a_stored_organization("B", sites=(exact,)), ())[0].name
            == "Office"
        )

    def test_each_place_is_paired_at_most_once(self) -> None:
        others = (a_site(2, postal_code="30303"), a_site(3, postal_code="30304"), a_site(4))
        merged = merge_sites((a_site(1),), others)
        assert merged == [(a_site(1).id, None, False), (others[0].id, "30303", False), (others[1].id, "30304", False)]
        assert len(merge_sites((a_site(1, postal_code="30305"),), others)) == 3

    @pytest.mark.parametrize("own", [None, *Disclosure])
    @pytest.mark.parametrize("other", [None, *Disclosure])
    def test_the_stricter_disclosure_wins(self, own: Disclosure | None, other: Disclosure | None) -> None:
        (site,) = merge_places(
            a_stored_organization("A", sites=(a_site(1, disclosure=own),)),
            a_stored_organization("B", sites=(a_site(2, disclosure=other),)),
            (),
        )
        strictness = [(one or Disclosure.CITY).strictness for one in (site.disclosure, own, other)]
        assert strictness[0] == max(strictness[1:])


class TestContacts:
    OFFICE = StoredContact(role="office", email="a@example.org", audience=Audience.PUBLIC)

    def test_equal_contacts_are_merged_with_the_narrower_audience(self) -> None:
        inner = StoredContact(role="office", email="a@example.org", audience=Audience.STAFF)
        assert merge_contacts((self.OFFICE,), (inner,)) == merge_contacts((inner,), (self.OFFICE,)) == (inner,)
        assert merge_contacts((StoredContact(role="night"),), (StoredContact(role="night"),)) == (StoredContact(role="night"),)

    def test_contacts_that_complement_each_other_are_merged(self) -> None:
        halves = (
            StoredContact(name="Ann", phone="+14045550100", languages=("es",)),
            StoredContact(name="Ann", email="a@example.org"),
        )
        assert merge_contacts(halves[:1], halves[1:]) == (
            StoredContact(name="Ann", email="a@example.org", phone="+14045550100", languages=("es",)),
        )

    @pytest.mark.parametrize(
        "other",
        [
            StoredContact(name="Ben", phone="+14045550100", phone_extension="7"),
            StoredContact(name="Ann", phone="+14045550100"),
            StoredContact(name="Ann", phone="+14045550101"),
            StoredContact(name="Ann", role="lawyer", email="b@example.org"),
        ],
    )
    def test_contradicting_contacts_stay_separate(self, other: StoredContact) -> None:
        ann = StoredContact(name="Ann", role="director", phone="+14045550100", phone_extension="7")
        assert merge_contacts((ann,), (other,)) == (ann, other)

    def test_a_shared_value_is_shown_to_the_narrower_audience(self) -> None:
        person = StoredContact(name="Ann", email="a@example.org", role="director", audience=Audience.STAFF)
        assert [contact.audience for contact in merge_contacts((self.OFFICE,), (person,))] == [Audience.STAFF, Audience.STAFF]


@pytest.mark.parametrize("hidden_is_own", [True, False])
def test_a_place_without_a_chosen_disclosure_is_hidden_beside_a_hidden_place(hidden_is_own: bool) -> None:
    """For example, the second record of a shelter came from a list that states its city."""
    hidden, listed = (
        (a_site(1, disclosure=Disclosure.HIDDEN),),
        (a_site(2, city="Macon"), a_site(3, city="Athens", disclosure=CITY)),
    )
    own, other = (hidden, listed) if hidden_is_own else (listed, hidden)
    merged = merge_places(a_stored_organization("A", sites=own), a_stored_organization("B", sites=other), ())
    assert {site.city: site.disclosure for site in merged} == {
        "Atlanta": Disclosure.HIDDEN,
        "Macon": Disclosure.HIDDEN,
        "Athens": CITY,
    }


def test_relations_of_both_are_kept_except_between_them() -> None:
    survivor, loser, third = a_stored_organization("A"), a_stored_organization("B"), an_id("C")
    own = (Relation(RelationKind.SISTER, loser.id), Relation(RelationKind.PARTNER, third, note="ours"))
    others = (
        Relation(RelationKind.PARTNER, third, note="theirs"),
        Relation(RelationKind.HOST, third),
        Relation(RelationKind.SISTER, survivor.id),
        Relation(RelationKind.FUNDER, actor="A Fund"),
    )
    merged = merge_relations(a_stored_organization("A", relations=own), a_stored_organization("B", relations=others))
    assert merged == (own[1], others[1], others[3])
