"""The command `due`: who is due, how to reach them, and letters that never have anything private."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.verification.letter import load_texts
from directory.drafts.organization_draft import OrganizationDraft
from directory.geo import Disclosure
from directory.records import Audience, PrivatePlace, Relation, RelationKind, Source, StoredContact
from directory.store.ledger.edits import Remove
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.cli.command_runner import Run, make_runner
from tests.directory.store.stored_organizations import (
    PUBLISHED_STREET,
    STREET,
    a_full_organization,
    a_stored_location,
    an_exact_location,
    put_organizations,
)

REPLY = ("--reply-to", "PO Box 1, Atlanta <x@example.org>")
NOT_IN_LETTERS = {"slug", "audience", "search_engines", "verified_at", "verification_method", "relations", "sources"}
PRIVATE = ("Jane Roe", "jane.roe@example.org", "555-0199", STREET, "Secret Circle", "Quiet House", "night line", "ann", "STAFF")
OPEN = a_stored_organization(
    "Open House",
    languages=("es", "en"),
    sites=(an_exact_location(), a_stored_location(disclosure=Disclosure.CITY)),
    contacts=(
        StoredContact(role="Office", phone="+14045550100", phone_extension="7", audience=Audience.PUBLIC),
        StoredContact(name="Jane Roe", email="jane.roe@example.org", phone="+14045550199"),
        StoredContact(role="night line", email="night@example.org", audience=Audience.STAFF),
    ),
    parent=an_id("Quiet House"),
    relations=(Relation(RelationKind.PARTNER, organization=an_id("Quiet House")),),
    sources=(Source("contacts", "Letter of Jane Roe"), Source("name", "An old list")),
)
SHELTER = a_stored_organization(
    "Shelter", issue_areas=("gender-violence",), sites=(a_stored_location(),), website="https://s.example/"
)
QUIET = a_stored_organization(
    "Quiet House", audience=Audience.MEMBERS, contacts=(StoredContact(role="Office", phone="+14045550111"),)
)
HIDDEN = a_stored_organization("Secret Circle", hidden_since=NOW)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = Store.open(sqlite_url)
    store.migrate()
    put_organizations(store, OPEN, SHELTER, QUIET, HIDDEN, actor="ann")
    yield store
    store.close()


@pytest.fixture
def run(store: Store, sqlite_url: str) -> Run:
    return make_runner(sqlite_url)


def list_slugs(run: Run, *options: str) -> list[str]:
    return [record["name"] for record in json.loads(run("due", "--json", *options).output)]


class TestList:
    def test_shows_how_to_reach_each_by_what_is_published(self, run: Run) -> None:
        result = run("due")
        assert result.exit_code == 0
        lines = {line.split("  ")[0].strip(): line for line in result.output.splitlines()}
        assert "never" in lines["open-house"]
        assert f"(404) 555-0100, extension 7; {PUBLISHED_STREET}, Atlanta, GA, 30303" in lines["open-house"]
        assert lines["shelter"].endswith("https://s.example/") or "https://s.example/" in lines["shelter"]
        assert all("not public" in line for slug, line in lines.items() if slug.startswith(("quiet", "secret")))
        assert not [word for word in ("Jane", "jane.roe", "0199", "0111", STREET) if word in result.output]

    @pytest.mark.parametrize("columns", [60, 80, 120])
    def test_a_slug_is_never_broken(self, run: Run, store: Store, columns: int) -> None:
        name = "National Network for Immigrant and Refugee Rights"
        put_organizations(store, a_stored_organization(name, website="https://n.example/"))
        lines = run("due", columns=columns).output.splitlines()
        (line,) = (line for line in lines if "national-network-for-immigrant-and-refugee-rights" in line)
        assert line.startswith("national")
        assert max(map(len, lines)) <= columns

    def test_shows_when_and_how_a_record_was_verified(self, run: Run, store: Store) -> None:
        put_organizations(store, a_full_organization(verified_at=NOW.replace(year=2020)))
        assert re.search(r"2020-06-01 by visit, [\d,]+ days ago", run("due", "--all").output)

    @pytest.mark.parametrize(
        ("way", "names"),
        [
            ("phone", ["Open House"]),
            ("email", []),
            ("website", ["Shelter"]),
            ("post", ["Open House"]),
            ("none", ["Quiet House", "Secret Circle"]),
        ],
    )
    def test_by_contact_keeps_those_that_can_be_reached_in_this_way(self, run: Run, way: str, names: list[str]) -> None:
        assert list_slugs(run, "--by-contact", way) == names
        if not names:
            assert (
                run("due", "--by-contact", way).output == "No record that is due for verification can be reached in this way.\n"
            )

    def test_limit_keeps_the_most_overdue(self, run: Run) -> None:
        assert list_slugs(run, "--limit", "2") == ["Open House", "Quiet House"]

    def test_json_has_the_ways(self, run: Run) -> None:
        first = json.loads(run("due", "--json").output)[0]
        assert first["reach"]["phone"] == "(404) 555-0100, extension 7"
        assert first["slug"] == "open-house"

    def test_nothing_due(self, run: Run, store: Store, tmp_path: Path) -> None:
        ids = [record.id for record, _ in store.load_organizations()]
        store.write([Remove(id) for id in ids], actor="ann", now=NOW, reason="gone")
        assert run("due").output == "No record is due for verification.\n"
        letters = run("due", "--letters", tmp_path / "l.md", *REPLY)
        assert letters.output == "No record is due for verification.\n"
        assert list(tmp_path.glob("l.md")) == []


class TestLetters:
    def test_a_folder_gets_one_numbered_file_for_each(self, run: Run, tmp_path: Path) -> None:
        folder = tmp_path / "letters"
        result = run("due", "--letters", folder, *REPLY, "--deadline", "2999-03-31")
        assert result.exit_code == 0, result.output
        assert [file.name for file in sorted(folder.iterdir())] == ["1-open-house.md", "2-shelter.md"]
        first, second = (file.read_text() for file in sorted(folder.iterdir()))
        assert first.startswith(f"Carta 1 de 2\n\nOpen House  \n{PUBLISHED_STREET}  \nAtlanta, GA 30303\n")
        assert "Por favor, respondan antes del 31 de marzo de 2999 a: PO Box 1, Atlanta \\<x@example.org\\>" in first
        assert second.startswith("Letter 2 of 2\n\nShelter  \n(street)  \nGA\n")
        assert "Please reply by March 31, 2999" in second
        assert "| Where you are | GA |" in second
        assert "Nothing is published about: Summary, Founded" in second
        assert f"2 letters: {folder}" in result.output
        assert "No letter for 2 organizations that the public does not see. Ask them in person: quiet-house-" in result.output
        assert (folder.stat().st_mode & 0o777, (folder / "1-open-house.md").stat().st_mode & 0o777) == (0o700, 0o600)

    @pytest.mark.parametrize("name", ["letters.md", "letters.html"])
    def test_nothing_that_strangers_do_not_see_is_in_a_letter(self, run: Run, tmp_path: Path, name: str) -> None:
        run("due", "--letters", tmp_path / name, *REPLY)
        text = (tmp_path / name).read_text()
        assert "Open House" in text
        assert PUBLISHED_STREET in text
        assert not [word for word in PRIVATE if re.search(rf"\b{re.escape(word)}\b", text)]

    def test_a_letter_stays_the_same_when_a_private_street_moves(self, run: Run, store: Store, tmp_path: Path) -> None:
        run("due", "--letters", tmp_path / "before.html", *REPLY)
        moved = replace(OPEN.sites[1], private=PrivatePlace("9 Other Street"))
        put_organizations(store, replace(OPEN, sites=(OPEN.sites[0], moved)))
        run("due", "--letters", tmp_path / "after.html", *REPLY)
        assert (tmp_path / "before.html").read_bytes() == (tmp_path / "after.html").read_bytes()

    def test_texts_of_records_are_shown_as_they_are(self, run: Run, store: Store, tmp_path: Path) -> None:
        nasty = "<script>alert(1)</script> | *bold* [a](b) `c` \x0b"
        put_organizations(store, a_stored_organization("Nasty", summary=nasty))
        run("due", "--letters", tmp_path / "l.html", *REPLY)
        run("due", "--letters", tmp_path / "l.md", *REPLY)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; | *bold*" in (tmp_path / "l.html").read_text()
        assert r"\<script\>alert(1)\</script\> \| \*bold\* \[a\](b) \`c\`" in (tmp_path / "l.md").read_text()

    @pytest.mark.parametrize(("language", "title"), [("en", "Is your entry"), ("es", "¿Sigue siendo correcta")])
    def test_a_language_can_be_chosen(self, run: Run, tmp_path: Path, language: str, title: str) -> None:
        run("due", "--letters", tmp_path / "l.html", *REPLY, "--language", language)
        text = (tmp_path / "l.html").read_text()
        assert text.count(f"<h1>{title}") == text.count('<section class="letter"') == 2
        assert text.count(f'lang="{language}"') == 3

    def test_by_default_the_language_is_that_of_the_record(self, run: Run, tmp_path: Path) -> None:
        run("due", "--letters", tmp_path / "l.html", *REPLY)
        assert re.findall(r'<section class="letter" lang="(..)">', (tmp_path / "l.html").read_text()) == ["es", "en"]

    def test_every_text_is_there_in_both_languages(self) -> None:
        english, spanish = load_texts("en"), load_texts("es")
        assert english.keys() == spanish.keys()
        assert english["fields"].keys() == spanish["fields"].keys()
        assert [text.count("{") for text in english.values() if isinstance(text, str)] == [
            text.count("{") for text in spanish.values() if isinstance(text, str)
        ]
        missing = set(OrganizationDraft.model_fields) - english["fields"].keys()
        assert missing == NOT_IN_LETTERS


class TestRefusals:
    @pytest.mark.parametrize(
        ("target", "options", "said"),
        [
            ("l.pdf", REPLY, "Letters are written as Markdown or HTML. To make a PDF"),
            ("l.docx", REPLY, "Name a folder, or a file that ends in .md or .html, not l.docx."),
            ("l.md", (), "Say where organizations reply: --reply-to TEXT"),
            ("l.md", ("--reply-to", " "), "Say where organizations reply"),
            ("l.md", ("--reply-to", "x" * 301), "--reply-to has more than 300 characters."),
            ("l.md", (*REPLY, "--deadline", "2020-01-01"), "The deadline 2020-01-01 is not in the future."),
            ("missing/l.md", REPLY, "Cannot write"),
        ],
    )
    def test_options_that_cannot_be_used(
        self, run: Run, tmp_path: Path, target: str, options: tuple[str, ...], said: str
    ) -> None:
        result = run("due", "--letters", tmp_path / target, *options)
        assert result.exit_code == 2
        assert said in result.stderr
        assert not (tmp_path / target).exists()

    def test_a_folder_with_files_is_not_mixed(self, run: Run, tmp_path: Path) -> None:
        folder = tmp_path / "old"
        folder.mkdir()
        (folder / "1-birch.md").write_text("old")
        assert "has files already." in run("due", "--letters", folder, *REPLY).stderr
        assert (folder / "1-birch.md").read_text() == "old"

    def test_only_organizations_that_are_not_public(self, run: Run, store: Store, tmp_path: Path) -> None:
        store.write([Remove(OPEN.id), Remove(SHELTER.id)], actor="ann", now=NOW, reason="gone")
        result = run("due", "--letters", tmp_path / "l.md", *REPLY)
        assert result.output.startswith("No letter was written: the public sees none of the organizations that are due.\n")
        assert not (tmp_path / "l.md").exists()
