"""One import with `directory seed`, from file to database: output, written records and exit codes."""

from contextlib import closing
from pathlib import Path

import pytest

from directory.geo import Disclosure
from directory.records import Audience, MembershipStatus
from directory.store.store import Store
from tests.seed.import_session import ImportSession, nonzero_counts
from tests.seed.sample_files import CSV, JSON, NAME, build_irs_file

MESA = {"ID": "7", "Organization": "Mesa Workers Center", "City": "Tucson", "State": "AZ", "Email": "info@mesa.example.org"}
BAY = {"ID": "8", "Organization": "Bay Tenants Union", "City": "Oakland", "State": "CA", "Phone": "510-555-0142"}
WRONG = {"ID": "9", "Organization": "Plains Legal Aid", "City": "Omaha", "State": "Nebrasca"}


class TestExitCodes:
    def test_0_when_every_row_is_settled(self, walk: ImportSession) -> None:
        path = walk.write_csv("list.csv", MESA, BAY)
        assert walk.seed(path).exit_code == 0
        assert walk.seed(path, "--apply").exit_code == 0
        assert walk.seed(walk.write_file("empty list.csv", "Organization,City\n")).exit_code == 0

    def test_1_when_a_row_is_refused_or_doubtful(self, walk: ImportSession) -> None:
        assert walk.seed(walk.write_csv("list.csv", MESA, WRONG)).exit_code == 1
        assert walk.seed(walk.write_csv("list.csv", MESA, MESA | {"ID": "70"})).exit_code == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ("gone.csv",),
            ("list.csv", "--profile", "gone.toml"),
            ("list.csv", "--date", "yesterday"),
            ("list.csv", "--geocoder", "google"),
            ("list.csv", "--show", "-1"),
            ("list.csv", "more.csv"),
            ("list.csv", "--encoding", "klingon"),
            ("list.csv", "--report", "report.pdf"),
            ("list.csv", "--corrections", "back.pdf"),
            ("people.csv",),
        ],
    )
    def test_2_when_the_file_cannot_be_read_or_an_option_is_wrong(
        self, walk: ImportSession, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
    ) -> None:
        monkeypatch.chdir(walk.folder)
        walk.write_csv("list.csv", MESA, WRONG)
        walk.write_file("people.csv", "First name,Last name,Email\nAna,Paz,ana@example.org\n")
        result = walk.seed(*arguments)
        assert result.exit_code == 2, result.output
        assert "Error: " in result.stderr
        assert "Traceback" not in result.output

    def test_3_when_the_database_is_unavailable(self, walk: ImportSession) -> None:
        unavailable = ImportSession("postgresql://nobody@127.0.0.1:1/none", walk.folder)
        result = unavailable.seed(walk.write_csv("list.csv", MESA))
        assert result.exit_code == 3
        assert "Error: " in result.stderr
        assert "psycopg" not in result.output
        assert "nobody" not in result.output


class TestWriting:
    def test_nothing_is_written_without_apply(self, any_walk: ImportSession) -> None:
        result = any_walk.seed(any_walk.write_csv("list.csv", MESA))
        assert "1 row: 1 created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected." in result.output
        assert "Nothing was written. To write the changes, add --apply." in result.output
        assert any_walk.records == {}

    def test_valid_rows_are_written_once(self, any_walk: ImportSession) -> None:
        path = any_walk.write_csv("list.csv", MESA, BAY, WRONG)
        result = any_walk.seed(path, "--apply", "--strict")
        assert "Written: 2 created, 0 changed, 0 removed, at revision 1. To undo it: directory undo 1" in result.output
        again = any_walk.seed(path, "--apply", "--strict")
        assert "0 created, 0 changed, 2 unchanged, 0 doubtful, 1 rejected" in again.output
        assert "Nothing was written: there are no changes." in again.output
        with closing(Store.open(any_walk.url)) as store:
            assert store.load_head().revision == 1
        assert any_walk.run("check").exit_code == 0

    def test_a_row_is_imported_without_the_values_that_cannot_be_used(self, any_walk: ImportSession) -> None:
        wrong = BAY | {"Phone": "call Ana", "Email": "info at bay", "State": "Californa"}
        path = any_walk.write_csv("list.csv", MESA, wrong)
        result = any_walk.seed(path, "--apply", "--corrections", any_walk.folder / "fix.csv")
        assert (
            "2 rows: 2 created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected. Imported with 3 values left out." in result.output
        )
        assert "Values left out (3)" in result.output
        assert result.exit_code == 1, "somebody has to look at it"
        assert (any_walk.folder / "fix.csv").read_text("utf-8-sig").count("Not imported: ") == 3
        again = any_walk.seed(path, "--apply")
        assert "0 created, 0 changed, 2 unchanged, 0 doubtful, 0 rejected. Imported with 3 values left out." in again.output
        assert any_walk.seed(any_walk.write_csv("list.csv", MESA, BAY), "--apply").exit_code == 0

    def test_standard_input_can_be_imported(self, walk: ImportSession) -> None:
        walk.import_all("-", stdin=CSV)
        walk.import_all("-", stdin=JSON.replace(b"Harbor", b"River"))
        assert set(walk.records) == {NAME, "River Tenants Union"}

    def test_record_numbers_work_with_any_source_name(self, walk: ImportSession) -> None:
        """The scheme of the numbers is derived from the source's key."""
        for name in ("bapd members export from airtable and more.csv", "会員名簿.csv", "a" * 200 + ".csv"):
            report = walk.import_with_report(walk.write_csv(name, MESA))
            assert nonzero_counts(report) == {"created": 1}, report["items"][0]["problems"]
        long = walk.write_csv("bapd members export from airtable and more.csv", MESA)
        walk.import_all(long)
        assert nonzero_counts(
            walk.import_with_report(walk.write_csv(long.name, MESA | {"Organization": "Sonora Hands", "City": "Yuma"}))
        ) == {"changed": 1}

    def test_records_from_a_government_list_are_prospects(self, walk: ImportSession) -> None:
        walk.import_all(walk.write_file("eo_dc.csv", build_irs_file()))
        assert walk.records[NAME].membership.status is MembershipStatus.PROSPECT


class TestAgain:
    def test_the_sources_number_finds_a_record_whose_name_and_place_changed(self, any_walk: ImportSession) -> None:
        any_walk.import_all(any_walk.write_csv("list.csv", MESA, BAY))
        before = any_walk.records["Mesa Workers Center"]
        moved = {"ID": "7", "Organization": "Sonora Hands United", "City": "Yuma", "State": "AZ"}
        report = any_walk.import_with_report(any_walk.write_csv("list.csv", moved, BAY), "--apply")
        assert nonzero_counts(report) == {"changed": 1, "unchanged": 1}
        after = any_walk.records["Sonora Hands United"]
        assert (after.id, after.slug) == (before.id, before.slug)
        assert [(site.id, site.city) for site in after.sites] == [(before.sites[0].id, "Yuma")]

    def test_another_sources_number_finds_no_record(self, walk: ImportSession) -> None:
        walk.import_all(walk.write_csv("list.csv", MESA))
        assert nonzero_counts(walk.import_with_report(walk.write_csv("other.csv", BAY | {"ID": "7"}))) == {"created": 1}

    def test_an_empty_cell_removes_a_value_only_with_the_option(self, walk: ImportSession) -> None:
        full = MESA | {"Website": "https://mesa.example.org", "Issue areas": "housing"}
        walk.import_all(walk.write_csv("list.csv", full))
        empty = walk.write_csv("list.csv", MESA)
        assert nonzero_counts(walk.import_with_report(empty)) == {"unchanged": 1}
        walk.import_all(empty, "--clear-empty")
        after = walk.records["Mesa Workers Center"]
        assert (after.website, after.issue_areas) == (None, ())
        assert {source.field for source in after.sources}.isdisjoint({"website", "issue_areas"})

    def test_a_missing_column_removes_nothing(self, walk: ImportSession) -> None:
        walk.import_all(walk.write_csv("list.csv", MESA | {"Website": "https://mesa.example.org"}))
        bare = walk.write_csv("list.csv", MESA, headings=("ID", "Organization", "City", "State"))
        assert nonzero_counts(walk.import_with_report(bare, "--clear-empty")) == {"unchanged": 1}


class TestEdits:
    @pytest.fixture
    def edited_list(self, walk: ImportSession) -> Path:
        walk.import_all(walk.write_csv("list.csv", MESA | {"Website": "https://mesa.example.org"}))
        walk.edit("Mesa Workers Center", website="https://ours.example.org")
        return walk.write_csv("list.csv", MESA | {"Website": "https://mesa.example.org/new"})

    def test_a_value_that_a_person_edited_is_kept_and_the_new_one_proposed(self, walk: ImportSession, edited_list: Path) -> None:
        for arguments in ((), ("--date", "2020-01-01")):
            report = walk.import_with_report(edited_list, "--apply", *arguments)
            (item,) = report["items"]
            assert (item["fate"], item["changes"]) == ("unchanged", [])
            new = "https://mesa.example.org/new"
            assert item["proposed"] == [{"field": "website", "old": "https://ours.example.org", "new": new}]
        assert walk.records["Mesa Workers Center"].website == "https://ours.example.org"

    def test_a_list_of_a_later_day_overrides_the_edit(self, walk: ImportSession, edited_list: Path) -> None:
        walk.import_all(edited_list, "--date", "2999-01-01")
        assert str(walk.records["Mesa Workers Center"].website).endswith("/new")

    def test_the_option_overwrite_edits_overrides_the_edit(self, walk: ImportSession, edited_list: Path) -> None:
        walk.import_all(edited_list, "--overwrite-edits")
        assert str(walk.records["Mesa Workers Center"].website).endswith("/new")


class TestVisibility:
    HEADINGS = ("ID", "Organization", "City", "State", "location.disclosure", "audience")

    def write_list(self, walk: ImportSession, disclosure: str, audience: str) -> Path:
        row = MESA | {"location.disclosure": disclosure, "audience": audience}
        return walk.write_csv("list.csv", row, headings=self.HEADINGS)

    def test_visibility_is_tightened_always_and_loosened_only_with_the_option(self, walk: ImportSession) -> None:
        walk.import_all(self.write_list(walk, "CITY", "PUBLIC"))
        walk.import_all(self.write_list(walk, "HIDDEN", "MEMBERS"))
        looser = self.write_list(walk, "EXACT", "PUBLIC")
        report = walk.import_with_report(looser, "--apply")
        (item,) = report["items"]
        assert item["fate"] == "refused"
        assert {problem["column"] for problem in item["problems"]} == {"audience", "location.disclosure"}
        record = walk.records["Mesa Workers Center"]
        assert (record.audience, record.sites[0].disclosure) == (Audience.MEMBERS, Disclosure.HIDDEN)
        walk.import_all(looser, "--loosen-visibility")
        record = walk.records["Mesa Workers Center"]
        assert (record.audience, record.sites[0].disclosure) == (Audience.PUBLIC, Disclosure.EXACT)


class TestDoubtful:
    def test_a_person_decides_about_doubtful_rows(self, walk: ImportSession) -> None:
        walk.import_all(walk.write_csv("known.csv", MESA, BAY))
        nameless = {"Organization": "Mesa Workers Center"}, {"Organization": "Bay Tenants Union"}
        path = walk.write_csv("second.csv", *nameless, headings=("Organization", "City"))
        preview = walk.seed(path)
        assert preview.exit_code == 1
        assert "Doubtful: may already exist (2)" in preview.output
        result = walk.seed(path, "--apply", "--interactive", stdin="\n3\n1\nlater\n")
        assert (
            "The same organization as: 1 for Mesa Workers Center; new for a new one (Enter to decide later, q to end)"
            in result.output
        )
        assert "'3' is not one of" in result.output
        assert "0 created, 1 changed, 0 unchanged, 1 doubtful" in result.output
        assert result.exit_code == 1
        assert walk.import_all(path, "--interactive", stdin="\nnew\n").exit_code == 0, "the first answer is remembered"
        assert set(walk.records) == {"Mesa Workers Center", "Bay Tenants Union"}
        with closing(Store.open(walk.url)) as store:
            assert set(store.load_slug_targets()) == {"mesa-workers-center", "bay-tenants-union", "bay-tenants-union-2"}

    def test_aborting_the_questions_writes_nothing(self, walk: ImportSession) -> None:
        walk.import_all(walk.write_csv("known.csv", MESA))
        path = walk.write_csv("second.csv", {"Organization": "Mesa Workers Center"}, BAY)
        assert walk.seed(path, "--apply", "--interactive", stdin="").exit_code == 1
        assert set(walk.records) == {"Mesa Workers Center"}


class TestProfiles:
    def test_a_profile_can_be_saved_corrected_and_reused(self, walk: ImportSession) -> None:
        path = walk.write_file("list.csv", "Organization,Lugar donde\nHafen,Atlanta\n")
        profile = walk.folder / "list.toml"
        assert 'Not imported: "Lugar donde"' in walk.seed(path, "--save-profile", profile).output
        again = walk.seed(path, "--save-profile", profile)
        assert again.exit_code == 2
        assert "already exists" in again.stderr
        profile.write_text(profile.read_text().replace('"Lugar donde" = ""', '"Lugar donde" = "location.city"'))
        walk.import_all(path)
        assert walk.records["Hafen"].sites[0].city == "Atlanta"


class TestPeople:
    def test_a_list_of_people_is_refused_unless_allowed(self, walk: ImportSession) -> None:
        path = walk.write_file("a.csv", "First name,Last name,Organization\nAna,Paz,Mesa\nBo,Li,Mesa\nCy,Ro,Mesa\n")
        refused = walk.seed(path, "--apply")
        assert refused.exit_code == 2
        assert "--allow-people" in refused.stderr
        assert walk.records == {}
        assert walk.seed(path, "--allow-people").exit_code in (0, 1)


def test_no_progress_is_shown_outside_a_terminal(walk: ImportSession) -> None:
    result = walk.import_all(
        walk.write_csv("list.csv", *({"ID": str(number), "Organization": f"Union {number}"} for number in range(300)))
    )
    assert result.stderr == ""
    assert "\r" not in result.output
    assert "\x1b" not in result.output


def test_a_city_without_a_state_changes_nothing_the_second_time(walk: ImportSession) -> None:
    path = walk.write_file("list.csv", "Organization,City\nHarbor Tenants Union,Savannah\n")
    walk.import_all(path)
    assert nonzero_counts(walk.import_with_report(path)) == {"unchanged": 1}
