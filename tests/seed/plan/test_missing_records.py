"""Records missing from a source, and which of them may be removed: only those that no other source stated."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from directory.live import Directory
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


def a_row(fields: dict[str, object], number: str | None = None) -> Row:
    return Row("list.csv", 2, fields, source_id=number)


def plan(store: Store, *rows: Row, is_strict: bool = False, **fields: Any) -> Plan:
    return plan_import(a_dataset(rows, **fields), store, today=NOW.date(), is_strict=is_strict)


def import_rows(store: Store, *rows: Row, **fields: Any) -> None:
    apply_plan(plan(store, *rows, **fields), Directory(store), now=NOW, reason="test")


def find_missing(store: Store, *rows: Row, **fields: Any) -> dict[str, bool]:
    """Return the names of missing records, and whether each is retirable."""
    return {one.record.name: one.is_retirable for one in plan(store, *rows, **fields).missing_records}


def test_a_record_no_longer_in_the_source_is_missing(any_store: Store) -> None:
    import_rows(any_store, a_row(MESA, "1"), a_row(BAY, "2"))
    assert find_missing(any_store, a_row(MESA, "1")) == {"Bay Tenants Union": True}
    assert find_missing(any_store) == {"Bay Tenants Union": True, "Mesa Workers Center": True}
    assert find_missing(any_store, a_row(MESA, "1"), a_row(BAY, "2")) == {}


def test_another_source_or_a_part_of_this_one_has_no_missing_records(store: Store) -> None:
    import_rows(store, a_row(MESA, "1"))
    assert find_missing(store, key="another") == {}
    assert find_missing(store, is_partial=True) == {}
    assert find_missing(store, has_provenance=True) == {}, "one of our own exports with the same key"


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
def test_the_organization_of_a_refused_row_is_not_missing(store: Store, wrong: Row) -> None:
    import_rows(store, a_row({**MESA, "identifiers": [EIN]}, "1"), a_row(BAY, "2"))
    found = plan(store, wrong, is_strict=True)
    assert found.counts[RowAction.REJECT] == 1
    assert [one.record.name for one in found.missing_records] == ["Bay Tenants Union"]
    found = plan(store, wrong)
    assert found.counts[RowAction.CREATE] == 0
    assert [one.record.name for one in found.missing_records] == ["Bay Tenants Union"]


def test_a_row_with_conflicting_keys_counts_for_both_records(store: Store) -> None:
    import_rows(store, a_row({**MESA, "identifiers": [EIN]}, "1"), a_row(BAY, "2"))
    found = plan(store, a_row({"name": "Mixed", "identifiers": [EIN]}, "2"))
    assert found.counts[RowAction.REJECT] == 1
    assert found.missing_records == ()


def test_a_refused_row_without_usable_fields_counts_for_no_record(store: Store) -> None:
    import_rows(store, a_row(MESA, "1"))
    assert find_missing(store, a_row({"founded": "soon"})) == find_missing(store, a_row({})) == {"Mesa Workers Center": True}


def test_a_doubtful_candidate_is_not_missing(store: Store) -> None:
    import_rows(store, a_row(MESA, "1"), a_row({**MESA, "same_as": "new"}, "2"))
    found = plan(store, a_row({"name": "Mesa Workres Center"}))
    assert found.counts[RowAction.REVIEW] == 1
    assert found.missing_records == ()


class TestRetirable:
    def is_retirable_now(self, store: Store) -> bool:
        (own,) = find_missing(store).values()
        return own

    def test_a_record_of_two_sources_is_kept(self, store: Store) -> None:
        import_rows(store, a_row({**MESA, "identifiers": [EIN]}))
        import_rows(store, a_row({"identifiers": [EIN], "summary": "We organize."}), key="another", title="Another")
        assert not self.is_retirable_now(store)

    def test_an_edited_record_is_kept(self, store: Store) -> None:
        import_rows(store, a_row(MESA))
        ((record, _),) = store.load_organizations()
        store.write([Put(replace(record, summary="Ours."))], actor="staff", now=NOW + dt.timedelta(days=1), reason="test")
        assert not self.is_retirable_now(store)

    def test_a_corrected_record_is_kept(self, store: Store) -> None:
        """The edited field still has this source, but not its value."""
        import_rows(store, a_row(MESA))
        ((record, _),) = store.load_organizations()
        store.write([Put(replace(record, founded=1987))], actor="staff", now=NOW + dt.timedelta(days=1), reason="test")
        assert not self.is_retirable_now(store)

    def test_a_record_from_before_the_list_is_kept(self, store: Store) -> None:
        """The record was imported without sources; the list only added a year."""
        import_rows(store, a_row({"name": "Mesa Workers Center", "identifiers": [EIN]}), has_provenance=True)
        import_rows(store, a_row({"identifiers": [EIN], "founded": 1986}))
        assert not self.is_retirable_now(store)

    def test_a_record_number_of_the_source_does_not_matter(self, store: Store) -> None:
        import_rows(store, a_row(MESA, "1"))
        ((record, _),) = store.load_organizations()
        assert record.identifiers == (Identifier("X-A-LIST", "1"),)
        assert self.is_retirable_now(store)


# ---------------------------------------------------------------- with commands

MISSING = {"ID": "8", "Organization": "Bay Tenants Union", "City": "Oakland", "State": "CA"}
REMAINING = {"ID": "7", "Organization": "Mesa Workers Center", "City": "Tucson", "State": "AZ", "Email": "info@mesa.example.org"}


def test_missing_records_are_listed_and_removed_only_on_request(any_walk: ImportSession) -> None:
    any_walk.import_all(any_walk.write_csv("list.csv", REMAINING, MISSING))
    path = any_walk.write_csv("list.csv", REMAINING)
    result = any_walk.import_all(path)
    assert "No longer in this source (1). To remove records that only this source states, add --retire-missing" in result.output
    assert "Bay Tenants Union (bay-tenants-union)" in result.output
    assert "Bay Tenants Union" in any_walk.records
    assert "1 removed" in any_walk.import_all(path, "--retire-missing").output
    assert list(any_walk.records) == ["Mesa Workers Center"]
    assert any_walk.run("undo", "2", "--yes").exit_code == 0
    assert set(any_walk.records) == {"Mesa Workers Center", "Bay Tenants Union"}


def test_retiring_keeps_the_records_of_refused_rows(walk: ImportSession) -> None:
    walk.import_all(walk.write_csv("list.csv", REMAINING, MISSING))
    done = walk.seed(walk.write_csv("list.csv", {**REMAINING, "Email": "at the office"}), "--retire-missing", "--apply")
    assert done.exit_code == 1
    assert list(walk.records) == ["Mesa Workers Center"]


def test_the_report_lists_missing_records(walk: ImportSession) -> None:
    walk.import_all(walk.write_csv("list.csv", REMAINING, MISSING))
    report = walk.import_with_report(walk.write_csv("list.csv", REMAINING))
    assert nonzero_counts(report) == {"unchanged": 1, "missing": 1}
    assert report["missing_organizations"] == [
        {"organization": "bay-tenants-union", "name": "Bay Tenants Union", "is_its_own": True}
    ]


def test_records_excluded_by_a_filter_are_not_missing(walk: ImportSession) -> None:
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


def test_a_referenced_record_is_kept_and_the_others_removed(any_store: Store) -> None:
    """One reference must not block a whole import."""
    import_rows(any_store, *(a_row({"slug": slug, "name": name}) for slug, name in SLUGS))
    ids = any_store.load_slug_targets()
    child: dict[str, object] = {"name": "A Child of Bay", "slug": "child", "parent": ids["bay"]}
    import_rows(any_store, a_row(child), key="another")
    import_rows(any_store, a_row({"slug": "mesa", "name": "Mesa Workers Center", "parent": ids["river"]}), is_partial=True)
    assert find_missing(any_store) == {
        "Bay Tenants Union": False,  # the other list's child stays
        "River Fund": True,  # what refers to it goes too
        "Mesa Workers Center": True,
    }
    found = plan(any_store)
    apply_plan(found, Directory(any_store), now=NOW, reason="test", retire_missing=True)
    assert {record.name for record, _ in any_store.load_organizations()} == {"Bay Tenants Union", "A Child of Bay"}
    assert find_ledger_inconsistencies(any_store) == []


SLUGS = (("mesa", "Mesa Workers Center"), ("bay", "Bay Tenants Union"), ("river", "River Fund"))


def test_a_record_that_a_row_starts_to_refer_to_is_kept(store: Store) -> None:
    import_rows(store, *(a_row({"slug": slug, "name": name}) for slug, name in SLUGS))
    rows = [a_row({"slug": "mesa", "parent": "bay"}), a_row({"slug": "new", "name": "New Union", "parent": "river"})]
    assert find_missing(store, *rows) == {"Bay Tenants Union": False, "River Fund": False}


def test_the_networks_own_record_is_kept(store: Store) -> None:
    import_rows(store, *(a_row({"slug": slug, "name": name}) for slug, name in SLUGS))
    store.write([], actor="test", now=NOW, reason="test", network=Network(store.load_slug_targets()["bay"]))
    assert find_missing(store, a_row({"slug": "mesa"})) == {"Bay Tenants Union": False, "River Fund": True}
