"""The parts of a search: what each one is called, the search without it, and how to pass its value back."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest

from directory.filters.question_fields import FIELDS, QuestionField
from schema.types.global_ids import GlobalId
from tests.builders import an_id
from tests.schema.conftest import COALITION, HARBOR, ROOF, Ask

PART = "field value label search"
PARTS = f"question {{ {PART} alternatives {{ {PART} alternatives {{ {PART} alternatives {{ {PART} }} }} }} }}"
ASK = f"""query($query: String, $search: String, $filter: OrganizationFilter) {{
  organizations(query: $query, search: $search, filter: $filter) {{ totalCount {PARTS} }}
}}"""
HARBOR_ID, ROOF_ID = (str(GlobalId("Organization", one.id)) for one in (HARBOR, ROOF))
# The key of each field in a query string -> a value.
EXAMPLES = {
    "q": "tenants",
    "optional": "quiet",
    **{f"{facet}.narrower": "false" for facet in ("issue", "community", "work", "language")},
    **{f"issue{operator}": "housing" for operator in ("", ".all", ".not")},
    **{f"community{operator}": "women" for operator in ("", ".all", ".not")},
    **{f"work{operator}": "law" for operator in ("", ".all", ".not")},
    **{f"language{operator}": "es" for operator in ("", ".all", ".not")},
    **{f"region{operator}": "US-GA" for operator in ("", ".not")},
    **{f"kind{operator}": "UNION" for operator in ("", ".not")},
    "membership": "PROSPECT",
    "by": "SERVING",
    "nationwide": "EXCLUDE",
    "near": "city:US-GA:atlanta&radius=80.4672",
    "within": "30,-90,40.5,-80",
    "located": "false",
    "verified": "2026-01-31",
    "due": "true",
    "updated": "2026-01-31T12:00:00Z",
    "joined": "2020-05-01",
    "founded": "1990-",
    "parent": ROOF.id,
    "coalition": COALITION.slug,
    "id": HARBOR.id,
    "any": "issue=tenants|community=tenants",
    "order": "-NAME",
}
QUERY_STRING_FIELDS = {"optionalWords", "near", "within", "founded", "any", "orderBy"}  # whose value is text of a query string
CHOICES = {"issueAreas", "communities", "workAreas", "languages", "regions"}  # short for `anyOf`
KEYS = {field.name: field.key for field in FIELDS}
EACH_FIELD = pytest.mark.parametrize("field", FIELDS, ids=[field.name for field in FIELDS])


def ask_parts(ask: Ask, **variables: Any) -> list[dict[str, Any]]:
    body = ask(ASK, **variables)
    assert "errors" not in body
    parts: list[dict[str, Any]] = body["data"]["organizations"]["question"]
    return parts


def find_part(parts: list[dict[str, Any]], field: str) -> dict[str, Any]:
    (part,) = (part for part in parts if part["field"] == field)
    return part


def build_search(key: str) -> str:
    """Return a query string with one example. A setting comes with the value that it is a setting of."""
    owner = "region" if key in ("by", "nationwide") else key.removesuffix(".narrower")
    return "&".join(f"{name}={EXAMPLES[name]}" for name in dict.fromkeys((owner, key)))


def pass_back(field: str, value: str) -> dict[str, Any]:
    """Return the arguments that make the same part, as the description of `value` says."""
    if field == "query":
        return {"query": value}
    if field in QUERY_STRING_FIELDS:
        return {"search": f"{KEYS[field]}={value if field == 'near' else quote_plus(value)}"}
    if field == "kinds.noneOf":
        return {"filter": {"excludedKinds": [value]}}
    name, _, operator = field.partition(".")
    inner: Any = json.loads(value) if value in ("true", "false") else value
    if name in CHOICES:
        return {"filter": {name: {operator or "anyOf": inner}}}
    return {"filter": {name: value.split(",") if field == "ids" else inner}}


def merge(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the values of both objects, and of the objects in them."""
    both = {key: merge(one[key], other[key]) for key in one.keys() & other.keys()}
    return one | other | both


def test_every_field_has_an_example() -> None:
    assert EXAMPLES.keys() == set(KEYS.values())
    assert KEYS.keys() >= QUERY_STRING_FIELDS


@EACH_FIELD
def test_the_value_of_each_part_can_be_passed_back(ask: Ask, field: QuestionField) -> None:
    parts = ask_parts(ask, search=build_search(field.key))
    arguments: dict[str, Any] = {}
    for part in parts:
        arguments = merge(arguments, pass_back(part["field"], part["value"]))
    assert find_part(parts, field.name)["label"]
    assert ask_parts(ask, **arguments) == parts


@EACH_FIELD
def test_the_search_of_each_part_is_the_search_without_it(ask: Ask, field: QuestionField) -> None:
    other = "optional=harbor" if field.name == "kinds.noneOf" else "kind.not=FUNDER"
    parts = ask_parts(ask, search=f"{other}&{build_search(field.key)}")
    part = find_part(parts, field.name)
    rest = ask_parts(ask, search=part["search"])
    removed = [one["field"] for one in parts if (one["field"], one["value"]) not in {(it["field"], it["value"]) for it in rest}]
    settings = [name for name in removed if name.endswith((".by", ".nationwide", ".narrower"))]
    assert field.name in removed
    assert set(removed) <= {field.name, *settings}
    assert "errors" not in ask(ASK, search=part["search"])


def test_organizations_are_parts_with_global_ids_and_names(ask: Ask) -> None:
    nobody = str(GlobalId("Organization", an_id("Nobody")))
    parts = ask_parts(ask, filter={"ids": [HARBOR_ID, nobody], "parent": ROOF_ID})
    parent = find_part(parts, "parent")
    assert (parent["value"], parent["label"]) == (ROOF_ID, "branches of Fair Roof Network")
    assert set(find_part(parts, "ids")["value"].split(",")) == {HARBOR_ID, nobody}
    (clause,) = ask_parts(ask, filter={"or": [{"ids": [HARBOR_ID]}, {"parent": ROOF_ID}]})
    assert [(one["field"], one["value"]) for one in clause["alternatives"]] == [("parent", ROOF_ID), ("ids", HARBOR_ID)]


UNION, HOUSING, WORKERS, SPANISH = "kind=UNION", "issue=housing", "issue=workers", "language=es"
ATLANTA, SERVING = "near=city:US-GA:atlanta&radius=5", "region=US-GA&by=SERVING"


def clause(*alternatives: str) -> str:
    """Return a clause as it stands in a query string."""
    return "any=" + "|".join(one.replace("&", "%26") for one in alternatives)


BOTH, THREE = f"{HOUSING}&{UNION}", f"{HOUSING}&{WORKERS}&{UNION}"
# A query string, the values on the way to a part of it, and the query string without this part.
REMOVALS = [
    (clause(HOUSING, UNION), [f"{HOUSING}|{UNION}"], ""),
    (clause(HOUSING, UNION), [f"{HOUSING}|{UNION}", "housing"], UNION),
    # An equal part of the question itself, or of another clause, stays.
    (f"{HOUSING}&{clause(HOUSING, UNION)}", [f"{HOUSING}|{UNION}", "housing"], f"{HOUSING}&{UNION}"),
    (f"{HOUSING}&{clause(HOUSING, UNION)}", ["housing"], clause(HOUSING, UNION)),
    (
        f"{clause(HOUSING, UNION)}&{clause(HOUSING, SPANISH)}",
        [f"{HOUSING}|{UNION}", "housing"],
        f"{UNION}&{clause(HOUSING, SPANISH)}",
    ),
    # One condition of an alternative.
    (clause(BOTH, SPANISH), [f"{BOTH}|{SPANISH}", BOTH], SPANISH),
    (clause(BOTH, SPANISH), [f"{BOTH}|{SPANISH}", BOTH, "UNION"], clause(HOUSING, SPANISH)),
    (clause(THREE, SPANISH), [f"{THREE}|{SPANISH}", THREE, f"{HOUSING}|{WORKERS}"], clause(SPANISH, UNION)),
    (clause(THREE, SPANISH), [f"{THREE}|{SPANISH}", THREE, f"{HOUSING}|{WORKERS}", "workers"], clause(BOTH, SPANISH)),
    # A setting goes with its last value.
    (clause(ATLANTA, SERVING), [f"{ATLANTA}|{SERVING}", SERVING, "SERVING"], clause(ATLANTA, "region=US-GA")),
    (clause(ATLANTA, SERVING), [f"{ATLANTA}|{SERVING}", SERVING, "US-GA"], ATLANTA),
    # So does the order by distance with the last origin.
    (f"{clause(ATLANTA, UNION)}&order=DISTANCE", [f"{ATLANTA}|{UNION}", ATLANTA.removeprefix("near=")], UNION),
]


@pytest.mark.parametrize(("search", "values", "expected"), REMOVALS)
def test_each_alternative_has_the_search_without_it(ask: Ask, search: str, values: list[str], expected: str) -> None:
    parts, part = ask_parts(ask, search=search), dict[str, Any]()
    for value in values:
        part = {one["value"]: one for one in parts}[value]
        parts = part.get("alternatives", [])
    assert part["search"] == expected
    assert "errors" not in ask(ASK, search=expected)
