"""Imports beside records that not everybody sees: these cost a public record nothing, and hidden ones stay hidden."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.hiding import hide, unhide
from directory.records import Audience, Entry
from directory.slugs import is_private_slug
from directory.store import Put, Remove, Store, disagreements
from directory.undoing import undo
from seed.items import Fate
from tests.seed.planning import EIN, NOW, OTHER, planned, seeded, the_item

PLACE: dict[str, Any] = {"locations": [{"city": "Macon", "state": "GA"}]}
ELSEWHERE: dict[str, Any] = {"locations": [{"city": "Atlanta", "state": "GA"}]}
UNION: dict[str, Any] = {"name": "Tenants Union", "identifiers": [EIN], **PLACE}


def entry(store: Store, name: str = "Tenants Union") -> Entry:
    assert disagreements(store) == []
    (found,) = (one for one, _ in store.entries() if one.name == name)
    return found


def public(store: Store) -> dict[str, str]:
    """The slugs of all that the public sees, with their summaries."""
    assert disagreements(store) == []
    return {one.slug: one.summary or "" for one, _ in store.entries() if one.shown_to is Audience.PUBLIC}


# ---------------------------------------------------------------- slugs


@pytest.mark.parametrize("audience", ["MEMBERS", "STAFF"])
def test_a_record_that_is_not_public_costs_a_public_one_nothing(any_store: Store, audience: str) -> None:
    seeded(any_store, {"name": "Tenants Union", "audience": audience, "summary": "Not for all."})
    assert is_private_slug(entry(any_store).slug)
    seeded(any_store, {"name": "Tenants Union", "same_as": "new"}, {"name": "Tenants Union", "same_as": "new"})
    assert public(any_store) == {"tenants-union": "", "tenants-union-2": ""}


def test_in_one_import_too(store: Store) -> None:
    hidden = {"name": "Tenants Union", "audience": "STAFF", "same_as": "new", "summary": "Not for all."}
    seeded(store, hidden, {"name": "Tenants Union", "same_as": "new"}, hidden)
    assert public(store) == {"tenants-union": ""}
    assert len(list(store.entries())) == 3


def test_a_stated_slug_that_was_released_is_free_for_another_organization(store: Store) -> None:
    seeded(store, {"slug": "union", **UNION, "audience": "STAFF"})
    other: dict[str, Any] = {"name": "Zebra Fund", **ELSEWHERE, "slug": "union"}
    assert the_item(store, **other, id=OTHER).fate is Fate.CREATED
    seeded(store, other)
    assert public(store) == {"union": ""}


def test_a_row_that_states_the_slug_of_its_own_hidden_record_finds_it(store: Store) -> None:
    seeded(store, {"slug": "union", **UNION})
    hide(store, "union", now=NOW)
    item = the_item(store, slug="union", summary="News.", **PLACE)
    assert (item.fate, item.before and item.before.id) == (Fate.CHANGED, entry(store).id)


def test_a_record_that_is_hidden_later_releases_its_slug_for_imports(store: Store) -> None:
    seeded(store, UNION)
    store.write([Put(replace(entry(store), audience=Audience.STAFF))], actor="ann", now=NOW, reason="hidden")
    seeded(store, {"name": "Tenants Union", "same_as": "new"})
    assert public(store) == {"tenants-union": ""}
    removed = next(one for one, _ in store.entries() if one.audience is Audience.PUBLIC)
    store.write([Remove(removed.id)], actor="ann", now=NOW, reason="removed")
    seeded(store, {"name": "Tenants Union", "same_as": "new", "identifiers": [{**EIN, "value": "99-9999999"}]})
    assert public(store) == {"tenants-union": ""}


# ---------------------------------------------------------------- records hidden in an emergency


@pytest.mark.parametrize("keys", [{"identifiers": [EIN]}, {"slug": "tenants-union"}, {}])
def test_a_list_that_states_a_hidden_record_again_changes_that_and_shows_nothing(
    any_store: Store, keys: dict[str, object]
) -> None:
    seeded(any_store, UNION)
    hide(any_store, "tenants-union", now=NOW)
    seeded(any_store, {"name": "Tenants Union", **PLACE, **keys, "summary": "News.", "audience": "PUBLIC"}, may_loosen=True)
    assert public(any_store) == {}
    assert entry(any_store).summary == "News."
    unhide(any_store, "tenants-union", now=NOW)
    assert public(any_store) == {"tenants-union": "News."}


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_row_with_the_slug_of_a_hidden_record_and_another_name_is_doubtful(store: Store, is_removed: bool) -> None:
    seeded(store, {"slug": "union", **UNION})
    hidden = entry(store).id
    hide(store, "union", now=NOW)
    if is_removed:
        store.write([Remove(hidden)], actor="ann", now=NOW, reason="removed")
    row: dict[str, Any] = {"slug": "union", "name": "Sindicato de Inquilinos"}
    item = the_item(store, **row)
    assert (item.fate, [one.id for one in item.likely]) == (Fate.DOUBTFUL, [hidden])
    seeded(store, {**row, "same_as": "new"})
    assert public(store) == {"union": ""}


def test_a_hidden_record_that_is_missing_from_its_list_is_not_retired(store: Store) -> None:
    seeded(store, UNION, {"name": "Bay Union", **ELSEWHERE})
    hide(store, "tenants-union", now=NOW)
    (missing,) = planned(store, {"name": "Bay Union", **ELSEWHERE}).missing
    assert (missing.entry.name, missing.is_its_own) == ("Tenants Union", False)


def test_one_that_was_removed_while_hidden_is_doubtful_when_a_list_states_it_again(any_store: Store) -> None:
    seeded(any_store, UNION)
    private = hide(any_store, "tenants-union", now=NOW).slug
    any_store.write([Remove(entry(any_store).id)], actor="ann", now=NOW, reason="removed")
    for row in (UNION, {"name": "Tenants' Union", **PLACE}):
        (item,) = planned(any_store, row, source="another-list").items
        assert (item.fate, [one.slug for one in item.likely]) == (Fate.DOUBTFUL, [private])
    seeded(any_store, {"name": "Tenants' Union", **PLACE, "same_as": private})
    assert public(any_store) == {}
    assert entry(any_store, "Tenants' Union").is_hidden


def test_an_import_that_was_undone_after_a_record_was_hidden_does_not_show_it_when_done_again(any_store: Store) -> None:
    seeded(any_store, UNION)
    hide(any_store, "tenants-union", now=NOW)
    undo(any_store, 1, actor="ann", now=NOW)
    for _ in range(2):
        seeded(any_store, UNION)
        assert public(any_store) == {}
