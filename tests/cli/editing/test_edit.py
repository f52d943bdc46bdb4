"""The command `edit`: what a person does in an editor, what is shown and asked, and what is written."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.editing.edit_loop import NO_CHANGES
from directory.records import StoredRecord
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.cli.command_runner import Run, make_runner
from tests.cli.editing.conftest import ALDER, UseEditor, load_street
from tests.cli.editing.editors import RENAME, list_kept, read_seen, replace_line
from tests.cli.records_of_all_kinds import RECORDS, write
from tests.directory.store.stored_organizations import STREET, a_full_organization, load_organization, put_organizations


def load(store: Store) -> StoredRecord:
    return load_organization(store, ALDER.id)


def test_an_edit_is_one_change_in_the_ledger_on_both_engines(
    database_url: str, use_editor: UseEditor, private_files: Path, tmp_path: Path
) -> None:
    run = make_runner(database_url)
    write(database_url, ALDER)
    use_editor(f"{RENAME}; " + replace_line("# seeks =", 'seeks = "A van."'))
    result = run("edit", "alder", "--reason", "they wrote", answer="y\n")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[:7] == ["Changes:", "  name", "    - Alder", "    + Alder Grove", "  seeks", "    + A van.", ""]
    assert "  Seen by everyone: name, seeks." in lines
    assert lines[-1].endswith("Written: Alder Grove (alder), at revision 2. To undo it: directory undo 2")
    assert run("history", "alder").output.splitlines()[-1].endswith("directory edit: they wrote (name, seeks)")
    assert list_kept(private_files) == list(private_files.iterdir()) == []
    assert (tmp_path / "modes-0").read_text() == "0o600 0o700"
    assert run("undo", "2", "--yes").exit_code == 0
    store = Store.open(database_url)
    assert (load(store).name, load_street(store)) == ("Alder", STREET)
    assert find_ledger_inconsistencies(store) == []
    store.close()


@pytest.mark.parametrize("step", ["pass", "text += '# a comment\\n'", "text = text.replace('\\n', '\\r\\n')"])
def test_a_text_without_changes_writes_nothing(
    run: Run, store: Store, use_editor: UseEditor, private_files: Path, step: str
) -> None:
    use_editor(step)
    result = run("edit", "alder")
    assert (result.exit_code, store.load_head().revision) == (0, 1)
    assert result.output.startswith(NO_CHANGES)
    assert list(private_files.iterdir()) == []


class TestProblems:
    def test_a_refused_value_is_marked_at_its_line_and_the_editor_opens_again(
        self, run: Run, store: Store, use_editor: UseEditor, tmp_path: Path, private_files: Path
    ) -> None:
        wrong = 'issue_areas = ["housing", "evicted-trees"]'
        use_editor(f"{RENAME}; " + replace_line("issue_areas", wrong), replace_line("issue_areas", 'issue_areas = ["tenants"]'))
        result = run("edit", "alder", answer="e\ny\n")
        assert result.exit_code == 0, result.output
        lines = read_seen(tmp_path, 1).splitlines()
        assert lines[0] == "#! 1 place to look at. Lines that start with #! say what to do."
        mark = lines[lines.index(wrong) - 1]
        assert mark.startswith('#! issue_areas[1]: There is no issue area "evicted-trees".')
        assert load(store).issue_areas == ("tenants",)
        assert list(private_files.iterdir()) == []

    @pytest.mark.parametrize(
        ("step", "said", "line"),
        [
            (replace_line("name =", 'name = "Alder'), "The text is not well-formed TOML: Illegal", 'name = "Alder'),
            (replace_line("founded", "founded = 1991\nfounded = 1992"), "a field is stated twice", "founded = 1992"),
            (replace_line("founded", "fonded = 1991"), "fonded: There is no such field", "fonded = 1991"),
            (replace_line("name =", "# name"), "name: This field is required", "# name"),
            (replace_line("city =", "city = 7"), "locations[0].city: This must be text", "city = 7"),
            (
                replace_line("id =", f'id = "{an_id("Birch")}"'),
                "id: The id of a record never changes",
                f'id = "{an_id("Birch")}"',
            ),
        ],
    )
    def test_every_problem_is_said_and_marked(
        self, run: Run, store: Store, use_editor: UseEditor, tmp_path: Path, step: str, said: str, line: str
    ) -> None:
        use_editor(step, "pass")
        result = run("edit", "alder", answer="e\nd\n")
        assert said in result.stderr, result.output
        assert store.load_head().revision == 1
        lines = read_seen(tmp_path, 1).splitlines()
        marks = [position for position, line in enumerate(lines) if line.startswith("#! ") and said.partition(":")[0] in line]
        assert lines[marks[-1] + 1] == line or line == "# name"

    def test_a_slug_of_another_record_is_refused_when_it_is_written(
        self, run: Run, store: Store, use_editor: UseEditor, tmp_path: Path
    ) -> None:
        use_editor(replace_line("slug =", 'slug = "birch"'), "pass")
        run("edit", "alder", answer="y\ne\nn\nd\n")
        lines = read_seen(tmp_path, 1).splitlines()
        assert lines[lines.index('slug = "birch"') - 1].startswith("#! slug: ")
        assert store.load_head().revision == 1

    def test_a_stored_value_that_the_rules_refuse_today_does_not_prevent_another_edit(
        self, run: Run, store: Store, use_editor: UseEditor
    ) -> None:
        old = a_stored_organization("Old", founded=999, website="https://old.example/")
        put_organizations(store, old)
        use_editor(replace_line("website", "# website"))
        assert run("edit", "old", "--yes").exit_code == 0
        assert load_organization(store, old.id) == replace(old, website=None)
        use_editor(replace_line("founded", "founded = 998"))
        assert "founded: This must be 1600 or more." in run("edit", "old", "--yes").stderr

    @pytest.mark.parametrize("answer", ["", "k\n"])
    def test_without_a_person_the_text_is_kept_and_its_path_is_said(
        self, run: Run, store: Store, use_editor: UseEditor, private_files: Path, answer: str
    ) -> None:
        use_editor(f"{RENAME}; " + replace_line("founded", "founded = 'x'"))
        result = run("edit", "alder", answer=answer)
        assert (result.exit_code, store.load_head().revision) == (1 if answer else 2, 1)
        (kept,) = list_kept(private_files)
        assert f"Your text is kept in {kept}\nTo go on with it: directory edit alder --file {kept}\n" in result.stderr
        assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert 'name = "Alder Grove"' in kept.read_text()
        kept.write_text(kept.read_text().replace("founded = 'x'", "founded = 1990"))
        assert run("edit", "alder", "--file", kept, "--yes").exit_code == 0
        assert load(store).name == "Alder Grove"

    def test_a_declined_change_can_be_edited_again_or_discarded(
        self, run: Run, store: Store, use_editor: UseEditor, tmp_path: Path, private_files: Path
    ) -> None:
        use_editor(RENAME, "pass")
        result = run("edit", "alder", answer="n\ne\nn\nd\n")
        assert 'name = "Alder Grove"' in read_seen(tmp_path, 1)
        assert "The text is discarded." in result.output
        assert (result.exit_code, store.load_head().revision, list(private_files.iterdir())) == (1, 1, [])

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            ("text += '# ' + 'x' * 2_100_000", "more than 2 MiB"),
            ("path.write_bytes(b'name = \"\\xff\"'); raise SystemExit(0)", "not in UTF-8"),
            ("path.unlink(); raise SystemExit(0)", "cannot be read"),
            ("text = 'a.' * 60 + 'b = 1'", "more than 50 parts"),
        ],
    )
    def test_texts_that_cannot_be_read_are_refused(
        self, run: Run, store: Store, use_editor: UseEditor, step: str, said: str
    ) -> None:
        use_editor(step)
        result = run("edit", "alder", "--yes")
        assert (result.exit_code, store.load_head().revision) == (2, 1)
        assert said in result.stderr


class TestEditors:
    @pytest.mark.parametrize(
        ("command", "said"),
        [
            ("no-such-editor --wait", 'The editor "no-such-editor" was not found. Set the variable EDITOR'),
            ("/", 'The editor "/" cannot be started'),
            ("'open", "The variable EDITOR has a quotation mark that is not closed."),
            ("false", 'The editor "false" ended with the exit code 1'),
        ],
    )
    def test_an_editor_that_does_not_work_is_named_and_leaves_no_file(
        self, run: Run, use_editor: UseEditor, private_files: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str
    ) -> None:
        monkeypatch.setenv("EDITOR", command)
        result = run("edit", "alder")
        assert result.exit_code == 2
        assert said in result.stderr
        assert list(private_files.iterdir()) == []

    def test_a_text_is_kept_if_the_editor_fails_after_it_was_saved(
        self, run: Run, store: Store, use_editor: UseEditor, private_files: Path
    ) -> None:
        use_editor(f"{RENAME}; path.write_text(text); raise SystemExit(3)")
        result = run("edit", "alder")
        (kept,) = list_kept(private_files)
        assert (result.exit_code, store.load_head().revision) == (2, 1)
        assert 'name = "Alder Grove"' in kept.read_text()
        assert str(kept) in result.stderr

    def test_ctrl_c_in_the_editor_does_not_end_the_command(self, run: Run, store: Store, use_editor: UseEditor) -> None:
        use_editor(f"import signal; os.kill(os.getppid(), signal.SIGINT); {RENAME}")
        assert run("edit", "alder", "--yes").exit_code == 0
        assert load(store).name == "Alder Grove"

    def test_a_text_is_kept_if_the_database_fails(
        self, run: Run, store: Store, use_editor: UseEditor, private_files: Path, tmp_path: Path, sqlite_url: str
    ) -> None:
        use_editor(f"{RENAME}; pathlib.Path({sqlite_url.removeprefix('sqlite:///')!r}).write_text('no database')")
        result = run("edit", "alder", "--yes")
        (kept,) = list_kept(private_files)
        assert result.exit_code == 3
        assert f"Your text is kept in {kept}" in result.stderr

    def test_visual_goes_before_editor(
        self, run: Run, store: Store, use_editor: UseEditor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use_editor(RENAME)
        monkeypatch.setenv("VISUAL", "false")
        assert run("edit", "alder", "--yes").exit_code == 2

    def test_without_an_editor_the_message_says_what_to_set(
        self, run: Run, use_editor: UseEditor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("EDITOR", "")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "No text editor was found." in run("edit", "alder").stderr


class TestFiles:
    def test_a_printed_text_without_changes_changes_nothing_of_any_record(self, sqlite_url: str, tmp_path: Path) -> None:
        run = make_runner(sqlite_url)
        full = a_full_organization(parent=RECORDS[1].id)
        write(sqlite_url, *RECORDS, full)
        for record in (*RECORDS, full):
            text = run("edit", record.id, "--print").output
            assert f'street = "{STREET}"' not in text
            file = tmp_path / "text.toml"
            file.write_text(text)
            assert run("edit", record.id, "--file", file, "--yes").output == f"{NO_CHANGES}\n"

    def test_an_import_reads_the_text_and_finds_nothing_to_change(self, sqlite_url: str, tmp_path: Path) -> None:
        run = make_runner(sqlite_url)
        write(sqlite_url, *RECORDS)
        for key, kind in (
            ("harbor-tenants", "organizations"),
            ("coalition:upr-task-force", "coalitions"),
            ("event:vigil", "events"),
        ):
            file = tmp_path / "text.toml"
            file.write_text(run("edit", key, "--print").output)
            assert "1 row: 0 created, 0 changed, 1 unchanged" in run("seed", file, "--kind", kind).output

    def test_only_a_text_of_this_record_and_revision_is_written(self, run: Run, store: Store, tmp_path: Path) -> None:
        text = run("edit", "alder", "--print").output
        file = tmp_path / "text.toml"
        file.write_text('name = "Alder Grove"\n')
        assert "does not start with the line" in run("edit", "alder", "--file", file, "--yes").stderr
        file.write_text(text.replace('"Alder"', '"Alder Grove"'))
        assert "is the text of alder, not of birch" in run("edit", "birch", "--file", file, "--yes").stderr
        assert run("edit", "alder", "--file", file, "--yes").exit_code == 0
        again = run("edit", "alder", "--file", file, "--yes")
        assert (again.exit_code, store.load_head().revision) == (2, 2)
        assert "it shows revision 1, and the last change is revision 2" in again.stderr

    def test_problems_name_the_line_of_the_file(self, run: Run, store: Store) -> None:
        text = run("edit", "alder", "--print").output.replace("founded = 1990", "founded = 3000")
        result = run("edit", "alder", "--file", "-", "--yes", answer=text)
        line = text.split("\n").index("founded = 3000") + 1
        assert result.stderr.startswith(f"Line {line}: founded: This must be 2100 or less.")
        assert (result.exit_code, store.load_head().revision) == (2, 1)


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "said"),
        [
            ("aldr", 'There is no organization "aldr". Did you mean alder?'),
            ("coalition:x", 'There is no coalition "x". Give its slug'),
            ("x" * 101, "A slug or id has at most 100 characters, but this one has 101."),
            ("\x1b[31m", "\\x1b[31m"),
        ],
    )
    def test_an_unknown_key_is_answered_with_similar_ones(self, run: Run, key: str, said: str) -> None:
        result = run("edit", key, "--print")
        assert result.exit_code == 2
        assert said in result.stderr

    def test_members_of_a_coalition_are_shown_and_added_by_slug(
        self, sqlite_url: str, use_editor: UseEditor, tmp_path: Path
    ) -> None:
        run = make_runner(sqlite_url)
        write(sqlite_url, *RECORDS)
        use_editor('text += \'\\n[[members]]\\norganization = "all-together"\\nrole = "Host"\\n\'')
        result = run("edit", "coalition:upr-task-force", "--yes")
        assert 'organization = "river-workers"  # River Workers' in read_seen(tmp_path)
        assert "    + organization" not in result.output
        assert result.exit_code == 0, result.output
        assert "All Together" in run("show", "coalition:upr-task-force").output

    def test_a_new_slug_leaves_the_old_one_working(self, run: Run, use_editor: UseEditor) -> None:
        use_editor(replace_line("slug", 'slug = "alder-grove"'))
        assert "Written: Alder (alder-grove)" in run("edit", "alder", "--yes").output
        assert re.search(r'^slug = "alder-grove"$', run("edit", "alder", "--print").output, re.M)


def test_the_reason_is_limited(run: Run) -> None:
    assert "more than 500 characters" in run("edit", "alder", "--print", "--reason", "x" * 501).stderr
