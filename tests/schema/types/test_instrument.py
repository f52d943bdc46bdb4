"""Instruments and provisions: every field, lists, who works on a provision, pages, ids, and what an audience does not see."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from directory.kinds.instrument import StoredProvision
from directory.live import Directory
from directory.records import Audience, MembershipStatus, Source, StoredRecord
from directory.vocabulary.choices import InstrumentKind
from tests.builders import NOW, a_membership, a_stored_instrument, a_stored_organization, a_stored_provision
from tests.schema.conftest import Ask
from tests.schema.types.record_lists import (
    check_pages,
    list_slugs,
    make_ask,
    make_global_id,
    read_data,
    read_page,
    read_refusal,
    write_records,
)

SOURCE = Source("name", "Its page", "https://rights.example/about", dt.date(2021, 3, 18), origin="list", file="list.csv", row=3)
SOURCE_FIELDS = {"field": "name", "title": "Its page", "url": "https://rights.example/about", "date": "2021-03-18"}
ORGANIZATIONS = (
    a_stored_organization("Harbor Tenants", issue_areas=("tenants",)),  # narrower than housing
    a_stored_organization("River Workers", issue_areas=("workers", "tenants")),
    a_stored_organization("Secret House", issue_areas=("faith",), hidden_since=NOW),
    a_stored_organization("House of Members", issue_areas=("health",), audience=Audience.MEMBERS),
    a_stored_organization("Former Friends", issue_areas=("women",), membership=a_membership(MembershipStatus.LAPSED)),
)
DECLARATION = a_stored_instrument(
    name_es="Declaración Universal",
    kind=InstrumentKind.DECLARATION,
    acronym="UDHR",
    adopted_on=dt.date(1948, 12, 10),
    url="https://rights.example/declaration",
    summary="Rights for everyone.",
    issue_areas=("equality",),
    sources=(SOURCE,),
)
REVIEW = a_stored_instrument("Review of the United States", slug="review", kind=InstrumentKind.REVIEW)
HIDDEN = a_stored_instrument("Hidden treaty", hidden_since=NOW)


def an_article(number: str, *issue_areas: str, **fields: Any) -> StoredProvision:
    return a_stored_provision(number, issue_areas=issue_areas, **fields)


def a_recommendation(number: str, *issue_areas: str, cycle: str = "3", **fields: Any) -> StoredProvision:
    own = {"id": a_stored_provision(f"{cycle} {number}").id, "slug": f"review-{cycle}-{number.replace('.', '-')}"}
    return a_stored_provision(number, REVIEW.name, issue_areas=issue_areas, cycle=cycle, **{**own, **fields})


HOUSING = an_article("25", "housing", "health", name_es="Un nivel de vida adecuado", summary="A roof for all.", sources=(SOURCE,))
PROVISIONS = (
    HOUSING,
    an_article("9", "faith"),  # only a hidden organization works on it
    an_article("10", "women"),  # only a former member works on it
    an_article("30"),
    a_recommendation("26.9", "workers", recommending_state="Ghana", response="Supports"),
    a_recommendation("26.10", "housing"),
    a_recommendation("26.10", "faith", cycle="2"),
)
HIDDEN_PROVISION = an_article("11", "housing", hidden_since=NOW)
ORPHAN = a_stored_provision("1", HIDDEN.name, issue_areas=("housing",), slug="orphan")  # its instrument is hidden


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    file: Path = tmp_path_factory.mktemp("instruments") / "directory.sqlite3"
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        write_records(directory, *ORGANIZATIONS, DECLARATION, REVIEW, HIDDEN, *PROVISIONS, HIDDEN_PROVISION, ORPHAN)
        yield directory


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return make_ask(directory)


def read_node(ask: Ask, type_name: str, record: StoredRecord, selection: str) -> dict[str, Any]:
    document = f"query($id: ID!) {{ node(id: $id) {{ __typename ... on {type_name} {{ {selection} }} }} }}"
    node: dict[str, Any] = read_data(ask, document, id=make_global_id(type_name, record))["node"]
    assert node.pop("__typename") == type_name
    return node


# ---------------------------------------------------------------- fields


def test_the_fields_of_an_instrument(ask: Ask) -> None:
    selection = """id slug name es: name(language: "es") mx: name(language: "es-MX") fr: name(language: "fr") kind acronym
      adoptedOn url summary issueAreas { slug } provisions { number } sources { field title url date } updatedAt"""
    fields = {
        "id": make_global_id("Instrument", DECLARATION),
        "slug": "universal-declaration",
        "name": "Universal Declaration",
        "es": "Declaración Universal",
        "mx": "Declaración Universal",
        "fr": "Universal Declaration",
        "kind": "DECLARATION",
        "acronym": "UDHR",
        "adoptedOn": "1948-12-10",
        "url": "https://rights.example/declaration",
        "summary": "Rights for everyone.",
        "issueAreas": [{"slug": "equality"}],
        "provisions": [{"number": number} for number in ("9", "10", "25", "30")],
        "sources": [SOURCE_FIELDS],
        "updatedAt": "2026-06-01T12:00:00Z",
    }
    assert read_data(ask, f'{{ instrument(slug: "universal-declaration") {{ {selection} }} }}')["instrument"] == fields
    assert read_node(ask, "Instrument", DECLARATION, selection) == fields


def test_the_fields_of_a_provision(ask: Ask) -> None:
    selection = """id slug number subject es: subject(language: "es") summary cycle recommendingState response
      instrument { slug } issueAreas { slug } organizationCount sources { field title url date } updatedAt"""
    assert read_node(ask, "Provision", HOUSING, selection) == {
        "id": make_global_id("Provision", HOUSING),
        "slug": "article-25",
        "number": "25",
        "subject": "Article 25",
        "es": "Un nivel de vida adecuado",
        "summary": "A roof for all.",
        **dict.fromkeys(("cycle", "recommendingState", "response")),
        "instrument": {"slug": "universal-declaration"},
        "issueAreas": [{"slug": "housing"}, {"slug": "health"}],
        "organizationCount": 2,
        "sources": [SOURCE_FIELDS],
        "updatedAt": "2026-06-01T12:00:00Z",
    }
    recommendation = read_node(
        ask, "Provision", PROVISIONS[4], 'cycle recommendingState response summary es: subject(language: "es")'
    )
    assert recommendation == {
        "cycle": "3", "recommendingState": "Ghana", "response": "Supports", "summary": None, "es": "Article 26.9",
    }  # fmt: skip


@pytest.mark.parametrize(("first", "numbers"), [(1, ["9"]), (3, ["9", "10", "25"]), (100, ["9", "10", "25", "30"])])
def test_the_first_provisions_of_an_instrument(ask: Ask, first: int, numbers: list[str]) -> None:
    provisions = read_node(ask, "Instrument", DECLARATION, f"provisions(first: {first}) {{ number }}")["provisions"]
    assert [provision["number"] for provision in provisions] == numbers


def test_an_issue_area_lists_the_provisions_about_it_and_narrower_ones(ask: Ask) -> None:
    document = "query($slug: String!, $first: Int) { issueArea(slug: $slug) { provisions(first: $first) { slug } } }"
    for slug, first, slugs in (
        ("housing", None, ["article-25", "orphan", "review-3-26-10"]),
        ("housing", 1, ["orphan"]),
        ("tenants", None, []),
    ):
        provisions = read_data(ask, document, slug=slug, first=first)["issueArea"]["provisions"]
        assert sorted(provision["slug"] for provision in provisions) == sorted(slugs)


# ---------------------------------------------------------------- lists

ARTICLES = ["article-9", "article-10", "article-25", "article-30"]
RECOMMENDATIONS = ["review-2-26-10", "review-3-26-9", "review-3-26-10"]
ALL = ["orphan", *ARTICLES, *RECOMMENDATIONS]
LISTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ALL),
    ({"query": "roof"}, ["article-25"]),
    ({"query": "homes"}, ["orphan", "article-25", "review-3-26-10"]),
    ({"query": "nivel de vida"}, ["article-25"]),
    ({"query": "article 25"}, ["article-25"]),
    ({"query": "Ghana"}, ["review-3-26-9"]),
    ({"query": "zzz"}, []),
    ({"instrument": "universal-declaration"}, ARTICLES),
    ({"instrument": "review"}, RECOMMENDATIONS),
    ({"cycle": "3"}, RECOMMENDATIONS[1:]),
    ({"cycle": "2", "instrument": "review"}, RECOMMENDATIONS[:1]),
    ({"cycle": "2", "instrument": "universal-declaration"}, []),
    ({"cycle": "9"}, []),
    ({"issueAreas": {"anyOf": ["housing"]}}, ["orphan", "article-25", "review-3-26-10"]),
    ({"issueAreas": {"allOf": ["housing", "health"]}}, ["article-25"]),
    ({"issueAreas": {"anyOf": ["tenants"]}}, []),
    ({"takenUp": True}, ["orphan", "article-25", "review-3-26-9", "review-3-26-10"]),
    ({"takenUp": False}, ["article-9", "article-10", "article-30", "review-2-26-10"]),
    ({"takenUp": False, "instrument": "review"}, ["review-2-26-10"]),
    ({"takenUp": True, "issueAreas": {"anyOf": ["faith"]}}, []),
]


@pytest.mark.parametrize(("arguments", "slugs"), LISTS)
def test_each_condition_limits_the_list(ask: Ask, arguments: dict[str, Any], slugs: list[str]) -> None:
    assert list_slugs(ask, "provisions", **arguments) == slugs


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("own", [{}, {"instrument": "review"}, {"cycle": "3"}, {"issueAreas": {"anyOf": ["housing"]}}])
def test_provisions_are_taken_up_or_not_and_the_totals_add_up(
    directory: Directory, audience: Audience, own: dict[str, Any]
) -> None:
    ask = make_ask(directory, audience)
    lists = {is_taken_up: list_slugs(ask, "provisions", takenUp=is_taken_up, **own) for is_taken_up in (True, False)}
    assert sorted(lists[True] + lists[False]) == sorted(list_slugs(ask, "provisions", **own))
    counts = read_data(ask, "{ provisions(first: 100) { nodes { slug organizationCount } } }")["provisions"]["nodes"]
    for provision in counts:
        if provision["slug"] in lists[True] + lists[False]:
            assert (provision["organizationCount"] > 0) == (provision["slug"] in lists[True]), provision


def test_the_count_of_organizations_is_the_total_of_a_search_for_its_issue_areas(ask: Ask) -> None:
    nodes = read_data(ask, "{ provisions { nodes { organizationCount issueAreas { slug } } } }")["provisions"]["nodes"]
    document = "query($slugs: [String!]) { organizations(filter: {issueAreas: {anyOf: $slugs}}) { totalCount } }"
    for node in nodes:
        slugs = [term["slug"] for term in node["issueAreas"]]
        total = read_data(ask, document, slugs=slugs)["organizations"]["totalCount"] if slugs else 0
        assert node["organizationCount"] == total, node


@pytest.mark.parametrize(
    ("query", "slugs"),
    [("", ["review", "universal-declaration"]), ("UDHR", ["universal-declaration"]), ("declaracion", ["universal-declaration"]),
     ("everyone", ["universal-declaration"]), ("hidden", [])],
)  # fmt: skip
def test_instruments_are_listed_by_name(ask: Ask, query: str, slugs: list[str]) -> None:
    assert list_slugs(ask, "instruments", query=query) == slugs


@pytest.mark.parametrize(
    ("slug", "suggestions"), [("universal-declaracion", ["universal-declaration"]), ("zzz", []), ("hidden-treaty", []), ("", [])]
)
def test_an_unknown_instrument_is_refused_with_suggestions(ask: Ask, slug: str, suggestions: list[str]) -> None:
    refusal = read_refusal(ask, "query($slug: String) { provisions(instrument: $slug) { totalCount } }", slug=slug)
    assert (refusal["code"], refusal["argument"], refusal["value"]) == ("BAD_INPUT", "instrument", slug)
    assert refusal["suggestions"] == suggestions


@pytest.mark.parametrize(
    ("code", "arguments"),
    [("UNKNOWN_TERM", '(issueAreas: {anyOf: ["hosing"]})'), ("BAD_CURSOR", '(after: "nonsense")'), ("BAD_INPUT", "(first: 0)"),
     ("BAD_INPUT", f'(query: "{"x" * 501}")')],
)  # fmt: skip
def test_invalid_arguments_are_refused(ask: Ask, code: str, arguments: str) -> None:
    assert read_refusal(ask, f"{{ provisions{arguments} {{ totalCount }} }}")["code"] == code


def test_pages_neither_skip_nor_repeat(ask: Ask, sqlite_url: str) -> None:
    for arguments in ({}, {"takenUp": True}, {"takenUp": False}, {"instrument": "universal-declaration"}):
        check_pages(ask, "provisions", **arguments)
    with closing(Directory.open(sqlite_url)) as directory:
        write_records(directory, *(a_stored_instrument(f"Treaty {number}") for number in range(9)))
        check_pages(make_ask(directory), "instruments")
        check_pages(make_ask(directory), "instruments", query="treaty")


def test_a_cursor_of_another_question_is_refused(ask: Ask) -> None:
    cursor = read_page(ask, "provisions", first=1)["pageInfo"]["endCursor"]
    for arguments in ("takenUp: true", "takenUp: false", 'cycle: "3"', 'instrument: "review"'):
        refusal = read_refusal(ask, f'{{ provisions({arguments}, after: "{cursor}") {{ totalCount }} }}')
        assert (refusal["code"], refusal["reason"]) == ("BAD_CURSOR", "OTHER_QUESTION")


# ---------------------------------------------------------------- what an audience does not see


@pytest.mark.parametrize(("type_name", "record"), [("Instrument", HIDDEN), ("Provision", HIDDEN_PROVISION)])
def test_hidden_records_look_like_ones_that_do_not_exist(ask: Ask, directory: Directory, type_name: str, record: Any) -> None:
    document, identity = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }", make_global_id(type_name, record)
    assert read_data(ask, document, id=identity) == {"node": None, "nodes": [None]}
    assert read_data(make_ask(directory, Audience.STAFF), document, id=identity)["node"] == {"id": identity}
    assert read_data(ask, f'{{ instrument(slug: "{record.slug}") {{ id }} }}') == {"instrument": None}


def test_a_provision_of_a_hidden_instrument_has_none(ask: Ask, directory: Directory) -> None:
    assert read_node(ask, "Provision", ORPHAN, "instrument { slug }") == {"instrument": None}
    staff = make_ask(directory, Audience.STAFF)
    assert read_node(staff, "Provision", ORPHAN, "instrument { name }") == {"instrument": {"name": "Hidden treaty"}}
