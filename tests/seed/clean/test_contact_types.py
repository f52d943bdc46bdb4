"""Rows about people in a contact export are refused because of the column that marks them."""

from collections.abc import Mapping

import pytest

from seed.clean.row_cleaning import clean_row
from seed.rows import Row
from tests.seed.import_session import ImportSession

ANA = {"Display Name": "Ana Paz", "Organization Name": "", "City": "Tucson", "State": "AZ"}
MESA = {"Display Name": "Mesa Workers Center", "Organization Name": "Mesa Workers Center", "City": "Tucson", "State": "AZ"}


def a_row(cells: Mapping[str, str]) -> Row:
    return Row("contacts.csv", 2, {"name": "Ana Paz", "phone": "bad"}, cells=cells, source_id="102")


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Contact Type", "Individual"),
        ("contact_type", " INDIVIDUAL "),
        ("ContactType", "Individual; Volunteer"),
        ("Type of contact", "Person"),
        ("Account Record Type", "Household Account"),
        ("Account: Record Type", "HH Account"),
        ("Record Type", "Person Account"),
        ("RecordType.Name", "HOUSEHOLD_ACCOUNT"),
        ("Constituent type", "Households"),
        ("Organization Type", "Individual"),
        ("Member type", "Family"),
        ("Type", "individual"),
        ("Tipo de contacto", "Individuo"),
        ("TIPO DE CONTACTO *", "Persona física"),
        ("Tipo de persona", "Física"),
        ("Tipo de registro", "Hogar"),
        ("Tipo de membresía", "Familia"),
        ("Contact Type / Tipo de contacto", "Individual / Individuo"),
        ("IsPersonAccount", "true"),
        ("¿Es persona?", "Sí"),
        ("Contact Subtype", "Individual"),
        ("Constituent Code", "Individual"),
        ("Donor Category", "Household"),
        ("Membership level", "Couple"),
        ("Key Indicator", "I"),
        ("Is a Company", "False"),
        ("is_organization", "no"),
        ("Company Type", "Individual"),
        ("Individual / Organization", "Individual"),
        ("Organization or person?", "Person"),
        ("column 2", "Individual"),
    ],
)
def test_a_person_or_household_is_refused_without_other_problems(heading: str, value: str) -> None:
    row = clean_row(a_row({"Display Name": "Ana Paz", heading: value}))
    (problem,) = row.problems
    assert problem.message == (
        f'Column "{heading}" says "{value}". The row is about a person or household, and the directory lists organizations only.'
        " Delete the row, or correct that column if the row is an organization."
    )
    assert (row.fields, row.source_id) == ({}, None)


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Contact Type", "Organization"),
        ("Contact Type", ""),
        ("Account Record Type", "Member Org"),
        ("Account Type", "Family foundation"),
        ("Record Type", "Family services agency"),
        ("Tipo de persona", "Persona moral"),
        ("Tipo de persona", "Jurídica"),
        ("Type", "Family services"),
        ("Organization type", "Families"),
        ("Service type", "Individual"),
        ("Type of person served", "Families"),
        ("Contact phone type", "Individual"),
        ("Individual", "x"),
        ("Notes", "Individual"),
        ("IsPersonAccount", "false"),
        ("Key Indicator", "O"),
        ("Is a Company", "true"),
        ("Individual / Organization", "Organization"),
        ("Organization services for individuals", "Individual"),
        ("Zip code", "Individual"),
        ("column 2", "Individual counseling"),
        ("Contact Type", "Individual " * 50),
        ("Contact type " * 50, "Individual"),
    ],
)
def test_an_organization_is_not_refused(heading: str, value: str) -> None:
    assert [problem.path_text for problem in clean_row(a_row({heading: value})).problems] != [""]
    assert clean_row(a_row({heading: value})).fields["name"] == "Ana Paz"


@pytest.mark.parametrize("heading", ["Contact Type", "Account Record Type", "Tipo de contacto", "Type"])
def test_no_person_of_an_export_becomes_an_organization(walk: ImportSession, heading: str) -> None:
    """The column may be mapped, ignored, or read as the kind of organization."""
    people = {"Ana Paz": "Individual", "Beto Ruiz": "Individuo", "Familia Gil": "Household"}
    rows = [{**ANA, "Display Name": name, heading: value} for name, value in people.items()]
    path = walk.write_csv("contacts.csv", {**MESA, heading: "Organization"}, *rows, headings=(*MESA, heading))
    done = walk.seed(path, "--apply")
    assert done.exit_code == 1
    assert "1 created, 0 changed, 0 unchanged, 0 doubtful, 3 rejected" in done.output
    assert list(walk.records) == ["Mesa Workers Center"]
    assert not any(name in done.output for name in people)


def test_a_record_created_from_a_person_before_is_missing_from_the_source(walk: ImportSession) -> None:
    rows = [{"ID": "1", **MESA}, {"ID": "2", **ANA}]
    assert walk.seed(walk.write_csv("contacts.csv", *rows, headings=("ID", *MESA)), "--apply", "--create-possible").exit_code == 0
    assert set(walk.records) == {"Mesa Workers Center", "Ana Paz"}
    pairs = zip(rows, ("Organization", "Individual"), strict=True)
    typed = [{**row, "Contact Type": contact_type} for row, contact_type in pairs]
    walk.seed(walk.write_csv("contacts.csv", *typed, headings=("ID", *MESA, "Contact Type")), "--apply", "--retire-missing")
    assert list(walk.records) == ["Mesa Workers Center"]
