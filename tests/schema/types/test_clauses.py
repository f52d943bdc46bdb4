"""Filters that contain filters, lists of organizations, and the other conditions of a search that can be combined."""

import datetime as dt
from typing import Any

import pytest

from directory.question import MAX_ALTERNATIVES, MAX_CLAUSES, MAX_IDS
from schema.types.global_ids import GlobalId
from tests.builders import an_id
from tests.schema.conftest import HARBOR, PROSPECT, QUIET, RIVER, ROOF, Ask

DOCUMENT = "query($filter: OrganizationFilter) { organizations(filter: $filter) { totalCount nodes { name } } }"
ALL_MEMBERS = ["Fair Roof Network", "Harbor Tenants Union", "Quiet House", "River Workers Center"]
HOUSING, WORKERS = ({"issueAreas": {"anyOf": [slug]}} for slug in ("housing", "workers"))
UNION = {"kinds": ["UNION"]}
NEAR_ATLANTA, NEAR_CHICAGO = ({"near": {"place": {"name": name}, "radius": 50}} for name in ("Atlanta, GA", "Chicago, IL"))
MINUTE = dt.timedelta(minutes=1)


def global_id(name: str) -> str:
    return str(GlobalId("Organization", an_id(name)))


HARBOR_ID, ROOF_ID, QUIET_ID, PROSPECT_ID = (str(GlobalId("Organization", one.id)) for one in (HARBOR, ROOF, QUIET, PROSPECT))


def find_names(ask: Ask, **conditions: Any) -> list[str]:
    body = ask(DOCUMENT, filter=conditions)
    assert "errors" not in body
    result = body["data"]["organizations"]
    assert result["totalCount"] == len(result["nodes"])
    return sorted(node["name"] for node in result["nodes"])


def get_refusal(ask: Ask, **conditions: Any) -> dict[str, Any]:
    body = ask(DOCUMENT, filter=conditions)
    assert body.get("data") in (None, {"organizations": None})
    (error,) = body["errors"]
    assert error["message"].endswith(".")
    extensions: dict[str, Any] = error["extensions"]
    return extensions


def nest(levels: int, inner: dict[str, Any]) -> dict[str, Any]:
    for level in range(levels):
        inner = {"or" if level % 2 else "and": [inner, UNION]}
    return inner


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"or": []},
        {"and": []},
        {"or": None, "and": None},
        {"or": [{}]},
        {"and": [{}, {}]},
        {"or": [{"and": [{"or": []}]}]},
        {"ids": []},
        {"ids": None},
        {"or": [{"ids": []}]},
        {"membership": []},
        {"kinds": [], "excludedKinds": []},
        {"founded": {}},
        {"founded": {"from": None, "to": None}},
        {"issueAreas": {"anyOf": []}, "regions": {"noneOf": []}},
    ],
)
def test_what_is_empty_is_no_condition(ask: Ask, nothing: dict[str, Any]) -> None:
    assert find_names(ask, **nothing) == ALL_MEMBERS


@pytest.mark.parametrize("empty", [{}, {"ids": []}, {"or": []}, {"near": {"place": {"name": "Atlanta, GA"}}}])
def test_an_alternative_that_everything_meets_is_refused(ask: Ask, empty: dict[str, Any]) -> None:
    """Otherwise, one forgotten value would make the others meaningless."""
    assert get_refusal(ask, **{"or": [HOUSING, empty]}) == {"code": "BAD_INPUT", "argument": "filter"}


@pytest.mark.parametrize("empty", [{}, {"ids": []}, {"and": [{}]}])
def test_a_required_filter_without_a_condition_leaves_the_others(ask: Ask, empty: dict[str, Any]) -> None:
    assert find_names(ask, **{"and": [empty, WORKERS]}) == find_names(ask, **{"and": [WORKERS, empty]}) == [RIVER.name]
    assert find_names(ask, **WORKERS, **{"and": [empty]}) == [RIVER.name]


def test_alternatives_and_required_filters(ask: Ask) -> None:
    assert find_names(ask, **{"or": [HOUSING, WORKERS]}) == ALL_MEMBERS
    assert find_names(ask, **{"and": [HOUSING, WORKERS]}) == []
    assert find_names(ask, **{"or": [UNION, WORKERS]}) == [HARBOR.name, RIVER.name]
    assert find_names(ask, **HOUSING, **{"or": [UNION, WORKERS]}) == [HARBOR.name]
    assert find_names(ask, **{"and": [{"or": [UNION, WORKERS]}, {"or": [HOUSING, UNION]}]}) == [HARBOR.name]
    assert find_names(ask, **{"or": [{"and": [HOUSING, UNION]}, {"ids": [QUIET_ID]}]}) == [HARBOR.name, QUIET.name]
    assert find_names(ask, **{"or": [{**HOUSING, **UNION}, {"ids": [QUIET_ID]}]}) == [HARBOR.name, QUIET.name]


@pytest.mark.parametrize("levels", [1, 2])
def test_filters_nest_two_levels(ask: Ask, levels: int) -> None:
    assert "errors" not in ask(DOCUMENT, filter=nest(levels, HOUSING))


@pytest.mark.parametrize("levels", [3, 4, 9])
def test_filters_nested_deeper_are_refused(ask: Ask, levels: int) -> None:
    assert get_refusal(ask, **nest(levels, HOUSING)) == {"code": "BAD_INPUT", "argument": "filter", "limit": 2}


@pytest.mark.parametrize("levels", [100, 190, 900])
def test_filters_nested_absurdly_deep_are_refused_too(ask: Ask, levels: int) -> None:
    deep: dict[str, Any] = {}
    for _ in range(levels):
        deep = {"and": [deep]}
    (error,) = ask(DOCUMENT, filter=deep)["errors"]
    assert error["extensions"]["code"] in ("BAD_INPUT", "TOO_LARGE", "TOO_COMPLEX")


@pytest.mark.parametrize(("name", "limit"), [("or", MAX_ALTERNATIVES), ("and", MAX_CLAUSES)])
def test_the_number_of_filters_is_limited(ask: Ask, name: str, limit: int) -> None:
    inner: list[dict[str, Any]] = [{"founded": {"from": 1900 + year}} for year in range(limit + 1)]
    if name == "and":
        inner = [{"or": [one, UNION]} for one in inner]
    assert get_refusal(ask, **{name: inner})["code"] == "BAD_INPUT"
    assert get_refusal(ask, **{name: [HOUSING] * 201})["code"] == "BAD_INPUT"


def test_organizations_by_id(ask: Ask) -> None:
    assert find_names(ask, ids=[HARBOR_ID, ROOF_ID, HARBOR_ID]) == [ROOF.name, HARBOR.name]
    assert find_names(ask, ids=HARBOR_ID) == [HARBOR.name]  # one value stands for a list
    assert find_names(ask, ids=[global_id("Nobody")]) == []
    assert find_names(ask, ids=[global_id("Nobody"), HARBOR_ID]) == [HARBOR.name]
    assert find_names(ask, ids=[PROSPECT_ID]) == []  # not a member
    assert find_names(ask, ids=[PROSPECT_ID, HARBOR_ID], membership=["PROSPECT", "ACTIVE"]) == [HARBOR.name, PROSPECT.name]
    assert find_names(ask, ids=[HARBOR_ID], **{"and": [{"ids": [ROOF_ID]}]}) == []


@pytest.mark.parametrize("field", ["ids", "parent"])
@pytest.mark.parametrize(
    "value", ["", "nonsense", HARBOR.id, str(GlobalId("Region", "US-GA")), str(GlobalId("IssueArea", "housing")), HARBOR_ID + "="]
)
def test_what_is_not_the_id_of_an_organization_is_refused(ask: Ask, field: str, value: str) -> None:
    assert get_refusal(ask, **{field: value}) == {"code": "BAD_INPUT", "argument": field}
    assert get_refusal(ask, **{"or": [HOUSING, {field: value}]}) == {"code": "BAD_INPUT", "argument": field}


def test_too_many_ids_are_refused(ask: Ask) -> None:
    ids = [global_id(str(number)) for number in range(MAX_IDS + 1)]
    assert get_refusal(ask, ids=ids) == {"code": "BAD_INPUT", "argument": "ids", "limit": MAX_IDS}
    assert find_names(ask, ids=ids[1:]) == find_names(ask, ids=[*ids[1:], *ids[1:50]]) == []


@pytest.mark.parametrize("count", [MAX_IDS + 1, 201])
def test_the_message_about_too_many_ids_states_their_limit(ask: Ask, count: int) -> None:
    body = ask(DOCUMENT, filter={"ids": [global_id(str(number)) for number in range(count)]})
    assert body["errors"][0]["message"] == f"`ids` takes at most {MAX_IDS} values; you passed {count}."


def test_branches_of_an_organization(ask: Ask) -> None:
    assert find_names(ask, parent=ROOF_ID) == [HARBOR.name]
    assert find_names(ask, parent=HARBOR_ID) == find_names(ask, parent=global_id("Nobody")) == []


def test_two_origins_are_refused(ask: Ask) -> None:
    refusal = {"code": "BAD_INPUT", "argument": "near"}
    assert get_refusal(ask, **{"or": [NEAR_ATLANTA, NEAR_CHICAGO]}) == refusal
    assert get_refusal(ask, **NEAR_ATLANTA, **{"and": [NEAR_CHICAGO]}) == refusal
    assert get_refusal(ask, **NEAR_ATLANTA, **{"or": [HOUSING, {"or": [UNION, NEAR_CHICAGO]}]}) == refusal


def test_one_origin_may_occur_in_several_filters(ask: Ask) -> None:
    wider = {"near": {**NEAR_ATLANTA["near"], "radius": 400}}
    assert find_names(ask, **{"or": [NEAR_ATLANTA, wider]}) == [HARBOR.name, RIVER.name]
    assert find_names(ask, **{"and": [NEAR_ATLANTA, wider]}) == [HARBOR.name]
    assert find_names(ask, **{"or": [{**NEAR_ATLANTA, **HOUSING}, {**wider, **WORKERS}]}) == [HARBOR.name, RIVER.name]


def test_membership_that_contradicts_itself_matches_nothing(ask: Ask) -> None:
    prospect, active = {"membership": ["PROSPECT"]}, {"membership": ["ACTIVE"]}
    assert find_names(ask, **active, **{"and": [prospect]}) == []
    assert find_names(ask, **{"and": [active, prospect]}) == []
    assert find_names(ask, **prospect) == find_names(ask, **{"and": [prospect]}) == [PROSPECT.name]
    assert find_names(ask, **{"or": [prospect, UNION]}) == [HARBOR.name, PROSPECT.name]  # the default gives way in all of it
    assert find_names(ask, **active, **{"or": [prospect, UNION]}) == [HARBOR.name]


def test_other_conditions(ask: Ask) -> None:
    assert find_names(ask, excludedKinds=["UNION"]) == [ROOF.name, QUIET.name, RIVER.name]
    assert find_names(ask, kinds=["UNION"], excludedKinds=["UNION"]) == []
    assert find_names(ask, verificationDue=False) == [HARBOR.name]
    assert find_names(ask, verificationDue=True) == [ROOF.name, QUIET.name, RIVER.name]
    assert find_names(ask, founded={"from": 1}) == []  # no year is known
    since = HARBOR.updated_at
    assert find_names(ask, updatedSince=since.isoformat()) == ALL_MEMBERS
    assert find_names(ask, updatedSince=(since + MINUTE).isoformat()) == []


@pytest.mark.parametrize("years", [{"from": 0}, {"to": 10_000}, {"from": 2000, "to": 1999}, {"from": -5}])
def test_impossible_years_are_refused(ask: Ask, years: dict[str, int]) -> None:
    assert get_refusal(ask, founded=years)["argument"] == "founded"


@pytest.mark.parametrize("moment", ["2026-01-31", "2026-01-31T12:00:00", "yesterday", "0001-01-01T00:00:00+14:00", 5])
def test_a_moment_needs_a_time_and_an_offset(ask: Ask, moment: Any) -> None:
    assert get_refusal(ask, updatedSince=moment)["code"] == "BAD_INPUT"
