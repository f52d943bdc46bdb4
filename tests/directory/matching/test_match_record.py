from directory.geo import Disclosure, Precision
from directory.matching.match_record import MatchAddress, build_match_record, build_published_match_record
from directory.records import Address, Contact, Identifier, NameKind, PrivatePlace, StoredContact
from tests.builders import a_location, a_stored_location, a_stored_organization, an_alternative_name, an_organization


def test_an_entry_brings_what_it_can_be_told_by() -> None:
    site = a_stored_location(postal_code="30303", disclosure=Disclosure.EXACT, private=PrivatePlace("12 Main St"))
    contacts = (StoredContact(email="office@harbor.example", phone="+14045550100"), StoredContact(name="Ana"))
    entry = a_stored_organization(
        names=(an_alternative_name("HTU", NameKind.ACRONYM),),
        identifiers=(Identifier("US-EIN", "1"),),
        sites=(site,),
        contacts=contacts,
        parent="p",
    )
    made = build_match_record(entry)
    assert (made.id, made.name, made.names, made.identifiers) == (entry.id, entry.name, entry.names, entry.identifiers)
    assert (made.emails, made.phones, made.parent) == (("office@harbor.example",), ("+14045550100",), "p")
    assert made.addresses == (MatchAddress("12 Main St", "Atlanta", "US-GA", "30303", "US"),)


def test_a_street_that_the_entry_does_not_bring_is_not_there() -> None:
    made = build_match_record(
        a_stored_organization(
            sites=(a_stored_location(disclosure=Disclosure.CITY), a_stored_location("Macon", disclosure=Disclosure.HIDDEN))
        )
    )
    assert [place.street for place in made.addresses] == [None, None]


def test_a_published_record_brings_what_its_audience_sees() -> None:
    told = a_location(address=Address("US", state="GA", city="Atlanta", postal_code="30303", street="12 Main St"))
    hidden = a_location("Macon, GA", precision=Precision.STATE)
    made = build_published_match_record(
        an_organization(locations=(told, hidden), contacts=(Contact(email="office@harbor.example"),))
    )
    assert made.addresses == (MatchAddress("12 Main St", "Atlanta", "US-GA", "30303", "US"),)
    assert made.emails == ("office@harbor.example",)


def test_what_is_said_twice_is_there_once() -> None:
    contacts = (StoredContact(phone="+14045550100"), StoredContact(phone="+14045550100"))
    assert build_match_record(a_stored_organization(contacts=contacts)).phones == ("+14045550100",)
