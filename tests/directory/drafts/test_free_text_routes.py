"""Whatever route a text takes, it cannot name a place that its record does not publish. Every checked field is tested."""

from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from directory.curation.merge import merge
from directory.drafts.free_text import CHECKED_FIELDS
from directory.drafts.geocoding import locate, make_location_id
from directory.drafts.organization_draft import build_stored_organization, parse_draft
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.geo import Disclosure, Precision
from directory.live import Directory
from directory.records import RecordKind, StoredLocation, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.records.tables import sites
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.stored_organizations import LATER, expect_refusal, load_organization, put_organizations
from tests.seed.import_session import ImportSession

checked = pytest.mark.parametrize("field", CHECKED_FIELDS[RecordKind.ORGANIZATION])
TAOS = StoredLocation(
    id=an_id("taos"), state="US-NM", county="US-NM-055", city="Taos", postal_code="87571", known=Precision.POSTAL_CODE
)
TEXT = "Rooms for meetings in Taos"


def build_message(field: str) -> str:
    return f"`{field}` names the city Taos, which this organization does not publish. Use another word, or leave it out."


def build_record(field: str, disclosure: Disclosure, text: str | None = TEXT, name: str = "Shelter") -> StoredOrganization:
    site = replace(TAOS, id=an_id(f"site of {name}"), disclosure=disclosure)
    return a_stored_organization(name, sites=(site,), **{field: text})


def list_problems(fields: dict[str, Any]) -> list[Problem]:
    """Return the problems of a whole submitted record."""
    with pytest.raises(BadInput) as refusal:
        build_from_draft(fields)
    problems: list[Problem] = refusal.value.params["problems"]  # type: ignore[assignment]
    return problems


def build_from_draft(fields: dict[str, Any]) -> StoredOrganization:
    id = an_id("draft")
    draft = parse_draft({"name": "Shelter", **fields})
    places = tuple(locate(place, id=make_location_id(id, position)) for position, place in enumerate(draft.locations))
    return build_stored_organization(draft, id=id, slug="shelter", sites=places)


@checked
def test_a_draft_with_an_address_has_a_problem_at_the_field(field: str) -> None:
    """Already when it is parsed, before its places are known."""
    for text, what in (("Call 404-555-0100", "a telephone number"), ("12 Oak St", "a street address"), ("a@b.org", "an e-mail")):
        with pytest.raises(BadInput) as refusal:
            parse_draft({"name": "Shelter", field: text})
        problems: list[Problem] = refusal.value.params["problems"]  # type: ignore[assignment]
        (problem,) = problems
        assert (problem.path, problem.code) == ((field,), ErrorCode.BAD_INPUT)
        assert problem.message.startswith(f"`{field}` contains {what}")


@checked
def test_the_limit_of_a_draft_comes_first(field: str) -> None:
    limit = CHECKED_FIELDS[RecordKind.ORGANIZATION][field].limit
    (problem,) = list_problems({field: "a@b.org " * 1_000})
    assert problem.message == f"This is too long. It can have at most {limit} characters."
    assert limit is not None
    assert parse_draft({"name": "A", field: "x" * limit})


@checked
def test_a_draft_that_names_its_unpublished_city_has_a_problem_at_the_field(field: str) -> None:
    place = {"city": "Taos", "state": "NM"}
    assert list_problems({field: TEXT, "locations": [place]}) == [Problem((field,), ErrorCode.BAD_INPUT, build_message(field))]
    assert build_from_draft({field: TEXT, "locations": [{**place, "disclosure": "CITY"}]})


@checked
@pytest.mark.parametrize("disclosure", Disclosure)
def test_a_write_is_refused_unless_the_city_is_published(field: str, disclosure: Disclosure, store: Store) -> None:
    record = build_record(field, disclosure)
    if disclosure in (Disclosure.EXACT, Disclosure.POSTAL_CODE, Disclosure.CITY):
        put_organizations(store, record)
        return
    refusal = expect_refusal(store, [Put(record)])
    assert (refusal.user_message, refusal.params["argument"]) == (build_message(field), field)
    assert refusal.params["organization"] == "shelter"


@checked
def test_a_text_meets_a_stored_place_and_a_place_meets_a_stored_text(field: str, any_store: Store) -> None:
    hidden = build_record(field, Disclosure.HIDDEN, text=None)
    put_organizations(any_store, hidden)
    expect_refusal(any_store, [Put(replace(load_organization(any_store, hidden.id), **{field: TEXT}))])
    shown = build_record(field, Disclosure.CITY, name="Open House")
    put_organizations(any_store, shown)
    stored = load_organization(any_store, shown.id)
    less_precise = replace(stored, sites=(replace(stored.sites[0], disclosure=Disclosure.COUNTY),))
    assert expect_refusal(any_store, [Put(less_precise)]).user_message == build_message(field)
    assert expect_refusal(any_store, [Put(replace(stored, sites=(replace(stored.sites[0], disclosure=None),)))])
    put_organizations(any_store, replace(less_precise, **{field: None}), now=LATER)


@checked
def test_a_stored_text_does_not_prevent_that_the_record_is_hidden(field: str, store: Store) -> None:
    """A rule or the gazetteer may have become stricter since the text was accepted."""
    record = build_record(field, Disclosure.CITY)
    put_organizations(store, record)
    with store.database.engine.begin() as connection:
        connection.execute(update(sites).values(disclosure=Disclosure.COUNTY.value))
    put_organizations(store, replace(load_organization(store, record.id), hidden_since=LATER), now=LATER)
    assert load_organization(store, record.id).is_hidden


@checked
def test_a_merge_is_refused_if_its_result_names_an_unpublished_city(field: str, store: Store) -> None:
    """The stricter disclosure of both records wins, and the survivor takes the text of the other."""
    survivor = build_record(field, Disclosure.STATE, text=None, name="Shelter")
    loser = build_record(field, Disclosure.CITY, name="Shelter Inc")
    put_organizations(store, survivor, loser)
    with pytest.raises(BadInput) as refusal:
        merge(Directory(store), loser.id, survivor.id, actor="tester", now=NOW)
    assert refusal.value.user_message == build_message(field)


@checked
def test_a_text_that_names_an_unpublished_place_is_left_out(field: str, walk: ImportSession) -> None:
    heading = CHECKED_FIELDS[RecordKind.ORGANIZATION][field].headings.en.split(", ")[0].capitalize()
    first = "Record ID,Organization,City,State,ZIP\n1,Casa Refugio,Taos,NM,87571\n2,Harbor Union,Atlanta,GA,30303\n"
    walk.import_all(walk.write_file("list.csv", first))
    head = f"Record ID,Organization,{heading}"
    rows = f"{head}\n1,Casa Refugio,{TEXT}\n2,Harbor Union,Training in Atlanta\n3,New House,Call 404-555-0100\n"
    report = walk.import_with_report(walk.write_file("list.csv", rows), "--apply")
    assert (report["changed"], report["unchanged"], report["created"], report["refused"]) == (1, 1, 1, 0)
    assert {name: getattr(record, field) for name, record in walk.records.items()} == {
        "Casa Refugio": None,
        "New House": None,
        "Harbor Union": "Training in Atlanta",
    }
    problems = [problem for row in report["items"] for problem in row["left_out"]]
    assert [(problem["path"], problem["column"]) for problem in problems] == [(field, heading)] * 2
    assert problems[0]["message"] == build_message(field)


@checked
def test_a_strict_import_rejects_the_row(field: str, walk: ImportSession) -> None:
    heading = CHECKED_FIELDS[RecordKind.ORGANIZATION][field].headings.en.split(", ")[0].capitalize()
    rows = f"Organization,City,State,{heading}\nHarbor Union,Atlanta,GA,Training in Atlanta\nNew House,,,Call 404-555-0100\n"
    report = walk.import_with_report(walk.write_file("list.csv", rows), "--strict")
    assert (report["created"], report["refused"]) == (1, 1)


@checked
def test_a_row_whose_record_publishes_the_city_is_accepted(field: str, walk: ImportSession) -> None:
    heading = CHECKED_FIELDS[RecordKind.ORGANIZATION][field].headings.es.split(", ")[0]
    head = "Organización,Ciudad,Estado,Location privacy"
    walk.import_all(walk.write_file("first.csv", f"{head}\nCasa Refugio,Taos,NM,city\n"), "--loosen-visibility")
    walk.import_all(walk.write_file("second.csv", f"Organización,Ciudad,Estado,{heading}\nCasa Refugio,Taos,NM,{TEXT}\n"))
    assert [getattr(record, field) for record in walk.records.values()] == [TEXT]


@checked
def test_a_place_stays_hidden_when_it_is_removed_or_moved_in_the_same_write(field: str, store: Store) -> None:
    hidden = build_record(field, Disclosure.HIDDEN, text=None)
    put_organizations(store, hidden)
    moved = replace(hidden.sites[0], city="Santa Fe", county="US-NM-049", postal_code="87501", disclosure=Disclosure.CITY)
    for sites_after in ((), (moved,)):
        with pytest.raises(BadInput) as refusal:
            put_organizations(store, replace(hidden, sites=sites_after, **{field: TEXT}))
        assert refusal.value.user_message == build_message(field)
    put_organizations(store, replace(hidden, sites=(moved,), **{field: "Rooms for meetings in Santa Fe"}))


@checked
def test_an_organization_may_name_the_published_place_that_it_leaves(field: str, store: Store) -> None:
    """Everybody knows that it was there."""
    record = build_record(field, Disclosure.CITY)
    put_organizations(store, record)
    moved = replace(record.sites[0], city="Santa Fe", county="US-NM-049", postal_code="87501")
    put_organizations(store, replace(record, sites=(moved,)), now=LATER)
    assert getattr(load_organization(store, record.id), field) == TEXT


@checked
def test_a_merge_is_refused_if_a_text_names_the_hidden_place_of_either_record(field: str, store: Store) -> None:
    survivor = a_stored_organization("Shelter Fund", **{field: TEXT})
    loser = build_record(field, Disclosure.HIDDEN, text=None, name="Shelter Inc")
    put_organizations(store, survivor, loser)
    with pytest.raises(BadInput) as refusal:
        merge(Directory(store), loser.id, survivor.id, actor="tester", now=NOW)
    assert refusal.value.user_message == build_message(field)


@checked
def test_a_zip_code_of_the_unpublished_city_is_refused(field: str, store: Store) -> None:
    """Also one that the record does not state: everybody can look up its city and county."""
    macon = StoredLocation(id=an_id("macon"), state="US-GA", city="Macon", disclosure=Disclosure.HIDDEN, known=Precision.CITY)
    record = a_stored_organization("Shelter", sites=(macon,))
    with pytest.raises(BadInput, match="names the postal code 31204, which this organization does not publish"):
        put_organizations(store, replace(record, **{field: "Help in ZIP 31204"}))
    put_organizations(store, replace(record, **{field: "Help in ZIP 30312, and 12000 leaflets"}))
    put_organizations(store, replace(record, sites=(replace(macon, disclosure=Disclosure.CITY),), **{field: "Help near 87571"}))
