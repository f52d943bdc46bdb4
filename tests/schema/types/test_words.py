"""Searches in plain words and as query strings, alone and together with filters; pages of their results."""

from typing import Any

import pytest

from directory.question import QUERY_LIMIT, SEARCH_LIMIT
from schema.types.global_ids import GlobalId
from tests.schema.conftest import HARBOR, PROSPECT, QUIET, RIVER, ROOF, Ask

ARGUMENTS = """query($query: String, $words: String, $search: String, $filter: OrganizationFilter, $orderBy: OrganizationOrder,
                      $first: Int, $after: String, $last: Int, $before: String) {
  organizations(query: $query, words: $words, search: $search, filter: $filter, orderBy: $orderBy,
                first: $first, after: $after, last: $last, before: $before) { SELECTION }
}"""
LIST = ARGUMENTS.replace("SELECTION", "totalCount nodes { name } pageInfo { hasNextPage startCursor endCursor }")
MEMBERS = [ROOF.name, HARBOR.name, QUIET.name, RIVER.name]
HARBOR_ID = str(GlobalId("Organization", HARBOR.id))


def find_names(ask: Ask, **variables: Any) -> list[str]:
    body = ask(LIST, **variables)
    assert "errors" not in body
    return [node["name"] for node in body["data"]["organizations"]["nodes"]]


def get_refusal(ask: Ask, **variables: Any) -> dict[str, Any]:
    body = ask(LIST, **variables)
    assert body["data"] == {"organizations": None}
    (error,) = body["errors"]
    assert error["message"].endswith((".", "?"))
    extensions: dict[str, Any] = error["extensions"]
    return extensions


# ---------------------------------------------------------------- texts that are not a search


@pytest.mark.parametrize("text", [None, "", " ", " \n\t "])
def test_empty_words_are_as_good_as_none(ask: Ask, text: str | None) -> None:
    body = ask(ARGUMENTS.replace("SELECTION", "nodes { name } understanding { search }"), words=text)
    assert body["data"]["organizations"] == {"nodes": [{"name": name} for name in MEMBERS], "understanding": None}


@pytest.mark.parametrize("text", [None, "", "?", "issue=", "issue=&region=", "?issue="])
def test_an_empty_query_string_is_as_good_as_none(ask: Ask, text: str | None) -> None:
    assert find_names(ask, search=text) == MEMBERS


@pytest.mark.parametrize(
    ("search", "extensions"),
    [
        ("housing", {"code": "BAD_INPUT", "argument": "search"}),
        ("housing near atlanta", {"code": "BAD_INPUT", "argument": "search"}),
        ("issue=housing&&", {"code": "BAD_INPUT", "argument": "search"}),
        ("%ff=%ff", {"code": "BAD_INPUT", "argument": "search"}),
        ("topic=housing", {"code": "BAD_INPUT", "argument": "topic"}),
        ("issue=housing&topic=", {"code": "BAD_INPUT", "argument": "topic"}),
        ("x" * 200 + "=1", {"code": "BAD_INPUT", "argument": "x" * 80}),
        ("radius=5", {"code": "BAD_INPUT", "argument": "radius"}),
        ("near=atlanta&near=chicago", {"code": "BAD_INPUT", "argument": "near"}),
        ("any=issue=housing|", {"code": "BAD_INPUT", "argument": "filter"}),
        ("any=any=any=issue=housing", {"code": "BAD_INPUT", "argument": "any"}),
        ("any=q=housing|issue=housing", {"code": "BAD_INPUT", "argument": "q"}),
        ("order=DISTANCE", {"code": "BAD_INPUT", "argument": "orderBy"}),
        ("due=yes", {"code": "BAD_INPUT", "value": "yes"}),
    ],
)
def test_what_is_not_a_query_string_is_refused(ask: Ask, search: str, extensions: dict[str, Any]) -> None:
    assert get_refusal(ask, search=search) == extensions
    assert get_refusal(ask, search=search, words="housing", filter={"kinds": ["UNION"]}) == extensions


@pytest.mark.parametrize(
    ("search", "code"),
    [
        ("issue=housng", "UNKNOWN_TERM"),
        ("region=US-XX", "UNKNOWN_REGION"),
        ("near=atlanat", "UNKNOWN_PLACE"),
        ("near=springfield", "AMBIGUOUS_PLACE"),
        (f"near=organization:{QUIET.id}", "UNKNOWN_PLACE"),
    ],
)
def test_unknown_values_in_a_query_string_have_their_codes(ask: Ask, search: str, code: str) -> None:
    assert get_refusal(ask, search=search)["code"] == code


def test_the_length_of_words_and_query_strings_is_limited(ask: Ask) -> None:
    words, search = "housing " * 62, "&".join(["q=roof", *["issue=housing"] * 570, "q="])
    longest = {"words": words.ljust(QUERY_LIMIT, "?"), "search": search.ljust(SEARCH_LIMIT, "+")}
    for argument, text in longest.items():
        limit = len(text)
        assert limit == {"words": QUERY_LIMIT, "search": SEARCH_LIMIT}[argument]
        assert ROOF.name in find_names(ask, **{argument: text})
        refusal = {"code": "BAD_INPUT", "argument": argument, "limit": limit, "length": limit + 1}
        assert get_refusal(ask, **{argument: text + "+"}) == refusal


def test_many_small_words_are_refused_as_search_text_and_mean_nothing_in_plain_words(ask: Ask) -> None:
    assert find_names(ask, words="a " * 250) == MEMBERS
    assert get_refusal(ask, query="a " * 250) == {"code": "BAD_INPUT", "argument": "query"}


def test_characters_that_are_none_are_refused_by_the_name_of_their_argument(ask: Ask) -> None:
    assert get_refusal(ask, words="\ud800") == {"code": "BAD_INPUT", "argument": "words"}


# ---------------------------------------------------------------- everything must hold


def test_words_are_understood(ask: Ask) -> None:
    assert find_names(ask, words="who works on housing near Atlanta") == [HARBOR.name, ROOF.name]
    assert find_names(ask, words="organizaciones de vivienda en Georgia") == find_names(ask, search="issue=housing&region=US-GA")
    assert find_names(ask, words=HARBOR.name) == [HARBOR.name]


def test_words_that_are_not_understood_need_not_occur(ask: Ask) -> None:
    assert find_names(ask, words="quiet housing") == [QUIET.name, ROOF.name, HARBOR.name]
    assert find_names(ask, query="quiet housing") == [QUIET.name]


def test_all_arguments_hold_together(ask: Ask) -> None:
    housing, union, everything = {"issueAreas": {"anyOf": ["housing"]}}, {"kinds": ["UNION"]}, {"ids": [HARBOR_ID]}
    assert find_names(ask, words="housing", search="kind=UNION", query="defend", filter=everything) == [HARBOR.name]
    for changed in (
        {"words": "workers"},
        {"search": "kind=FUNDER"},
        {"query": "quiet"},
        {"filter": {"ids": [str(GlobalId("Organization", QUIET.id))]}},
    ):
        arguments: dict[str, Any] = {"words": "housing", "search": "kind=UNION", "query": "defend", "filter": everything}
        assert find_names(ask, **arguments | changed) == []
    assert find_names(ask, words="workers", filter=housing) == find_names(ask, words="workers", search="issue=housing") == []
    assert find_names(ask, search="issue=housing", filter={"or": [union, {"issueAreas": {"anyOf": ["workers"]}}]}) == [
        HARBOR.name
    ]
    assert find_names(ask, query="defend", search="q=tenants") == [HARBOR.name]
    assert find_names(ask, query="defend", search="q=quiet") == []


def test_an_argument_without_conditions_leaves_those_of_the_others(ask: Ask) -> None:
    nothing: list[Any] = [{}, {"or": []}, {"and": [{}]}, None]
    for empty in nothing:
        assert find_names(ask, words="workers", filter=empty) == [RIVER.name]
        assert find_names(ask, search="issue=workers", filter=empty) == [RIVER.name]
        assert find_names(ask, search="issue=workers", words="near us", filter=empty) == [RIVER.name]


def test_a_status_in_one_argument_replaces_only_the_default_of_the_others(ask: Ask) -> None:
    prospects = {"membership": ["PROSPECT"]}
    assert find_names(ask, words="society", filter=prospects) == [PROSPECT.name]
    assert find_names(ask, words="society", search="membership=PROSPECT") == [PROSPECT.name]
    assert find_names(ask, search="membership=PROSPECT", filter=prospects) == [PROSPECT.name]
    active, contradiction = {"membership": ["ACTIVE"]}, "membership=ACTIVE&any=membership=PROSPECT"
    assert find_names(ask, search="membership=PROSPECT", filter=active) == []
    assert find_names(ask, search="any=membership=PROSPECT|kind=UNION", filter=active) == [HARBOR.name]
    assert find_names(ask, search=contradiction) == find_names(ask, search=contradiction, query="society") == []
    assert find_names(ask, filter=active | {"and": [prospects]}, search="order=NAME") == []


def test_the_whole_search_is_one_line(ask: Ask) -> None:
    document = ARGUMENTS.replace("SELECTION", "search nodes { name } question { field value } understanding { search }")
    near, by_distance = {"near": {"place": {"name": "Atlanta, GA"}}}, {"field": "DISTANCE"}
    arguments_by_words: dict[str, dict[str, Any]] = {
        "housing near us": {"filter": near, "orderBy": by_distance},
        "quiet housing": {"search": "kind=UNION", "query": "defend"},
        "housing in Georgia": {"filter": {"or": [{"kinds": ["UNION"]}, {"ids": [HARBOR_ID]}]}},
        "society": {"filter": {"membership": ["PROSPECT"]}, "first": 1},
        "": {},
    }
    searches = {}
    for words, arguments in arguments_by_words.items():
        whole = ask(document, words=words, **arguments)["data"]["organizations"]
        again = ask(document, search=whole["search"])["data"]["organizations"]
        assert again == whole | {"understanding": None}
        searches[words] = whole["search"]
    assert searches["housing near us"] == "issue=housing&near=city:US-GA:atlanta&order=DISTANCE"
    assert searches["society"] == "q=society&membership=PROSPECT"
    assert searches[""] == ""
    assert len(set(searches.values())) == len(searches)


def test_places_in_two_arguments_must_be_the_same(ask: Ask) -> None:
    chicago = {"near": {"place": {"name": "Chicago, IL"}}}
    refusal = {"code": "BAD_INPUT", "argument": "near"}
    assert get_refusal(ask, words="housing near Atlanta", filter=chicago) == refusal
    assert get_refusal(ask, words="housing near Atlanta", search="near=chicago") == refusal
    assert find_names(ask, words="housing near Chicago", filter=chicago) == [ROOF.name]


def test_results_can_be_sorted_by_the_distance_from_a_place_in_words(ask: Ask) -> None:
    by_distance = {"field": "DISTANCE", "direction": "DESCENDING"}
    for origin in ({"words": "housing near Atlanta"}, {"words": "housing", "search": "near=atlanta"}):
        assert find_names(ask, orderBy=by_distance, **origin)[:2] == [ROOF.name, HARBOR.name]
    assert get_refusal(ask, orderBy=by_distance, words="housing")["argument"] == "orderBy"


def test_an_order_of_the_field_comes_before_one_of_the_query_string(ask: Ask) -> None:
    assert find_names(ask, search="order=-NAME") == find_names(ask, search="order=-NAME", words="near us") == MEMBERS[::-1]
    assert find_names(ask, search="order=-NAME", orderBy={"field": "NAME"}) == MEMBERS
    assert find_names(ask, search="order=-NAME", orderBy={"field": "RELEVANCE"}) == MEMBERS
    assert find_names(ask, search="order=-NAME", orderBy={"field": "UPDATED"}, filter={"ids": [HARBOR_ID]}) == [HARBOR.name]


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    "words", ["housing", "quiet housing", "roof harbor housing", "housing in Georgia", "housing near Atlanta"]
)
@pytest.mark.parametrize("size", [1, 2])
def test_pages_neither_skip_nor_repeat(ask: Ask, words: str, size: int) -> None:
    whole = find_names(ask, words=words)
    assert len(whole) > 1
    forward, cursor = list[str](), None
    for _ in whole:
        page = ask(LIST, words=words, first=size, after=cursor)["data"]["organizations"]
        forward += [node["name"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forward == whole
    last = ask(LIST, words=words, last=1)["data"]["organizations"]
    assert find_names(ask, words=words, last=10, before=last["pageInfo"]["startCursor"]) == whole[:-1]


@pytest.mark.parametrize(
    "other",
    [
        {"words": "quiet housing"},
        {"words": "roof"},
        {"words": ""},
        {"words": "housing", "query": "roof"},
        {"search": "kind=UNION"},
    ],
)
def test_a_cursor_of_other_words_is_refused(ask: Ask, other: dict[str, str]) -> None:
    cursor = ask(LIST, words="housing", first=1)["data"]["organizations"]["pageInfo"]["endCursor"]
    assert get_refusal(ask, after=cursor, **other) == {"code": "BAD_CURSOR", "reason": "OTHER_QUESTION"}


def test_a_cursor_works_for_other_words_with_the_same_meaning(ask: Ask) -> None:
    cursor = ask(LIST, words="housing", first=1)["data"]["organizations"]["pageInfo"]["endCursor"]
    rest = [HARBOR.name, QUIET.name]
    for same in ({"words": "Vivienda"}, {"search": "issue=housing"}, {"filter": {"issueAreas": {"anyOf": ["housing"]}}}):
        assert find_names(ask, after=cursor, **same) == rest
