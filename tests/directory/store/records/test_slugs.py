"""A slug depends only on records that its audience sees: private ones are random, what is hidden or removed releases its own."""

from itertools import count, permutations

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from directory.errors import BadInput
from directory.records import Audience, StoredOrganization
from directory.slugs import SLUG_LIMIT, SUFFIX_LENGTH, build_private_slug, check_slug, generate_suffix, is_private_slug
from directory.store.ledger.edits import Edit, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import slug_aliases
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import LATER, load_organization

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


def write(store: Store, *edits: Edit) -> None:
    store.write(edits, actor="tester", now=LATER, reason="a test")
    assert find_ledger_inconsistencies(store) == []


def harbor(name: str, audience: Audience = PUBLIC, **fields: object) -> StoredOrganization:
    """A record of that name, so of that id, which asks for the slug "harbor"."""
    return a_stored_organization(name, **{"slug": "harbor", "audience": audience, **fields})


def led(store: Store, asked: str = "harbor") -> list[str | None]:
    """To whom the slug leads each audience, of the records that it sees."""
    with store.begin_read() as reading:
        shown = reading.load_audiences()
        found = [(audience, reading.load_slug_targets(audience).get(asked)) for audience in Audience]
    return [identity if identity in shown and audience.sees(shown[identity]) else None for audience, identity in found]


# ---------------------------------------------------------------- what they look like


def test_a_suffix_is_random_and_never_a_word_or_a_number() -> None:
    made = {generate_suffix() for _ in range(2000)}
    assert len(made) == 2000
    for suffix in made:
        assert len(suffix) == SUFFIX_LENGTH
        assert not set("aeiouyl01") & set(suffix)
        assert not suffix.isalpha()
        assert not suffix.isdigit()
        assert is_private_slug(f"harbor-{suffix}")


@pytest.mark.parametrize("plain", ["harbor", "harbor-2", "harbor-tenants-union", "bcdfghjkmn", "a-bcdfghjkmn", "a-2345678923"])
def test_a_plain_slug_is_not_private(plain: str) -> None:
    assert not is_private_slug(plain)


def test_a_suffix_takes_the_place_of_another_and_the_slug_stays_short_enough() -> None:
    once = build_private_slug("harbor", "bcdfg23456")
    assert once == "harbor-bcdfg23456"
    assert build_private_slug(once, "kmnpq78923") == "harbor-kmnpq78923"
    long = build_private_slug("a" * SLUG_LIMIT, "bcdfg23456")
    assert check_slug(long) == long
    assert check_slug(build_private_slug("-".join(["ab"] * 33), "bcdfg23456"))


# ---------------------------------------------------------------- who gets which


@pytest.mark.parametrize("audience", [MEMBERS, STAFF])
def test_a_record_that_is_not_public_gets_a_random_slug_and_keeps_it(store: Store, audience: Audience) -> None:
    write(store, Put(harbor("A", audience)))
    given = load_organization(store, an_id("A")).slug
    assert given.startswith("harbor-")
    assert is_private_slug(given)
    write(store, Put(harbor("A", audience, summary="New.")))
    assert load_organization(store, an_id("A")).slug == given
    write(store, Put(replace(load_organization(store, an_id("A")), audience=PUBLIC)))
    assert load_organization(store, an_id("A")).slug == given
    assert led(store, given) == [an_id("A")] * 3


def test_the_random_source_is_an_argument(sqlite_url: str) -> None:
    numbers = count(23456)
    store = Store.open(sqlite_url, new_suffix=lambda: f"bcdfg{next(numbers)}")
    store.migrate()
    write(store, Put(harbor("A", STAFF)), Put(harbor("B", STAFF)))
    assert [entry.slug for entry, _ in store.load_organizations()] == ["harbor-bcdfg23456", "harbor-bcdfg23457"]
    store.close()


@pytest.mark.parametrize("order", list(permutations([PUBLIC, MEMBERS, STAFF])))
@pytest.mark.parametrize("at_once", [True, False])
def test_a_plain_slug_leads_each_audience_to_the_record_it_can_tell_of(
    sqlite_store: Store, order: tuple[Audience, ...], at_once: bool
) -> None:
    """In whichever order they are written, the public one has the plain slug."""
    puts = [Put(harbor(audience.value, audience)) for audience in order]
    for some in [puts] if at_once else [[one] for one in puts]:
        write(sqlite_store, *some)
    assert load_organization(sqlite_store, an_id("PUBLIC")).slug == "harbor"
    assert led(sqlite_store) == [an_id("PUBLIC")] * 3
    write(sqlite_store, Remove(an_id("PUBLIC")))
    assert led(sqlite_store)[0] is None
    assert led(sqlite_store)[1] in (an_id("MEMBERS"), None)


def test_a_removed_record_releases_its_slugs(store: Store) -> None:
    write(store, Put(a_stored_organization("A", slug="first")))
    write(store, Put(harbor("A")))
    write(store, Remove(an_id("A")))
    write(store, Put(harbor("B")), Put(a_stored_organization("C", slug="first")))
    assert led(store) == [an_id("B")] * 3
    assert led(store, "first") == [an_id("C")] * 3


@pytest.mark.parametrize("audience", [MEMBERS, STAFF])
def test_a_record_that_is_hidden_releases_its_slugs(store: Store, audience: Audience) -> None:
    write(store, Put(a_stored_organization("A", slug="first")))
    write(store, Put(harbor("A")))
    write(store, Put(harbor("A", audience)))
    assert is_private_slug(load_organization(store, an_id("A")).slug)
    assert led(store) == led(store, "first") == [an_id("A") if one.sees(audience) else None for one in Audience]
    write(store, Put(harbor("B")))
    assert load_organization(store, an_id("B")).slug == "harbor"
    assert led(store) == [an_id("B")] * 3
    with store.begin_read() as reading:
        assert reading.load_slug_targets(PUBLIC, [an_id("B")]) == {"harbor": an_id("B")}


def test_slugs_are_released_and_taken_in_one_write(store: Store) -> None:
    write(store, Put(harbor("A")), Put(a_stored_organization("B", slug="port")), Put(a_stored_organization("C", slug="cove")))
    write(store, Put(harbor("B")), Put(harbor("A", STAFF)), Put(a_stored_organization("D", slug="cove")), Remove(an_id("C")))
    assert [load_organization(store, an_id(name)).slug for name in "BD"] == ["harbor", "cove"]


def test_a_record_that_is_published_again_gets_its_slug_back_if_it_is_free(store: Store) -> None:
    write(store, Put(harbor("A")))
    write(store, Put(harbor("A", STAFF)))
    private = load_organization(store, an_id("A")).slug
    write(store, Put(harbor("A")))
    assert load_organization(store, an_id("A")).slug == "harbor"
    write(store, Put(harbor("A", STAFF)))
    assert load_organization(store, an_id("A")).slug == private  # it has one of its own by now
    write(store, Put(harbor("B")))
    with pytest.raises(BadInput) as refusal:
        write(store, Put(harbor("A")))
    assert refusal.value.params["argument"] == "slug"
    write(store, Put(harbor("A"), allow_other_slug=True))
    assert load_organization(store, an_id("A")).slug == private
    assert led(store) == [an_id("B")] * 3


def test_a_record_that_comes_back_by_its_former_slug_is_found_again_though_another_had_it(store: Store) -> None:
    """As in a directory in which the other, which is hidden now, never was."""
    write(store, Put(harbor("A")))
    write(store, Put(harbor("A", STAFF)))
    write(store, Put(harbor("B")))
    write(store, Put(harbor("B", STAFF)))
    write(store, Put(replace(load_organization(store, an_id("A")), audience=PUBLIC)))
    assert led(store) == [an_id("A"), an_id("A"), an_id("B")]
    with pytest.raises(BadInput):
        write(store, Put(harbor("C")))  # it leads everybody to a record that they see


def test_a_merged_record_holds_its_slugs_as_long_as_they_lead_somewhere(store: Store) -> None:
    write(store, Put(harbor("A")), Put(a_stored_organization("B")))
    write(store, Remove(an_id("A"), survivor_id=an_id("B")))
    with pytest.raises(BadInput):
        write(store, Put(harbor("C")))
    with pytest.raises(BadInput):
        write(store, Put(harbor("C")), Put(a_stored_organization("B", summary="New.")))
    write(store, Put(harbor("C")), Put(a_stored_organization("B", audience=STAFF)))
    assert led(store) == [an_id("C")] * 3


def test_a_removed_record_comes_back_under_another_slug_where_its_own_is_taken(store: Store) -> None:
    write(store, Put(harbor("A")))
    write(store, Remove(an_id("A")))
    write(store, Put(harbor("B")))
    write(store, Put(harbor("A"), allow_other_slug=True))
    assert is_private_slug(load_organization(store, an_id("A")).slug)
    assert led(store) == [an_id("B")] * 3


def test_slugs_in_use_are_those_that_a_public_record_cannot_have(store: Store) -> None:
    write(
        store,
        Put(harbor("A", STAFF)),
        Put(a_stored_organization("B")),
        Put(a_stored_organization("C")),
        Put(a_stored_organization("D")),
    )
    write(
        store, Put(a_stored_organization("B", slug="bay")), Remove(an_id("C")), Put(a_stored_organization("D", audience=MEMBERS))
    )
    private = {load_organization(store, an_id(name)).slug for name in "AD"}
    with store.begin_read() as reading:
        assert reading.load_slugs_in_use() == {"bay", "b", *private}


def test_aliases_are_kept_once(store: Store) -> None:
    """However often somebody writes what they read long ago."""
    write(store, Put(harbor("B")))
    for summary in ("One.", "Two."):
        write(store, Put(harbor("A", STAFF, summary=summary)))
    with store.database.begin_read() as connection:
        rows = connection.execute(select(slug_aliases)).all()
    assert [tuple(row) for row in rows] == [("harbor", an_id("A"), "STAFF")]
