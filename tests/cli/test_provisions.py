"""The commands `seed --kind provisions` and `export --kind`."""

import json
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from benchmarks.provisions import build_rows, write_rows
from cli.import_options import ORGANIZATION_OPTIONS
from directory.export.kind_records import EXPORTED_KINDS
from directory.records import RecordKind
from directory.store.store import Store
from tests.seed.import_session import ImportSession

ARGUMENTS = ("--kind", "provisions", "--instrument", "upr-usa-2020")
LIST = """Themes,Official number,Cycle,Recommending state,Our summary,State's response,Notes
housing; evictions,26.101,3,Norway,Protect tenants from eviction. Start now.,Supported,x
housng,26.102,3,Chile,Abolish the death penalty.,Noted,
,26.103,3,,,Noted,
,,3,France,No number here.,,
policing,26.104,3,Spain,Twice.,,
policing,26.104,3,Spain,Twice again.,,
"""


@pytest.fixture
def seeded_walk(walk: ImportSession) -> ImportSession:
    walk.import_all()
    return walk


def list_provisions(walk: ImportSession) -> list[str]:
    with closing(Store.open(walk.url)) as store:
        return [record.name for record, _ in store.load_records(RecordKind.PROVISION)][30:]  # without the articles


def export_lines(walk: ImportSession, *arguments: str) -> Iterator[dict[str, object]]:
    result = walk.run("export", "--format", "ndjson", "--output", "-", *arguments)
    return (json.loads(line) for line in result.stdout.splitlines())


class TestSeed:
    def test_shows_what_each_row_would_do_and_writes_nothing(self, seeded_walk: ImportSession) -> None:
        result = seeded_walk.seed(seeded_walk.write_file("upr.csv", LIST), *ARGUMENTS)
        assert result.exit_code == 1
        for line in (
            '"Official number" is number',
            'Not imported: "Notes".',
            'Unknown theme, not imported: "housng", in 1 row. The nearest is housing.',
            "upr.csv, row 4: 26.103",
            "Our summary: This row has neither a subject nor a summary. Add one.",
            "Official number: This row has no official number. Add it.",
            "The number 26.104 of cycle 3 is used in rows 6 and 7. Keep one row for each number.",
            "upr.csv, row 2: Protect tenants from eviction\n",
            "6 rows: 2 created, 0 changed, 0 unchanged, 0 doubtful, 4 rejected.",
            "Nothing was written. To write the changes, add --apply.",
        ):
            assert line in result.output
        assert list_provisions(seeded_walk) == []

    def test_applies_in_one_revision_that_can_be_undone(self, seeded_walk: ImportSession) -> None:
        file = seeded_walk.write_file("upr.csv", LIST)
        assert "Written: 2 created, 0 changed, 0 removed, at revision 2." in seeded_walk.seed(file, *ARGUMENTS, "--apply").output
        assert list_provisions(seeded_walk) == ["Protect tenants from eviction", "Abolish the death penalty"]
        assert "Nothing was written: there are no changes." in seeded_walk.seed(file, *ARGUMENTS, "--apply").output
        assert seeded_walk.run("undo", "2", "--yes").exit_code == 0
        assert list_provisions(seeded_walk) == []
        assert seeded_walk.run("check").exit_code == 0

    def test_corrected_rows_are_imported_again(self, seeded_walk: ImportSession) -> None:
        corrections = seeded_walk.folder / "fix.csv"
        seeded_walk.seed(seeded_walk.write_file("upr.csv", LIST), *ARGUMENTS, "--apply", "--corrections", corrections)
        text = corrections.read_text(encoding="utf-8-sig").replace("26.104,3,Spain,Twice again", "26.105,3,Spain,Twice again")
        corrections.write_text(text.replace("26.103,3,,,", "26.103,3,,Not empty any more.,"), encoding="utf-8")
        result = seeded_walk.seed(corrections, *ARGUMENTS, "--apply")
        assert "Source: upr." in result.output
        assert "4 rows: 3 created, 0 changed, 0 unchanged, 0 doubtful, 1 rejected." in result.output
        assert list_provisions(seeded_walk)[2:] == ["Not empty any more", "Twice", "Twice again"]

    def test_reports_every_row(self, seeded_walk: ImportSession) -> None:
        report = seeded_walk.import_with_report(seeded_walk.write_file("upr.csv", LIST), *ARGUMENTS)
        assert [(item["row"], item["fate"], item["organization"]) for item in report["items"]] == [
            (2, "created", "upr-usa-2020-3-26-101"),
            (3, "created", "upr-usa-2020-3-26-102"),
            *((number, "refused", None) for number in (4, 5, 6, 7)),
        ]

    def test_shows_what_changes(self, seeded_walk: ImportSession) -> None:
        seeded_walk.seed(seeded_walk.write_file("upr.csv", LIST), *ARGUMENTS, "--apply")
        result = seeded_walk.seed(seeded_walk.write_file("upr.csv", LIST.replace("Supported", "Noted")), *ARGUMENTS)
        assert "upr.csv, row 2: Protect tenants from eviction (upr-usa-2020-3-26-101)" in result.output
        assert "response: Supported → Noted" in result.output
        assert "because upr-usa-2020 26.101 of cycle 3" in result.output

    def test_reads_standard_input(self, seeded_walk: ImportSession) -> None:
        result = seeded_walk.seed("-", *ARGUMENTS, stdin=LIST)
        assert "6 rows: 2 created" in result.output

    def test_refuses_an_unknown_instrument(self, seeded_walk: ImportSession) -> None:
        result = seeded_walk.seed(seeded_walk.write_file("upr.csv", LIST), "--kind", "provisions", "--instrument", "upr")
        assert (result.exit_code, 'There is no instrument "upr". Use one of cat, cedaw' in result.stderr) == (2, True)

    def test_refuses_options_for_organizations(self, seeded_walk: ImportSession) -> None:
        file = seeded_walk.write_file("upr.csv", LIST)
        values = {"profile": "x.toml", "save_profile": "x.toml", "membership": "active", "ntee": "R", "states": "GA"}
        values |= {"geocoder": "nominatim", "geocoder_domain": "geo.example", "tags": "t.csv", "save_tags": "t.csv"}
        for name in ORGANIZATION_OPTIONS:
            option = "--state" if name == "states" else f"--{name.replace('_', '-')}"
            result = seeded_walk.seed(file, *ARGUMENTS, option, *([values[name]] if name in values else []))
            assert (result.exit_code, f"{option} is for organizations" in result.stderr) == (2, True), result.output

    def test_refuses_an_instrument_for_organizations(self, seeded_walk: ImportSession) -> None:
        result = seeded_walk.seed(seeded_walk.write_file("list.csv", "Name\nA\n"), "--instrument", "udhr")
        assert (result.exit_code, "Add --kind provisions" in result.stderr) == (2, True)

    def test_needs_a_file(self, seeded_walk: ImportSession) -> None:
        result = seeded_walk.seed("--kind", "provisions")
        assert (result.exit_code, "Name the FILE" in result.stderr) == (2, True)

    def test_refuses_a_fictional_directory(self, walk: ImportSession) -> None:
        walk.run("fictional", "3")
        result = walk.seed(walk.write_file("upr.csv", LIST), *ARGUMENTS, "--apply")
        assert (result.exit_code, "fictional" in result.stderr) == (2, True)


def export(walk: ImportSession, *arguments: str | Path) -> Result:
    return walk.run("export", *arguments)


class TestExport:
    @pytest.mark.parametrize(("kind", "count"), [("coalitions", 2), ("events", 4), ("instruments", 10), ("provisions", 30)])
    def test_writes_every_kind(self, seeded_walk: ImportSession, kind: str, count: int) -> None:
        assert kind in EXPORTED_KINDS
        assert len(list(export_lines(seeded_walk, "--kind", kind))) == count
        result = export(seeded_walk, "--kind", kind)  # CSV on standard output
        assert (result.exit_code, result.stderr) == (0, f"Written: {count} {kind}.\n")
        assert len(result.stdout.splitlines()) == count + 1

    def test_an_export_can_be_imported_again(self, seeded_walk: ImportSession) -> None:
        seeded_walk.import_all(write_rows(seeded_walk.folder / "upr.csv", build_rows(20)), *ARGUMENTS)
        for name in ("all.csv", "all.ndjson"):
            assert export(seeded_walk, "--kind", "provisions", "--output", seeded_walk.folder / name).exit_code == 0
            result = seeded_walk.seed(seeded_walk.folder / name, "--kind", "provisions", "--apply")
            assert "50 rows: 0 created, 0 changed, 50 unchanged, 0 doubtful, 0 rejected." in result.output
            assert "Nothing was written: there are no changes." in result.output

    @pytest.mark.parametrize("kind", EXPORTED_KINDS)
    def test_an_export_of_another_kind_is_no_list_of_organizations(self, seeded_walk: ImportSession, kind: str) -> None:
        export(seeded_walk, "--kind", kind, "--output", seeded_walk.folder / "all.csv")
        result = seeded_walk.seed(seeded_walk.folder / "all.csv")
        assert (result.exit_code, f"all.csv is an export of {kind}" in result.stderr) == (2, True)

    def test_an_instrument_of_one_export_does_not_take_the_rows_of_another(self, seeded_walk: ImportSession) -> None:
        export(seeded_walk, "--kind", "provisions", "--output", seeded_walk.folder / "all.csv")
        result = seeded_walk.seed(seeded_walk.folder / "all.csv", *ARGUMENTS)
        assert "This row is of udhr, not of upr-usa-2020. Import it with --instrument udhr." in result.output
        assert "30 rejected" in result.output

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("housing",), "WORDS select organizations"),
            (("--format", "geojson"), "cannot be exported as geojson. Set --format to csv or ndjson"),
            (("--output", "events.xlsx"), "cannot be exported as xlsx"),
        ],
    )
    def test_refuses_what_only_organizations_have(
        self, seeded_walk: ImportSession, arguments: tuple[str, ...], words: str
    ) -> None:
        result = export(seeded_walk, "--kind", "events", *arguments)
        assert (result.exit_code, words in result.stderr) == (2, True)

    def test_an_empty_export_exits_with_1(self, walk: ImportSession) -> None:
        walk.import_all(walk.write_file("list.csv", "Name,City,State\nHarbor Tenants,Savannah,GA\n"))
        result = export(walk, "--kind", "events")
        assert (result.exit_code, result.stderr) == (1, "Written: 0 events.\n")

    def test_a_private_export_is_for_its_owner_only(self, seeded_walk: ImportSession) -> None:
        path = seeded_walk.folder / "events.csv"
        result = export(seeded_walk, "--kind", "events", "--audience", "staff", "--output", path)
        assert "Store it securely" in result.stderr
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
