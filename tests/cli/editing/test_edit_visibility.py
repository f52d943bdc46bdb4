"""The command `edit`: who sees what is edited, and private streets, which no text shows."""

from pathlib import Path

import pytest

from cli.editing.edit_loop import NO_CHANGES
from directory.geo import Disclosure
from directory.records import Audience, MembershipStatus, StoredOrganization
from directory.store.store import Store
from tests.builders import a_membership, a_stored_organization
from tests.cli.command_runner import Run
from tests.cli.editing.conftest import ALDER, UseEditor, load_street
from tests.cli.editing.editors import RENAME, list_kept, read_seen, replace_line
from tests.directory.store.stored_organizations import (
    STREET,
    a_full_organization,
    a_stored_location,
    load_organization,
    put_organizations,
)


def load(store: Store) -> StoredOrganization:
    return load_organization(store, ALDER.id)


class TestVisibility:
    MAKE_PUBLIC = "text = text.replace('audience = \"MEMBERS\"', 'audience = \"PUBLIC\"')"
    SENTENCE = "The e-mail address ann@example.org becomes public. Until now it was visible to members and staff."

    @pytest.mark.parametrize(("answer", "revision"), [("n\nd\n", 1), ("y\nn\nd\n", 1), ("y\ny\n", 2)])
    def test_showing_more_needs_a_confirmation_of_its_own(
        self, run: Run, store: Store, use_editor: UseEditor, answer: str, revision: int
    ) -> None:
        use_editor(self.MAKE_PUBLIC)
        result = run("edit", "alder", answer=answer)
        assert self.SENTENCE in result.output
        assert "Show this to more people than now?" in result.output
        assert store.load_head().revision == revision

    @pytest.mark.parametrize(("options", "revision"), [((), 1), (("--loosen-visibility",), 2)])
    def test_without_questions_it_needs_its_option(
        self, run: Run, store: Store, use_editor: UseEditor, private_files: Path, options: tuple[str, ...], revision: int
    ) -> None:
        use_editor(self.MAKE_PUBLIC)
        result = run("edit", "alder", "--yes", *options)
        assert store.load_head().revision == revision
        assert ("--loosen-visibility" in result.stderr) is (revision == 1)
        assert len(list_kept(private_files)) == 2 - revision

    def test_a_line_that_is_left_out_shows_nothing_to_more_people(self, run: Run, store: Store, use_editor: UseEditor) -> None:
        quiet = a_stored_organization("Quiet", audience=Audience.STAFF, membership=a_membership(MembershipStatus.LAPSED))
        put_organizations(store, quiet)
        use_editor(
            "starts = ('audience', 'kind', 'status', '[memb'); "
            "text = '\\n'.join(line for line in text.split('\\n') if not line.startswith(starts))"
        )
        result = run("edit", quiet.id, "--yes")
        assert result.output.startswith(NO_CHANGES)
        assert load_organization(store, quiet.id).audience is Audience.STAFF

    def test_less_is_shown_without_a_second_question(self, run: Run, store: Store, use_editor: UseEditor) -> None:
        use_editor("text = text.replace('audience = \"PUBLIC\"', 'audience = \"STAFF\"')")
        result = run("edit", "alder", answer="y\n")
        assert "The organization is no longer public. It becomes visible to staff only." in result.output
        assert (load(store).audience, result.exit_code) == (Audience.STAFF, 0)

    def test_an_exact_place_in_the_town_of_a_removed_one_needs_a_confirmation(
        self, run: Run, store: Store, use_editor: UseEditor
    ) -> None:
        sites = (a_stored_location(disclosure=None), a_stored_location(disclosure=None))
        put_organizations(store, a_stored_organization("Cedar", sites=sites))
        place = '[[locations]]\nstate = "GA"\ncity = "Atlanta"\npostal_code = "30310"\nstreet = "9 Elm"\ndisclosure = "EXACT"\n'
        use_editor(f"text = text.partition('[[locations]]')[0] + {place!r}")
        result = run("edit", "cedar", answer="n\nd\n")
        assert "This place would become more visible (CITY to EXACT)." in result.output
        assert store.load_head().revision == 2


class TestPrivateStreets:
    """Readers get no private street, so the text shows none and must not lose it."""

    @pytest.mark.parametrize(
        ("step", "street"),
        [
            (RENAME, STREET),
            (replace_line("postal_code", 'postal_code = "30310"'), None),  # it moved
            (replace_line("county", "# county"), STREET),
            (replace_line("disclosure", 'disclosure = "STATE"'), STREET),
            (replace_line("# street", 'street = "9 New St"'), "9 New St"),
            (replace_line("# street", f'street = "{STREET.upper()}"'), STREET),
            (replace_line("# street", 'street = ""'), None),
            (
                replace_line("city", 'city = "Savannah"\n#')
                + "; text = text.replace('county =', '# county =').replace('postal_', '# ')",
                None,
            ),
        ],
    )
    def test_the_street_stays_until_the_text_says_otherwise(
        self, run: Run, store: Store, use_editor: UseEditor, tmp_path: Path, step: str, street: str | None
    ) -> None:
        use_editor(step)
        result = run("edit", "alder", "--yes")
        assert result.exit_code == 0, result.output
        shown = read_seen(tmp_path)
        assert STREET not in shown
        assert "# The street or point of 1 place is stored but not shown here" in shown
        assert load_street(store) == street
        assert STREET.lower() not in result.output.lower() or STREET.upper() in step

    def test_a_place_cannot_be_published_exactly_unseen(self, run: Run, store: Store, use_editor: UseEditor) -> None:
        use_editor(replace_line("disclosure", 'disclosure = "EXACT"'))
        result = run("edit", "alder", "--yes", "--loosen-visibility")
        assert (result.exit_code, store.load_head().revision) == (2, 1)
        assert "locations[0].disclosure: This place has a street or a point that is not shown here." in result.stderr

    def test_places_that_change_their_order_keep_their_streets(self, run: Run, store: Store, use_editor: UseEditor) -> None:
        full = a_full_organization()
        put_organizations(store, full)
        use_editor(
            "a, *b = text.split('[[locations]]'); text = a + '[[locations]]' + '[[locations]]'.join(b[1:2] + b[:1] + b[2:])"
        )
        result = run("edit", "full", "--yes", "--loosen-visibility")
        assert result.exit_code == 0, result.output
        with store.begin_read() as reading:
            before, after = (change.after for change in reading.load_history(full.id))
        assert before is not None
        assert after is not None
        assert {site.id: site.private for site in after.sites} == {site.id: site.private for site in before.sites}
        assert [site.id for site in after.sites] == [full.sites[1].id, full.sites[0].id, full.sites[2].id]
        assert full.sites[1].disclosure is Disclosure.EXACT
