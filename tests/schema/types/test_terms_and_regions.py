"""Vocabularies and regions: lists, pages, and the organizations of one term or region."""

from typing import Any

import pytest

from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS
from tests.schema.conftest import Ask

ISSUE_AREAS_PAGE = """query($query: String, $broader: String, $first: Int, $after: String, $last: Int, $before: String) {
  list: issueAreas(query: $query, broader: $broader, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { slug } edges { cursor node { slug } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
REGIONS_PAGE = """query($query: String, $kind: RegionKind, $within: String, $first: Int, $after: String) {
  list: regions(query: $query, kind: $kind, within: $within, first: $first, after: $after) {
    totalCount nodes { code } pageInfo { hasNextPage endCursor }
  }
}"""


def refusal(body: dict[str, Any]) -> dict[str, Any]:
    assert body["data"] == {"list": None}
    (error,) = body["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"broader": "hosing"}, "UNKNOWN_TERM"),
        ({"first": 0}, "BAD_INPUT"),
        ({"after": "???"}, "BAD_CURSOR"),
        ({"after": "AA"}, "BAD_CURSOR"),
        ({"query": "x" * 600}, "BAD_INPUT"),
    ],
)
def test_invalid_arguments_of_lists_are_refused(ask: Ask, variables: dict[str, Any], code: str) -> None:
    assert refusal(ask(ISSUE_AREAS_PAGE, **variables))["code"] == code


def test_a_cursor_of_another_list_is_refused(ask: Ask) -> None:
    cursor = ask(ISSUE_AREAS_PAGE, first=2)["data"]["list"]["pageInfo"]["endCursor"]
    assert refusal(ask(ISSUE_AREAS_PAGE, after=cursor, query="housing"))["reason"] == "OTHER_QUESTION"
    assert refusal(ask(REGIONS_PAGE, after=cursor))["reason"] == "OTHER_QUESTION"


@pytest.mark.parametrize("size", [1, 7, 100])
def test_all_issue_areas_page_by_page_both_ways(ask: Ask, size: int) -> None:
    expected = sorted(ISSUE_AREAS.terms)
    forward: list[str] = []
    page = ask(ISSUE_AREAS_PAGE, first=size)["data"]["list"]
    forward += [node["slug"] for node in page["nodes"]]
    while page["pageInfo"]["hasNextPage"]:
        page = ask(ISSUE_AREAS_PAGE, first=size, after=page["pageInfo"]["endCursor"])["data"]["list"]
        forward += [node["slug"] for node in page["nodes"]]
    assert forward == expected
    backward = [edge["node"]["slug"] for edge in page["edges"]]
    while page["pageInfo"]["hasPreviousPage"]:
        page = ask(ISSUE_AREAS_PAGE, last=size, before=page["pageInfo"]["startCursor"])["data"]["list"]
        backward = [node["slug"] for node in page["nodes"]] + backward
    assert backward == expected
    assert page["totalCount"] == len(expected)


def test_the_first_page_backward_has_the_remaining_items(ask: Ask) -> None:
    expected = sorted(ISSUE_AREAS.terms)
    third = ask(ISSUE_AREAS_PAGE, first=3)["data"]["list"]["pageInfo"]["endCursor"]
    page = ask(ISSUE_AREAS_PAGE, last=5, before=third)["data"]["list"]
    assert [node["slug"] for node in page["nodes"]] == expected[:2]
    assert (page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]) == (False, True)


def test_issue_areas_can_be_filtered_by_words_and_by_a_broader_one(ask: Ask) -> None:
    assert {"slug": "housing"} in ask(ISSUE_AREAS_PAGE, query="vivien")["data"]["list"]["nodes"]
    below = ask(ISSUE_AREAS_PAGE, broader="economic-social-cultural", first=100)["data"]["list"]["nodes"]
    assert {node["slug"] for node in below} == ISSUE_AREAS.closure("economic-social-cultural") - {"economic-social-cultural"}


def test_an_issue_area(ask: Ask) -> None:
    body = ask("""{ issueArea(slug: "housing") {
      label es: label(language: "es-MX") synonyms(language: "es") broader { slug } narrower { slug } nteeCodes
      definition definitionInSpanish: definition(language: "es-MX")
      organizationCount organizations(first: 1) { totalCount nodes { name } }
    } none: issueArea(slug: "hosing") { slug } }""")
    assert "errors" not in body
    data = body["data"]["issueArea"]
    assert (data["label"], data["es"]) == ("Housing", "Vivienda")
    assert (data["definition"].split()[0], data["definitionInSpanish"].split()[0]) == ("A", "Una")
    assert data["organizationCount"] == data["organizations"]["totalCount"] == 3
    assert body["data"]["none"] is None


def test_organizations_under_an_issue_area_keep_their_own_filter(ask: Ask) -> None:
    body = ask("""{ issueArea(slug: "housing") {
      organizations(filter: {issueAreas: {anyOf: ["workers"]}}) { totalCount question { field value } }
    } }""")
    data = body["data"]["issueArea"]["organizations"]
    assert data["totalCount"] == 0
    assert {"field": "issueAreas.allOf", "value": "housing"} in data["question"]


def test_communities_and_work_areas_have_a_hierarchy(ask: Ask) -> None:
    body = ask("""{
      communities { slug label es: synonyms(language: "es") broader { slug } narrower { slug } organizationCount }
      workAreas { slug label(language: "es") synonyms definition broader { slug } narrower { slug } organizationCount }
    }""")
    assert "errors" not in body
    communities, work_areas = ({term["slug"]: term for term in body["data"][name]} for name in ("communities", "workAreas"))
    assert communities["black"]["broader"] == [{"slug": "people-of-color"}]
    assert {"slug": "black"} in communities["people-of-color"]["narrower"]
    assert "afroamericanos" in communities["black"]["es"]
    assert work_areas["political-education"]["broader"] == [{"slug": "education"}]
    assert {"slug": "political-education"} in work_areas["education"]["narrower"]
    assert {"training", "talleres"} <= set(work_areas["education"]["synonyms"])
    assert work_areas["education"]["definition"]


def test_languages_have_the_names_they_give_themselves(ask: Ask) -> None:
    languages = {term["tag"]: term for term in ask("{ languages { tag label synonyms } }")["data"]["languages"]}
    assert languages["es"]["label"] == "Spanish"
    assert "Kreyòl" in languages["ht"]["synonyms"]
    assert languages["en"]["synonyms"] == []


def test_a_region(ask: Ask) -> None:
    body = ask("""{ region(code: "US-GA") {
      name kind aliases within { code } contains(kind: COUNTY) { name } bounds { south west north east }
      all: organizationCount located: organizationCount(by: LOCATED) local: organizationCount(nationwide: EXCLUDE)
      organizations { totalCount }
    } none: region(code: "US-XX") { code } }""")
    assert "errors" not in body
    data = body["data"]["region"]
    assert {"code": "US-SOUTH"} in data["within"]
    assert len(data["contains"]) == 159
    assert 30 < data["bounds"]["south"] < data["bounds"]["north"] < 36
    assert (data["all"], data["located"], data["local"]) == (3, 2, 2)
    assert data["organizations"]["totalCount"] == 3
    assert body["data"]["none"] is None


def test_other_regions_are_refused_under_a_region(ask: Ask) -> None:
    body = ask('{ region(code: "US-GA") { code organizations(filter: {regions: {anyOf: ["US-AL"]}}) { totalCount } } }')
    assert body["data"] == {"region": {"code": "US-GA", "organizations": None}}
    assert body["errors"][0]["extensions"]["code"] == "BAD_INPUT"


def test_a_region_applies_the_region_match_of_the_filter(ask: Ask) -> None:
    body = ask('{ region(code: "US-GA") { organizations(filter: {regions: {by: LOCATED}}) { nodes { name } } } }')
    names = {node["name"] for node in body["data"]["region"]["organizations"]["nodes"]}
    assert names == {"Harbor Tenants Union", "River Workers Center"}


def test_regions_can_be_filtered_by_words_kind_and_surrounding_region(ask: Ask) -> None:
    assert {"code": "US-GA"} in ask(REGIONS_PAGE, query="georg")["data"]["list"]["nodes"]
    assert ask(REGIONS_PAGE, query="us-ga-121")["data"]["list"]["nodes"] == [{"code": "US-GA-121"}]
    assert ask(REGIONS_PAGE, kind="COUNTY", within="US-GA")["data"]["list"]["totalCount"] == 159
    assert ask(REGIONS_PAGE, first=100)["data"]["list"]["totalCount"] == len(REGIONS)
    assert refusal(ask(REGIONS_PAGE, within="US-XX"))["code"] == "UNKNOWN_REGION"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("GA", ["US-GA", "GA"]),
        ("ca", ["US-CA", "CA"]),
        ("TX", ["US-TX"]),
        ("georgia", ["US-GA", "GE"]),
        ("new york", ["US-NY"]),
        ("México", ["MX"]),
        ("fulton county, ga", ["US-GA-121"]),
    ],
)
def test_regions_with_exactly_the_words_come_first_and_states_before_countries(ask: Ask, query: str, first: list[str]) -> None:
    codes = [node["code"] for node in ask(REGIONS_PAGE, query=query, first=100)["data"]["list"]["nodes"]]
    assert codes[: len(first)] == first
    assert codes[len(first) :] == sorted(codes[len(first) :])


def test_pages_of_regions_that_a_query_finds_exactly(ask: Ask) -> None:
    expected = [node["code"] for node in ask(REGIONS_PAGE, query="ga", first=100)["data"]["list"]["nodes"]]
    found: list[str] = []
    variables: dict[str, Any] = {}
    while len(found) < len(expected):
        page = ask(REGIONS_PAGE, query="ga", first=1, **variables)["data"]["list"]
        assert page["totalCount"] == len(expected)
        assert page["pageInfo"]["hasNextPage"] == (len(found) + 1 < len(expected))
        found += [node["code"] for node in page["nodes"]]
        variables = {"after": page["pageInfo"]["endCursor"]}
    assert found == expected
    assert refusal(ask(REGIONS_PAGE, query="ga ga", **variables))["reason"] == "OTHER_QUESTION"


def test_a_state_abbreviation_is_found_only_inside_its_country(ask: Ask) -> None:
    assert ask(REGIONS_PAGE, query="GA", within="US", kind="STATE")["data"]["list"]["nodes"] == [{"code": "US-GA"}]
    assert ask(REGIONS_PAGE, query="GA", kind="COUNTRY")["data"]["list"]["nodes"][0] == {"code": "GA"}


def test_a_code_is_looked_up_as_it_is(ask: Ask) -> None:
    body = ask('{ region(code: "GA") { code name } none: region(code: "TX") { code } }')
    assert body["data"] == {"region": {"code": "GA", "name": "Gabon"}, "none": None}


def test_regions_have_names_in_spanish(ask: Ask) -> None:
    body = ask(
        """query($tag: String!) {
      region(code: "US-NY") { name es: name(language: "es") tag: name(language: $tag) }
      county: region(code: "US-GA-121") { name es: name(language: "es") fr: name(language: "fr") }
      same: region(code: "US-GA") { es: name(language: "es") }
    }""",
        tag="es-MX",
    )
    assert body["data"] == {
        "region": {"name": "New York", "es": "Nueva York", "tag": "Nueva York"},
        "county": {"name": "Fulton County", "es": "Condado de Fulton", "fr": "Fulton County"},
        "same": {"es": "Georgia"},
    }
