"""Which organizations a row of a list may be."""

import pytest

from schema.types.global_ids import GlobalId
from tests.web.reconcile.conftest import HERON, NAMESAKE, SECRET, TENANTS, Matching


def test_a_name_and_its_city_find_one_and_its_namesake_behind(matching: Matching) -> None:
    found = matching.one("Harbor Tenants Union, Inc.", city="Atlanta", state="GA", website="harbortenants.example")
    assert [one["id"] for one in found] == [TENANTS.id, NAMESAKE.id]
    first, second = found
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


def test_a_name_alone_is_no_match_where_two_have_it(matching: Matching) -> None:
    found = matching.one("Harbor Tenants Union")
    assert {one["id"] for one in found} == {TENANTS.id, NAMESAKE.id}
    assert not any(one["match"] for one in found)


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
def test_names_as_people_write_them(matching: Matching, name: str) -> None:
    assert TENANTS.id in [one["id"] for one in matching.one(name)]


@pytest.mark.parametrize("name", ["Quillowed Orchard Fund", "zzz", "!!!", "的", '"', "the"])
def test_names_that_nobody_has(matching: Matching, name: str) -> None:
    assert matching.one(name) == []


@pytest.mark.parametrize("ein", ["52-1633883", "521633883", 521633883, 521633883.0, ["", "52-1633883"]])
def test_a_number_is_enough(matching: Matching, ein: object) -> None:
    for query in ("", "A Name Nobody Has"):
        (found,) = matching.one(query, ein=ein)
        assert (found["id"], found["match"], found["score"]) == (TENANTS.id, True, 100.0)


def test_another_number_is_another_organization(matching: Matching) -> None:
    found = matching.one("Harbor Tenants Union", ein="99-9999999", city="Atlanta", state="GA")
    assert not any(one["match"] for one in found)


@pytest.mark.parametrize("key", [TENANTS.id, TENANTS.id.upper(), str(GlobalId("Organization", TENANTS.id)), "52-1633883"])
def test_an_id_in_the_place_of_a_name(matching: Matching, key: str) -> None:
    (found,) = matching.one(key)
    assert (found["id"], found["match"], found["score"]) == (TENANTS.id, True, 100.0)


def test_those_who_are_no_members_are_found_too(matching: Matching) -> None:
    assert matching.one("Blue Heron Workers Center")[0]["id"] == HERON.id


@pytest.mark.parametrize("said", [SECRET.name, SECRET.id, SECRET.slug, "11-1111111"])
def test_who_is_not_for_everybody_does_not_exist(matching: Matching, said: str) -> None:
    assert matching.one(said) == []
    assert matching.one("", ein="11-1111111") == []


def test_a_contact_that_is_not_for_everybody_tells_nothing(matching: Matching) -> None:
    numbers = ("404-555-0142", "404-555-0177", "404-555-0199")
    public, private, none = (matching.one("Harbor Tenants Union", phone=number)[0] for number in numbers)
    assert public["score"] > none["score"]
    assert private == none


def test_kinds_narrow_the_answer(matching: Matching) -> None:
    name = "Harbor Tenants Union"
    assert [one["id"] for one in matching.one(name, type="GRASSROOTS_GROUP")] == [TENANTS.id]
    assert [one["id"] for one in matching.one(name, type=["GRASSROOTS_GROUP", "UNION"])] == [TENANTS.id]
    assert len(matching.one(name, type=["organization", "UNION"])) == 2
    assert len(matching.one(name, type={"id": "organization"})) == 2
    assert matching.one(name, type="/people/person") == []


def test_at_most_so_many_as_are_asked_for(matching: Matching) -> None:
    assert len(matching.one("Harbor Tenants Union", limit=1)) == 1
    assert len(matching.one("Harbor Tenants Union", limit=10_000)) == 2


def test_queries_of_a_batch_do_not_touch_each_other(matching: Matching) -> None:
    asked = {"query": "Harbor Tenants Union"}
    alone = matching.batch(q0=asked)["q0"]
    found = matching.batch(q0=asked, q1={"query": "Blue Heron"}, **{f"x{number}": asked for number in range(40)})
    assert found["q0"] == found["x39"] == alone
    assert found["q1"][0]["id"] == HERON.id


def test_what_is_no_property_here_changes_nothing(matching: Matching) -> None:
    assert matching.one("Harbor Tenants Union", colour="blue", summary="x") == matching.one("Harbor Tenants Union")
