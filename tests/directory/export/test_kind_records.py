"""Exports of coalitions, events, instruments and provisions."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from benchmarks.provisions import build_rows, write_rows
from directory.drafts.coalition_draft import build_stored_coalition, parse_coalition_draft
from directory.drafts.event_draft import build_stored_event, parse_event_draft
from directory.drafts.geocoding import locate, make_location_id
from directory.drafts.instrument_draft import (
    build_stored_instrument,
    build_stored_provision,
    parse_instrument_draft,
    parse_provision_draft,
)
from directory.export.formula_escaping import FORMULA_SIGNS
from directory.export.kind_records import COLUMNS, build_record_export, to_record_fields, write_csv, write_lines
from directory.geo import Disclosure
from directory.kinds import publish_record
from directory.kinds.instrument import StoredProvision
from directory.live import Directory
from directory.records import Audience, PublishedRecord, RecordKind, StoredRecord
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.network_records import seed_network
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import RowAction
from seed.plan.provision_plan import plan_provisions
from seed.sources.dataset import ReadOptions
from seed.sources.provision_table import load_provisions
from tests.builders import NOW, a_stored_coalition, a_stored_instrument, a_stored_organization, a_stored_provision, an_id
from tests.directory.store.stored_kinds import a_full_coalition, a_full_event, a_full_instrument, a_full_provision

COARSE = (Disclosure.CITY, Disclosure.STATE, Disclosure.HIDDEN)
MEMBER = "Harbor Tenants Union"
DIFFICULT_TEXTS = (
    *(f"{sign}cmd|' /C calc'!A0" for sign in FORMULA_SIGNS if sign.strip()),
    "'=1+1",
    "''quoted",
    'She said "no"; then left, twice',
    "#REF!",
    "26,5 % – ¿cuánto? 🙂",
    "N/A",
)


def publish(record: StoredRecord, audience: Audience) -> PublishedRecord:
    published = publish_record(record, audience, NOW, lambda _: True)
    assert published is not None
    return published


def build_again(record: StoredRecord, fields: Mapping[str, Any]) -> StoredRecord:
    """Build a stored record from exported fields."""
    stated = {name: value for name, value in fields.items() if name != "id"}
    id, slug = fields["id"], fields["slug"]
    match type(record).__name__:
        case "StoredCoalition":
            return build_stored_coalition(parse_coalition_draft(stated), id=id, slug=slug)
        case "StoredEvent":
            draft = parse_event_draft(stated)
            sites = tuple(locate(place, id=make_location_id(id, position)) for position, place in enumerate(draft.locations))
            return build_stored_event(draft, id=id, slug=slug, sites=sites)
        case "StoredInstrument":
            return build_stored_instrument(parse_instrument_draft(stated), id=id, slug=slug)
        case _:
            return build_stored_provision(parse_provision_draft(stated), id=id, slug=slug)


# ---------------------------------------------------------------- the complete form


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize(
    "record",
    [
        a_full_coalition(MEMBER, "Casa Maravilla"),
        *(a_full_event(MEMBER, "UPR", disclosure) for disclosure in COARSE),
        a_full_instrument(),
        a_full_provision(),
    ],
    ids=lambda record: record.slug,
)
def test_the_fields_reproduce_the_published_record(record: StoredRecord, audience: Audience) -> None:
    published = publish(record, audience)
    fields = to_record_fields(published, audience)
    assert msgspec.json.decode(msgspec.json.encode(fields)) == fields
    again = publish(build_again(record, fields), audience)
    if published.locations:  # ids of places are not part of a draft
        (before,), (after,) = published.locations, again.locations
        assert (after.address, after.precision, after.regions) == (before.address, before.precision, before.regions)
        published, again = (msgspec.structs.replace(one, locations=()) for one in (published, again))
    assert again == published


def test_the_public_does_not_get_what_is_for_members() -> None:
    event = replace(a_full_event(MEMBER, "UPR", Disclosure.STATE), hosts=())
    fields = to_record_fields(publish(event, Audience.PUBLIC), Audience.PUBLIC)
    assert "online_url" not in fields
    text = msgspec.json.encode(fields).decode()
    assert "Georgia Ave" not in text
    assert "City Hall" not in text
    assert to_record_fields(publish(event, Audience.MEMBERS), Audience.MEMBERS)["online_audience"] == "MEMBERS"


def test_a_place_that_is_published_exactly_has_its_street() -> None:
    published = publish(a_full_event(MEMBER, "UPR", Disclosure.EXACT), Audience.PUBLIC)
    (location,) = to_record_fields(published, Audience.PUBLIC)["locations"]
    assert (location["street"], location["disclosure"]) == ("250 Georgia Ave SE", "EXACT")


# ---------------------------------------------------------------- files


@pytest.fixture
def directory(store: Store) -> Directory:
    directory = Directory(store)
    seed_network(directory, NOW)
    return directory


def export(directory: Directory, kind: RecordKind, audience: Audience = Audience.PUBLIC) -> list[dict[str, str]]:
    out = io.BytesIO()
    write_csv(build_record_export(directory.get_snapshot(audience), kind), out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def export_lines(directory: Directory, kind: RecordKind, audience: Audience = Audience.PUBLIC) -> list[dict[str, Any]]:
    out = io.BytesIO()
    write_lines(build_record_export(directory.get_snapshot(audience), kind), out)
    return [msgspec.json.decode(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(("kind", "count"), list(zip(COLUMNS, (2, 4, 10, 30), strict=True)))
def test_every_record_has_a_row_and_a_line(directory: Directory, kind: RecordKind, count: int) -> None:
    rows, lines = export(directory, kind), export_lines(directory, kind)
    assert len(rows) == count
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert all(list(row) == [*COLUMNS[kind], "published.updated_at"] for row in rows)
    assert all(line["published"]["updated_at"] == "2026-06-01T12:00:00Z" for line in lines)


def test_references_can_be_read(directory: Directory) -> None:
    campaign = next(row for row in export(directory, RecordKind.COALITION) if row["slug"] == "human-rights-day-2020")
    assert campaign["members"].startswith("Aging People in Prison Human Rights Campaign; Chicago Anti-Eviction Campaign; ")
    events = {row["slug"]: row for row in export(directory, RecordKind.EVENT)}
    conference = events["upr-press-conference-2021"]
    assert (conference["hosts"], conference["coalition"]) == ("US Human Rights Network", "upr-task-force")
    assert events["upr-adoption-2021"]["hosts"] == "United Nations Human Rights Council"
    assert {row["instrument"] for row in export(directory, RecordKind.PROVISION)} == {"udhr"}


def test_provisions_are_in_the_order_of_their_numbers(directory: Directory) -> None:
    assert [row["number"] for row in export(directory, RecordKind.PROVISION)] == [str(number) for number in range(1, 31)]


def test_an_export_has_only_what_its_audience_sees(directory: Directory) -> None:
    member = a_stored_organization("A hidden member", audience=Audience.STAFF)
    coalition = a_stored_coalition("Open", ["A hidden member"])
    private = a_stored_coalition("Members only", audience=Audience.MEMBERS)
    directory.write([Put(record) for record in (member, coalition, private)], actor="staff", now=NOW, reason="test")
    public = export(directory, RecordKind.COALITION)
    assert "A hidden member" not in str(public)
    assert "Members only" not in {row["name"] for row in public}
    staff = {row["name"]: row for row in export(directory, RecordKind.COALITION, Audience.STAFF)}
    assert (staff["Open"]["members"], staff["Members only"]["audience"]) == ("A hidden member", "STAFF")
    lines = {line["name"]: line for line in export_lines(directory, RecordKind.COALITION)}
    assert "members" not in lines["Open"]


def test_no_cell_is_a_formula(directory: Directory) -> None:
    for kind, builder in ((RecordKind.COALITION, a_stored_coalition), (RecordKind.INSTRUMENT, a_stored_instrument)):
        records = [
            builder(text, id=an_id(f"{kind} {text}"), slug=f"x{n}", summary=text) for n, text in enumerate(DIFFICULT_TEXTS)
        ]
        directory.write([Put(record) for record in records], actor="staff", now=NOW, reason="test")
        cells = [cell for row in export(directory, kind) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(FORMULA_SIGNS)]


# ---------------------------------------------------------------- round trips


@pytest.fixture
def provisions(directory: Directory, tmp_path: Path) -> Directory:
    """A directory with articles, recommendations, and provisions with difficult texts."""
    path = write_rows(tmp_path / "upr.csv", build_rows(60))
    dataset = load_provisions(path, ReadOptions(), io.BytesIO())
    apply_plan(plan_provisions(dataset, directory.store, instrument="upr-usa-2020"), directory, now=NOW, reason="test")
    instrument = next(record for record, _ in directory.store.load_records(RecordKind.INSTRUMENT) if record.slug == "cat")
    texts = dict.fromkeys(("name", "name_es", "summary", "recommending_state", "response"))
    records = [
        replace(a_stored_provision(str(number)), instrument=instrument.id, **dict.fromkeys(texts, text))
        for number, text in enumerate(DIFFICULT_TEXTS, start=1)
    ]
    directory.write([Put(record) for record in records], actor="staff", now=NOW, reason="test")
    return directory


def plan_export(directory: Directory, folder: Path, name: str, audience: Audience = Audience.PUBLIC) -> list[RowAction]:
    """Export the provisions and return what importing that file would do with each row."""
    write = write_csv if name.endswith(".csv") else write_lines
    with (folder / name).open("wb") as out:
        write(build_record_export(directory.get_snapshot(audience), RecordKind.PROVISION), out)
    dataset = load_provisions(folder / name, ReadOptions(), io.BytesIO())
    plan = plan_provisions(dataset, directory.store, instrument=None)
    assert plan.edits == []
    return [item.action for item in plan.items]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", ["provisions.csv", "provisions.ndjson"])
def test_importing_an_export_changes_nothing(provisions: Directory, tmp_path: Path, name: str, audience: Audience) -> None:
    actions = plan_export(provisions, tmp_path, name, audience)
    assert len(actions) == 30 + 60 + len(DIFFICULT_TEXTS)
    assert set(actions) == {RowAction.SKIP}


def test_an_edited_export_changes_only_the_edited_cell(provisions: Directory, tmp_path: Path) -> None:
    plan_export(provisions, tmp_path, "provisions.csv")
    path = tmp_path / "provisions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("life, freedom and safety", "life and safety"), encoding="utf-8")
    dataset = load_provisions(path, ReadOptions(), io.BytesIO())
    plan = plan_provisions(dataset, provisions.store, instrument=None).select(RowAction.UPDATE)
    (item,) = plan.items
    assert (item.changed_fields, item.evidence[0].detail[:2]) == (("name",), "id")
    apply_plan(plan, provisions, now=NOW, reason="test")
    records = [one for one, _ in provisions.store.load_records(RecordKind.PROVISION) if isinstance(one, StoredProvision)]
    edited = next(one for one in records if one.name == "life and safety")
    assert {source.field for source in edited.sources} == {"name", "number"}  # an export is not a source


def test_an_export_fills_an_empty_directory(provisions: Directory, tmp_path: Path, any_store: Store) -> None:
    plan_export(provisions, tmp_path, "provisions.ndjson")
    other = Directory(any_store)
    instruments = [Put(record) for record, _ in provisions.store.load_records(RecordKind.INSTRUMENT)]
    other.write(instruments, actor="staff", now=NOW, reason="the instruments")
    plan = plan_provisions(
        load_provisions(tmp_path / "provisions.ndjson", ReadOptions(), io.BytesIO()), any_store, instrument=None
    )
    apply_plan(plan, other, now=NOW, reason="test")
    before, after = (export_lines(one, RecordKind.PROVISION) for one in (provisions, other))
    assert after == before
