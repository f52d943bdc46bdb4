"""Rows about people are told from rows about organizations, and nothing private is read from them."""

from collections.abc import Mapping

import pytest

from seed.mapping.person_rows import find_people_columns, names_organizations, read_people
from seed.mapping.person_signs import is_person_name, is_private_mailbox, reverse_person_name
from seed.rows import Row

ORGANIZATIONS = [
    *("Martin Luther King Center", "Casa Ruby", "Ruth Ellis Center", "Harvey Milk Democratic Club", "Martha's Table"),
    *("Joseph House", "Angela Davis Foundation", "Smith, Jones & Partners", "Rivera, Soto and Associates", "Dolores Street"),
    *("Grace Lutheran", "Rosa Parks Institute", "Hope Ministries", "Emmett Till Project", "Ella's Voices", "Charlotte, NC"),
    *("Austin, Texas Tenants", "Cesar Chavez Foundation", "Fannie Lou Hamer Collective", "Mary's Place", "Victoria Gardens"),
    *(
        "Centro Rosa",
        "Comité Maria Auxiliadora",
        "San Jose Mutual Aid",
        "Tucson, City of",
        "Lopez, Inc.",
        "Sol y Luna, Colectivo",
    ),
    *("Mariposa", "Angel Tree", "Grupo Santa Rosa", "Lucy Parsons Center", "Jordan Valley Farmers", "Dorothy Day House"),
]
PEOPLE = ["Maria Cruz", "John Q. Ejemplo", "Ana Luisa Paz", "Sam Prueba", "Guadalupe Ejemplo"]
PEOPLE_LAST_NAME_FIRST = {
    "Cruz, Maria": "Maria Cruz",
    "de la Paz, Ana": "Ana de la Paz",
    "LEE, SAM": "SAM LEE",
    "Ruiz Soto, Ana Luz": "Ana Luz Ruiz Soto",
    "Ejemplo,  John Q.": "John Q. Ejemplo",
}


@pytest.mark.parametrize("name", ORGANIZATIONS)
def test_an_organization_that_is_named_after_a_person_is_not_one(name: str) -> None:
    assert reverse_person_name(name) == ""
    columns = {"Organization": "name", "Email": "email", "Phone": "phone"}
    mailbox = "info@" + "".join(filter(str.isalpha, name.lower())) + ".example"
    assert not read(columns, {"Organization": name, "Email": mailbox}).is_person
    assert read(columns, {"Organization": name, "Email": mailbox}).fields["name"] == name


@pytest.mark.parametrize(
    "mailbox", ["jdoe@mail.example", "jane.doe@work.example", "janedoe@gmail.example", "doejane7@yahoo.com", "jane@aol.com"]
)
def test_mailboxes_that_are_made_of_a_persons_name(mailbox: str) -> None:
    assert read({"Name": "name", "Email": "email"}, {"Name": "Jane Doe", "Email": mailbox}).problems


@pytest.mark.parametrize("mailbox", ["info@gmail.example", "jane@work.example", "janedoe@janedoe.example", ""])
def test_other_mailboxes_do_not_make_a_person(mailbox: str) -> None:
    assert not read({"Name": "name", "Email": "email"}, {"Name": "Jane Doe", "Email": mailbox}).problems


@pytest.mark.parametrize("name", ["Lim Household", "Gil/Paz HH"])
def test_a_household_is_refused_by_its_name(name: str) -> None:
    (problem,) = read({"Name": "name"}, {"Name": name}).problems
    assert problem.message.startswith("The name is that of a household: ")


@pytest.mark.parametrize("name", ["Charlotte Pride", "Savannah Uprising", "Virginia Renters", "Hogar Ejemplo", "One Family"])
def test_an_organization_named_after_a_place_or_family_is_no_person(name: str) -> None:
    first, last = name.lower().split()
    assert not read({"Name": "name", "Email": "email"}, {"Name": name, "Email": f"{first}.{last}@gmail.example"}).problems


@pytest.mark.parametrize("name", ["Martha's Table", "Joseph House", "Grace Lutheran", "Victoria Gardens", "Ruth Ellis Center"])
def test_a_mailbox_made_of_an_organizations_name_makes_no_person(name: str) -> None:
    first, last = name.lower().replace("'s", "").split()[:2]
    row = read({"Name": "name", "Email": "email"}, {"Name": name, "Email": f"{first}.{last}@gmail.example"})
    assert (row.is_person, row.problems) == (False, ())


@pytest.mark.parametrize("name", PEOPLE)
def test_a_name_of_a_person_with_a_mailbox_made_of_it_is_refused(name: str) -> None:
    words = name.lower().replace(".", "").split()
    row = read({"Name": "name", "Email": "email"}, {"Name": name, "Email": f"{words[0][0]}{words[-1]}@mail.example"})
    (problem,) = row.problems
    assert problem.message.startswith(
        "The name is that of a person, and the e-mail address is made of it: the row is about a person"
    )
    assert row.fields == {}
    assert is_person_name(name)


@pytest.mark.parametrize(("name", "turned"), PEOPLE_LAST_NAME_FIRST.items())
def test_last_name_first_is_a_person(name: str, turned: str) -> None:
    assert reverse_person_name(name) == turned
    assert read({"Name": "name"}, {"Name": name}).problems


def test_a_person_who_signs_for_an_organization_of_the_same_row_becomes_its_contact() -> None:
    columns = {"Display Name": "name", "First Name": None, "Last Name": None, "Organization Name": None, "Job Title": None}
    for shown in ("Ana Paz", "Paz, Ana"):
        cells = {"Display Name": shown, "First Name": "Ana", "Last Name": "Paz", "Organization Name": "Mesa Center"}
        row = read(columns, {**cells, "Job Title": "Organizer"})
        assert row.is_person
        assert row.fields == {"name": "Mesa Center", "contact.name": "Ana Paz", "contact.role": "Organizer"}


def test_streets_birth_dates_tags_and_private_mailboxes_are_never_read() -> None:
    columns = dict.fromkeys(CRM, None)
    row = read(columns, {**MARIA, "Email": "maria@gmail.example", "Phone": "520-555-0111"})
    assert row.fields == {"name": "Southside Center", "contact.name": "Maria Cruz", "contact.role": "Organizer"}
    assert [(repair.column, repair.before, repair.reason) for repair in row.repairs] == [
        ("Email", "", "left out: a private mailbox"),
        ("Phone", "", "left out: nothing says that it is a number at work"),
    ]


def test_a_number_and_an_address_at_work_are_read() -> None:
    row = read(dict.fromkeys(CRM, None), {**MARIA, "Email": "maria@southside.example", "Phone": "520-555-0111"})
    assert row.fields["contact.email"] == "maria@southside.example"
    assert row.fields["contact.phone"] == "520-555-0111"


def test_a_work_number_is_read_beside_a_private_mailbox() -> None:
    columns = dict.fromkeys((*CRM, "Work Phone"), None)
    row = read(columns, {**MARIA, "Email": "maria@gmail.example", "Phone": "520-555-0111", "Work Phone": "520-555-0100"})
    assert row.fields["contact.phone"] == "520-555-0100"
    assert "contact.email" not in row.fields


@pytest.mark.parametrize("heading", ["Mobile", "Home Phone", "Cell phone", "Teléfono celular", "WhatsApp"])
def test_a_private_number_is_never_read(heading: str) -> None:
    row = read(dict.fromkeys((*CRM, heading), None), {**MARIA, heading: "520-555-0111"})
    assert "contact.phone" not in row.fields


def test_only_the_addresses_at_work_of_a_cell_are_read() -> None:
    row = read(dict.fromkeys(CRM, None), {**MARIA, "Email": "maria@gmail.com; maria@southside.example"})
    assert row.fields["contact.email"] == "maria@southside.example"


@pytest.mark.parametrize("organization", ["", "Maria Cruz", "Cruz, Maria", "Cruz Household", "Familia Cruz", "n/a"])
def test_a_person_without_an_organization_states_nothing(organization: str) -> None:
    row = read(dict.fromkeys(CRM, None), {**MARIA, "Current Employer": organization, "Contact Type": ""})
    assert (row.fields, row.source_id, row.is_person) == ({}, None, False)
    assert "names no organization" in row.problems[0].message


def test_a_family_foundation_is_no_household() -> None:
    row = read(dict.fromkeys(CRM, None), {**MARIA, "Current Employer": "Cruz Family Foundation"})
    assert row.fields["name"] == "Cruz Family Foundation"


def test_in_a_contact_export_each_row_with_a_first_and_last_name_is_about_a_person() -> None:
    columns = {"Contact ID": None, "First Name": None, "Last Name": None, "Account Name": "name", "Account Owner": None}
    cells = {"Contact ID": "1", "First Name": "Ana", "Last Name": "Paz", "Account Name": "Casa Sol", "Account Owner": "Dana"}
    assert read(columns, cells).fields == {"name": "Casa Sol", "contact.name": "Ana Paz"}
    assert not read(columns, {"Contact ID": "2", "Account Name": "Casa Sol"}).is_person


def test_in_a_list_of_organizations_a_contact_person_makes_no_person() -> None:
    columns = {
        "Organization": "name",
        "First Name": "contact.first_name",
        "Last Name": "contact.last_name",
        "Email": "contact.email",
    }
    cells = {"Organization": "Mijente", "First Name": "Ana", "Last Name": "Paz", "Email": "ana.paz@gmail.example"}
    assert not read(columns, cells).is_person


@pytest.mark.parametrize(
    ("heading", "value", "is_person"),
    [
        ("Tipo de contacto", "Persona", True),
        ("Tipo de contacto", "Individuo", True),
        ("Tipo de contacto", "Organización", False),
        ("Contact Type", "Individual", True),
        ("Contact Type", "Organization", False),
        ("Kind of contact", "", False),
    ],
)
def test_a_contact_type_decides(heading: str, value: str, is_person: bool) -> None:
    columns = {"Nombre": "contact.name", "Apellido": None, "Organización": "name", heading: None}
    cells = {"Nombre": "Luz", "Apellido": "Ejemplo", "Organización": "Casa Sol", heading: value}
    row = read(columns, cells)
    assert row.is_person is is_person
    assert row.fields["contact.name"] == ("Luz Ejemplo" if is_person else "Luz")


def test_a_salutation_is_no_role() -> None:
    columns = dict.fromkeys(("Title", *CRM), None)
    assert read(columns, {**MARIA, "Title": "Ms."}).fields["contact.role"] == "Organizer"
    assert "contact.role" not in read(columns, {**MARIA, "Title": "Ms.", "Job Title": ""}).fields


def test_a_number_is_private_if_the_column_beside_it_says_so() -> None:
    columns = dict.fromkeys((*CRM, "Phone 1 - Label", "Phone 1 - Value"), None)
    cells = {**MARIA, "Phone 1 - Value": "520-555-0111"}
    assert "contact.phone" not in read(columns, {**cells, "Phone 1 - Label": "Mobile"}).fields
    assert read(columns, {**cells, "Phone 1 - Label": "Work"}).fields["contact.phone"] == "520-555-0111"


def test_a_household_never_becomes_a_contact() -> None:
    for value in ("Household", "Hogar", "Household Account"):
        assert not read(dict.fromkeys(CRM, None), {**MARIA, "Contact Type": value}).is_person


def test_a_birth_date_makes_a_person() -> None:
    columns = {"Name": "name", "Fecha de nacimiento": None, "Empleador": None}
    cells = {"Name": "Luz Ejemplo", "Fecha de nacimiento": "1990-01-01", "Empleador": "Casa Sol"}
    assert [read(columns, {**cells, "Name": name}).is_person for name in ("Ana Ejemplo", "Casa Maravilla")] == [True, False]


def test_a_person_can_say_that_the_row_is_an_organization() -> None:
    columns = {"Name": "name", "same_as": None}
    assert read(columns, {"Name": "Paz, Ana"}).problems
    assert not read(columns, {"Name": "Paz, Ana", "same_as": "new"}).problems


@pytest.mark.parametrize(
    ("mailbox", "is_private"),
    [
        ("a@gmail.com", True),
        ("a@yahoo.com.mx", True),
        ("a@hotmail.es", True),
        ("a@riseup.net", True),
        ("a@casasol.example", False),
    ],
)
def test_private_mailboxes_are_those_of_mail_providers(mailbox: str, is_private: bool) -> None:
    assert is_private_mailbox(mailbox) is is_private


def test_a_file_with_one_organization_among_people_is_read() -> None:
    columns = find_people_columns(dict.fromkeys(CRM, None))
    assert names_organizations([{"First Name": "Ana", "Last Name": "Paz"}, {**MARIA}], columns)
    assert not names_organizations([{"First Name": "Ana", "Last Name": "Paz"}], columns)
    assert names_organizations([{"Contact Type": "Organization"}], columns)


CRM = (
    *("Contact ID", "Contact Type", "First Name", "Last Name", "Job Title", "Current Employer", "Street Address", "City"),
    *("Phone", "Email", "Tags", "Birth Date"),
)
MARIA = {
    "Contact ID": "102",
    "Contact Type": "Individual",
    "First Name": "Maria",
    "Last Name": "Cruz",
    "Job Title": "Organizer",
    "Current Employer": "Southside Center",
    "Street Address": "44 Home Ave",
    "City": "Tucson",
    "Tags": "labor",
    "Birth Date": "1988-02-03",
}


def read(columns: Mapping[str, str | None], cells: Mapping[str, str]) -> Row:
    """Read one row of a table; `columns` leads from headings to mapped fields."""
    fields = {field: cells[heading] for heading, field in columns.items() if field and cells.get(heading)}
    row = Row("contacts.csv", 2, fields, cells={heading: text for heading, text in cells.items() if text}, source_id="102")
    (result,) = read_people([row], find_people_columns(columns))
    return result
