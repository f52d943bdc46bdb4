from collections.abc import Mapping

import pytest

from directory.drafts.organization_draft import parse_draft
from directory.records import Audience
from seed.clean.row_cleaning import clean_row
from seed.rows import Row


def a_row(fields: Mapping[str, object]) -> Row:
    return Row("members.csv", 2, fields)


def clean_fields(**fields: object) -> dict[str, object]:
    """Return the cleaned fields. In keyword arguments, "__" stands for the dot."""
    return dict(clean_row(a_row({field.replace("__", "."): value for field, value in fields.items()})).fields)


def repair_reasons(row: Row) -> dict[str, str]:
    return {repair.column: repair.reason for repair in row.repairs}


def list_repairs(row: Row) -> list[tuple[str, str]]:
    return [(repair.column, repair.after) for repair in row.repairs]


def test_a_cleared_part_of_a_place_or_contact_is_none_beside_what_is_stated() -> None:
    assert clean_fields(location__city="Macon", location__street=None)["locations"] == [{"city": "Macon", "street": None}]
    assert clean_fields(contact__name="Ana", contact__phone=None)["contacts"] == [{"name": "Ana", "phone": None}]


def test_telephone_numbers_follow_the_country() -> None:
    row = clean_fields(location__city="México", location__country="México", location__state="CMX", phone="55 5123 4567")
    assert row["locations"] == [{"city": "México", "country": "MX", "state": "MX-CMX"}]
    assert row["contacts"] == [{"role": "Office", "phone": "+525551234567"}]


def test_foreign_locations_are_recognized() -> None:
    row = clean_row(a_row({"location.city": "Toronto", "location.state": "Ontario", "location.postal_code": "M5V 2T6"}))
    assert row.fields["locations"] == [{"city": "Toronto", "state": "CA-ON", "postal_code": "M5V 2T6", "country": "CA"}]
    assert repair_reasons(row)
    assert clean_fields(location__city="Paris, France")["locations"] == [{"city": "Paris", "country": "FR"}]


def test_parts_in_separate_columns_take_precedence_over_the_address() -> None:
    place = clean_fields(location__address="5 Main St, Atlanta, GA 30303", location__city="Decatur")["locations"]
    assert place == [{"street": "5 Main St", "city": "Decatur", "state": "GA", "postal_code": "30303"}]


def test_a_persons_name_next_to_the_organizations_address_is_removed_and_reported() -> None:
    row = clean_row(a_row({"email": "Ana <ana@x.org>"}))
    assert row.fields["contacts"] == [{"role": "Office", "email": "ana@x.org"}]
    assert parse_draft({"name": "T", **row.fields}).contacts[0].effective_audience is Audience.MEMBERS
    assert repair_reasons(row)["email"] == "name next to the address removed"


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
    emails = "ana@x.org; a@y.org"
    fields = clean_fields(contact__name="Ana", contact__role="Chair", contact__email=emails, contact__audience="staff")
    assert fields["contacts"] == [
        {"name": "Ana", "role": "Chair", "email": "ana@x.org", "audience": Audience.STAFF},
        {"name": "Ana", "role": "Chair", "email": "a@y.org", "audience": Audience.STAFF},
    ]


def test_an_audience_or_an_extension_alone_makes_no_contact() -> None:
    row = clean_row(a_row({"contact.audience": "members", "contact.phone_extension": "12"}))
    assert "contacts" not in row.fields
    assert list_repairs(row) == [("contact.phone_extension", "")]


def test_a_label_of_a_number_is_the_role_of_a_contact_of_its_own() -> None:
    row = clean_row(a_row({"phone": "404-555-0100; fax 404-555-0101", "email": "info@x.org"}))
    assert row.fields["contacts"] == [
        {"role": "Office", "email": "info@x.org", "phone": "+14045550100"},
        {"role": "Fax", "phone": "+14045550101"},
    ]
    alone = clean_row(a_row({"phone": "Crisis line: 404-555-0100", "email": "info@x.org"}))
    assert alone.fields["contacts"] == [
        {"role": "Office", "email": "info@x.org"},
        {"role": "Crisis line", "phone": "+14045550100"},
    ]


def test_the_label_of_a_number_follows_the_role_of_a_person() -> None:
    row = clean_row(a_row({"contact.name": "Ana", "contact.role": "Director", "contact.phone": "404-555-0100 (fax)"}))
    assert row.fields["contacts"] == [
        {"name": "Ana", "role": "Director"},
        {"name": "Ana", "role": "Director, Fax", "phone": "+14045550100"},
    ]
    cell = clean_row(a_row({"contact.name": "Ana", "contact.phone": "404-555-0100 (cell)"}))
    assert cell.fields["contacts"] == [{"name": "Ana", "phone": "+14045550100"}]


def test_parts_of_a_cell_that_are_not_used_are_problems_of_the_cell() -> None:
    row = clean_row(a_row({"phone": "404-555-0100; 211"}))
    assert row.fields["contacts"] == [{"role": "Office", "phone": "+14045550100"}]
    assert [(problem.path_text, problem.message.partition(" is")[0]) for problem in row.problems] == [
        ("contacts[0].phone", '"211"')
    ]


def test_unknown_areas_are_left_for_geocoding_to_refuse() -> None:
    assert clean_fields(location__state="Gorgia", location__postal_code="2134")["locations"] == [
        {"state": "Gorgia", "postal_code": "2134"}
    ]


def test_an_unknown_language_of_a_contact_is_reported_with_its_nearest_terms() -> None:
    row = clean_row(a_row({"contact.name": "Ana", "contact.languages": "Spanish, Frensh"}))
    assert row.fields["contacts"] == [{"name": "Ana", "languages": ["es"]}]
    assert list(row.unknown_terms) == ["Frensh"]
    assert "fr" in row.unknown_terms["Frensh"]


def test_a_list_becomes_one_text_with_addresses_on_lines_of_their_own() -> None:
    row = clean_row(a_row({"website": ["www.x.org", "https://y.org/"], "summary": ["We organize", "tenants"]}))
    assert [repair.before for repair in row.repairs] == ["www.x.org\nhttps://y.org/"]
    assert row.fields["summary"] == "We organize; tenants"


@pytest.mark.parametrize(("street", "heading"), [({}, "Suite"), ({"location.street": "5 Main St"}, "Street")])
def test_a_street_has_the_heading_of_its_first_line_with_text(street: dict[str, object], heading: str) -> None:
    columns = {"location.street": "Street", "location.street2": "Suite"}
    row = clean_row(Row("members.csv", 2, {**street, "location.street2": "Suite 4", "location.city": "Macon"}, columns=columns))
    assert row.columns["locations[0].street"] == heading


def test_a_street_line_that_is_stated_twice_appears_once() -> None:
    """The second line adds nothing if it repeats the first."""
    row = clean_row(a_row({"location.street": "5 Main St", "location.street2": "5 Main St", "location.city": "Macon"}))
    assert row.fields["locations"] == [{"street": "5 Main St", "city": "Macon"}]


def test_repairs_show_numbers_and_addresses_as_people_write_them() -> None:
    phone, email = "404-555-0100 x12 (ask for Ana), fax 404-555-0101", "Ana <ana@x.org>, info[at]x.org"
    row = clean_row(a_row({"phone": phone, "email": email}))
    assert [(repair.column, repair.after) for repair in row.repairs] == [
        ("email", "Ana <ana@x.org>; info@x.org"),
        ("phone", "+14045550100 ext. 12; +14045550101 (Fax)"),
        ("email", "ana@x.org; info@x.org"),
    ]


def test_an_extension_of_a_number_that_is_left_out_does_not_remove_the_person() -> None:
    row = clean_row(a_row({"contact.name": "Ana", "contact.phone": "555-0100", "contact.phone_extension": "12"}))
    assert row.fields["contacts"] == [{"name": "Ana"}]
    assert list_repairs(row) == [("contact.phone_extension", "")]


def test_a_given_name_and_a_last_name_are_one_name() -> None:
    """In Spanish, "Nombre" beside "Apellido" is the given name."""
    assert clean_fields(contact__name="Luz", contact__last_name="Ejemplo")["contacts"] == [{"name": "Luz Ejemplo"}]
    assert clean_fields(contact__name="Luz Ejemplo", contact__last_name="Ejemplo")["contacts"] == [{"name": "Luz Ejemplo"}]


def test_an_offices_number_has_its_own_contact_beside_a_mailbox_that_may_be_a_persons() -> None:
    office, ana = {"role": "Office", "phone": "+14045550100"}, {"role": "Office", "email": "ana@example.org"}
    assert clean_fields(phone="404-555-0100", email="ana@example.org")["contacts"] == [office, ana]
    info = {"role": "Office", "email": "info@example.org"}
    assert clean_fields(phone="404-555-0100", email="info@example.org")["contacts"] == [{**office, **info}]
    assert clean_fields(phone="404-555-0100", email="info@example.org, ana@example.org")["contacts"] == [{**office, **info}, ana]


def test_a_name_that_is_an_offices_becomes_its_role() -> None:
    desk = {"role": "Front desk", "phone": "+14045550100"}
    assert clean_fields(contact__name="Front desk", contact__phone="404-555-0100")["contacts"] == [desk]
    stated = clean_fields(contact__name="INTAKE", contact__role="Clinic", contact__phone="404-555-0100")["contacts"]
    assert stated == [{"role": "Clinic", "phone": "+14045550100"}]
    person = {"name": "Press Bailey", "role": "Office"}
    assert clean_fields(contact__name="Press Bailey", contact__role="Office")["contacts"] == [person]


def test_an_offices_address_beside_a_persons_own_is_not_the_persons() -> None:
    cells = {"contact__name": "Ana Paz", "contact__phone": "404-555-0100"}
    ana, office = {"name": "Ana Paz", "phone": "+14045550100"}, {"role": "Office", "email": "info@x.example"}
    assert clean_fields(**cells, contact__email="info@x.example; ana@x.example")["contacts"] == [
        ana,
        office,
        {"name": "Ana Paz", "email": "ana@x.example"},
    ]
    assert clean_fields(**cells, contact__email="ana@x.example; info@x.example")["contacts"] == [
        {**ana, "email": "ana@x.example"},
        office,
    ]
    assert clean_fields(**cells, contact__email="info@x.example")["contacts"] == [{**ana, "email": "info@x.example"}]
