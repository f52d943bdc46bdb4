"""A possible duplicate stays one until a person decides, decisions are remembered, and removed records do not come back."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.live import Directory
from directory.records import Audience, RowMatch, StoredOrganization
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationPlan, RowAction
from seed.rows import Row
from tests.seed.import_session import ImportSession
from tests.seed.plan_builders import NOW, OTHER, a_dataset, only_message, plan_one_row, plan_rows, seed_rows
from web.reconcile import candidates as reconcile

STREET = {"street": "88 Canal St", "city": "Troy", "state": "NY", "postal_code": "12180"}
FUND: dict[str, Any] = {"name": "Rivertown Bail Fund", "locations": [STREET]}
MISSPELLED: dict[str, Any] = {"name": "Rivertown Bial Fund", "locations": [STREET]}
ROW_KEY = "rivertown bial fund · troy · us ny"


def load_record(store: Store, name: str = "Rivertown Bail Fund") -> StoredOrganization:
    return next(record for record, _ in store.load_organizations() if record.name == name)


def list_actions(plan: OrganizationPlan) -> list[RowAction]:
    return [item.action for item in plan.items]


def plan_import_rows(store: Store, rows: list[Row]) -> OrganizationPlan:
    return plan_import(a_dataset(rows, key="numbered"), store, today=NOW.date())


class TestDoubtfulRows:
    def test_a_row_stays_doubtful_however_often_its_list_is_imported(self, any_store: Store) -> None:
        for expected in ([RowAction.CREATE, RowAction.REVIEW], *[[RowAction.SKIP, RowAction.REVIEW]] * 3):
            plan = plan_rows(any_store, FUND, MISSPELLED)
            assert list_actions(plan) == expected
            assert [one.slug for one in plan.items[1].candidates] == ["rivertown-bail-fund"]
            apply_plan(plan, Directory(any_store), now=NOW, reason="test")
        assert any_store.load_head().revision == 1, "later imports change nothing"

    def test_it_stays_doubtful_when_nothing_is_similar_any_more(self, store: Store) -> None:
        seed_rows(store, FUND)
        seed_rows(store, MISSPELLED, source="another-list")
        store.write([Put(replace(load_record(store), name="Zebra League", sites=()))], actor="ann", now=NOW, reason="edit")
        (item,) = plan_rows(store, MISSPELLED, source="another-list").items
        assert (item.action, [one.name for one in item.candidates]) == (RowAction.REVIEW, ["Zebra League"])
        assert plan_one_row(store, **MISSPELLED, source="third-list").action is RowAction.CREATE

    def test_only_doubtful_rows_are_a_revision_that_counts_no_change(self, walk: ImportSession) -> None:
        headings = "Organization,Address,City,State,ZIP\n"
        walk.import_all(walk.write_file("true.csv", f"{headings}Rivertown Bail Fund,88 Canal St,Troy,NY,12180\n"))
        file = walk.write_file("list.csv", f"{headings}Rivertown Bial Fund,88 Canal St,Troy,NY,12180\n")
        output = walk.seed(file, "--apply").output
        assert "Not decided: 1 doubtful row. The next import of this list asks again." in output
        assert "Written: 0 created, 0 changed, 0 removed, at revision 2." in output
        assert "Nothing was written: there are no changes." in walk.seed(file, "--apply").output
        assert "remembers a doubtful row of list" in walk.run("history", "rivertown-bail-fund").output

    def test_two_rows_with_one_name_and_town_are_told_apart(self, store: Store) -> None:
        rows = [{**FUND, "locations": [{**STREET, "street": street}]} for street in ("88 Canal St", "1 Elm St")]
        seed_rows(store, *rows)
        assert list_actions(plan_rows(store, *rows)) == [RowAction.SKIP, RowAction.REVIEW]

    def test_a_decision_about_the_second_of_two_such_rows_stays_with_it(self, any_store: Store) -> None:
        first, second = ({**FUND, "locations": [{**STREET, "street": street}]} for street in ("88 Canal St", "1 Elm St"))
        seed_rows(any_store, first, {**second, "same_as": "rivertown-bail-fund"})
        streets = load_record(any_store).sites
        for _ in range(2):
            plan = plan_rows(any_store, first, second)
            assert list_actions(plan) == [RowAction.SKIP, RowAction.SKIP]
            assert plan.items[1].repeats is not None
            apply_plan(plan, Directory(any_store), now=NOW, reason="test")
        assert load_record(any_store).sites == streets, "the second row does not change what the first one states"


@pytest.mark.parametrize("place", [{"city": "Nowhereville", "state": "CA"}, {"state": "CA"}])
def test_a_town_that_the_gazetteer_does_not_know_changes_nothing_later(store: Store, place: dict[str, str]) -> None:
    seed_rows(store, {"name": "Desert Union", "locations": [{"city": "Nowhereville", "state": "CA"}]})
    assert plan_one_row(store, name="Desert Union", locations=[place]).action is RowAction.SKIP


class TestDecisions:
    def test_a_misspelled_row_that_a_person_decided_changes_no_name(self, any_store: Store) -> None:
        seed_rows(any_store, FUND)
        seed_rows(any_store, {**MISSPELLED, "founded": 1986, "same_as": "rivertown-bail-fund"}, source="another-list")
        record = load_record(any_store)
        assert (record.names, record.founded) == ((), 1986)
        assert record.row_matches == (RowMatch("another-list", ROW_KEY, True),)
        item = plan_one_row(any_store, **MISSPELLED, founded=1986, source="another-list")
        assert (item.action, item.evidence[0].detail) == (RowAction.SKIP, "a person decided this in an earlier import")

    def test_a_decision_about_two_rows_of_one_list_is_remembered(self, any_store: Store) -> None:
        seed_rows(any_store, FUND, {**MISSPELLED, "founded": 1990, "same_as": "rivertown-bail-fund"})
        plan = plan_rows(any_store, FUND, {**MISSPELLED, "founded": 1990})
        assert list_actions(plan) == [RowAction.SKIP, RowAction.SKIP]
        assert plan.items[1].repeats == plan.items[0].row
        assert load_record(any_store).founded is None, "the first row is used"

    def test_a_decision_is_about_one_of_two_rows_with_one_name_and_town(self, store: Store) -> None:
        seed_rows(store, FUND)
        rows = [{**MISSPELLED, "locations": [{**STREET, "street": street}]} for street in ("88 Canal St", "1 Elm St")]
        seed_rows(store, {**rows[0], "same_as": "rivertown-bail-fund"}, source="another-list")
        first, second = plan_rows(store, *rows, source="another-list").items
        assert (first.action, second.repeats) == (RowAction.SKIP, None)
        assert second.action is not RowAction.SKIP

    def test_a_new_record_is_remembered(self, any_store: Store) -> None:
        seed_rows(any_store, FUND, {**MISSPELLED, "same_as": "new"})
        assert list_actions(plan_rows(any_store, FUND, MISSPELLED)) == [RowAction.SKIP, RowAction.SKIP]
        assert list_actions(plan_rows(any_store, MISSPELLED, FUND)) == [RowAction.SKIP, RowAction.SKIP]

    @pytest.mark.parametrize("answer", ["new", "rivertown-bail-fund"])
    def test_an_undone_decision_is_open_again(self, any_store: Store, answer: str) -> None:
        seed_rows(any_store, FUND, MISSPELLED)
        decided = seed_rows(any_store, {**MISSPELLED, "same_as": answer})
        undo(Directory(any_store), decided.revision, now=NOW)
        assert list_actions(plan_rows(any_store, FUND, MISSPELLED)) == [RowAction.SKIP, RowAction.REVIEW]

    def test_a_decision_for_a_record_number_survives_another_name(self, store: Store) -> None:
        seed_rows(store, FUND)
        rows = [Row("list.csv", 1, {**MISSPELLED, "same_as": "rivertown-bail-fund"}, source_id="7")]
        apply_plan(plan_import_rows(store, rows), Directory(store), now=NOW, reason="test")
        renamed = [Row("list.csv", 1, {"name": "Zebra League"}, source_id="7")]
        assert plan_import_rows(store, renamed).items[0].record_before == load_record(store)

    def test_a_row_of_the_same_file_can_be_named_in_an_answer(self, walk: ImportSession) -> None:
        rows = "Rivertown Bail Fund,88 Canal St,Troy,NY,12180\nRivertown Bial Fund,88 Canal St,Troy,NY,12180\n"
        file = walk.write_file("list.csv", f"Organization,Address,City,State,ZIP\n{rows}")
        output = walk.seed(file, "--apply", "--interactive", stdin="\n-\n1\n").output
        assert "2 rows: 1 created, 0 changed, 1 unchanged, 0 doubtful, 0 rejected." in output
        assert "the same organization as list.csv, row 2" in output
        assert "2 rows: 0 created, 0 changed, 2 unchanged, 0 doubtful, 0 rejected." in walk.seed(file).output


class TestRemovedRecords:
    def remove(self, store: Store, actor: str = "ann") -> str:
        seed_rows(store, {**FUND, "audience": "MEMBERS"})
        record = load_record(store)
        store.write([Remove(record.id)], actor=actor, now=NOW, reason="asked to be removed")
        return record.id

    @pytest.mark.parametrize("row", [FUND, {**FUND, "name": "Rivertown Bail Funds"}, {"id": OTHER, **FUND}])
    def test_a_removed_record_comes_back_only_as_possible(self, any_store: Store, row: dict[str, Any]) -> None:
        id = self.remove(any_store)
        row = {**row, "id": id} if "id" in row else row
        for source in ("a-list", "another-list"):
            (item,) = plan_rows(any_store, row, source=source).items
            assert (item.action, [one.id for one in item.candidates]) == (RowAction.REVIEW, [id])
            assert item.candidates[0].was_removed

    def test_a_person_restores_it_and_nobody_else_sees_it(self, any_store: Store) -> None:
        id = self.remove(any_store)
        seed_rows(any_store, {**FUND, "same_as": id})
        record = load_record(any_store)
        assert (record.id, record.audience) == (id, Audience.MEMBERS)
        assert plan_one_row(any_store, **FUND).action is RowAction.SKIP

    def test_a_person_says_that_it_is_another_organization(self, any_store: Store) -> None:
        id = self.remove(any_store)
        seed_rows(any_store, {**FUND, "same_as": "new"})
        assert load_record(any_store).id != id
        assert plan_one_row(any_store, **FUND).action is RowAction.SKIP

    @pytest.mark.parametrize("actor", ["directory seed", "directory undo"])
    def test_what_an_import_or_an_undo_removed_can_be_created_again(self, any_store: Store, actor: str) -> None:
        self.remove(any_store, actor)
        assert plan_one_row(any_store, **FUND).action is RowAction.CREATE

    def test_the_terminal_says_that_it_was_removed(self, walk: ImportSession) -> None:
        file = walk.write_file("list.csv", "Organization,City,State\nRivertown Bail Fund,Troy,NY\n")
        walk.import_all(file)
        store = Store.open(walk.url)
        self_id = load_record(store).id
        store.write([Remove(self_id)], actor="ann", now=NOW, reason="asked to be removed")
        store.close()
        corrections = walk.folder / "fix.csv"
        output = walk.seed(file, "--corrections", corrections).output
        assert "Rivertown Bail Fund (rivertown-bail-fund): possible, was removed" in output
        assert "May be Rivertown Bail Fund, which was removed: in the column same_as" in corrections.read_text()


class TestMergedRecords:
    ROWS = ({"name": "Alpha Union"}, {"name": "Beta Workers League"})

    @pytest.mark.parametrize("numbers", [(None, None), ("1", "2")])
    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_later_imports_account_for_both_rows(
        self, any_store: Store, numbers: tuple[str | None, ...], order: tuple[int, int]
    ) -> None:
        rows = [
            Row("list.csv", line, fields, source_id=number)
            for line, (fields, number) in enumerate(zip(self.ROWS, numbers, strict=True), start=2)
        ]
        apply_plan(plan_import_rows(any_store, rows), Directory(any_store), now=NOW, reason="test")
        merge(Directory(any_store), "beta-workers-league", "alpha-union", actor="ann", now=NOW)
        plan = plan_import_rows(any_store, [rows[position] for position in order])
        assert list_actions(plan) == [RowAction.SKIP, RowAction.SKIP]
        assert plan.items[1].repeats == plan.items[0].row
        assert not plan.missing_records

    def test_a_third_row_of_the_name_is_doubtful(self, store: Store) -> None:
        seed_rows(store, *self.ROWS)
        merge(Directory(store), "beta-workers-league", "alpha-union", actor="ann", now=NOW)
        plan = plan_rows(store, *self.ROWS, {"name": "Alpha Union"})
        assert list_actions(plan) == [RowAction.SKIP, RowAction.SKIP, RowAction.REVIEW]


def test_circles_of_parents_are_rejected(any_store: Store) -> None:
    seed_rows(any_store, {"slug": "a", "name": "Alpha Union"}, {"slug": "b", "name": "Beta Workers League", "parent": "a"})
    (item,) = plan_rows(any_store, {"slug": "a", "parent": "b"}).items
    assert item.action is RowAction.REJECT
    assert only_message(item) == "This record would be part of itself through its parents. Choose another parent or none."
    assert item.problems[0].path == ("parent",)


ELSEWHERE = {**STREET, "street": "4000 Hill Rd"}


class TestPrivateStreets:
    def test_they_count_in_imports(self, any_store: Store) -> None:
        similar = {"name": "Rivertown Fund for Bail Reform", "locations": [STREET]}
        seed_rows(any_store, {**FUND, "locations": [{**STREET, "disclosure": "HIDDEN"}]})
        (item,) = plan_rows(any_store, similar, source="another-list").items
        assert item.action is RowAction.REVIEW
        moved = {**similar, "locations": [ELSEWHERE]}
        assert plan_rows(any_store, moved, source="another-list").items[0].action is RowAction.CREATE

    def test_they_do_not_count_in_reconciliation(self, store: Store) -> None:
        results = []
        for street in (STREET, ELSEWHERE):
            seed_rows(store, {**FUND, "locations": [{**street, "disclosure": "HIDDEN"}]})
            snapshot = Directory(store).get_snapshot(Audience.PUBLIC)
            query = reconcile.Row("Rivertown Bail Fund", {"street": ("88 Canal St",), "city": ("Troy",), "state": ("NY",)})
            results.append(
                [(one.result, one.is_match, one.organization.name) for one in reconcile.find_candidates(snapshot, query)]
            )
        assert results[0] == results[1] != []

    def test_a_private_suite_is_in_no_evidence(self, store: Store) -> None:
        seed_rows(store, {**FUND, "locations": [{**STREET, "street": "88 Canal St Ste 417", "disclosure": "HIDDEN"}]})
        row = {**MISSPELLED, "locations": [{**STREET, "street": "88 Canal St Ste 2"}]}
        (item,) = plan_rows(store, row, source="another-list").items
        details = [evidence.detail for evidence in item.candidates[0].match_result.evidence]
        assert "same building, different suites: 88 Canal" in details


@pytest.mark.parametrize(
    "more",
    [{}, {"website": "https://rivertown.example/"}, {"locations": [{"city": "Troy", "state": "NY"}]}],
    ids=["name", "website", "town"],
)
def test_two_records_of_one_name_in_one_list_are_doubtful(store: Store, more: Mapping[str, object]) -> None:
    fields = {"name": "Community Center", **more}
    rows = [Row("list.csv", number, fields, source_id=str(number)) for number in (1, 2)]
    assert list_actions(plan_import_rows(store, rows)) == [RowAction.CREATE, RowAction.REVIEW]
