"""Every facet count equals the total of the search it leads to. Each one is tried through GraphQL, on both engines."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.stories.http_client import ask

FIELDS_PER_DOCUMENT = 25  # questions in one document

TERM_FACETS = ("issueAreas", "communities", "workAreas", "languages")
FACETS = """query($query: String, $filter: OrganizationFilter) {
  organizations(query: $query, filter: $filter) {
    totalCount
    facets {
      issueAreas { ...count } communities { ...count } workAreas { ...count } languages { ...count } kinds { ...count }
      states: regions { ...region }
      countries: regions(kind: COUNTRY) { ...region }
      counties: regions(kind: COUNTY, first: 20) { ...region }
      southern: regions(kind: STATE, within: "US-SOUTH") { ...region }
      custom: regions(kind: CUSTOM) { ...region }
      locationNotStated
    }
  }
}
fragment count on FacetCount { value count selected }
fragment region on RegionCount { value count local selected }
"""
REGION_FACETS = ("states", "countries", "counties", "southern", "custom")

QUESTIONS: dict[str, tuple[str | None, dict[str, Any]]] = {
    "everything": (None, {}),
    "the main question": (
        None,
        {"issueAreas": {"anyOf": ["housing"]}, "regions": {"anyOf": ["US-GA"]}, "near": {"place": {"name": "Atlanta"}}},
    ),
    "words": ("rights", {}),
    "words and kinds": ("housing", {"kinds": ["LEGAL_ORGANIZATION", "GRASSROOTS_GROUP"]}),
    "located only": (None, {"regions": {"anyOf": ["US-SOUTH", "US-MIDWEST"], "by": "LOCATED"}}),
    "without the nationwide": (None, {"regions": {"anyOf": ["US-IL"], "nationwide": "EXCLUDE"}}),
    "the nationwide alone": (None, {"regions": {"anyOf": ["US-GA"], "nationwide": "ONLY"}}),
    "no narrower terms": (None, {"issueAreas": {"anyOf": ["housing"], "noneOf": ["tenants"], "narrower": False}}),
    "all of and none of": (None, {"workAreas": {"allOf": ["organizing"], "noneOf": ["arts"]}}),
    "around Chicago": (None, {"near": {"place": {"name": "Chicago"}, "radius": 50, "unit": "MILE"}}),
    "members or not": (None, {"membership": ["ACTIVE", "NONE"], "locationStated": True}),
    "nothing": ("zebra", {"communities": {"anyOf": ["tenants"]}}),
}


def list_choices(filter: dict[str, Any], facets: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each count, with the filter that it leads to."""
    for facet in TERM_FACETS:
        for item in facets[facet]:
            yield item["count"], with_part(filter, facet, anyOf=[item["value"]])
    for item in facets["kinds"]:
        yield item["count"], {**filter, "kinds": [item["value"]]}
    for facet in REGION_FACETS:
        for item in facets[facet]:
            yield item["count"], with_part(filter, "regions", anyOf=[item["value"]])
            if filter.get("regions", {}).get("nationwide") != "ONLY":
                yield item["local"], with_part(filter, "regions", anyOf=[item["value"]], nationwide="EXCLUDE")
    yield facets["locationNotStated"], {**filter, "locationStated": False}


def with_part(filter: dict[str, Any], field: str, **part: Any) -> dict[str, Any]:
    new_filter = deepcopy(filter)
    new_filter[field] = {**new_filter.get(field, {}), **part}
    return new_filter


def fetch_totals(client: TestClient, query: str | None, filters: list[dict[str, Any]]) -> list[int]:
    declarations = ", ".join(f"$f{number}: OrganizationFilter" for number in range(len(filters)))
    fields = " ".join(
        f"q{number}: organizations(query: $query, filter: $f{number}) {{ totalCount }}" for number in range(len(filters))
    )
    variables = {f"f{number}": value for number, value in enumerate(filters)}
    data = ask(client, f"query($query: String, {declarations}) {{ {fields} }}", query=query, **variables)
    return [data[f"q{number}"]["totalCount"] for number in range(len(filters))]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_count_is_the_total_of_the_search_it_leads_to(network: TestClient, question: str) -> None:
    query, filter_ = QUESTIONS[question]
    answer = ask(network, FACETS, query=query, filter=filter_)["organizations"]
    choices = list(list_choices(filter_, answer["facets"]))
    for start in range(0, len(choices), FIELDS_PER_DOCUMENT):
        part = choices[start : start + FIELDS_PER_DOCUMENT]
        assert fetch_totals(network, query, [choice for _, choice in part]) == [count for count, _ in part], part


def test_most_searches_have_further_choices(network: TestClient) -> None:
    """Otherwise, the test above would check nothing."""
    for query, filter_ in QUESTIONS.values():
        facets = ask(network, FACETS, query=query, filter=filter_)["organizations"]["facets"]
        assert query == "zebra" or sum(count > 0 for count, _ in list_choices(filter_, facets)) > 10
