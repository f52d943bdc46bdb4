import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.json import encode
from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision
from directory.publish import ChangeKind, classify_change, publish
from directory.records import (
    Audience,
    Organization,
    PrivatePlace,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
DOOR = PrivatePlace("12 Peachtree St NE", Point(33.7571, -84.3880))

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


def an_entry(**fields: Any) -> StoredOrganization:
    return StoredOrganization(**{"id": ID, "slug": "tenants-union", "name": "Tenants Union", **fields})


def a_site(**fields: Any) -> StoredLocation:
    atlanta = {"state": "US-GA", "county": "US-GA-121", "city": "Atlanta", "postal_code": "30312"}
    return StoredLocation(**{"id": "site", "known": Precision.EXACT, "private": DOOR, **atlanta, **fields})


def published(
    entry: StoredOrganization, audience: Audience = PUBLIC, visible: Callable[[str], bool] = lambda _: True
) -> Organization:
    organization = publish(entry, audience, NOW, visible)
    assert organization is not None
    return organization


# ---------------------------------------------------------------- audiences


@pytest.mark.parametrize(
    ("shown_to", "seen_by"),
    [(PUBLIC, {PUBLIC, MEMBERS, STAFF}), (MEMBERS, {MEMBERS, STAFF}), (STAFF, {STAFF})],
)
def test_an_organization_exists_for_its_audience_alone(shown_to: Audience, seen_by: set[Audience]) -> None:
    entry = an_entry(audience=shown_to)
    assert {audience for audience in Audience if publish(entry, audience, NOW, lambda _: True)} == seen_by


def test_contacts_are_shown_to_their_audience_and_do_not_tell_it() -> None:
    contacts = tuple(StoredContact(role=audience, audience=audience) for audience in Audience)
    entry = an_entry(contacts=contacts)
    assert [contact.role for contact in published(entry, PUBLIC).contacts] == ["PUBLIC"]
    assert [contact.role for contact in published(entry, MEMBERS).contacts] == ["PUBLIC", "MEMBERS"]
    assert [contact.role for contact in published(entry, STAFF).contacts] == ["PUBLIC", "MEMBERS", "STAFF"]
    assert b"audience" not in encode(published(entry, STAFF))


def test_a_contact_without_an_audience_is_for_members() -> None:
    assert published(an_entry(contacts=(StoredContact(name="A. Person"),))).contacts == ()


def test_references_to_what_is_not_seen_are_not_there() -> None:
    to_other = Relation(RelationKind.SISTER, organization=OTHER)
    to_actor = Relation(RelationKind.FUNDER, actor="A foundation")
    entry = an_entry(parent=OTHER, relations=(to_other, to_actor))
    hidden = published(entry, visible=lambda _: False)
    assert (hidden.parent, hidden.relations) == (None, (to_actor,))
    seen = published(entry, visible=lambda id_: id_ == OTHER)
    assert (seen.parent, seen.relations) == (OTHER, (to_other, to_actor))


def test_what_is_hidden_leaves_the_same_bytes_as_what_is_absent() -> None:
    hidden = an_entry(
        parent=OTHER,
        relations=(Relation(RelationKind.SISTER, organization=OTHER),),
        contacts=(StoredContact(name="A. Person", phone="+14045550100"),),
        sources=tuple(Source(field, "A letter") for field in ("parent", "relations", "contacts")),
    )
    assert encode(published(hidden, visible=lambda _: False)) == encode(published(an_entry()))


# ---------------------------------------------------------------- sources


def sources_of(*fields: str) -> tuple[Source, ...]:
    return tuple(Source(field, "A report") for field in fields)


def told_sources(entry: StoredOrganization, audience: Audience = PUBLIC) -> list[str]:
    return [source.field for source in published(entry, audience).sources]


def test_a_source_is_told_of_any_other_fact() -> None:
    assert told_sources(an_entry(sources=sources_of("founded", "name"))) == ["founded", "name"]


@pytest.mark.parametrize("field", ["contacts", "parent", "relations"])
def test_sources_of_what_staff_alone_see_whole_are_for_staff_whatever_is_hidden(field: str) -> None:
    bare = an_entry(sources=sources_of(field), contacts=(StoredContact(role="Office", audience=PUBLIC),))
    full = replace(bare, contacts=(*bare.contacts, StoredContact(name="A. Person", audience=STAFF)), parent=OTHER)
    for entry in (bare, full):
        assert [told_sources(entry, audience) for audience in Audience] == [[], [], [field]]
    assert classify_change(published(bare), published(full, visible=lambda _: False)) is None


@pytest.mark.parametrize("field", ["audience", "sources", "slug", "id", "sites", "branches", "updated_at", "colour"])
def test_a_source_of_what_has_none_is_told_to_nobody(field: str) -> None:
    assert told_sources(an_entry(sources=sources_of(field)), STAFF) == []


LEASE = "Lease of 12 Peachtree St NE"
LESS = [told for told in Disclosure if told is not Disclosure.EXACT]


@pytest.mark.parametrize("told", [None, *LESS])
@pytest.mark.parametrize("known", list(Precision))
@pytest.mark.parametrize("audience", list(Audience))
def test_a_source_that_names_the_street_is_withheld_however_exactly_the_place_is_known(
    told: Disclosure | None, known: Precision, audience: Audience
) -> None:
    site = a_site(disclosure=told, known=known, private=PrivatePlace("12 Peachtree St NE"))
    entry = an_entry(sites=(site,), sources=(Source("locations", LEASE, "https://example.org/lease"),))
    assert b"ease" not in encode(published(entry, audience))


@pytest.mark.parametrize("tells", list(Disclosure))
@pytest.mark.parametrize("told", list(Disclosure))
def test_a_source_of_a_place_is_told_where_the_place_is_told_as_exactly(told: Disclosure, tells: Disclosure) -> None:
    entry = an_entry(sites=(a_site(disclosure=told),), sources=(Source("locations", "A report", tells=tells),))
    assert bool(told_sources(entry)) is (list(Disclosure).index(told) <= list(Disclosure).index(tells))


@pytest.mark.parametrize("tells", list(Disclosure))
@pytest.mark.parametrize("told", LESS)
def test_how_exactly_a_place_is_known_moves_no_source(told: Disclosure, tells: Disclosure) -> None:
    sources = (Source("locations", "A report", tells=tells),)
    entries = (an_entry(sites=(a_site(disclosure=told, known=known),), sources=sources) for known in Precision)
    assert len({bool(told_sources(entry)) for entry in entries}) == 1


def test_what_a_source_tells_is_not_published() -> None:
    sources = tuple(Source("locations", "A report", tells=tells) for tells in (Disclosure.CITY, Disclosure.COUNTY))
    one, other = (published(an_entry(sites=(a_site(disclosure=Disclosure.CITY),), sources=(source,))) for source in sources)
    assert one.sources == (Source("locations", "A report"),)
    assert classify_change(one, other) is None


def test_one_withheld_place_withholds_the_sources_of_all() -> None:
    office = a_site(disclosure=Disclosure.EXACT)
    shelter = a_site(id="shelter", disclosure=Disclosure.HIDDEN)
    assert told_sources(an_entry(sites=(office,), sources=sources_of("locations"))) == ["locations"]
    assert told_sources(an_entry(sites=(office, shelter), sources=sources_of("locations"))) == []


def test_the_source_of_a_place_that_is_not_kept_any_more_is_told_to_nobody() -> None:
    assert told_sources(an_entry(sources=sources_of("locations")), STAFF) == []


# ---------------------------------------------------------------- what an audience sees of a change


def test_a_change_is_told_by_what_was_and_is_seen() -> None:
    before = published(an_entry())
    after = replace(before, founded=1986)
    assert classify_change(None, None) is None
    assert classify_change(None, after) is ChangeKind.ADDED
    assert classify_change(before, after) is ChangeKind.CHANGED
    assert classify_change(before, None) is ChangeKind.REMOVED
    assert classify_change(before, replace(before, updated_at=NOW + dt.timedelta(days=1))) is None
