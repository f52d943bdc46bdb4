"""Who works on housing, in or serving Georgia, nearest Atlanta first? Asked of the network's own records, on both engines.

The expected answers are read off seed/data by hand: of the seven members, the National Homelessness Law Center (Washington, DC)
and the Chicago Anti-Eviction Campaign work on housing; the law center, Aging People in Prison (Washington, DC) and the
National Network for Immigrant and Refugee Rights (no place stated) work nationwide. Nobody is located in Georgia but the
network itself, which is no member.
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


def found(client: TestClient, filter: dict[str, Any] | None = None, query: str | None = None) -> dict[str, Any]:
    connection: dict[str, Any] = ask(client, QUESTION, filter={"near": NEAR_ATLANTA, **(filter or {})}, query=query)[
        "organizations"
    ]
    return connection


def names(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["name"] for edge in connection["edges"]]


def counts(connection: dict[str, Any], facet: str) -> dict[str, int]:
    return {one["value"]: one["count"] for one in connection["facets"][facet]}


def test_the_main_question(network: TestClient) -> None:
    answer = found(network, MAIN)
    (edge,) = answer["edges"]
    assert answer["totalCount"] == 1
    assert edge["node"]["name"] == LAW_CENTER
    assert edge["node"]["locations"] == [{"address": {"city": "Washington", "state": "DC"}, "precision": "CITY"}]
    assert edge["match"]["regionReason"] == "NATIONWIDE"
    assert 860 < edge["distance"] < 880  # from the middle of Atlanta to the middle of Washington
    assert edge["match"]["tier"] is None
    assert edge["match"]["highlights"] == []
    assert edge["match"]["issueAreas"] == [
        {"issueArea": {"slug": "homelessness"}, "through": {"slug": "housing"}},
        {"issueArea": {"slug": "housing"}, "through": None},
    ]


def test_its_facets(network: TestClient) -> None:
    answer = found(network, MAIN)
    by_theme = counts(answer, "issueAreas")
    assert {slug: by_theme.get(slug) for slug in ("housing", "homelessness", "immigration", "aging-prison", "tenants")} == {
        "housing": 1,
        "homelessness": 1,
        "immigration": 1,  # NNIRR, which works nationwide, so in Georgia too
        "aging-prison": 1,
        "tenants": None,  # Chicago's campaign alone, which does not serve Georgia
    }
    assert counts(answer, "kinds") == {"LEGAL_ORGANIZATION": 1}
    regions = {one["value"]: one for one in answer["facets"]["regions"]}
    assert regions["US-GA"] == {"value": "US-GA", "count": 1, "local": 0, "selected": True}
    assert regions["US-IL"] == {"value": "US-IL", "count": 2, "local": 1, "selected": False}
    assert regions["US-DC"] == {"value": "US-DC", "count": 1, "local": 1, "selected": False}
    assert answer["facets"]["locationNotStated"] == 0


def test_nearest_first_and_those_without_a_place_last(network: TestClient) -> None:
    everywhere = found(network, {"issueAreas": {"anyOf": ["housing"]}})
    assert names(everywhere) == [LAW_CENTER, CHICAGO]
    near, far = (edge["distance"] for edge in everywhere["edges"])
    assert near < far < 1_000
    serving = found(network, {"regions": {"anyOf": ["US-GA"]}})
    assert names(serving) == [PRISON, LAW_CENTER, NNIRR]  # the first two are in one city, so they come by name
    assert [edge["match"]["regionReason"] for edge in serving["edges"]] == ["NATIONWIDE"] * 3
    assert serving["edges"][2]["distance"] is None
    assert serving["edges"][2]["node"]["locations"] == []
    assert serving["map"]["withoutPoint"] == 1
    assert sum(mark["count"] for mark in serving["map"]["marks"]) == 2


def test_the_network_is_no_member_of_itself(network: TestClient) -> None:
    assert names(found(network, {"regions": {"anyOf": ["US-GA"], "by": "LOCATED"}})) == []
    asked_for = found(network, {"regions": {"anyOf": ["US-GA"]}, "membership": ["NONE"]})
    assert names(asked_for) == ["US Human Rights Network"]
    assert asked_for["edges"][0]["match"]["regionReason"] == "LOCATED"
    told = ask(network, "{ network { name memberCount fictional organization { kind membership { status } } } }")["network"]
    assert told == {
        "name": "US Human Rights Network",
        "memberCount": 7,
        "fictional": False,
        "organization": {"kind": "NETWORK", "membership": {"status": "NONE"}},
    }


def test_without_the_nationwide_ones_nothing_is_left_and_the_way_on_is_told(network: TestClient) -> None:
    local = {**MAIN, "regions": {"anyOf": ["US-GA"], "nationwide": "EXCLUDE"}}
    answer = found(network, local)
    assert answer["totalCount"] == 0
    ways = {tuple(part["field"] for part in one["without"]): one["count"] for one in answer["relaxations"]}
    assert ways == {("regions", "regions.nationwide"): 2, ("regions.nationwide",): 1}


def test_a_theme_stands_for_everything_narrower(network: TestClient) -> None:
    broad = found(network, {"issueAreas": {"anyOf": ["economic-social-cultural"]}})
    campaign = next(edge for edge in broad["edges"] if edge["node"]["name"] == CHICAGO)
    assert {match["issueArea"]["slug"] for match in campaign["match"]["issueAreas"]} == {"housing", "tenants", "homelessness"}
    assert all(match["through"] == {"slug": "economic-social-cultural"} for match in campaign["match"]["issueAreas"])
    assert names(found(network, {"issueAreas": {"anyOf": ["economic-social-cultural"], "narrower": False}})) == []


def test_words_are_highlighted_and_told_by_tier(network: TestClient) -> None:
    (edge,) = found(network, {"regions": {"anyOf": ["US-GA"]}}, query="decent housing")["edges"]
    assert edge["node"]["name"] == LAW_CENTER
    assert edge["match"]["tier"] == "SUMMARY"  # "decent" stands nowhere else
    summary = next(one for one in edge["match"]["highlights"] if one["field"] == "summary")
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
def test_every_name_finds_it_first(network: TestClient, words: str, name: str) -> None:
    document = "query($words: String!) { organizations(query: $words) { edges { node { name } match { tier } } } }"
    first = ask(network, document, words=words)["organizations"]["edges"][0]
    assert (first["node"]["name"], first["match"]["tier"]) == (name, "EXACT_NAME")
    meant = ask(network, "query($words: String!) { understand(query: $words) { query parts { field } } }", words=words)
    assert meant["understand"] == {"query": words, "parts": [{"field": "query"}]}


def test_the_network_is_found_by_its_acronym_when_members_are_not_all_that_is_asked_for(network: TestClient) -> None:
    document = """query($of: [MembershipStatus!]) {
      organizations(query: "USHRN", filter: {membership: $of}) { totalCount nodes { name } }
    }"""
    assert ask(network, document)["organizations"]["totalCount"] == 0
    assert ask(network, document, of=["NONE"])["organizations"]["nodes"] == [{"name": "US Human Rights Network"}]


def test_a_restart_changes_no_byte_of_the_answer(network: TestClient, seeded_url: str) -> None:
    before = post(network, QUESTION, filter=MAIN)
    with serve(Directory.open(seeded_url)) as again:
        after = post(again, QUESTION, filter=MAIN)
    assert after.content == before.content
    assert after.headers == before.headers
