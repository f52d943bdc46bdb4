"""Titles, degrees, notes and pronouns mark the names of people. Organizations that have them in their names are none."""

from collections.abc import Mapping

import pytest

from seed.mapping.person_rows import find_people_columns, read_people
from seed.rows import Row


def read(columns: Mapping[str, str | None], cells: Mapping[str, str]) -> Row:
    """Read one row of a table; `columns` leads from headings to mapped fields."""
    fields = {field: cells[heading] for heading, field in columns.items() if field and cells.get(heading)}
    (row,) = read_people([Row("contacts.csv", 2, fields, cells=cells)], find_people_columns(columns))
    return row


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Mr. Juan Ejemplo",
            "Mr. & Mrs. Ejemplo",
            "MRS EJEMPLO",
            "Rev. Dr. Maria Ejemplo",
            "Dra. Ejemplo",
            "Sr. y Sra. Ejemplo",
        ),
        *(
            "Ana Ejemplo, Esq.",
            "Ana Luz Ejemplo PhD",
            "Ana Ejemplo (individual)",
            "W. Ejemplo (Individual member)",
            "Ejemplo (persona)",
        ),
    ],
)
def test_a_title_a_degree_or_a_note_makes_a_person(name: str) -> None:
    row = read({"Group": "name", "City": "location.city"}, {"Group": name, "City": "Troy"})
    assert row.fields == {}
    assert row.problems[0].message.startswith("The name has the title, the degree or the note of a person: ")
    assert read({"Group": "name", "same_as": "same_as"}, {"Group": name, "same_as": "new"}).fields["name"] == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Ms. Foundation for Women",
            "Dr. Martin Luther King Center",
            "Mr. Rogers Neighborhood",
            "Miss Major Fund",
            "Rev. King Coalition",
        ),
        *(
            "Mrs. Murphy's Closet",
            "Sr Housing",
            "Doctors for Justice",
            "Young Women (YWCA)",
            "Casa Sol (Persona Project)",
            "Law PhD",
        ),
        *("Hon Lik Mutual Aid", "Prof Union (individual)", "Mr", "Dr."),
    ],
)
def test_a_title_in_the_name_of_an_organization_makes_no_person(name: str) -> None:
    assert read({"Group": "name"}, {"Group": name}).fields == {"name": name}


@pytest.mark.parametrize(("heading", "value"), [("Pronouns", "she/her"), ("Gender", "F"), ("Género", "mujer")])
def test_a_name_of_a_person_beside_pronouns_is_one(heading: str, value: str) -> None:
    columns = {"Group": "name", heading: None}
    assert read(columns, {"Group": "Ana Ejemplo", heading: value}).problems
    assert not read(columns, {"Group": "Ana Ejemplo", heading: ""}).problems
    assert not read(columns, {"Group": "Casa Ejemplo", heading: value}).problems
