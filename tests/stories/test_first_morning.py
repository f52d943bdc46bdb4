"""The first morning of a staff member: import a messy spreadsheet, correct refused rows, resolve doubtful ones, undo."""

import csv
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from cli.main import main
from directory.records import MembershipStatus, StoredOrganization
from directory.store.store import Store

HEADINGS = ["Organización", "Dirección", "Ciudad", "Estado", "ZIP", "Teléfono", "Email", "Website", "Temas", "Notes"]
KNOWN = """\
name,city,state,phone
Harbor Tenants Union,Savannah,GA,912-555-0100
Delta Elders for Freedom,Jackson,MS,
"""
TWO_NUMBERS = "520-555-0111 / 520-555-0112"
NETWORK = ["Harbor Tenants Union", "Delta Elders for Freedom"]  # in the directory before that morning
ROWS: list[list[object]] = [
    # a typical list: capitals, numeric codes, two phone numbers in a cell, an unknown tag, an empty row
    [
        "HARBOR TENANTS UNION, INC.",
        "12 River St",
        "Savannah",
        "Georgia",
        31401,
        9125550100.0,
        "info@harbortenants.org",
        *[""] * 3,
    ],
    ["Mesa Workers' Center", "", "Tucson", "AZ", 85701, TWO_NUMBERS, "", "mesaworkers.org", "derechos laborales", "ask Ana"],
    [""] * 10,
    [
        "Casa de la Frontera",
        "5 Calle Real",
        "El Paso",
        "Texas",
        79901,
        "",
        "hola@casafrontera.org",
        "",
        "inmigración; huertos",
        "",
    ],
    ["Bay Book Club", "", "Boston", "MA", 2134, "", "not an address", "", "", ""],
    ["Plains Legal Aid", "", "Omaha", "Nebrasca", "", "", "", "", "legal", ""],
    ["River Elders", "", "Jackson", "MS", 99999, "", "", "", "", ""],
    ["Delta Elders for Freedom", "", "", "", "", "", "", "", "aging people in prison", ""],
    ["Sunrise Kitchen", "", "Tucson", "AZ", "", "", "", "", "hunger", ""],
    ["Sunrise Kitchen", "", "", "", "", "", "", "", "", ""],
]
CORRECTIONS = {  # what the person types, by name of the row
    "Bay Book Club": ("Email", "office@baybooks.org"),
    "Plains Legal Aid": ("Estado", "Nebraska"),
    "River Elders": ("ZIP", "39201"),
}

Run = Callable[..., Result]


@pytest.fixture
def run(empty_database_url: str) -> Run:
    def call(*arguments: str, input_text: str | None = None) -> Result:
        return CliRunner().invoke(main, [*arguments, "--database-url", empty_database_url], input=input_text)

    return call


@pytest.fixture
def spreadsheet(tmp_path: Path) -> Path:
    path = tmp_path / "bapd members.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Members")
        for number, row in enumerate((HEADINGS, *ROWS)):
            sheet.write_row(number, 0, row)
    return path


def load_entries(url: str) -> dict[str, StoredOrganization]:
    store = Store.open(url)
    entries = {entry.name: entry for entry, _ in store.load_organizations()}
    store.close()
    return entries


def read_report(report: Path) -> dict[str, object]:
    content: dict[str, object] = msgspec.json.decode(report.read_bytes())
    return content


def correct_rows(path: Path) -> None:
    """Edit the file of rows to correct as a person would: type the right values and save it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["Organización"] in CORRECTIONS:
            column, value = CORRECTIONS[row["Organización"]]
            row[column] = value
    corrected_rows = [row for row in rows if row["Organización"] in CORRECTIONS]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(corrected_rows)


def test_the_first_morning(run: Run, empty_database_url: str, spreadsheet: Path, tmp_path: Path) -> None:
    # two organizations are in the directory already
    known = tmp_path / "known.csv"
    known.write_text(KNOWN)
    assert run("seed", str(known), "--apply").exit_code == 0

    # first a dry run, which writes nothing
    report, corrections = tmp_path / "report.json", tmp_path / "to correct.csv"
    dry_run = run("seed", str(spreadsheet), "--report", str(report))
    assert dry_run.exit_code == 1
    assert "Nothing was written" in dry_run.output
    assert set(load_entries(empty_database_url)) == set(NETWORK)
    plan = read_report(report)
    counts = {name: plan[name] for name in ("rows", "created", "changed", "unchanged", "doubtful", "refused")}
    assert counts == {"rows": 9, "created": 6, "changed": 1, "unchanged": 0, "doubtful": 2, "refused": 0}
    assert plan["values_left_out"] == 3
    assert '"Notes"' in dry_run.output, "ignored columns are reported"
    assert "huertos" in dry_run.output, "unknown tags are reported"

    # then the import, with questions about doubtful rows: the elders are known, the second kitchen is new
    result = run(
        "seed", str(spreadsheet), "--apply", "--interactive", "--corrections", str(corrections), input_text="\nq\n1\nnew\n"
    )
    assert result.exit_code == 1, "three rows still need corrections"
    after = load_entries(empty_database_url)
    assert len(after) == 8, "two kitchens have the same name"
    assert {"Bay Book Club", "Plains Legal Aid", "River Elders"} <= set(after), "they lack one value each"
    assert after["Delta Elders for Freedom"].issue_areas == ("aging-prison",)
    assert after["Mesa Workers' Center"].issue_areas == ("workers",)
    assert [contact.phone for contact in after["Mesa Workers' Center"].contacts] == ["+15205550111", "+15205550112"]
    assert after["Harbor Tenants Union"].contacts[0].email == "info@harbortenants.org"
    assert after["Harbor Tenants Union"].membership.status is MembershipStatus.ACTIVE

    # the three values that are left out are corrected in a file and imported
    correct_rows(corrections)
    again = run("seed", str(corrections), "--apply")
    assert again.exit_code == 0, again.output
    assert "3 changed" in again.output
    assert "missing" not in again.output
    corrected = load_entries(empty_database_url)
    assert corrected["Plains Legal Aid"].sites[0].state == "US-NE"
    assert corrected["River Elders"].sites[0].postal_code == "39201"

    # importing everything again changes nothing
    repeated = run("seed", str(spreadsheet), "--report", str(report))
    assert read_report(report)["changed"] == read_report(report)["created"] == 0, repeated.output

    # undoing the import of corrections removes only the three values
    assert run("undo", "3", "--yes").exit_code == 0
    assert load_entries(empty_database_url) == after
    assert run("check").exit_code == 0
