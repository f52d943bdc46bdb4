"""The candidates for a row of a list."""

import pytest

from schema.types.global_ids import GlobalId
from tests.web.reconcile.conftest import HERON, NAMESAKE, SECRET, TENANTS, ReconcileClient


def test_name_and_city_find_one_before_the_other_of_that_name(reconcile: ReconcileClient) -> None:
    candidates = reconcile.match("Harbor Tenants Union, Inc.", city="Atlanta", state="GA", website="harbortenants.example")
    assert [one["id"] for one in candidates] == [TENANTS.id, NAMESAKE.id]
    first, second = candidates
    assert first["match"] is True
    assert second["match"] is False
    assert 100 >= first["score"] > second["score"] > 0
    assert first["name"] == "Harbor Tenants Union"
    assert first["type"] == [
        {"id": "organization", "name": "Organization"},
        {"id": "GRASSROOTS_GROUP", "name": "Grassroots group"},
    ]
    assert first["description"] == "Grassroots group, Atlanta, GA"
    assert {"name", "website", "city"} <= {feature["id"] for feature in first["features"]}


def test_a_name_that_two_have_is_no_match(reconcile: ReconcileClient) -> None:
    candidates = reconcile.match("Harbor Tenants Union")
    assert {one["id"] for one in candidates} == {TENANTS.id, NAMESAKE.id}
    assert not any(one["match"] for one in candidates)


@pytest.mark.parametrize(
    "name",
    [
        "harbor  tenants UNION",
        "Harbour Tenant Union",
        "Union of Harbor Tenants",
        "Tenants Harbor",
        "HTU",
        "Harbor Tennants Unoin",
    ],
)
def test_variants_of_a_name_are_found(reconcile: ReconcileClient, name: str) -> None:
    assert TENANTS.id in [one["id"] for one in reconcile.match(name)]


@pytest.mark.parametrize("name", ["Quillowed Orchard Fund", "zzz", "!!!", "的", '"', "the"])
def test_unknown_names_have_no_candidates(reconcile: ReconcileClient, name: str) -> None:
    assert reconcile.match(name) == []


@pytest.mark.parametrize("ein", ["52-1633883", "521633883", 521633883, 521633883.0, ["", "52-1633883"]])
def test_an_ein_is_enough_unless_the_name_is_unlike(reconcile: ReconcileClient, ein: object) -> None:
    for query in ("", TENANTS.name):
        (candidate,) = reconcile.match(query, ein=ein)
        assert (candidate["id"], candidate["match"], candidate["score"]) == (TENANTS.id, True, 100.0)
    (candidate,) = reconcile.match("An Unknown Name", ein=ein)
    assert (candidate["id"], candidate["match"]) == (TENANTS.id, False), "perhaps a project of a fiscal sponsor"


def test_a_different_ein_is_a_different_organization(reconcile: ReconcileClient) -> None:
    candidates = reconcile.match("Harbor Tenants Union", ein="99-9999999", city="Atlanta", state="GA")
    assert not any(one["match"] for one in candidates)


@pytest.mark.parametrize("key", [TENANTS.id, TENANTS.id.upper(), str(GlobalId("Organization", TENANTS.id)), "52-1633883"])
def test_an_id_in_place_of_a_name(reconcile: ReconcileClient, key: str) -> None:
    (candidate,) = reconcile.match(key)
    assert (candidate["id"], candidate["match"], candidate["score"]) == (TENANTS.id, True, 100.0)


def test_organizations_that_are_not_members_are_found_too(reconcile: ReconcileClient) -> None:
    assert reconcile.match("Blue Heron Workers Center")[0]["id"] == HERON.id


@pytest.mark.parametrize("key", [SECRET.name, SECRET.id, SECRET.slug, "11-1111111"])
def test_a_private_record_is_not_found(reconcile: ReconcileClient, key: str) -> None:
    assert reconcile.match(key) == []
    assert reconcile.match("", ein="11-1111111") == []


def test_a_private_contact_does_not_affect_the_score(reconcile: ReconcileClient) -> None:
    numbers = ("404-555-0142", "404-555-0177", "404-555-0199")
    public, private, none = (reconcile.match("Harbor Tenants Union", phone=number)[0] for number in numbers)
    assert public["score"] > none["score"]
    assert private == none


def test_types_filter_the_candidates(reconcile: ReconcileClient) -> None:
    name = "Harbor Tenants Union"
    assert [one["id"] for one in reconcile.match(name, type="GRASSROOTS_GROUP")] == [TENANTS.id]
    assert [one["id"] for one in reconcile.match(name, type=["GRASSROOTS_GROUP", "UNION"])] == [TENANTS.id]
    assert len(reconcile.match(name, type=["organization", "UNION"])) == 2
    assert len(reconcile.match(name, type={"id": "organization"})) == 2
    assert reconcile.match(name, type="/people/person") == []


def test_the_limit_is_respected(reconcile: ReconcileClient) -> None:
    assert len(reconcile.match("Harbor Tenants Union", limit=1)) == 1
    assert len(reconcile.match("Harbor Tenants Union", limit=10_000)) == 2


def test_queries_of_a_batch_are_independent(reconcile: ReconcileClient) -> None:
    query = {"query": "Harbor Tenants Union"}
    alone = reconcile.batch(q0=query)["q0"]
    results = reconcile.batch(q0=query, q1={"query": "Blue Heron"}, **{f"x{number}": query for number in range(40)})
    assert results["q0"] == results["x39"] == alone
    assert results["q1"][0]["id"] == HERON.id


def test_unknown_properties_are_ignored(reconcile: ReconcileClient) -> None:
    assert reconcile.match("Harbor Tenants Union", colour="blue", summary="x") == reconcile.match("Harbor Tenants Union")
