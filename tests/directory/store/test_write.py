"""One write is one transaction and one revision, or nothing."""

import datetime as dt
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, Conflict, DirectoryError, NotFound
from directory.records import (
    Audience,
    Identifier,
    PrivatePlace,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredOrganization,
)
from directory.slugs import is_private_slug
from directory.store.ledger.edits import EditOutcome, Network, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.store.write import Edits
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    a_stored_location,
    load_organization,
    put_organizations,
)


def write(store: Store, edits: Edits, network: Network | None = None) -> object:
    return store.write(edits, actor="tester", now=LATER, reason="a test", network=network)


def refused(store: Store, edits: Edits, network: Network | None = None) -> DirectoryError:
    """The refusal, after it was seen that nothing of the write was written."""
    before = store.load_head(), list(store.load_organizations()), store.load_slug_targets()
    with pytest.raises(DirectoryError) as told:
        write(store, edits, network)
    assert (store.load_head(), list(store.load_organizations()), store.load_slug_targets()) == before
    assert find_ledger_inconsistencies(store) == []
    return told.value


def test_each_write_raises_the_revision_by_one(store: Store) -> None:
    assert put_organizations(store, a_stored_organization("A"), a_stored_organization("B")).revision == 1
    assert put_organizations(store, a_stored_organization("C")).revision == 2
    assert [stamps.revision for _, stamps in store.load_organizations()] == [1, 1, 2]


def test_an_edit_that_changes_nothing_leaves_the_others_to_change(store: Store) -> None:
    one, other = a_stored_organization("One"), a_stored_organization("Other")
    put_organizations(store, one, other)
    receipt = put_organizations(store, one, replace(other, summary="New."))
    assert [written.outcome for written in receipt.results] == [EditOutcome.UNCHANGED, EditOutcome.CHANGED]
    assert receipt.count(EditOutcome.CHANGED) == 1
    assert len(store.load_history(one.id)) == 1


def test_a_write_of_nothing_is_no_revision(store: Store) -> None:
    assert store.write([], actor="tester", now=NOW, reason="a test").revision == 0


def test_a_stale_edit_is_a_conflict_and_nothing_of_its_write_is_written(store: Store) -> None:
    entry = a_stored_organization("A")
    put_organizations(store, entry)
    put_organizations(store, replace(entry, summary="Second."))
    for stale in (Put(replace(entry, summary="Third."), 1), Remove(entry.id, 1), Put(entry, 0)):
        told = refused(store, [Put(a_stored_organization("New")), stale])
        assert isinstance(told, Conflict)
        assert told.params["current"] == 2


def test_an_edit_of_the_revision_that_was_read_is_written(store: Store) -> None:
    entry = a_stored_organization("A")
    put_organizations(store, entry)
    put_organizations(store, a_stored_organization("B"))
    write(store, [Put(replace(entry, summary="New."), 1)])
    assert load_organization(store, entry.id).summary == "New."
    write(store, [Put(a_stored_organization("C"), 0), Remove(entry.id, 3)])
    assert {found.name for found, _ in store.load_organizations()} == {"B", "C"}


def test_an_edit_of_what_was_removed_is_a_conflict(store: Store) -> None:
    told = refused(store, [Put(a_stored_organization("A"), 7)])
    assert isinstance(told, Conflict)
    assert told.params["current"] is None


def test_removing_what_is_not_there_is_refused(store: Store) -> None:
    assert isinstance(refused(store, [Remove(an_id("nobody"))]), NotFound)


def test_a_removed_organization_can_come_back_under_its_id_and_slug(store: Store) -> None:
    entry = a_full_organization()
    put_organizations(store, entry)
    write(store, [Remove(entry.id)])
    assert list(store.load_organizations()) == []
    assert put_organizations(store, entry).results[0].outcome is EditOutcome.CREATED
    assert find_ledger_inconsistencies(store) == []


def test_a_former_slug_of_a_public_record_is_not_given_to_another(store: Store) -> None:
    entry = a_stored_organization("A", slug="first")
    put_organizations(store, entry)
    put_organizations(store, replace(entry, slug="second"))
    for taken in ("first", "second"):
        assert refused(store, [Put(a_stored_organization("B", slug=taken))]).params["argument"] == "slug"


def test_a_slug_is_not_given_to_another_in_the_write_that_gives_it_up(store: Store) -> None:
    entry = a_stored_organization("A", slug="first")
    put_organizations(store, entry)
    edits = [Put(replace(entry, slug="second")), Put(a_stored_organization("B", slug="first"))]
    assert refused(store, edits).params["argument"] == "slug"


def test_a_slug_is_known_to_the_widest_audience_that_saw_the_record_under_it(store: Store) -> None:
    entry = a_stored_organization("A", slug="jane-doe-safe-house", audience=Audience.STAFF)
    put_organizations(store, entry, a_stored_organization("B", slug="b"))
    put_organizations(store, replace(entry, slug="second"))
    put_organizations(store, replace(entry, slug="second", audience=Audience.PUBLIC))
    put_organizations(store, replace(entry, slug="third", audience=Audience.MEMBERS))
    put_organizations(store, replace(entry, slug="second", audience=Audience.MEMBERS))
    known = {audience: plain(store.load_slug_targets(audience)) - {"b"} for audience in Audience}
    assert known == {
        Audience.PUBLIC: {"second"},
        Audience.MEMBERS: {"second", "third"},
        Audience.STAFF: {"jane-doe-safe-house", "second", "third"},
    }
    with store.begin_read() as reading:
        assert reading.load_slug_targets(Audience.PUBLIC, [entry.id]) == {"second": entry.id}
        assert reading.load_slug_targets(Audience.PUBLIC, []) == {}
    assert find_ledger_inconsistencies(store) == []


def plain(slugs: Iterable[str]) -> set[str]:
    return {slug for slug in slugs if not is_private_slug(slug)}


def test_an_organization_gets_its_old_slug_back(store: Store) -> None:
    entry = a_stored_organization("A", slug="first")
    for slug in ("first", "second", "first"):
        put_organizations(store, replace(entry, slug=slug))
    assert load_organization(store, entry.id).slug == "first"


def test_one_identifier_is_one_organization_s(store: Store) -> None:
    number = (Identifier("US-EIN", "52-1633883"),)
    put_organizations(store, a_stored_organization("A", identifiers=number))
    told = refused(store, [Put(a_stored_organization("B", identifiers=number))])
    assert "US-EIN 52-1633883" in told.user_message
    put_organizations(store, a_stored_organization("B", identifiers=(Identifier("GB-CHC", "52-1633883"),)))


def test_two_of_one_write_cannot_share_a_slug_an_identifier_or_a_site(store: Store) -> None:
    site = a_stored_location()
    for shared in ({"slug": "same"}, {"identifiers": (Identifier("US-EIN", "1"),)}, {"sites": (site,)}):
        assert isinstance(
            refused(store, [Put(a_stored_organization("A", **shared)), Put(a_stored_organization("B", **shared))]), BadInput
        )


def test_a_site_of_another_organization_is_refused(store: Store) -> None:
    site = a_stored_location()
    put_organizations(store, a_stored_organization("A", sites=(site,)))
    assert refused(store, [Put(a_stored_organization("B", sites=(site,)))]).params["argument"] == "sites"


def test_two_new_organizations_may_refer_to_each_other(store: Store) -> None:
    one, other = an_id("One"), an_id("Other")
    relation = Relation(RelationKind.PARTNER, one)
    put_organizations(store, a_stored_organization("One", parent=other), a_stored_organization("Other", relations=(relation,)))
    assert (load_organization(store, one).parent, load_organization(store, other).relations) == (other, (relation,))


def test_a_reference_that_leads_nowhere_is_refused(store: Store) -> None:
    gone = an_id("nobody")
    assert "Add it first" in refused(store, [Put(a_stored_organization("A", parent=gone))]).user_message
    assert (
        "Add it first"
        in refused(store, [Put(a_stored_organization("A", relations=(Relation(RelationKind.HOST, gone),)))]).user_message
    )


def test_what_others_refer_to_is_removed_only_with_the_references(store: Store) -> None:
    parent, child = a_stored_organization("Parent"), a_stored_organization("Child", parent=an_id("Parent"))
    friend = a_stored_organization("Friend", relations=(Relation(RelationKind.SISTER, parent.id),))
    put_organizations(store, parent, child, friend)
    assert refused(store, [Remove(parent.id)]).params["organization"] in {"child", "friend"}
    assert isinstance(refused(store, [Remove(parent.id), Put(replace(child, summary="x")), Remove(friend.id)]), BadInput)
    write(store, [Remove(parent.id), Put(replace(child, parent=None)), Remove(friend.id)])
    assert [entry.id for entry, _ in store.load_organizations()] == [child.id]


def test_one_organization_is_edited_once_in_a_write(store: Store) -> None:
    assert isinstance(refused(store, [Put(a_stored_organization("A")), Remove(an_id("A"))]), BadInput)


SOUND = a_stored_organization("Sound")
UNSOUND: dict[str, StoredOrganization] = {
    "id": replace(SOUND, id=SOUND.id.upper()),
    "slug": replace(SOUND, slug="No Slug"),
    "name": replace(SOUND, name="  "),
    "founded": replace(SOUND, founded=19710),
    "verified_at": replace(SOUND, verified_at=dt.datetime(2026, 1, 1)),  # noqa: DTZ001 - that is the fault
    "issue_areas": replace(SOUND, issue_areas=("housing", "housing")),
    "service_areas": replace(SOUND, service_areas=("US", "US")),
    "identifiers": replace(SOUND, identifiers=(Identifier("A", "1"), Identifier("A", "1"))),
    "contacts": replace(SOUND, contacts=(StoredContact(languages=("en us",)),)),
    "sites": replace(SOUND, sites=(replace(a_stored_location(), id="1"),)),
    "parent": replace(SOUND, parent=SOUND.id),
    "sources": replace(SOUND, sources=(Source("name", "A list", row=2**31),)),
    "relations": replace(SOUND, relations=(Relation(RelationKind.HOST),)),
}


UNSOUND_TOO: list[tuple[str, StoredOrganization]] = [
    ("founded", replace(SOUND, founded=0)),
    ("founded", replace(SOUND, founded=-5)),
    ("sources", replace(SOUND, sources=(Source("name", "A list", row=0),))),
    ("sites", replace(SOUND, sites=(a_stored_location(county="US-GA"),))),
    ("sites", replace(SOUND, sites=(a_stored_location(county="US-GA-999"),))),
    ("relations", replace(SOUND, relations=(Relation(RelationKind.HOST, an_id("Fine"), actor="Both"),))),
    ("relations", replace(SOUND, relations=(Relation(RelationKind.HOST, SOUND.id),))),
]


@pytest.mark.parametrize(("argument", "entry"), UNSOUND_TOO)
def test_the_edges_of_what_a_table_could_keep(sqlite_store: Store, argument: str, entry: StoredOrganization) -> None:
    assert refused(sqlite_store, [Put(a_stored_organization("Fine")), Put(entry)]).params["argument"] == argument
    put_organizations(sqlite_store, a_stored_organization("First", founded=1), a_stored_organization("Last", founded=9999))


@pytest.mark.parametrize("argument", UNSOUND)
def test_what_no_table_could_keep_is_refused_by_its_field(sqlite_store: Store, argument: str) -> None:
    told = refused(sqlite_store, [Put(a_stored_organization("Fine")), Put(UNSOUND[argument])])
    assert isinstance(told, BadInput)
    assert told.params["argument"] == argument


@pytest.mark.parametrize(
    "site",
    [
        {"county": "US-GA-999"},
        {"county": "US-GA"},
        {"county": "Fulton County"},
        {"county": ""},
        {"postal_code": "30312-1234"},
        {"postal_code": "３０３１２"},
        {"postal_code": "3031"},
        {"postal_code": "30312\n"},
        {"postal_code": ""},
    ],
)
def test_a_place_is_in_a_county_and_has_a_zip_code_of_five_digits(sqlite_store: Store, site: dict[str, str]) -> None:
    told = refused(sqlite_store, [Put(a_stored_organization("A", sites=(a_stored_location(**site),)))])
    assert told.params["argument"] == "sites"
    abroad = a_stored_location(country="NL", state=None, county=None, postal_code="1016 GV 267")
    put_organizations(sqlite_store, a_stored_organization("A", sites=(abroad,)))


@pytest.mark.parametrize("text", ["zero \x00", "half \ud800", "back \\\x00"])
def test_what_is_no_text_is_refused(store: Store, text: str) -> None:
    assert isinstance(refused(store, [Put(a_stored_organization("A", summary=text))]), BadInput)
    hidden = replace(a_stored_location(), private=PrivatePlace(street=text))
    assert isinstance(refused(store, [Put(a_stored_organization("A", sites=(hidden,)))]), BadInput)


def test_a_backslash_and_a_code_in_words_are_text(store: Store) -> None:
    entry = a_stored_organization("A", summary="the code \\u0000 in words")
    put_organizations(store, entry)
    assert load_organization(store, entry.id) == entry


def test_the_time_of_a_change_needs_a_zone(sqlite_store: Store) -> None:
    with pytest.raises(BadInput):
        sqlite_store.write([Put(SOUND)], actor="tester", now=dt.datetime(2026, 1, 1), reason="a test")  # noqa: DTZ001


def test_a_function_reads_and_writes_in_one_transaction(store: Store) -> None:
    entry = a_stored_organization("A", founded=1)
    put_organizations(store, entry)

    def one_more(reading: ReadTransaction) -> list[Put]:
        (found,) = reading.load_organizations([entry.id])
        return [Put(replace(found[0], founded=(found[0].founded or 0) + 1), found[1].revision)]

    for _ in range(3):
        write(store, one_more)
    assert load_organization(store, entry.id).founded == 4


def test_the_network_is_named_in_a_revision_of_its_own_or_with_edits(store: Store) -> None:
    own = a_stored_organization("Network")
    write(store, [Put(own)], Network(own.id, fictional=True))
    assert (store.load_head().network_id, store.load_head().fictional, store.load_head().revision) == (own.id, True, 1)
    write(store, [], Network(own.id, fictional=True))
    assert store.load_head().revision == 1
    write(store, [], Network(own.id))
    assert (store.load_head().fictional, store.load_head().revision) == (False, 2)
    assert find_ledger_inconsistencies(store) == []


def test_the_network_is_a_record_that_is_there(store: Store) -> None:
    own = a_stored_organization("Network")
    assert isinstance(refused(store, [], Network(own.id)), BadInput)
    write(store, [Put(own)], Network(own.id))
    assert isinstance(refused(store, [Remove(own.id)]), BadInput)
    write(store, [Remove(own.id)], Network())
    assert store.load_head().network_id is None
