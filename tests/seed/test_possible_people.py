"""Rows of a list of organizations that may be about people: a bare name of a person, or a mark in a column for people."""

import csv

import pytest

from seed.mapping.person_signs import is_bare_person_name
from seed.sources.own_tables import REASON_COLUMN, SAME_AS_COLUMN
from tests.seed.import_session import ImportSession, nonzero_counts

HEADINGS = ("Organization", "City", "State", "Website", "Individual", "Family", "Type")


def a_row(name: str, **cells: str) -> dict[str, str]:
    return {"Organization": name, "City": "Macon", "State": "GA", **cells}


class TestNames:
    PEOPLE = ("Maria Cruz", "MARIA CRUZ", "José Luis Pérez", "Juan de la Cruz", "Brenda Brown", "Ana García López")
    ORGANIZATIONS = (
        *("Casa Maria", "Rosa Parks Center", "Maria", "Mary's Place", "Grace Church", "Santa Maria", "Sierra Club"),
        *("Martin Luther King Day Center", "Carolina Jews", "Charlotte Uprising", "Ana Cruz Family Health", "Sam & Bea", ""),
        *("Maria de la Cruz Garcia Lopez Perez", "Maria " * 1000),
    )

    @pytest.mark.parametrize("name", PEOPLE)
    def test_the_bare_name_of_a_person_is_recognized(self, name: str) -> None:
        assert is_bare_person_name(name)

    @pytest.mark.parametrize("name", ORGANIZATIONS)
    def test_names_of_organizations_are_not(self, name: str) -> None:
        assert not is_bare_person_name(name)


class TestPossiblePeople:
    def test_a_possible_person_is_created_only_on_request(self, walk: ImportSession) -> None:
        file = walk.write_csv("list.csv", a_row("Maria Cruz"), a_row("Casa Maria"), headings=HEADINGS)
        output = walk.seed(file, "--apply").output
        assert "Possible people, by their names (1). To create them as organizations, add --create-possible" in output
        assert "  Maria Cruz: row 2" in output
        assert list(walk.records) == ["Casa Maria"]
        walk.import_all(file, "--create-possible")
        assert set(walk.records) == {"Casa Maria", "Maria Cruz"}
        assert "3 unchanged" not in walk.import_all(file).output

    def test_a_decision_in_the_corrections_file_creates_it(self, walk: ImportSession) -> None:
        file = walk.write_csv("list.csv", a_row("Maria Cruz"), headings=HEADINGS)
        corrections = walk.folder / "fix.csv"
        walk.seed(file, "--corrections", corrections)
        with corrections.open(encoding="utf-8-sig", newline="") as opened:
            (row,) = csv.DictReader(opened)
        assert row[REASON_COLUMN].startswith("Maria Cruz: the name is that of a person")
        assert walk.seed(corrections).exit_code == 1
        with corrections.open("w", newline="") as opened:
            writer = csv.DictWriter(opened, row)
            writer.writeheader()
            writer.writerow({**row, SAME_AS_COLUMN: "new"})
        walk.import_all(corrections)
        assert list(walk.records) == ["Maria Cruz"]
        walk.import_all(file)  # known now

    @pytest.mark.parametrize("sign", [{"Website": "https://mc.example"}, {"Type": "Organization"}])
    def test_another_sign_of_an_organization_is_enough(self, walk: ImportSession, sign: dict[str, str]) -> None:
        headings = tuple("Contact Type" if heading == "Type" else heading for heading in HEADINGS)
        cells = {("Contact Type" if heading == "Type" else heading): text for heading, text in sign.items()}
        walk.import_all(walk.write_csv("list.csv", a_row("Maria Cruz", **cells), headings=headings))
        assert list(walk.records) == ["Maria Cruz"]


class TestMarks:
    @pytest.mark.parametrize("mark", ["x", "X", "yes", "1", "✓", "sí"])
    def test_a_row_that_is_marked_as_an_individual_is_refused(self, walk: ImportSession, mark: str) -> None:
        headings = ("Organization", "City", "State", "Individual")
        rows = (a_row("Jane Q", Individual=mark), a_row("Tierra", Individual=""), a_row("Agua", Individual="no"))
        report = walk.import_with_report(walk.write_csv("list.csv", *rows, headings=headings))
        assert nonzero_counts(report) == {"created": 2, "refused": 1}
        assert report["items"][0]["problems"][0]["message"].startswith('The column "Individual" is marked: the row is about')

    def test_whom_an_organization_serves_says_nothing_about_the_row(self, walk: ImportSession) -> None:
        rows = (a_row("Tierra", Individual="x", Family=""), a_row("Agua", Individual="x", Family="x"))
        report = walk.import_with_report(walk.write_csv("list.csv", *rows, headings=HEADINGS))
        assert nonzero_counts(report) == {"created": 2}

    def test_a_marked_person_at_an_organization_becomes_its_contact(self, walk: ImportSession) -> None:
        headings = ("Organization", "First Name", "Last Name", "Person")
        others = ({"Organization": "Agua"}, {"Organization": "Tierra"}, {"Organization": "Casa Luz"})
        rows = (*others, {"Organization": "Tierra", "First Name": "Ana", "Last Name": "Paz", "Person": "x"})
        report = walk.import_with_report(walk.write_csv("list.csv", *rows, headings=headings))
        assert nonzero_counts(report) == {"created": 3, "contact": 1}
