from directory.geo import Disclosure, Precision
from directory.matching import PartyPlace, party, party_of
from directory.records import Address, Contact, Identifier, KeptContact, NameKind, PrivatePlace
from tests.builders import a_location, a_site, also, an_entry, an_organization


def test_an_entry_brings_what_it_can_be_told_by() -> None:
    site = a_site(postal_code="30303", disclosure=Disclosure.EXACT, private=PrivatePlace("12 Main St"))
    contacts = (KeptContact(email="office@harbor.example", phone="+14045550100"), KeptContact(name="Ana"))
    entry = an_entry(
        names=(also("HTU", NameKind.ACRONYM),),
        identifiers=(Identifier("US-EIN", "1"),),
        sites=(site,),
        contacts=contacts,
        parent="p",
    )
    made = party(entry)
    assert (made.id, made.name, made.names, made.identifiers) == (entry.id, entry.name, entry.names, entry.identifiers)
    assert (made.emails, made.phones, made.parent) == (("office@harbor.example",), ("+14045550100",), "p")
    assert made.places == (PartyPlace("12 Main St", "Atlanta", "US-GA", "30303", "US"),)


def test_a_street_that_the_entry_does_not_bring_is_not_there() -> None:
    made = party(an_entry(sites=(a_site(disclosure=Disclosure.CITY), a_site("Macon", disclosure=Disclosure.HIDDEN))))
    assert [place.street for place in made.places] == [None, None]


def test_a_published_record_brings_what_its_audience_sees() -> None:
    told = a_location(address=Address("US", state="GA", city="Atlanta", postal_code="30303", street="12 Main St"))
    hidden = a_location("Macon, GA", precision=Precision.STATE)
    made = party_of(an_organization(locations=(told, hidden), contacts=(Contact(email="office@harbor.example"),)))
    assert made.places == (PartyPlace("12 Main St", "Atlanta", "US-GA", "30303", "US"),)
    assert made.emails == ("office@harbor.example",)


def test_what_is_said_twice_is_there_once() -> None:
    contacts = (KeptContact(phone="+14045550100"), KeptContact(phone="+14045550100"))
    assert party(an_entry(contacts=contacts)).phones == ("+14045550100",)
