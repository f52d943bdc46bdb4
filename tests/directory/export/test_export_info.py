import pytest

from directory.errors import UnknownTerm
from directory.export.export_info import DEFAULT_TITLE, build_export_info, include_non_members, list_matches, list_visible
from directory.live import Directory
from directory.question import Page, Question, TermFilter
from directory.records import Audience, MembershipStatus
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Network, Put
from directory.store.store import Store
from tests.builders import NOW, a_membership, a_stored_organization, an_id


@pytest.fixture
def directory(store: Store) -> Directory:
    entries = [a_stored_organization(f"Union {number:03}", issue_areas=("housing",)) for number in range(130)]
    entries += [
        a_stored_organization("Prospect", issue_areas=("housing",), membership=a_membership(MembershipStatus.PROSPECT)),
        a_stored_organization("The Network", membership=a_membership(MembershipStatus.NONE)),
        a_stored_organization("Secret", audience=Audience.MEMBERS, issue_areas=("housing",)),
    ]
    edits = [Put(one) for one in entries]
    store.write(edits, actor="test", now=NOW, reason="test", network=Network(an_id("The Network")))
    return Directory(store)


@pytest.fixture
def public(directory: Directory) -> Snapshot:
    return directory.get_snapshot(Audience.PUBLIC)


HOUSING = Question(issue_areas=TermFilter(any_of=("housing",)), page=Page(first=3))


def test_all_visible_organizations_are_listed_by_name(directory: Directory, public: Snapshot) -> None:
    names = [one.name for one in list_visible(public)]
    assert names == sorted(names)
    assert {"Prospect", "The Network"} <= set(names)
    assert "Secret" not in names
    assert "Secret" in {one.name for one in list_visible(directory.get_snapshot(Audience.MEMBERS))}


def test_matches_include_all_pages(public: Snapshot) -> None:
    assert [one.name for one in list_matches(public, HOUSING)] == [f"Union {number:03}" for number in range(130)]
    assert len(list_matches(public, include_non_members(HOUSING))) == 131


def test_an_invalid_question_is_refused() -> None:
    with pytest.raises(UnknownTerm):
        Question(issue_areas=TermFilter(any_of=("housng",)))


def test_the_facts_about_an_export(public: Snapshot) -> None:
    info = build_export_info(public, NOW, "https://example.org/directory/")
    assert (info.title, info.audience, info.exported_at) == ("The Network", Audience.PUBLIC, NOW)
    assert (info.base_url, info.version, info.fictional) == ("https://example.org/directory", public.version, False)
    assert info.names[an_id("Prospect")] == "Prospect"
    assert an_id("Secret") not in info.names


def test_a_directory_without_a_network_has_a_default_title(sqlite_url: str) -> None:
    empty = Directory.open(sqlite_url)
    assert build_export_info(empty.get_snapshot(Audience.PUBLIC), NOW).title == DEFAULT_TITLE
    assert list_visible(empty.get_snapshot(Audience.PUBLIC)) == []
    empty.close()
