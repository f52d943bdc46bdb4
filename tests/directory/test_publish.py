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


def publish_record(
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
def test_an_organization_exists_only_for_its_audience(shown_to: Audience, seen_by: set[Audience]) -> None:
    entry = an_entry(audience=shown_to)
    assert {audience for audience in Audience if publish(entry, audience, NOW, lambda _: True)} == seen_by


def test_contacts_are_shown_to_their_audience_and_do_not_contain_it() -> None:
    contacts = tuple(StoredContact(role=audience, audience=audience) for audience in Audience)
    entry = an_entry(contacts=contacts)
    assert [contact.role for contact in publish_record(entry, PUBLIC).contacts] == ["PUBLIC"]
    assert [contact.role for contact in publish_record(entry, MEMBERS).contacts] == ["PUBLIC", "MEMBERS"]
    assert [contact.role for contact in publish_record(entry, STAFF).contacts] == ["PUBLIC", "MEMBERS", "STAFF"]
    assert b"audience" not in encode(publish_record(entry, STAFF))


def test_a_contact_without_an_audience_is_for_members() -> None:
    assert publish_record(an_entry(contacts=(StoredContact(name="A. Person"),))).contacts == ()


def test_references_to_invisible_records_are_left_out() -> None:
    to_other = Relation(RelationKind.SISTER, organization=OTHER)
    to_actor = Relation(RelationKind.FUNDER, actor="A foundation")
    entry = an_entry(parent=OTHER, relations=(to_other, to_actor))
    hidden = publish_record(entry, visible=lambda _: False)
    assert (hidden.parent, hidden.relations) == (None, (to_actor,))
    seen = publish_record(entry, visible=lambda id_: id_ == OTHER)
    assert (seen.parent, seen.relations) == (OTHER, (to_other, to_actor))


def test_a_record_with_hidden_parts_is_published_like_one_without_them() -> None:
    hidden = an_entry(
        parent=OTHER,
        relations=(Relation(RelationKind.SISTER, organization=OTHER),),
        contacts=(StoredContact(name="A. Person", phone="+14045550100"),),
        sources=tuple(Source(field, "A letter") for field in ("parent", "relations", "contacts")),
    )
    assert encode(publish_record(hidden, visible=lambda _: False)) == encode(publish_record(an_entry()))


# ---------------------------------------------------------------- sources


def sources_of(*fields: str) -> tuple[Source, ...]:
    return tuple(Source(field, "A report") for field in fields)


def list_published_sources(entry: StoredOrganization, audience: Audience = PUBLIC) -> list[str]:
    return [source.field for source in publish_record(entry, audience).sources]


def test_sources_of_other_facts_are_published() -> None:
    assert list_published_sources(an_entry(sources=sources_of("founded", "name"))) == ["founded", "name"]


@pytest.mark.parametrize("field", ["contacts", "parent", "relations"])
def test_sources_of_contacts_and_references_are_for_staff_even_if_nothing_is_hidden(field: str) -> None:
    bare = an_entry(sources=sources_of(field), contacts=(StoredContact(role="Office", audience=PUBLIC),))
    full = replace(bare, contacts=(*bare.contacts, StoredContact(name="A. Person", audience=STAFF)), parent=OTHER)
    for entry in (bare, full):
        assert [list_published_sources(entry, audience) for audience in Audience] == [[], [], [field]]
    assert classify_change(publish_record(bare), publish_record(full, visible=lambda _: False)) is None


@pytest.mark.parametrize("field", ["audience", "sources", "slug", "id", "sites", "branches", "updated_at", "colour"])
def test_a_source_of_a_field_without_sources_is_never_published(field: str) -> None:
    assert list_published_sources(an_entry(sources=sources_of(field)), STAFF) == []


LEASE = "Lease of 12 Peachtree St NE"
COARSER = [disclosure for disclosure in Disclosure if disclosure is not Disclosure.EXACT]


@pytest.mark.parametrize("disclosure", [None, *COARSER])
@pytest.mark.parametrize("known", list(Precision))
@pytest.mark.parametrize("audience", list(Audience))
def test_a_source_that_names_the_street_is_withheld_at_every_known_precision(
    disclosure: Disclosure | None, known: Precision, audience: Audience
) -> None:
    site = a_site(disclosure=disclosure, known=known, private=PrivatePlace("12 Peachtree St NE"))
    entry = an_entry(sites=(site,), sources=(Source("locations", LEASE, "https://example.org/lease"),))
    assert b"ease" not in encode(publish_record(entry, audience))


@pytest.mark.parametrize("tells", list(Disclosure))
@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_a_source_of_a_place_is_published_if_the_place_is_published_as_precisely(
    disclosure: Disclosure, tells: Disclosure
) -> None:
    entry = an_entry(sites=(a_site(disclosure=disclosure),), sources=(Source("locations", "A report", tells=tells),))
    assert bool(list_published_sources(entry)) is (list(Disclosure).index(disclosure) <= list(Disclosure).index(tells))


@pytest.mark.parametrize("tells", list(Disclosure))
@pytest.mark.parametrize("disclosure", COARSER)
def test_the_known_precision_of_a_place_does_not_affect_its_sources(disclosure: Disclosure, tells: Disclosure) -> None:
    sources = (Source("locations", "A report", tells=tells),)
    entries = (an_entry(sites=(a_site(disclosure=disclosure, known=known),), sources=sources) for known in Precision)
    assert len({bool(list_published_sources(entry)) for entry in entries}) == 1


def test_the_precision_of_a_source_is_not_published() -> None:
    sources = tuple(Source("locations", "A report", tells=tells) for tells in (Disclosure.CITY, Disclosure.COUNTY))
    one, other = (publish_record(an_entry(sites=(a_site(disclosure=Disclosure.CITY),), sources=(source,))) for source in sources)
    assert one.sources == (Source("locations", "A report"),)
    assert classify_change(one, other) is None


def test_one_withheld_place_withholds_the_sources_of_all() -> None:
    office = a_site(disclosure=Disclosure.EXACT)
    shelter = a_site(id="shelter", disclosure=Disclosure.HIDDEN)
    assert list_published_sources(an_entry(sites=(office,), sources=sources_of("locations"))) == ["locations"]
    assert list_published_sources(an_entry(sites=(office, shelter), sources=sources_of("locations"))) == []


def test_the_source_of_a_removed_place_is_never_published() -> None:
    assert list_published_sources(an_entry(sources=sources_of("locations")), STAFF) == []


# ---------------------------------------------------------------- visible changes


def test_the_kind_of_a_change_depends_on_what_the_audience_sees_before_and_after() -> None:
    before = publish_record(an_entry())
    after = replace(before, founded=1986)
    assert classify_change(None, None) is None
    assert classify_change(None, after) is ChangeKind.ADDED
    assert classify_change(before, after) is ChangeKind.CHANGED
    assert classify_change(before, None) is ChangeKind.REMOVED
    assert classify_change(before, replace(before, updated_at=NOW + dt.timedelta(days=1))) is None
