"""Root fields: single objects, lists, and errors that leave other fields intact."""

from typing import Any

import pytest

from schema.types.global_ids import NODE_TYPES, GlobalId
from schema.types.query import PLACES_DEFAULT, SUGGESTIONS_DEFAULT
from tests.builders import an_id
from tests.schema.conftest import HARBOR, Ask

FIND = "query($by: OrganizationBy!) { organization(by: $by) { name } }"


def the_id(name: str) -> str:
    return str(GlobalId("Organization", an_id(name)))


def code(body: dict[str, Any]) -> str:
    (error,) = body["errors"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    "by",
    [
        {"slug": "harbor-tenants-union"},
        {"slug": "harbor-old"},
        {"id": the_id("Harbor Tenants Union")},
        {"identifier": {"scheme": "US-EIN", "value": "52-1633883"}},
    ],
)
def test_one_organization_by_each_key(ask: Ask, by: dict[str, Any]) -> None:
    assert ask(FIND, by=by)["data"] == {"organization": {"name": "Harbor Tenants Union"}}


@pytest.mark.parametrize(
    "by",
    [{"slug": "nobody"}, {"slug": ""}, {"id": the_id("Nobody")}, {"identifier": {"scheme": "US-EIN", "value": "00-0000000"}}],
)
def test_an_unknown_key_gives_null(ask: Ask, by: dict[str, Any]) -> None:
    body = ask(FIND, by=by)
    assert body["data"] == {"organization": None}
    assert "errors" not in body


@pytest.mark.parametrize("by", [{}, {"slug": None}, {"slug": "a", "id": "b"}])
def test_exactly_one_key_is_required(ask: Ask, by: dict[str, Any]) -> None:
    body = ask(FIND, by=by)
    assert code(body) == "BAD_INPUT"
    assert "data" not in body


def test_exactly_one_key_also_in_the_document(ask: Ask) -> None:
    assert code(ask('{ organization(by: {slug: "a", id: "b"}) { name } }')) == "NOT_VALID"


@pytest.mark.parametrize("bad", ["", "nonsense", "T3JnYW5pemF0aW9uOjE", the_id("Nobody") + "=", "Ünïcode", "x" * 5000])
def test_a_malformed_id_is_refused(ask: Ask, bad: str) -> None:
    body = ask("query($id: ID!) { node(id: $id) { id } viewer { audience } }", id=bad)
    assert body["data"] == {"node": None, "viewer": {"audience": "PUBLIC"}}
    assert code(body) == "BAD_INPUT"


def test_nodes_of_every_type_are_found_by_their_ids(ask: Ask) -> None:
    data = ask("""{
      organization(by: {slug: "harbor-tenants-union"}) { id __typename }
      coalition(slug: "upr-task-force") { id __typename }
      event(slug: "press-conference") { id __typename }
      instrument(slug: "universal-declaration") { id __typename }
      provisions(query: "25") { nodes { id __typename } }
      issueArea(slug: "housing") { id __typename }
      communities { id __typename }
      workAreas { id __typename }
      languages { id __typename }
      region(code: "US-GA") { id __typename }
      places(query: "Atlanta", first: 1) { id __typename }
    }""")["data"]
    data["provisions"] = data["provisions"]["nodes"]
    found = [value[0] if isinstance(value, list) else value for value in data.values()]
    assert [node["__typename"] for node in found] == list(NODE_TYPES)
    ids = [node["id"] for node in found]
    assert ask("query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", ids=ids)["data"]["nodes"] == found


def test_a_term_is_found_only_with_the_type_of_its_vocabulary(ask: Ask) -> None:
    ids = [str(GlobalId(kind, "detention-deportation")) for kind in ("IssueArea", "Community", "WorkArea", "Language")]
    body = ask("query($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueArea { slug } } }", ids=ids)
    assert body["data"]["nodes"] == [{"slug": "detention-deportation"}, None, None, None]
    assert "errors" not in body


def test_a_bad_id_among_nodes_leaves_the_others(ask: Ask) -> None:
    ids = [the_id("Nobody"), "nonsense", the_id("Quiet House")]
    body = ask("query($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { name } } }", ids=ids)
    assert body["data"]["nodes"] == [None, None, {"name": "Quiet House"}]
    assert body["errors"][0]["path"] == ["nodes", 1]


def test_too_many_nodes_are_refused(ask: Ask) -> None:
    assert code(ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[the_id("Nobody")] * 101)) == "BAD_INPUT"


def test_an_error_leaves_other_fields_intact(ask: Ask) -> None:
    body = ask("""{
      network { name }
      organizations(filter: {issueAreas: {anyOf: ["hosing"]}}) { totalCount }
      good: organizations { totalCount }
    }""")
    assert body["data"] == {"network": {"name": "All Together Network"}, "organizations": None, "good": {"totalCount": 4}}
    (error,) = body["errors"]
    assert error["path"] == ["organizations"]
    assert error["extensions"]["code"] == "UNKNOWN_TERM"
    assert "housing" in error["extensions"]["suggestions"]


def test_the_network(ask: Ask) -> None:
    document = "{ network { name fictional memberCount version languages credits { text url } organization { kind } } }"
    network = ask(document)["data"]["network"]
    assert network.pop("credits")
    assert network == {
        "name": "All Together Network",
        "fictional": False,
        "memberCount": 4,
        "version": "v9",
        "languages": ["en", "es"],
        "organization": {"kind": "NETWORK"},
    }


@pytest.mark.parametrize("first", [0, -1, 21])
def test_places_and_suggestions_have_a_limit(ask: Ask, first: int) -> None:
    body = ask('query($n: Int) { places(query: "atlanta", first: $n) { id } suggest(query: "a", first: $n) { label } }', n=first)
    assert body["data"] == {"places": None, "suggest": None}
    assert {error["extensions"]["code"] for error in body["errors"]} == {"BAD_INPUT"}


def test_first_sets_the_number_of_places_and_suggestions(ask: Ask) -> None:
    document = 'query($n: Int) { places(query: "springfield", first: $n) { id } suggest(query: "a", first: $n) { label } }'
    for first in (1, 3, 20):
        data = ask(document, n=first)["data"]
        assert len(data["places"]) == first
        assert 0 < len(data["suggest"]) <= first
    default = ask(document, n=None)["data"]
    assert (len(default["places"]), len(default["suggest"])) == (PLACES_DEFAULT, SUGGESTIONS_DEFAULT)


def test_places_by_name_and_postal_code(ask: Ask) -> None:
    body = ask('{ places(query: "30312") { name kind point { latitude } regions { code } } none: places(query: "zzzz") { id } }')
    (place,) = body["data"]["places"]
    assert place["kind"] == "POSTAL_CODE"
    assert place["point"]["latitude"] == pytest.approx(33.7, abs=0.2)
    assert {"code": "US-GA"} in place["regions"]
    assert body["data"]["none"] == []


def test_words_that_are_too_long_are_refused(ask: Ask) -> None:
    body = ask("query($w: String!) { understand(query: $w) { search } places(query: $w) { id } }", w="a " * 300)
    assert body["data"] == {"understand": None, "places": None}


def test_plain_words_become_filters(ask: Ask) -> None:
    body = ask('{ understand(query: "housing near Atlanta") { query search parts { field value label } } }')
    understanding = body["data"]["understand"]
    circle, serving = "near=city:US-GA:atlanta%26radius=80.4672", "region=US-METRO-12060%26by=SERVING"
    assert understanding["search"] == f"issue=housing&any={circle}|{serving}"
    assert [(part["field"], part["label"]) for part in understanding["parts"]] == [
        ("issueAreas", "Housing"),
        ("any", "near Atlanta, GA"),
    ]
    assert understanding["query"] is None


def test_a_country_code_that_looks_like_a_state_offers_the_state(ask: Ask) -> None:
    document = """{ organizations(filter: {regions: {anyOf: ["GA"], by: LOCATED}}) {
      totalCount relaxations { count search without { label } instead { value label } }
    } }"""
    answer = ask(document)["data"]["organizations"]
    assert answer["totalCount"] == 0
    first = answer["relaxations"][0]
    assert (first["without"], first["instead"]) == ([{"label": "Gabon"}], [{"value": "US-GA", "label": "Georgia"}])
    assert first["count"] > 0


def test_suggestions_have_nodes(ask: Ask) -> None:
    body = ask('{ suggest(query: "harb") { kind label search node { __typename ... on Organization { slug } } } }')
    assert {"__typename": "Organization", "slug": HARBOR.slug} in [suggestion["node"] for suggestion in body["data"]["suggest"]]


@pytest.mark.parametrize(
    ("words", "kind", "node"),
    [
        ("tenant", "ISSUE_AREA", {"__typename": "IssueArea", "slug": "tenants"}),
        ("farmw", "COMMUNITY", {"__typename": "Community", "slug": "farmworkers"}),
        ("abogad", "WORK_AREA", {"__typename": "WorkArea", "slug": "law"}),
        ("geor", "REGION", {"__typename": "Region", "code": "US-GA"}),
    ],
)
def test_suggestions_of_every_kind_have_nodes(ask: Ask, words: str, kind: str, node: dict[str, str]) -> None:
    document = """query($words: String!) { suggest(query: $words) { kind node {
      __typename ... on IssueArea { slug } ... on Community { slug } ... on WorkArea { slug } ... on Region { code }
    } } }"""
    suggestions = ask(document, words=words)["data"]["suggest"]
    assert {"kind": kind, "node": node} in suggestions
    assert all(suggestion["node"] for suggestion in suggestions)
