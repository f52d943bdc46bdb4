"""Imports of coalitions, events and instruments: from files of staff, and from our own exports."""

import io
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from directory.curation.hiding import hide
from directory.curation.merge import merge
from directory.export.kind_records import build_record_export, write_lines
from directory.kinds.coalition import CoalitionMember
from directory.live import Directory
from directory.records import Audience, RecordKind, StoredRecord
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import Plan, RowAction
from seed.plan.record_plan import plan_records
from seed.sources import own_records
from seed.sources.dataset import Dataset
from tests.builders import NOW, a_slug, a_stored_coalition, a_stored_organization, an_id
from tests.directory.store.directory_of_kinds import list_published
from tests.directory.store.stored_kinds import list_records_of_all_kinds

PUBLIC, MEMBERS, STAFF = Audience
KINDS = [RecordKind.COALITION, RecordKind.EVENT, RecordKind.INSTRUMENT]
CIRCLE = {"name": "Circle", "kind": "WORKING_GROUP", "members": [{"organization": a_slug("Host"), "role": "lead"}]}
MEETING = {"name": "Meeting", "starts_local": "2027-06-14 18:30", "time_zone": "America/New_York"}
HIDDEN = a_stored_organization("Hidden", audience=STAFF)


@pytest.fixture
def directory(store: Store) -> Directory:
    directory = Directory(store)
    directory.build_snapshots(Audience)
    write(directory, a_stored_organization("Host"), a_stored_organization("Guest"), HIDDEN, *list_records_of_all_kinds("Host"))
    return directory


def write(directory: Directory, *records: StoredRecord) -> None:
    directory.write([Put(record) for record in records], actor="staff", now=NOW, reason="test")


def plan_rows(directory: Directory, kind: RecordKind, *stated: Mapping[str, object], **options: Any) -> Plan:
    rows = list(own_records.read_records("records.toml", list(stated)))
    return plan_records(kind, Dataset("records", "Ours", rows, has_provenance=True), directory.store, **options)


def import_rows(directory: Directory, kind: RecordKind, *stated: Mapping[str, object], **options: Any) -> Plan:
    plan = plan_rows(directory, kind, *stated, **options)
    apply_plan(plan, directory, now=NOW, reason="test")
    return plan


def list_actions(plan: Plan) -> list[RowAction]:
    return [item.action for item in plan.items]


def an_id_of(directory: Directory, slug: str) -> str:
    return directory.store.load_slug_targets(kind=RecordKind.COALITION)[slug]


def list_problems(plan: Plan) -> list[str]:
    return [problem.message for item in plan.items for problem in item.problems]


def find(directory: Directory, kind: RecordKind, slug: str, audience: Audience = PUBLIC) -> Any:
    return directory.get_snapshot(audience).find_record_by_slug(kind, slug)


def export(directory: Directory, kind: RecordKind, audience: Audience) -> list[dict[str, Any]]:
    out = io.BytesIO()
    write_lines(build_record_export(directory.get_snapshot(audience), kind), out)
    return [msgspec.json.decode(line) for line in out.getvalue().splitlines()]


# ---------------------------------------------------------------- our own exports


@pytest.mark.parametrize("audience", Audience)
def test_an_export_changes_nothing(directory: Directory, audience: Audience) -> None:
    """Above all, places that are published by city and members that are not published stay."""
    before = [list_published(directory.get_snapshot(one)) for one in Audience]
    for kind in KINDS:
        records = export(directory, kind, audience)
        assert records
        plan = import_rows(directory, kind, *records)
        assert set(list_actions(plan)) == {RowAction.SKIP}
    assert [list_published(directory.get_snapshot(one)) for one in Audience] == before


def test_an_export_fills_another_directory(directory: Directory, tmp_path: Any) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'other'}")
    store.migrate()
    other = Directory(store)
    write(other, a_stored_organization("Host"), a_stored_organization("Guest"))
    for kind in KINDS:
        import_rows(other, kind, *export(directory, kind, PUBLIC))
        published, again = export(directory, kind, PUBLIC), export(other, kind, PUBLIC)
        assert [{**one, "published": 0} for one in again] == [{**one, "published": 0} for one in published]


def test_an_edited_export_keeps_what_its_audience_does_not_see(directory: Directory) -> None:
    members = [CoalitionMember(an_id("Host")), CoalitionMember(HIDDEN.id, role="adviser")]
    write(directory, replace(a_stored_coalition("Mixed"), members=tuple(members)))
    (fields,) = [one for one in export(directory, RecordKind.COALITION, PUBLIC) if one["name"] == "Mixed"]
    fields["members"] = [*fields["members"], {"organization": an_id("Guest")}]
    import_rows(directory, RecordKind.COALITION, fields, overwrites_edits=True)
    assert find(directory, RecordKind.COALITION, a_slug("Mixed")).member_ids == (an_id("Host"), an_id("Guest"))
    (_, _, kept) = find(directory, RecordKind.COALITION, a_slug("Mixed"), STAFF).members
    assert (kept.organization, kept.role) == (HIDDEN.id, "adviser")


# ---------------------------------------------------------------- files that people write


def test_a_record_is_created_and_found_again_by_its_name(directory: Directory) -> None:
    assert list_actions(import_rows(directory, RecordKind.COALITION, CIRCLE)) == [RowAction.CREATE]
    (member,) = find(directory, RecordKind.COALITION, "circle").members
    assert (member.organization, member.role) == (an_id("Host"), "lead")
    assert list_actions(import_rows(directory, RecordKind.COALITION, CIRCLE)) == [RowAction.SKIP]
    import_rows(directory, RecordKind.COALITION, {"slug": "circle", "summary": "It meets."})
    changed = find(directory, RecordKind.COALITION, "circle")
    assert (changed.summary, changed.member_ids) == ("It meets.", (an_id("Host"),))


def test_events_with_the_same_name_are_distinct_days(directory: Directory) -> None:
    days = [MEETING, {**MEETING, "starts_local": "2027-07-14 18:30"}]
    assert list_actions(import_rows(directory, RecordKind.EVENT, *days)) == [RowAction.CREATE, RowAction.CREATE]
    assert list_actions(import_rows(directory, RecordKind.EVENT, *days)) == [RowAction.SKIP, RowAction.SKIP]
    moved = {"slug": "meeting-2027-07-14", "starts_local": "2027-07-14 19:30", "time_zone": "America/New_York"}
    assert list_actions(import_rows(directory, RecordKind.EVENT, moved)) == [RowAction.UPDATE]
    assert find(directory, RecordKind.EVENT, "meeting-2027-07-14").starts_at.isoformat() == "2027-07-14T23:30:00+00:00"


def test_rows_may_refer_to_each_other(directory: Directory) -> None:
    parent = {"name": "Larger", "slug": "larger"}
    plan = import_rows(directory, RecordKind.COALITION, {"name": "Smaller", "parent": "larger"}, parent)
    assert list_actions(plan) == [RowAction.CREATE, RowAction.CREATE]
    assert find(directory, RecordKind.COALITION, "smaller").parent == find(directory, RecordKind.COALITION, "larger").id


RING = [{"name": "A", "slug": "ring-a", "parent": "ring-b"}, {"name": "B", "slug": "ring-b", "parent": "ring-a"}]


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        ([{**CIRCLE, "members": [{"organization": "hots"}]}], ["There is no organization", "leave it out"]),
        ([{**CIRCLE, "members": [{"organization": f"{a_slug('Guest')}s"}]}], [f"Did you mean {a_slug('Guest')}?"]),
        ([{**CIRCLE, "members": [*CIRCLE["members"], {"organization": an_id("Host")}]}], ["listed 2 times"]),
        (RING, ["part of itself", "part of itself"]),
        ([*RING, {"name": "C", "parent": "ring-a"}], ["part of itself", "part of itself", "refers to a rejected row"]),
        ([{"name": "A", "slug": "a", "parent": "a"}], ["part of itself"]),
        ([CIRCLE, {**CIRCLE, "slug": "circle"}], ["Another row of the file is the same coalition"]),
        ([{**CIRCLE, "id": an_id("Host")}], ["belongs to a record of another kind"]),
        ([{**CIRCLE, "id": "7"}], ["not a UUID"]),
        ([{**CIRCLE, "issue_areas": ["housng"]}], ["Did you mean housing?"]),
        ([{"summary": "No name."}], ["name"]),
        ([{**CIRCLE, "color": "red"}], ["color"]),
        ([{"name": ["a", "list"]}], ["name"]),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected_with_a_reason(
    directory: Directory, rows: list[dict[str, object]], messages: list[str]
) -> None:
    revision = directory.store.load_head().revision
    plan = import_rows(directory, RecordKind.COALITION, *rows)
    text = " ".join((*list_problems(plan), *(".".join(map(str, one.path)) for item in plan.items for one in item.problems)))
    for message in set(messages):
        assert text.count(message) >= messages.count(message)
    rejected = [item for item in plan.items if item.action is RowAction.REJECT]
    assert len(rejected) == (len(rows) if len(rows) != 2 or rows is RING else 1)
    assert directory.store.load_head().revision == revision + (len(rejected) < len(rows))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"starts_local": "2027-03-14 02:30"}, "does not exist in America/New_York"),
        ({"starts_local": "2027-11-07 01:30"}, "occurs twice"),
        ({"ends_local": "2027-06-14 17:30"}, "ends before it starts"),
        ({"time_zone": "America/Atlanta"}, "is not a time zone"),
        ({"starts_local": None, "starts_at": "2027-06-14T18:30"}, "Write it in starts_local"),
        ({"coalition": "nothing-like-it"}, "There is no coalition"),
        ({"hosts": [{"organization": a_slug("Removed")}]}, "it may have been removed"),
    ],
)
def test_an_event_that_cannot_take_place_is_rejected(directory: Directory, fields: dict[str, object], message: str) -> None:
    removed = a_stored_organization("Removed")
    write(directory, removed)
    directory.write([Remove(removed.id)], actor="staff", now=NOW, reason="test")
    plan = plan_rows(directory, RecordKind.EVENT, {**MEETING, **fields})
    assert list_actions(plan) == [RowAction.REJECT]
    assert message in " ".join(list_problems(plan))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"summary": "Meet us in Marietta, behind the mill."}, "Marietta"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends before it starts"),
    ],
)
def test_a_row_is_checked_together_with_what_is_stored(directory: Directory, fields: dict[str, object], message: str) -> None:
    place = {"city": "Marietta", "state": "GA", "disclosure": "STATE"}
    import_rows(directory, RecordKind.EVENT, {**MEETING, "locations": [place]})
    plan = import_rows(directory, RecordKind.EVENT, {"slug": "meeting-2027-06-14", **fields})
    assert list_actions(plan) == [RowAction.REJECT]
    assert message in " ".join(list_problems(plan))


FULL = {
    RecordKind.COALITION: {"name": "Circle", "slug": "circle"},
    RecordKind.EVENT: {"name": "Meeting", "slug": "meeting", "starts_at": "2027-06-14T18:30:00Z"},
    RecordKind.INSTRUMENT: {"name": "Pact", "slug": "pact"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("audience", [MEMBERS, STAFF])
def test_a_stricter_audience_is_applied_with_the_rest(directory: Directory, kind: RecordKind, audience: Audience) -> None:
    slug = str(FULL[kind]["slug"])
    import_rows(directory, kind, FULL[kind])
    assert list_actions(import_rows(directory, kind, {"slug": slug, "audience": audience, "summary": "Ours."})) == [
        RowAction.UPDATE
    ]
    assert find(directory, kind, slug) is None
    assert find(directory, kind, slug, STAFF).summary == "Ours."


def test_a_link_for_fewer_people_is_applied(directory: Directory) -> None:
    link = {"online_url": "https://meet.example/", "online_audience": "PUBLIC"}
    import_rows(directory, RecordKind.EVENT, {**FULL[RecordKind.EVENT], **link})
    assert find(directory, RecordKind.EVENT, "meeting").online_url
    import_rows(directory, RecordKind.EVENT, {**FULL[RecordKind.EVENT], **link, "online_audience": "STAFF"})
    assert find(directory, RecordKind.EVENT, "meeting").online_url is None


def test_an_edited_export_with_an_ambiguous_audience_is_rejected(directory: Directory) -> None:
    import_rows(directory, RecordKind.COALITION, FULL[RecordKind.COALITION])
    (row,) = [one for one in export(directory, RecordKind.COALITION, STAFF) if one["slug"] == "circle"]
    plan = plan_rows(directory, RecordKind.COALITION, {**row, "summary": "For staff."})
    assert list_actions(plan) == [RowAction.REJECT]
    assert "may be that of the export" in list_problems(plan)[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("without", [(), ("slug",)])
def test_a_hidden_record_is_found_again_and_stays_hidden(
    directory: Directory, kind: RecordKind, without: tuple[str, ...]
) -> None:
    row = {name: value for name, value in FULL[kind].items() if name not in without}
    import_rows(directory, kind, row)
    slug = next(record.slug for record, _ in directory.store.load_records(kind) if record.name == row["name"])
    hide(directory, f"{kind.noun}:{slug}", now=NOW)
    assert list_actions(import_rows(directory, kind, {**row, "summary": "Again."})) == [RowAction.UPDATE]
    assert find(directory, kind, slug) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_private_records_is_imported_twice_without_copies(directory: Directory, kind: RecordKind) -> None:
    row = {**FULL[kind], "audience": "STAFF"}
    assert list_actions(import_rows(directory, kind, row)) == [RowAction.CREATE]
    assert list_actions(import_rows(directory, kind, row)) == [RowAction.SKIP]


def test_the_slug_of_a_merged_record_is_rejected(directory: Directory) -> None:
    import_rows(directory, RecordKind.COALITION, {"name": "One", "slug": "one"}, {"name": "Two", "slug": "two"})
    merge(directory, "coalition:one", "coalition:two", actor="staff", now=NOW)
    plan = plan_rows(directory, RecordKind.COALITION, {"name": "One", "slug": "one"})
    assert list_actions(plan) == [RowAction.REJECT]
    assert "Use two" in list_problems(plan)[0]
    assert list_actions(plan_rows(directory, RecordKind.COALITION, {"name": "Two"})) == [RowAction.SKIP]
    directory.write([Remove(an_id_of(directory, "two"), kind=RecordKind.COALITION)], actor="staff", now=NOW, reason="test")
    assert list_actions(plan_rows(directory, RecordKind.COALITION, {"name": "One", "slug": "one"})) == [RowAction.CREATE]


def test_nothing_becomes_more_visible_unless_that_is_allowed(directory: Directory) -> None:
    write(directory, a_stored_coalition("Secret", audience=STAFF))
    fields = {"id": an_id("Secret"), "name": "Secret", "audience": "PUBLIC"}
    options = {"overwrites_edits": True}
    assert list_actions(plan_rows(directory, RecordKind.COALITION, fields)) == [RowAction.SKIP]  # people decided otherwise
    assert list_actions(plan_rows(directory, RecordKind.COALITION, fields, **options)) == [RowAction.REJECT]
    assert list_actions(plan_rows(directory, RecordKind.COALITION, fields, may_loosen=True, **options)) == [RowAction.UPDATE]
