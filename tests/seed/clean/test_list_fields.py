from collections.abc import Mapping

from directory.drafts.organization_draft import parse_draft
from directory.records import Audience
from seed.clean.row_cleaning import clean_row
from seed.rows import Row


def a_row(stated: Mapping[str, object]) -> Row:
    return Row("members.csv", 2, stated)


def stated(**fields: object) -> dict[str, object]:
    """What cleaning states of fields written with "__" for the dot."""
    return dict(clean_row(a_row({field.replace("__", "."): value for field, value in fields.items()})).fields)


def reasons(row: Row) -> dict[str, str]:
    return {repair.column: repair.reason for repair in row.repairs}


def told(row: Row) -> list[tuple[str, str]]:
    return [(repair.column, repair.after) for repair in row.repairs]


def test_a_cleared_part_of_a_place_or_contact_is_none_beside_what_is_stated() -> None:
    assert stated(location__city="Macon", location__street=None)["locations"] == [{"city": "Macon", "street": None}]
    assert stated(contact__name="Ana", contact__phone=None)["contacts"] == [{"name": "Ana", "phone": None}]


def test_a_region_of_numbers_follows_the_country() -> None:
    row = stated(location__city="México", location__country="México", location__state="CMX", phone="55 5123 4567")
    assert row["locations"] == [{"city": "México", "country": "MX", "state": "MX-CMX"}]
    assert row["contacts"] == [{"role": "Office", "phone": "+525551234567"}]


def test_obviously_foreign_places_are_no_places_of_the_united_states() -> None:
    row = clean_row(a_row({"location.city": "Toronto", "location.state": "Ontario", "location.postal_code": "M5V 2T6"}))
    assert row.fields["locations"] == [{"city": "Toronto", "state": "CA-ON", "postal_code": "M5V 2T6", "country": "CA"}]
    assert reasons(row)
    assert stated(location__city="Paris, France")["locations"] == [{"city": "Paris", "country": "FR"}]


def test_parts_in_columns_of_their_own_count_before_those_in_the_address() -> None:
    place = stated(location__address="5 Main St, Atlanta, GA 30303", location__city="Decatur")["locations"]
    assert place == [{"street": "5 Main St", "city": "Decatur", "state": "GA", "postal_code": "30303"}]


def test_a_persons_name_beside_the_organizations_address_is_left_out_and_told() -> None:
    row = clean_row(a_row({"email": "Ana <ana@x.org>"}))
    assert row.fields["contacts"] == [{"role": "Office", "email": "ana@x.org"}]
    assert parse_draft({"name": "T", **row.fields}).contacts[0].effective_audience is Audience.MEMBERS
    assert reasons(row)["email"] == "name next to the address removed"


def test_places_and_contacts_keep_the_order_of_their_numbers() -> None:
    row = clean_row(
        a_row(
            {
                "location3.city": "Macon",
                "location.city": "Athens",
                "contact2.name": "Bo",
                "contact.name": "Ana",
                "phone": "404-555-0100",
            }
        )
    )
    assert row.fields["locations"] == [{"city": "Athens"}, {"city": "Macon"}]
    assert row.fields["contacts"] == [{"role": "Office", "phone": "+14045550100"}, {"name": "Ana"}, {"name": "Bo"}]


def test_two_addresses_of_a_person_are_two_contacts_of_that_person() -> None:
    found = stated(contact__name="Ana", contact__role="Chair", contact__email="ana@x.org; a@y.org", contact__audience="staff")
    assert found["contacts"] == [
        {"name": "Ana", "role": "Chair", "email": "ana@x.org", "audience": Audience.STAFF},
        {"name": "Ana", "role": "Chair", "email": "a@y.org", "audience": Audience.STAFF},
    ]


def test_an_audience_or_an_extension_alone_makes_no_contact() -> None:
    row = clean_row(a_row({"contact.audience": "members", "contact.phone_extension": "12"}))
    assert "contacts" not in row.fields
    assert told(row) == [("contact.phone_extension", "")]


def test_a_fax_number_alone_makes_no_contact_and_is_told() -> None:
    row = clean_row(a_row({"phone": "Fax: 404-555-0100"}))
    assert "contacts" not in row.fields
    assert reasons(row) == {"phone": "fax number removed"}


def test_what_cannot_be_placed_is_left_to_be_refused_with_suggestions() -> None:
    assert stated(location__state="Gorgia", location__postal_code="2134")["locations"] == [
        {"state": "Gorgia", "postal_code": "2134"}
    ]
