"""Searches for organizations: filters, pages, match reasons, facets and the map."""

from typing import Any

import pytest

from tests.schema.conftest import Ask

LIST = """query($query: String, $filter: OrganizationFilter, $orderBy: OrganizationOrder,
                $first: Int, $after: String, $last: Int, $before: String) {
  organizations(query: $query, filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    nodes { name } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
ATLANTA = {"name": "Atlanta, GA"}


def get_refusal(ask: Ask, **variables: Any) -> dict[str, Any]:
    body = ask(LIST, **variables)
    assert body.get("data") in (None, {"organizations": None})
    (error,) = body["errors"]
    assert len(error["message"]) > 20
    extensions: dict[str, Any] = error["extensions"]
    return extensions


def names(ask: Ask, **variables: Any) -> list[str]:
    body = ask(LIST, **variables)
    assert "errors" not in body
    return [node["name"] for node in body["data"]["organizations"]["nodes"]]


NONSENSE: list[tuple[str, dict[str, Any]]] = [
    ("BAD_INPUT", {"filter": {"near": {"place": {"point": {"latitude": 133, "longitude": 0}}}}}),
    ("BAD_INPUT", {"filter": {"within": {"south": 40, "west": 0, "north": 30, "east": 1}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": ATLANTA, "radius": 0}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": ATLANTA, "radius": -5}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": ATLANTA, "radius": 30_000}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": ATLANTA, "radius": 20_000, "unit": "MILE"}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": {"name": ""}}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": {}}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": {"name": "Atlanta, GA", "postalCode": "30312"}}}}),
    ("BAD_INPUT", {"filter": {"near": {"place": {"organization": "nonsense"}}}}),
    ("BAD_INPUT", {"filter": {"verifiedSince": "2026-13-01"}}),
    ("BAD_INPUT", {"filter": {"joinedSince": "20260101"}}),
    ("BAD_INPUT", {"filter": {"issueAreas": {"anyOf": ["housing"] * 201}}}),
    ("BAD_INPUT", {"filter": {"regions": {"noneOf": ["US-GA"] * 201}}}),
    ("BAD_INPUT", {"filter": {"surprise": 1}}),
    ("BAD_INPUT", {"query": "x" * 501}),
    ("BAD_INPUT", {"orderBy": {"field": "DISTANCE"}}),
    ("BAD_INPUT", {"first": 0}),
    ("BAD_INPUT", {"first": -1}),
    ("BAD_INPUT", {"first": 101}),
    ("BAD_INPUT", {"first": 9**30}),
    ("BAD_INPUT", {"first": 1.5}),
    ("BAD_INPUT", {"first": 2, "last": 2}),
    ("BAD_INPUT", {"first": 2, "before": "x"}),
    ("BAD_CURSOR", {"after": "nonsense"}),
    ("UNKNOWN_TERM", {"filter": {"communities": {"noneOf": ["nobody-at-all"]}}}),
    ("UNKNOWN_REGION", {"filter": {"regions": {"anyOf": ["US-XX"]}}}),
    ("UNKNOWN_REGION", {"filter": {"near": {"place": {"region": "US-XX"}}}}),
    ("UNKNOWN_PLACE", {"filter": {"near": {"place": {"region": "FR"}}}}),
    ("UNKNOWN_PLACE", {"filter": {"near": {"place": {"name": "Qwxyzzz"}}}}),
    ("UNKNOWN_PLACE", {"filter": {"near": {"place": {"postalCode": "00000"}}}}),
    ("AMBIGUOUS_PLACE", {"filter": {"near": {"place": {"name": "Springfield"}}}}),
]


def test_a_list_at_its_limit_is_accepted(ask: Ask) -> None:
    for part in ({"issueAreas": {"anyOf": ["housing"] * 200}}, {"regions": {"noneOf": ["US-GA"] * 200}}):
        assert "errors" not in ask(LIST, filter=part)


@pytest.mark.parametrize(("code", "variables"), NONSENSE)
def test_invalid_arguments_are_refused_with_a_code_and_a_message(ask: Ask, code: str, variables: dict[str, Any]) -> None:
    assert get_refusal(ask, **variables)["code"] == code


def test_an_ambiguous_place_names_its_candidates(ask: Ask) -> None:
    candidates = get_refusal(ask, filter={"near": {"place": {"name": "Springfield"}}})["candidates"]
    assert any("IL" in one for one in candidates)
    assert any("MA" in one for one in candidates)


def test_an_unknown_region_brings_suggestions(ask: Ask) -> None:
    assert "US-GA" in get_refusal(ask, filter={"regions": {"anyOf": ["Georgia"]}})["suggestions"]


@pytest.mark.parametrize(("code", "suggestions"), [("GA", ["US-GA"]), ("CA", ["US-CA"]), ("FR", [])])
def test_a_region_without_a_center_brings_the_state_of_the_same_letters(ask: Ask, code: str, suggestions: list[str]) -> None:
    assert get_refusal(ask, filter={"near": {"place": {"region": code}}})["suggestions"] == suggestions


def test_a_search_in_a_country_that_finds_nothing_offers_the_state_of_the_same_letters(ask: Ask) -> None:
    document = """query($codes: [String!]) { organizations(filter: {regions: {anyOf: $codes}}) {
      totalCount question { label } relaxations { search count }
    } }"""
    answer = ask(document, codes=["GA"])["data"]["organizations"]
    assert (answer["totalCount"], answer["question"]) == (0, [{"label": "Gabon"}])
    assert answer["relaxations"][0] == {"search": "region=US-GA", "count": 3}


def test_a_cursor_of_another_question_is_get_refusal(ask: Ask) -> None:
    cursor = ask(LIST, first=1)["data"]["organizations"]["pageInfo"]["endCursor"]
    assert get_refusal(ask, first=1, after=cursor, query="tenants")["reason"] == "OTHER_QUESTION"


def test_pages_forward_and_back(ask: Ask) -> None:
    whole = names(ask)
    assert len(whole) == 4
    first = ask(LIST, first=3)["data"]["organizations"]
    assert first["pageInfo"]["hasNextPage"] is True
    assert first["pageInfo"]["hasPreviousPage"] is False
    second = ask(LIST, first=3, after=first["pageInfo"]["endCursor"])["data"]["organizations"]
    assert [node["name"] for node in first["nodes"] + second["nodes"]] == whole
    assert names(ask, last=3, before=second["pageInfo"]["startCursor"]) == whole[:3]


def test_the_main_question(ask: Ask) -> None:
    body = ask("""{
      organizations(
        filter: {issueAreas: {anyOf: ["housing"]}, regions: {anyOf: ["US-GA"]}, near: {place: {name: "Atlanta, GA"}}}
        orderBy: {field: DISTANCE}
      ) {
        totalCount version
        question { field value label(language: "es") }
        edges {
          node { name } distance km: distance(unit: KILOMETER) miles: distance(unit: MILE)
          match { regionReason tier issueAreas { issueArea { slug } through { slug } } highlights { field } }
        }
        facets {
          issueAreas { value label count selected } kinds { value label(language: "es") count }
          regions(kind: STATE, first: 2) { value label count local selected } locationNotStated
        }
        map { marks { point { latitude } count organization { name } precision bounds { south } } bounds { west } withoutPoint }
        relaxations { count }
      }
    }""")
    assert "errors" not in body
    result = body["data"]["organizations"]
    near, far = result["edges"]
    assert (near["node"]["name"], near["match"]["regionReason"], near["distance"]) == ("Harbor Tenants Union", "LOCATED", 0)
    assert (far["node"]["name"], far["match"]["regionReason"]) == ("Fair Roof Network", "NATIONWIDE")
    assert far["miles"] == pytest.approx(far["km"] / 1.609344, abs=0.01)
    assert near["match"]["issueAreas"] == [{"issueArea": {"slug": "housing"}, "through": None}]
    assert {"value": "UNION", "label": "Sindicato", "count": 1} in result["facets"]["kinds"]
    assert {"value": "US-GA", "label": "Georgia", "count": 2, "local": 1, "selected": True} in result["facets"]["regions"]
    assert sorted(mark["organization"]["name"] for mark in result["map"]["marks"]) == [
        "Fair Roof Network",
        "Harbor Tenants Union",
    ]
    assert result["map"]["withoutPoint"] == 0
    assert [part["field"] for part in result["question"]] == ["issueAreas", "regions", "near", "orderBy"]
    assert result["version"] == "v9"
    assert result["relaxations"] == []


def test_near_another_organization_and_in_miles(ask: Ask) -> None:
    harbor = ask('{ organization(by: {slug: "harbor-tenants-union"}) { id } }')["data"]["organization"]["id"]
    assert names(ask, filter={"near": {"place": {"organization": harbor}, "radius": 10}}) == ["Harbor Tenants Union"]
    assert len(names(ask, filter={"near": {"place": {"organization": harbor}, "radius": 250}})) == 1
    assert len(names(ask, filter={"near": {"place": {"organization": harbor}, "radius": 250, "unit": "MILE"}})) == 2


def test_a_missing_organization_and_one_without_a_point_get_the_same_error(ask: Ask) -> None:
    quiet = ask('{ organization(by: {slug: "quiet-house"}) { id } }')["data"]["organization"]["id"]
    absent = "T3JnYW5pemF0aW9uOjAwMDAwMDAwLTAwMDAtNTAwMC04MDAwLTAwMDAwMDAwMDAwMA"
    quiet_error, absent_error = (get_refusal(ask, filter={"near": {"place": {"organization": id}}}) for id in (quiet, absent))
    quiet_error.pop("value"), absent_error.pop("value")
    assert quiet_error == absent_error
    assert quiet_error["code"] == "UNKNOWN_PLACE"


@pytest.mark.parametrize(
    "place", [{"postalCode": "30312"}, {"region": "US-GA-121"}, {"point": {"latitude": 33.7, "longitude": -84.4}}]
)
def test_near_each_kind_of_place(ask: Ask, place: dict[str, Any]) -> None:
    assert names(ask, filter={"near": {"place": place, "radius": 60}}) == ["Harbor Tenants Union"]


def test_near_a_place_of_the_gazetteer(ask: Ask) -> None:
    place = ask('{ places(query: "Savannah, GA", first: 1) { id } }')["data"]["places"][0]["id"]
    assert names(ask, filter={"near": {"place": {"place": place}, "radius": 20}}) == ["River Workers Center"]


def test_prospects_are_found_only_on_request(ask: Ask) -> None:
    assert names(ask, filter={"membership": ["PROSPECT"]}) == ["Someday Society"]


@pytest.mark.parametrize("arguments", ["issueAreas(first: 0)", "issueAreas(first: 501)", 'regions(within: "US-XX")'])
def test_a_bad_facet_is_get_refusal(ask: Ask, arguments: str) -> None:
    body = ask(f"{{ organizations {{ facets {{ {arguments} {{ value }} }} }} }}")
    assert body["data"] == {"organizations": None}
    assert body["errors"][0]["extensions"]["code"] in ("BAD_INPUT", "UNKNOWN_REGION")


@pytest.mark.parametrize("arguments", ["limit: 0", "limit: 2001", "zoom: -1", "within: {south: 2, west: 0, north: 1, east: 0}"])
def test_a_bad_map_is_get_refusal(ask: Ask, arguments: str) -> None:
    body = ask(f"{{ organizations {{ map({arguments}) {{ withoutPoint }} }} }}")
    assert body["errors"][0]["extensions"]["code"] == "BAD_INPUT"


def test_a_search_without_results_offers_relaxations(ask: Ask) -> None:
    body = ask("""{
      organizations(filter: {issueAreas: {anyOf: ["housing"]}, kinds: [FUNDER]}) {
        totalCount relaxations { without { field value } question { field } count search }
      }
    }""")
    result = body["data"]["organizations"]
    assert result["totalCount"] == 0
    assert {
        "without": [{"field": "kinds", "value": "FUNDER"}],
        "question": [{"field": "issueAreas"}],
        "count": 3,
        "search": "issue=housing",
    } in result["relaxations"]
