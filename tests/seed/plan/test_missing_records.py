"""What has gone from a source, and what of it may be removed: only what nobody but this source ever stated."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from directory.records import Identifier
from directory.store.ledger.edits import Network, Put
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan, RowAction
from seed.rows import Row
from tests.seed.import_session import ImportSession, nonzero_counts
from tests.seed.plan_builders import EIN, NOW, OTHER, a_dataset
from tests.seed.sample_files import build_irs_file

MESA: dict[str, object] = {"name": "Mesa Workers Center", "founded": 1986}
BAY: dict[str, object] = {"name": "Bay Tenants Union", "locations": [{"city": "Oakland", "state": "CA"}]}


def a_row(stated: dict[str, object], number: str | None = None) -> Row:
    return Row("list.csv", 2, stated, source_id=number)


def planned(store: Store, *rows: Row, **fields: Any) -> Plan:
    return plan_import(a_dataset(rows, **fields), store, today=NOW.date())


def written(store: Store, *rows: Row, **fields: Any) -> None:
    apply_plan(planned(store, *rows, **fields), store, now=NOW, reason="test")


def missing(store: Store, *rows: Row, **fields: Any) -> dict[str, bool]:
    """By name whether it would be retired."""
    return {one.record.name: one.is_retirable for one in planned(store, *rows, **fields).missing_records}


def test_what_is_not_in_the_source_any_more_is_missing(any_store: Store) -> None:
    written(any_store, a_row(MESA, "1"), a_row(BAY, "2"))
    assert missing(any_store, a_row(MESA, "1")) == {"Bay Tenants Union": True}
    assert missing(any_store) == {"Bay Tenants Union": True, "Mesa Workers Center": True}
    assert missing(any_store, a_row(MESA, "1"), a_row(BAY, "2")) == {}


def test_another_source_or_a_part_of_this_one_misses_nothing(store: Store) -> None:
    written(store, a_row(MESA, "1"))
    assert missing(store, key="another") == {}
    assert missing(store, is_partial=True) == {}
    assert missing(store, has_provenance=True) == {}, "an export of ours that happens to be called so"


@pytest.mark.parametrize(
    "wrong",
    [
        a_row({"name": "Mesa Workers Center, renamed", "contacts": [{"role": "Office", "email": "nonsense"}]}, "1"),
        a_row({"name": ""}, "1"),
        a_row({**MESA, "founded": "soon"}),
        a_row({"name": "MESA WORKERS' CENTER", "locations": [{"state": "Georgai"}]}),
        a_row({"slug": "mesa-workers-center", "name": ["?"]}),
        a_row({"identifiers": [EIN], "website": "nowhere"}),
        a_row({"same_as": "mesa-workers-center", "parent": OTHER, "locations": "x"}),
        a_row({"name": "Mesa Workers Center", "id": "no id", "nonsense": 1}),
    ],
)
def test_a_refused_row_still_says_that_its_organization_is_there(store: Store, wrong: Row) -> None:
    written(store, a_row({**MESA, "identifiers": [EIN]}, "1"), a_row(BAY, "2"))
    found = planned(store, wrong)
    assert found.counts[RowAction.REJECT] == 1
    assert [one.record.name for one in found.missing_records] == ["Bay Tenants Union"]


def test_a_row_whose_keys_lead_apart_is_about_both(store: Store) -> None:
    written(store, a_row({**MESA, "identifiers": [EIN]}, "1"), a_row(BAY, "2"))
    found = planned(store, a_row({"name": "Mixed", "identifiers": [EIN]}, "2"))
    assert found.counts[RowAction.REJECT] == 1
    assert found.missing_records == ()


def test_a_refused_row_that_tells_nothing_hides_nobody(store: Store) -> None:
    written(store, a_row(MESA, "1"))
    assert missing(store, a_row({"founded": "soon"})) == missing(store, a_row({})) == {"Mesa Workers Center": True}


def test_a_doubtful_candidate_is_not_missing(store: Store) -> None:
    written(store, a_row(MESA, "1"), a_row({**MESA, "same_as": "new"}, "2"))
    found = planned(store, a_row({"name": "Mesa Workres Center"}))
    assert found.counts[RowAction.REVIEW] == 1
    assert found.missing_records == ()


class TestItsOwn:
    def the_one(self, store: Store) -> bool:
        (own,) = missing(store).values()
        return own

    def test_what_another_source_stated_too_stays(self, store: Store) -> None:
        written(store, a_row({**MESA, "identifiers": [EIN]}))
        written(store, a_row({"identifiers": [EIN], "summary": "We organize."}), key="another", title="Another")
        assert not self.the_one(store)

    def test_what_a_person_edited_stays(self, store: Store) -> None:
        written(store, a_row(MESA))
        ((entry, _),) = store.load_organizations()
        store.write([Put(replace(entry, summary="Ours."))], actor="staff", now=NOW + dt.timedelta(days=1), reason="test")
        assert not self.the_one(store)

    def test_what_a_person_corrected_stays(self, store: Store) -> None:
        """All of its facts still have this source alone, and one of them is no longer the source's."""
        written(store, a_row(MESA))
        ((entry, _),) = store.load_organizations()
        store.write([Put(replace(entry, founded=1987))], actor="staff", now=NOW + dt.timedelta(days=1), reason="test")
        assert not self.the_one(store)

    def test_what_was_here_before_stays(self, store: Store) -> None:
        """Fed from records of our own without sources; the list only added a year."""
        written(store, a_row({"name": "Mesa Workers Center", "identifiers": [EIN]}), has_provenance=True)
        written(store, a_row({"identifiers": [EIN], "founded": 1986}))
        assert not self.the_one(store)

    def test_the_sources_own_number_is_nobody_elses_fact(self, store: Store) -> None:
        written(store, a_row(MESA, "1"))
        ((entry, _),) = store.load_organizations()
        assert entry.identifiers == (Identifier("X-A-LIST", "1"),)
        assert self.the_one(store)


# ---------------------------------------------------------------- as a person does it

GONE = {"ID": "8", "Organization": "Bay Tenants Union", "City": "Oakland", "State": "CA"}
STAYS = {"ID": "7", "Organization": "Mesa Workers Center", "City": "Tucson", "State": "AZ", "Email": "info@mesa.example.org"}


def test_what_is_missing_is_listed_and_goes_only_when_told_to(any_walk: ImportSession) -> None:
    any_walk.import_all(any_walk.write_csv("list.csv", STAYS, GONE))
    path = any_walk.write_csv("list.csv", STAYS)
    told = any_walk.import_all(path)
    assert "Missing: not in this source any more (1); --retire-missing removes" in told.output
    assert "Bay Tenants Union (bay-tenants-union)" in told.output
    assert "Bay Tenants Union" in any_walk.records
    assert "1 removed" in any_walk.import_all(path, "--retire-missing").output
    assert list(any_walk.records) == ["Mesa Workers Center"]
    assert any_walk.run("undo", "2", "--yes").exit_code == 0
    assert set(any_walk.records) == {"Mesa Workers Center", "Bay Tenants Union"}


def test_retiring_removes_nobody_whose_row_was_refused(walk: ImportSession) -> None:
    walk.import_all(walk.write_csv("list.csv", STAYS, GONE))
    done = walk.seed(walk.write_csv("list.csv", {**STAYS, "Email": "at the office"}), "--retire-missing", "--apply")
    assert done.exit_code == 1
    assert list(walk.records) == ["Mesa Workers Center"]


def test_the_report_tells_what_is_missing(walk: ImportSession) -> None:
    walk.import_all(walk.write_csv("list.csv", STAYS, GONE))
    told = walk.import_with_report(walk.write_csv("list.csv", STAYS))
    assert nonzero_counts(told) == {"unchanged": 1, "missing": 1}
    assert told["missing_organizations"] == [
        {"organization": "bay-tenants-union", "name": "Bay Tenants Union", "is_its_own": True}
    ]


def test_what_a_filter_leaves_out_is_not_missing(walk: ImportSession) -> None:
    rows = [
        {"EIN": "010203040", "NTEE_CD": "L50"},
        {"EIN": "010203041", "NAME": "RIVER WORKERS", "NTEE_CD": "J40"},
        {"EIN": "010203042", "NAME": "SCHOOL OF BIRDS", "NTEE_CD": "J40"},
    ]
    walk.import_all(walk.write_file("eo_dc.csv", build_irs_file(*rows)))
    assert len(walk.records) == 3
    later = walk.write_file("eo_dc.csv", build_irs_file(*rows[:2]))
    assert nonzero_counts(walk.import_with_report(later, "--ntee", "L")) == {"unchanged": 1, "missing": 1}
    assert "1 removed" in walk.import_all(later, "--state", "GA", "--retire-missing").output
    assert set(walk.records) == {"Harbor Tenants Union", "River Workers"}


# ---------------------------------------------------------------- what others refer to


def test_what_others_refer_to_stays_and_keeps_nothing_else(any_store: Store) -> None:
    """One reference must not keep a whole import from being written."""
    written(any_store, *(a_row({"slug": slug, "name": name}) for slug, name in SLUGS))
    ids = any_store.load_slug_targets()
    child: dict[str, object] = {"name": "A Child of Bay", "slug": "child", "parent": ids["bay"]}
    written(any_store, a_row(child), key="another")
    written(any_store, a_row({"slug": "mesa", "name": "Mesa Workers Center", "parent": ids["river"]}), is_partial=True)
    assert missing(any_store) == {
        "Bay Tenants Union": False,  # the other list's child stays
        "River Fund": True,  # what refers to it goes too
        "Mesa Workers Center": True,
    }
    found = planned(any_store)
    apply_plan(found, any_store, now=NOW, reason="test", retire_missing=True)
    assert {entry.name for entry, _ in any_store.load_organizations()} == {"Bay Tenants Union", "A Child of Bay"}
    assert find_ledger_inconsistencies(any_store) == []


SLUGS = (("mesa", "Mesa Workers Center"), ("bay", "Bay Tenants Union"), ("river", "River Fund"))


def test_what_a_row_begins_to_refer_to_stays(store: Store) -> None:
    written(store, *(a_row({"slug": slug, "name": name}) for slug, name in SLUGS))
    rows = [a_row({"slug": "mesa", "parent": "bay"}), a_row({"slug": "new", "name": "New Union", "parent": "river"})]
    assert missing(store, *rows) == {"Bay Tenants Union": False, "River Fund": False}


def test_the_networks_own_record_stays(store: Store) -> None:
    written(store, *(a_row({"slug": slug, "name": name}) for slug, name in SLUGS))
    store.write([], actor="test", now=NOW, reason="test", network=Network(store.load_slug_targets()["bay"]))
    assert missing(store, a_row({"slug": "mesa"})) == {"Bay Tenants Union": False, "River Fund": True}
