from directory.geo import Disclosure, Precision
from directory.matching.match_record import MatchAddress, build_match_record, build_published_match_record
from directory.records import Address, Contact, Identifier, NameKind, PrivatePlace, StoredContact
from tests.builders import a_location, a_stored_location, a_stored_organization, an_alternative_name, an_organization


def test_a_stored_record_has_all_fields_that_identify_it() -> None:
    location = a_stored_location(postal_code="30303", disclosure=Disclosure.EXACT, private=PrivatePlace("12 Main St"))
    contacts = (StoredContact(email="office@harbor.example", phone="+14045550100"), StoredContact(name="Ana"))
    stored = a_stored_organization(
        names=(an_alternative_name("HTU", NameKind.ACRONYM),),
        identifiers=(Identifier("US-EIN", "1"),),
        sites=(location,),
        contacts=contacts,
        parent="p",
    )
    record = build_match_record(stored)
    assert (record.id, record.name, record.names, record.identifiers) == (
        stored.id,
        stored.name,
        stored.names,
        stored.identifiers,
    )
    assert (record.emails, record.phones, record.parent) == (("office@harbor.example",), ("+14045550100",), "p")
    assert record.addresses == (MatchAddress("12 Main St", "Atlanta", "US-GA", "30303", "US"),)


def test_a_location_without_its_private_place_has_no_street() -> None:
    record = build_match_record(
        a_stored_organization(
            sites=(a_stored_location(disclosure=Disclosure.CITY), a_stored_location("Macon", disclosure=Disclosure.HIDDEN))
        )
    )
    assert [place.street for place in record.addresses] == [None, None]


def test_a_published_record_has_what_its_audience_sees() -> None:
    visible = a_location(address=Address("US", state="GA", city="Atlanta", postal_code="30303", street="12 Main St"))
    hidden = a_location("Macon, GA", precision=Precision.STATE)
    record = build_published_match_record(
        an_organization(locations=(visible, hidden), contacts=(Contact(email="office@harbor.example"),))
    )
    assert record.addresses == (MatchAddress("12 Main St", "Atlanta", "US-GA", "30303", "US"),)
    assert record.emails == ("office@harbor.example",)


def test_repeated_values_are_listed_once() -> None:
    contacts = (StoredContact(phone="+14045550100"), StoredContact(phone="+14045550100"))
    assert build_match_record(a_stored_organization(contacts=contacts)).phones == ("+14045550100",)
