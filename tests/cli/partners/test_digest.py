"""The command `digest`: its question, formats, outputs and exit codes."""

import datetime as dt
import re
import stat
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from directory.live import Directory
from directory.records import Audience, StoredOrganization
from directory.store.ledger.edits import Network, Put, Remove
from tests.builders import a_stored_organization
from tests.cli.command_runner import Run, make_runner

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST, LATER = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC), dt.datetime(2025, 7, 1, 12, tzinfo=dt.UTC)  # before any test runs
EARLY, SINCE = "2025-01-01", "2025-06-02"
NETWORK = a_stored_organization("All Together")
ASH, BIRCH, CEDAR = (a_stored_organization(name, issue_areas=("housing",)) for name in ("Ash", "Birch", "Cedar"))
NASTY = a_stored_organization('<script>alert(1)</script> & "Co" \u202e\x07', slug="nasty", issue_areas=("workers",))


@pytest.fixture
def run(sqlite_url: str) -> Run:
    with closing(Directory.open(sqlite_url)) as directory:
        network = Network(NETWORK.id, fictional=True)
        edits = [Put(one) for one in (NETWORK, ASH, BIRCH, CEDAR)]
        directory.write(edits, actor="test", now=FIRST, reason="test", network=network)
        later: list[Put | Remove] = [
            Put(replace(ASH, issue_areas=("housing", "tenants", "workers"), summary="New words.")),
            Put(replace(BIRCH, issue_areas=("workers",))),
            Put(NASTY),
            Remove(CEDAR.id),
        ]
        directory.write(later, actor="test", now=LATER, reason="test")
    return partial(make_runner(sqlite_url), "digest")


def read_feed(text: str) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    root = ElementTree.fromstring(text)  # noqa: S314 - written by us
    return root, root.findall(f"{ATOM}entry")


def test_the_text_says_what_changed(run: Run) -> None:
    result = run("--since", SINCE, "--words", "labor")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"All Together: changes since {SINCE}"
    result = run("--since", SINCE, "--search", "issue=workers")
    assert result.stdout.splitlines()[1:] == [
        "This is a fictional network: nothing in it is real.",
        "Understood as: Workers' rights",
        "New: 1",
        r'  <script>alert(1)</script> & "Co" \u202e\x07',
        "Matches now, but did not before: 2",
        "  Ash: summary changed; issue areas: added Tenants' rights and eviction, Workers' rights",
        "  Birch: issue areas: added Workers' rights (1 dropped)",
        "1 organization of the whole directory is no longer listed.",
    ]
    result = run("--since", SINCE, "--search", "issue=housing")
    assert result.stdout.splitlines()[3:] == [
        "Changed: 1",
        "  Ash: summary changed; issue areas: added Tenants' rights and eviction, Workers' rights",
        "Does not match any more: 1",
        "  Birch: issue areas: added Workers' rights (1 dropped)",
        "1 organization of the whole directory is no longer listed.",
    ]


def test_nothing_new_is_said(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.write([Put(ASH)], actor="test", now=FIRST, reason="test")
    run = partial(make_runner(sqlite_url), "digest")
    for name in ("text", "html", "atom"):
        result = run("--since", SINCE, "--format", name)
        assert result.exit_code == 1
        assert ("Nothing has changed." in result.stdout) == (name != "atom")
    assert read_feed(run("--since", SINCE, "--format", "atom").stdout)[1] == []


def test_everything_is_new_before_the_first_revision(run: Run) -> None:
    lines = run("--since", EARLY).stdout.splitlines()
    assert "New: 4" in lines
    assert not [line for line in lines if line.startswith(("Changed", "Matches", "Does not"))]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--since", "9999-01-01"], "9999-01-01 is in the future. Enter a day up to today, 20"),
        (["--since", "soon"], "'soon' is not a date. Write it as year-month-day, as in 2027-03-31."),
        ([], "Missing option '--since'."),
        (["--since", SINCE, "--search", "issue=no-such-area"], "no-such-area"),
        (["--since", SINCE, "--search", "coalition=no-such"], 'There is no coalition "no-such".'),
        (["--since", SINCE, "--base-url", "javascript:alert(1)"], "must start with https:// or http://"),
    ],
)
def test_what_cannot_be_used_is_refused(run: Run, arguments: list[str], sentence: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_a_page_is_escaped_and_has_no_script(run: Run) -> None:
    page = run("--since", SINCE, "--format", "html", "--base-url", "https://directory.example/").stdout
    assert "<script" not in page
    assert r"&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Co&quot; \u202e\x07" in page
    assert '<li><a href="https://directory.example/organizations/ash">Ash</a>: summary changed; issue areas: added ' in page
    assert "<h2>Changed (2)</h2>" in page
    assert "<p>1 organization of the whole directory is no longer listed.</p>" in page
    assert page.startswith("<!DOCTYPE html>")
    assert "<a " not in run("--since", SINCE, "--format", "html").stdout


def test_a_feed_has_what_rfc_4287_requires(run: Run) -> None:
    root, entries = read_feed(run("--since", SINCE, "--format", "atom", "--base-url", "https://directory.example").stdout)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            (child,) = element.findall(f"{ATOM}{name}")
            assert child.text
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{ATOM}updated") or "")
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or "")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "All Together"
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 4
    links = [link.attrib for entry in entries for link in entry.findall(f"{ATOM}link")]
    assert {"rel": "alternate", "href": "https://directory.example/organizations/nasty"} in links
    assert root.findtext(f"{ATOM}updated") == f"{LATER:%Y-%m-%dT%H:%M:%SZ}"


def test_ids_of_a_feed_depend_on_neither_the_day_nor_the_question(run: Run) -> None:
    def read_ids(*arguments: str) -> dict[str | None, str | None]:
        entries = read_feed(run(*arguments, "--format", "atom").stdout)[1]
        return {entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}id") for entry in entries}

    all_ids = read_ids("--since", SINCE)
    assert read_ids("--since", LATER.date().isoformat()) == all_ids
    assert read_ids("--since", SINCE, "--search", "issue=workers").items() <= all_ids.items()


def test_an_entry_gets_another_id_with_its_next_change(run: Run, sqlite_url: str) -> None:
    before = read_feed(run("--since", SINCE, "--format", "atom").stdout)[1]
    with closing(Directory.open(sqlite_url)) as directory:
        edits = [Put(replace(ASH, summary="Newer words."))]
        directory.write(edits, actor="test", now=LATER + dt.timedelta(hours=1), reason="test")
    after = read_feed(run("--since", SINCE, "--format", "atom").stdout)[1]
    changed = {entry.findtext(f"{ATOM}id") for entry in after} - {entry.findtext(f"{ATOM}id") for entry in before}
    assert len(changed) == 1


@pytest.mark.parametrize(("audience", "mode"), [("public", 0o644), ("members", 0o600), ("staff", 0o600)])
def test_a_file_that_is_not_public_is_private(run: Run, tmp_path: Path, audience: str, mode: int) -> None:
    file = tmp_path / "digest.html"
    result = run("--since", SINCE, "--format", "html", "--audience", audience, "--output", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert "Ash" in file.read_text()


def test_an_output_that_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("--since", SINCE, "--output", tmp_path / "no-folder" / "digest.txt")
    assert result.exit_code == 2
    assert "Cannot write" in result.stderr


def test_each_audience_gets_its_own(sqlite_url: str) -> None:
    hide: Callable[[StoredOrganization], StoredOrganization] = lambda one: replace(one, audience=Audience.MEMBERS)  # noqa: E731
    with closing(Directory.open(sqlite_url)) as directory:
        directory.write([Put(ASH)], actor="test", now=FIRST, reason="test")
        directory.write([Put(hide(BIRCH)), Put(hide(ASH))], actor="test", now=LATER, reason="test")
    run = partial(make_runner(sqlite_url), "digest", "--since", SINCE)
    public, members = run().stdout, run("--audience", "members").stdout
    assert "Birch" not in public
    assert "Ash" not in public
    assert "1 organization of the whole directory is no longer listed." in public
    assert "New: 1\n  Birch\n" in members


def test_long_lists_are_cut(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        records = [a_stored_organization(f"Member {number:02}", slug=f"m-{number:02}") for number in range(62)]
        directory.write([Put(one) for one in records[::-1]], actor="test", now=LATER, reason="test")
    lines = make_runner(sqlite_url)("digest", "--since", SINCE).stdout.splitlines()
    assert "New: 62" in lines
    assert lines[-2:] == ["  Member 49", "  and 12 more"]
