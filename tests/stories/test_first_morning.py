"""A staff member's first morning: a messy spreadsheet, refused rows corrected, doubtful ones settled, one import undone."""

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
NETWORK = ["Harbor Tenants Union", "Delta Elders for Freedom"]  # here before that morning
ROWS: list[list[object]] = [
    # as people keep lists: capitals, numbers for codes, two telephones in a cell, a tag nobody knows, an empty row
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
CORRECTED = {  # what the person types, by row's name and column
    "Bay Book Club": ("Email", "office@baybooks.org"),
    "Plains Legal Aid": ("Estado", "Nebraska"),
    "River Elders": ("ZIP", "39201"),
}

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    def call(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, [*arguments, "--database-url", database_url], input=typed)

    return call


@pytest.fixture
def spreadsheet(tmp_path: Path) -> Path:
    path = tmp_path / "bapd members.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Members")
        for number, row in enumerate((HEADINGS, *ROWS)):
            sheet.write_row(number, 0, row)
    return path


def entries(url: str) -> dict[str, StoredOrganization]:
    store = Store.open(url)
    found = {entry.name: entry for entry, _ in store.load_organizations()}
    store.close()
    return found


def told(report: Path) -> dict[str, object]:
    content: dict[str, object] = msgspec.json.decode(report.read_bytes())
    return content


def corrected(path: Path) -> None:
    """The person opens the file of refused rows, types what is right, and saves it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["Organización"] in CORRECTED:
            column, value = CORRECTED[row["Organización"]]
            row[column] = value
    kept = [row for row in rows if row["Organización"] in CORRECTED]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)


def test_the_first_morning(run: Run, database_url: str, spreadsheet: Path, tmp_path: Path) -> None:
    # the directory knows two of them
    known = tmp_path / "known.csv"
    known.write_text(KNOWN)
    assert run("seed", str(known), "--apply").exit_code == 0

    # first the plan, which writes nothing
    report, corrections = tmp_path / "report.json", tmp_path / "to correct.csv"
    shown = run("seed", str(spreadsheet), "--report", str(report))
    assert shown.exit_code == 1
    assert "Nothing was written" in shown.output
    assert set(entries(database_url)) == set(NETWORK)
    plan = told(report)
    fates = {name: plan[name] for name in ("rows", "created", "changed", "unchanged", "doubtful", "refused")}
    assert fates == {"rows": 9, "created": 3, "changed": 1, "unchanged": 0, "doubtful": 2, "refused": 3}
    assert '"Notes"' in shown.output, "what is not taken is told"
    assert "huertos" in shown.output, "a tag that no vocabulary knows is told"

    # then it is written, the doubtful rows settled one by one: the elders are those that are here, the kitchen is another one
    done = run("seed", str(spreadsheet), "--apply", "--interactive", "--corrections", str(corrections), typed="1\nnew\n")
    assert done.exit_code == 1, "three rows are still to be corrected"
    after = entries(database_url)
    assert len(after) == 5, "two kitchens have one name"
    assert after["Delta Elders for Freedom"].issue_areas == ("aging-prison",)
    assert after["Mesa Workers' Center"].issue_areas == ("workers",)
    assert [contact.phone for contact in after["Mesa Workers' Center"].contacts] == ["+15205550111", "+15205550112"]
    assert after["Harbor Tenants Union"].contacts[0].email == "info@harbortenants.org"
    assert after["Harbor Tenants Union"].membership.status is MembershipStatus.ACTIVE

    # the three refused rows come back as a file, are corrected and fed again
    corrected(corrections)
    again = run("seed", str(corrections), "--apply")
    assert again.exit_code == 0, again.output
    assert "3 created" in again.output
    assert "missing" not in again.output
    assert {"Bay Book Club", "Plains Legal Aid", "River Elders"} <= set(entries(database_url))

    # feeding everything once more changes nothing
    settled = run("seed", str(spreadsheet), "--report", str(report))
    assert told(report)["changed"] == told(report)["created"] == 0, settled.output

    # the corrected import is taken back, and so are only its three
    assert run("undo", "3", "--yes").exit_code == 0
    assert set(entries(database_url)) == set(after)
    assert run("check").exit_code == 0
