"""Who works on housing, in or serving Georgia, nearest Atlanta first? Run over the network's own records, on both engines.

The expected results were derived from seed/data by hand. Of the seven members, the National Homelessness Law Center (Washington,
DC) and the Chicago Anti-Eviction Campaign work on housing. The law center, Aging People in Prison (Washington, DC) and the
National Network for Immigrant and Refugee Rights (no location) work nationwide. Only the network itself, which is not a member,
is located in Georgia.
"""

from typing import Any

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from tests.stories.http_client import ask, post, serve

LAW_CENTER = "National Homelessness Law Center"
CHICAGO = "Chicago Anti-Eviction Campaign"
PRISON = "Aging People in Prison Human Rights Campaign"
NNIRR = "National Network for Immigrant and Refugee Rights"

NEAR_ATLANTA = {"place": {"name": "Atlanta"}}
MAIN = {"issueAreas": {"anyOf": ["housing"]}, "regions": {"anyOf": ["US-GA"]}, "near": NEAR_ATLANTA}
QUESTION = """query($filter: OrganizationFilter, $query: String) {
  organizations(filter: $filter, query: $query, orderBy: {field: DISTANCE}) {
    totalCount
    version
    edges {
      distance
      node { name locations { address { city state } precision } nationwide }
      match {
        regionReason tier
        issueAreas { issueArea { slug } through { slug } }
        highlights { field segments { text matched } }
      }
    }
    facets {
      issueAreas { value count selected } communities { value count selected } workAreas { value count selected }
      languages { value count selected } kinds { value count selected } locationNotStated
      regions { value count local selected }
    }
    map { marks { count organization { name } precision } withoutPoint }
    relaxations { count without { field value } }
  }
}"""


def search(client: TestClient, filter: dict[str, Any] | None = None, query: str | None = None) -> dict[str, Any]:
    connection: dict[str, Any] = ask(client, QUESTION, filter={"near": NEAR_ATLANTA, **(filter or {})}, query=query)[
        "organizations"
    ]
    return connection


def names(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["name"] for edge in connection["edges"]]


def get_counts(connection: dict[str, Any], facet: str) -> dict[str, int]:
    return {item["value"]: item["count"] for item in connection["facets"][facet]}


def test_the_main_question(network: TestClient) -> None:
    answer = search(network, MAIN)
    (edge,) = answer["edges"]
    assert answer["totalCount"] == 1
    assert edge["node"]["name"] == LAW_CENTER
    assert edge["node"]["locations"] == [{"address": {"city": "Washington", "state": "DC"}, "precision": "CITY"}]
    assert edge["match"]["regionReason"] == "NATIONWIDE"
    assert 860 < edge["distance"] < 880  # from the center of Atlanta to the center of Washington
    assert edge["match"]["tier"] is None
    assert edge["match"]["highlights"] == []
    assert edge["match"]["issueAreas"] == [
        {"issueArea": {"slug": "homelessness"}, "through": {"slug": "housing"}},
        {"issueArea": {"slug": "housing"}, "through": None},
    ]


def test_its_facets(network: TestClient) -> None:
    answer = search(network, MAIN)
    by_theme = get_counts(answer, "issueAreas")
    assert {slug: by_theme.get(slug) for slug in ("housing", "homelessness", "immigration", "aging-prison", "tenants")} == {
        "housing": 1,
        "homelessness": 1,
        "immigration": 1,  # NNIRR, which works nationwide, including in Georgia
        "aging-prison": 1,
        "tenants": None,  # only the Chicago campaign, which does not serve Georgia
    }
    assert get_counts(answer, "kinds") == {"LEGAL_ORGANIZATION": 1}
    regions = {item["value"]: item for item in answer["facets"]["regions"]}
    assert regions["US-GA"] == {"value": "US-GA", "count": 1, "local": 0, "selected": True}
    assert regions["US-IL"] == {"value": "US-IL", "count": 2, "local": 1, "selected": False}
    assert regions["US-DC"] == {"value": "US-DC", "count": 1, "local": 1, "selected": False}
    assert answer["facets"]["locationNotStated"] == 0


def test_nearest_first_and_those_without_a_place_last(network: TestClient) -> None:
    everywhere = search(network, {"issueAreas": {"anyOf": ["housing"]}})
    assert names(everywhere) == [LAW_CENTER, CHICAGO]
    near, far = (edge["distance"] for edge in everywhere["edges"])
    assert near < far < 1_000
    serving = search(network, {"regions": {"anyOf": ["US-GA"]}})
    assert names(serving) == [PRISON, LAW_CENTER, NNIRR]  # the first two are in the same city, so they are sorted by name
    assert [edge["match"]["regionReason"] for edge in serving["edges"]] == ["NATIONWIDE"] * 3
    assert serving["edges"][2]["distance"] is None
    assert serving["edges"][2]["node"]["locations"] == []
    assert serving["map"]["withoutPoint"] == 1
    assert sum(mark["count"] for mark in serving["map"]["marks"]) == 2


def test_the_network_is_not_a_member(network: TestClient) -> None:
    assert names(search(network, {"regions": {"anyOf": ["US-GA"], "by": "LOCATED"}})) == []
    network_result = search(network, {"regions": {"anyOf": ["US-GA"]}, "membership": ["NONE"]})
    assert names(network_result) == ["US Human Rights Network"]
    assert network_result["edges"][0]["match"]["regionReason"] == "LOCATED"
    fields = ask(network, "{ network { name memberCount fictional organization { kind membership { status } } } }")["network"]
    assert fields == {
        "name": "US Human Rights Network",
        "memberCount": 7,
        "fictional": False,
        "organization": {"kind": "NETWORK", "membership": {"status": "NONE"}},
    }


def test_without_nationwide_organizations_there_are_only_relaxations(network: TestClient) -> None:
    local = {**MAIN, "regions": {"anyOf": ["US-GA"], "nationwide": "EXCLUDE"}}
    answer = search(network, local)
    assert answer["totalCount"] == 0
    relaxations = {
        tuple(part["field"] for part in relaxation["without"]): relaxation["count"] for relaxation in answer["relaxations"]
    }
    assert relaxations == {("regions", "regions.nationwide"): 2, ("regions.nationwide",): 1}


def test_an_issue_area_includes_narrower_ones(network: TestClient) -> None:
    broad = search(network, {"issueAreas": {"anyOf": ["economic-social-cultural"]}})
    campaign = next(edge for edge in broad["edges"] if edge["node"]["name"] == CHICAGO)
    assert {match["issueArea"]["slug"] for match in campaign["match"]["issueAreas"]} == {"housing", "tenants", "homelessness"}
    assert all(match["through"] == {"slug": "economic-social-cultural"} for match in campaign["match"]["issueAreas"])
    assert names(search(network, {"issueAreas": {"anyOf": ["economic-social-cultural"], "narrower": False}})) == []


def test_words_are_highlighted_and_the_tier_is_reported(network: TestClient) -> None:
    (edge,) = search(network, {"regions": {"anyOf": ["US-GA"]}}, query="decent housing")["edges"]
    assert edge["node"]["name"] == LAW_CENTER
    assert edge["match"]["tier"] == "SUMMARY"  # "decent" is only in the summary
    summary = next(highlight for highlight in edge["match"]["highlights"] if highlight["field"] == "summary")
    assert [segment["text"] for segment in summary["segments"] if segment["matched"]] == ["decent", "housing"]
    assert "".join(segment["text"] for segment in summary["segments"]).startswith("Uses the law across the country")


NAMES = [
    ("NLCHP", LAW_CENTER),
    ("nlchp", LAW_CENTER),
    ("National Law Center on Homelessness & Poverty", LAW_CENTER),
    ("National Law Center on Homelessness and Poverty", LAW_CENTER),
    ("National Network for Immigrant and Refugee Rights", NNIRR),
    ("National Network for Immigrant & Refugee Rights", NNIRR),
    ("NNIRR", NNIRR),
    ("CAEC", CHICAGO),
    ("chicago anti eviction campaign", CHICAGO),
    ("WCRJ", "Workers Center for Racial Justice"),
    ("ARTE", "Art and Resistance Through Education"),
    ("Art & Resistance Through Education", "Art and Resistance Through Education"),
]


@pytest.mark.parametrize(("words", "name"), NAMES)
def test_every_name_finds_its_organization_first(network: TestClient, words: str, name: str) -> None:
    document = "query($words: String!) { organizations(query: $words) { edges { node { name } match { tier } } } }"
    first = ask(network, document, words=words)["organizations"]["edges"][0]
    assert (first["node"]["name"], first["match"]["tier"]) == (name, "EXACT_NAME")
    understanding = ask(network, "query($words: String!) { understand(query: $words) { query parts { field } } }", words=words)
    assert understanding["understand"] == {"query": words, "parts": [{"field": "query"}]}


def test_the_network_is_found_by_its_acronym_when_members_are_not_all_that_is_network_result(network: TestClient) -> None:
    document = """query($of: [MembershipStatus!]) {
      organizations(query: "USHRN", filter: {membership: $of}) { totalCount nodes { name } }
    }"""
    assert ask(network, document)["organizations"]["totalCount"] == 0
    assert ask(network, document, of=["NONE"])["organizations"]["nodes"] == [{"name": "US Human Rights Network"}]


def test_a_restart_does_not_change_the_response(network: TestClient, seeded_url: str) -> None:
    before = post(network, QUESTION, filter=MAIN)
    with serve(Directory.open(seeded_url)) as again:
        after = post(again, QUESTION, filter=MAIN)
    assert after.content == before.content
    assert after.headers == before.headers
