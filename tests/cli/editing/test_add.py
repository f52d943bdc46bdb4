"""The command `add`: a new record as a text, with a look for duplicates."""

from pathlib import Path

import pytest

from cli.editing.edit_loop import NO_CHANGES
from directory.geo import Disclosure
from directory.records import RecordKind, StoredOrganization
from directory.store.store import Store
from tests.cli.command_runner import Run, make_runner
from tests.cli.editing.conftest import ALDER, UseEditor, load_street
from tests.cli.editing.editors import replace_line
from tests.cli.records_of_all_kinds import RECORDS, write

NAME = replace_line("# name =", 'name = "Harbor Tenants Union"')
PLACE = 'text = text.replace(\'# [[locations]]\', \'[[locations]]\\ncity = "Atlanta"\\nstate = "GA"\\nstreet = "12 Oak St"\')'
SHELTER = f"{NAME}; {PLACE}; " + replace_line("# issue_areas", 'issue_areas = ["gender-violence"]')


def find(store: Store, slug: str) -> StoredOrganization:
    return next(record for record, _ in store.load_organizations() if record.slug == slug)


def test_a_new_organization_is_one_change_on_both_engines(database_url: str, use_editor: UseEditor, private_files: Path) -> None:
    run = make_runner(database_url)
    write(database_url, ALDER)
    use_editor(SHELTER)
    result = run("add", "--reason", "joined", answer="y\n")
    assert result.exit_code == 0, result.output
    assert "  name\n    + Harbor Tenants Union\n" in result.output
    sentence = 'The place Atlanta: its street and exact point are not published. Seen by everyone: "GA".'
    assert f"  The organization will be public.\n  Seen by everyone: name, issue_areas.\n  {sentence}\n" in result.output
    assert "Written: Harbor Tenants Union (harbor-tenants-union), at revision 2." in result.output
    assert list(private_files.iterdir()) == []
    store = Store.open(database_url)
    record = find(store, "harbor-tenants-union")
    assert (record.name, record.sites[0].city, load_street(store, record)) == ("Harbor Tenants Union", "Atlanta", "12 Oak St")
    store.close()
    assert "directory add: joined (created)" in run("history", "harbor-tenants-union").output


def test_an_empty_text_adds_nothing(run: Run, store: Store, use_editor: UseEditor) -> None:
    use_editor("pass")
    assert run("add").output.startswith(NO_CHANGES)
    assert store.load_head().revision == 1


def test_a_disclosure_that_is_laxer_than_the_themes_needs_permission(run: Run, store: Store, use_editor: UseEditor) -> None:
    use_editor(f"{SHELTER}; text = text.replace('street = \"12', 'disclosure = \"EXACT\"\\nstreet = \"12')")
    result = run("add", "--yes")
    assert (result.exit_code, store.load_head().revision) == (2, 1)
    assert "This place would become more visible (HIDDEN to EXACT)." in result.output
    assert run("add", "--yes", "--loosen-visibility").exit_code == 0
    assert find(store, "harbor-tenants-union").sites[0].disclosure is Disclosure.EXACT


class TestDuplicates:
    ELSEWHERE = f"{NAME}; {PLACE}; text = text.replace('Atlanta', 'Savannah').replace('street = \"12 Oak St\"', '')"

    @pytest.fixture(autouse=True)
    def add_first(self, run: Run, use_editor: UseEditor) -> None:
        use_editor(f"{NAME}; {PLACE}")
        assert run("add", "--yes").exit_code == 0
        use_editor(self.ELSEWHERE)

    def test_a_possible_duplicate_is_shown_and_asked_about(self, run: Run, store: Store) -> None:
        refused = run("add", answer="n\nd\n")
        assert (
            "The directory may have this organization already:\n    Harbor Tenants Union (harbor-tenants-union)" in refused.output
        )
        assert (refused.exit_code, store.load_head().revision) == (1, 2)
        assert run("add", answer="y\ny\n").exit_code == 0
        assert store.load_head().revision == 3

    def test_without_questions_it_needs_its_option(self, run: Run, store: Store, private_files: Path) -> None:
        result = run("add", "--yes")
        assert (result.exit_code, store.load_head().revision) == (2, 2)
        assert "To add it as another organization, use --new." in result.stderr
        assert len(list(private_files.rglob("*.toml"))) == 1
        assert run("add", "--yes", "--new").exit_code == 0

    def test_what_is_in_the_directory_already_is_not_added(self, run: Run, store: Store, use_editor: UseEditor) -> None:
        use_editor(f"{NAME}; {PLACE}")
        result = run("add", "--yes")
        assert (result.exit_code, store.load_head().revision) == (2, 2)
        assert "The directory has this organization already (harbor-tenants-union)." in result.stderr


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        (RecordKind.COALITION, 'name = "Rent Circle"\n[[members]]\norganization = "harbor-tenants"', "coalition:rent-circle"),
        (
            RecordKind.EVENT,
            'name = "March"\nstarts_local = "2027-03-17 08:00"\ntime_zone = "America/New_York"',
            "event:march-2027-03-17",
        ),
        (RecordKind.INSTRUMENT, 'name = "A Treaty"\nkind = "TREATY"', "instrument:a-treaty"),
        (RecordKind.PROVISION, 'name = "Rest"\nnumber = "24"\ninstrument = "universal-declaration"', "provision:rest"),
    ],
)
def test_records_of_all_kinds_can_be_added(sqlite_url: str, tmp_path: Path, kind: RecordKind, text: str, key: str) -> None:
    run = make_runner(sqlite_url)
    write(sqlite_url, *RECORDS)
    file = tmp_path / "new.toml"
    file.write_text(text)
    result = run("add", "--kind", kind.noun, "--file", file, "--yes")
    assert result.exit_code == 0, result.output
    assert f"({key})" in result.output
    assert run("show", key).exit_code == 0
    assert run("add", "--kind", kind.noun, "--file", file, "--yes").exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id = "00000000-0000-4000-8000-000000000001"\nname = "A"', "Line 1: id: A new record has no id."),
        ('website = "https://a.example"', "name"),
        ('\nname = "A"\nsame_as = "alder"', "There is no such field"),
        ('name = "A"\ncontacts = 7', "Line 2: contacts: This must be a list."),
        ("name = ", "The text is not well-formed TOML"),
        ("", "name"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(run: Run, store: Store, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "new.toml"
    file.write_text(text)
    result = run("add", "--file", file, "--yes")
    assert (result.exit_code, store.load_head().revision) == (2, 1)
    assert said in result.stderr


def test_a_missing_file_is_named(run: Run, tmp_path: Path) -> None:
    assert (
        f"{tmp_path}/none.toml cannot be read: No such file or directory." in run("add", "--file", tmp_path / "none.toml").stderr
    )
