"""Imports beside records that are not public: these do not affect public records, and hidden ones stay hidden."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.curation.hiding import hide, unhide
from directory.curation.undo import undo
from directory.live import Directory
from directory.records import Audience, StoredOrganization
from directory.store.ledger.edits import Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from directory.vocabulary.slugs import is_private_slug
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import EIN, NOW, OTHER, plan_one_row, plan_rows, seed_rows

PLACE: dict[str, Any] = {"locations": [{"city": "Macon", "state": "GA"}]}
ELSEWHERE: dict[str, Any] = {"locations": [{"city": "Atlanta", "state": "GA"}]}
UNION: dict[str, Any] = {"name": "Tenants Union", "identifiers": [EIN], **PLACE}


def load_entry(store: Store, name: str = "Tenants Union") -> StoredOrganization:
    assert find_ledger_inconsistencies(store) == []
    (found,) = (one for one, _ in store.load_organizations() if one.name == name)
    return found


def list_public_summaries(store: Store) -> dict[str, str]:
    """Return the slugs and summaries of all public records."""
    assert find_ledger_inconsistencies(store) == []
    return {one.slug: one.summary or "" for one, _ in store.load_organizations() if one.effective_audience is Audience.PUBLIC}


# ---------------------------------------------------------------- slugs


@pytest.mark.parametrize("audience", ["MEMBERS", "STAFF"])
def test_a_record_that_is_not_public_costs_a_public_one_nothing(any_store: Store, audience: str) -> None:
    seed_rows(any_store, {"name": "Tenants Union", "audience": audience, "summary": "Not for all."})
    assert is_private_slug(load_entry(any_store).slug)
    seed_rows(any_store, {"name": "Tenants Union", "same_as": "new"}, {"name": "Tenants Union", "same_as": "new"})
    assert list_public_summaries(any_store) == {"tenants-union": "", "tenants-union-2": ""}


def test_in_one_import_too(store: Store) -> None:
    hidden = {"name": "Tenants Union", "audience": "STAFF", "same_as": "new", "summary": "Not for all."}
    seed_rows(store, hidden, {"name": "Tenants Union", "same_as": "new"}, hidden)
    assert list_public_summaries(store) == {"tenants-union": ""}
    assert len(list(store.load_organizations())) == 3


def test_a_stated_slug_that_was_released_is_free_for_another_organization(store: Store) -> None:
    seed_rows(store, {"slug": "union", **UNION, "audience": "STAFF"})
    other: dict[str, Any] = {"name": "Zebra Fund", **ELSEWHERE, "slug": "union"}
    assert plan_one_row(store, **other, id=OTHER).action is RowAction.CREATE
    seed_rows(store, other)
    assert list_public_summaries(store) == {"union": ""}


def test_a_row_that_states_the_slug_of_its_own_hidden_record_finds_it(store: Store) -> None:
    seed_rows(store, {"slug": "union", **UNION})
    hide(Directory(store), "union", now=NOW)
    item = plan_one_row(store, slug="union", summary="News.", **PLACE)
    assert (item.action, item.record_before and item.record_before.id) == (RowAction.UPDATE, load_entry(store).id)


def test_a_record_that_is_hidden_later_releases_its_slug_for_imports(store: Store) -> None:
    seed_rows(store, UNION)
    store.write([Put(replace(load_entry(store), audience=Audience.STAFF))], actor="ann", now=NOW, reason="hidden")
    seed_rows(store, {"name": "Tenants Union", "same_as": "new"})
    assert list_public_summaries(store) == {"tenants-union": ""}
    removed = next(one for one, _ in store.load_organizations() if one.audience is Audience.PUBLIC)
    store.write([Remove(removed.id)], actor="ann", now=NOW, reason="removed")
    seed_rows(store, {"name": "Tenants Union", "same_as": "new", "identifiers": [{**EIN, "value": "99-9999999"}]})
    assert list_public_summaries(store) == {"tenants-union": ""}


# ---------------------------------------------------------------- records hidden in an emergency


@pytest.mark.parametrize("keys", [{"identifiers": [EIN]}, {"slug": "tenants-union"}, {}])
def test_a_list_that_states_a_hidden_record_again_changes_that_and_shows_nothing(
    any_store: Store, keys: dict[str, object]
) -> None:
    seed_rows(any_store, UNION)
    hide(Directory(any_store), "tenants-union", now=NOW)
    seed_rows(any_store, {"name": "Tenants Union", **PLACE, **keys, "summary": "News.", "audience": "PUBLIC"}, may_loosen=True)
    assert list_public_summaries(any_store) == {}
    assert load_entry(any_store).summary == "News."
    unhide(Directory(any_store), "tenants-union", now=NOW)
    assert list_public_summaries(any_store) == {"tenants-union": "News."}


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_row_with_the_slug_of_a_hidden_record_and_another_name_is_doubtful(store: Store, is_removed: bool) -> None:
    seed_rows(store, {"slug": "union", **UNION})
    hidden = load_entry(store).id
    hide(Directory(store), "union", now=NOW)
    if is_removed:
        store.write([Remove(hidden)], actor="ann", now=NOW, reason="removed")
    row: dict[str, Any] = {"slug": "union", "name": "Sindicato de Inquilinos"}
    item = plan_one_row(store, **row)
    assert (item.action, [one.id for one in item.candidates]) == (RowAction.REVIEW, [hidden])
    seed_rows(store, {**row, "same_as": "new"})
    assert list_public_summaries(store) == {"union": ""}


def test_a_hidden_record_that_is_missing_from_its_list_is_not_retired(store: Store) -> None:
    seed_rows(store, UNION, {"name": "Bay Union", **ELSEWHERE})
    hide(Directory(store), "tenants-union", now=NOW)
    (missing,) = plan_rows(store, {"name": "Bay Union", **ELSEWHERE}).missing_records
    assert (missing.record.name, missing.is_retirable) == ("Tenants Union", False)


def test_one_that_was_removed_while_hidden_is_doubtful_when_a_list_states_it_again(any_store: Store) -> None:
    seed_rows(any_store, UNION)
    private = hide(Directory(any_store), "tenants-union", now=NOW).slug
    any_store.write([Remove(load_entry(any_store).id)], actor="ann", now=NOW, reason="removed")
    for row in (UNION, {"name": "Tenants' Union", **PLACE}):
        (item,) = plan_rows(any_store, row, source="another-list").items
        assert (item.action, [one.slug for one in item.candidates]) == (RowAction.REVIEW, [private])
    seed_rows(any_store, {"name": "Tenants' Union", **PLACE, "same_as": private})
    assert list_public_summaries(any_store) == {}
    assert load_entry(any_store, "Tenants' Union").is_hidden


def test_redoing_an_undone_import_does_not_show_a_record_that_was_hidden(any_store: Store) -> None:
    seed_rows(any_store, UNION)
    hide(Directory(any_store), "tenants-union", now=NOW)
    undo(Directory(any_store), 1, actor="ann", now=NOW)
    for _ in range(2):
        seed_rows(any_store, UNION)
        assert list_public_summaries(any_store) == {}
