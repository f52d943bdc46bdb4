"""Places of OpenStreetMap, from tags to records."""

import json
from typing import Any

import pytest

from directory.drafts.organization_draft import parse_draft
from directory.export.flat_fields import find_field_kind
from directory.geo import Disclosure
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS
from seed.clean.row_cleaning import clean_row
from seed.rows import Row, Table
from seed.sources.formats.geojson import read_geojson
from seed.sources.openstreetmap import _TAG_MEANINGS, is_osm_table, read_osm_rows


def a_table(*tags: dict[str, Any], ids: bool = True) -> Table:
    features = [
        {"type": "Feature", "properties": one, "geometry": {"type": "Point", "coordinates": [-84.39, 33.75]}}
        | ({"id": f"node/{number}"} if ids else {})
        for number, one in enumerate(tags, start=1)
    ]
    return read_geojson(json.dumps({"type": "FeatureCollection", "features": features}).encode(), "osm.geojson")


def the_row(**tags: Any) -> Row:
    read = a_table({tag.replace("__", ":"): value for tag, value in tags.items()})
    assert is_osm_table(read.headings)
    (row,) = read_osm_rows(read)
    return row


def test_a_place_is_an_organization() -> None:
    row = the_row(
        name="Larkspur House",
        office="ngo",
        addr__housenumber="12",
        addr__street="Larkspur Street",
        addr__unit="3",
        addr__city="Atlanta",
        addr__state="GA",
        addr__postcode="30312",
        contact__phone="+1 404-555-0123; +1 404-555-0124",
        website="https://larkspur.example",
        contact__email="office@larkspur.example",
        old_name="Heron House;Crane House",
        name__es="Casa Espuela",
        language__es="yes",
        language__fr="no",
        check_date="2026-05-01",
    )
    assert row.source_id == "node/1"
    assert row.fields == {
        "name": "Larkspur House",
        "former_name": ["Heron House", "Crane House"],
        "translated_name": ["Casa Espuela"],
        "website": "https://larkspur.example",
        "email": ["office@larkspur.example"],
        "phone": ["+1 404-555-0123", "+1 404-555-0124"],
        "languages": ["es"],
        "location.street": "12 Larkspur Street",
        "location.street2": "Unit 3",
        "location.city": "Atlanta",
        "location.state": "GA",
        "location.postal_code": "30312",
        "location.latitude": "33.75",
        "location.longitude": "-84.39",
        "as_of": "2026-05-01",
    }
    assert row.columns["phone"] == "contact:phone"
    assert row.fallback_fields == {"membership": {"status": "PROSPECT"}}


def test_what_is_read_can_be_cleaned_and_drafted() -> None:
    row = clean_row(
        the_row(
            name="Larkspur House", addr__city="Atlanta", addr__state="GA", social_facility="food_bank", check_date="2026-05-01"
        )
    )
    assert row.problems == ()
    made = parse_draft({**row.fields, **row.fallback_fields})
    assert (made.name, made.issue_areas, made.locations[0].latitude) == ("Larkspur House", ("food-water",), 33.75)
    assert row.as_of is not None


@pytest.mark.parametrize(
    ("tags", "issue_areas"),
    [
        ({"social_facility": "shelter", "social_facility__for": "homeless"}, {"homelessness"}),
        ({"social_facility": "shelter", "social_facility__for": "abused;woman"}, {"homelessness", "gender-violence", "women"}),
        ({"social_facility": "shelter", "social_facility__for": "women"}, {"homelessness", "women", "gender-violence"}),
        ({"social_facility": "shelter", "female": "only"}, {"homelessness", "gender-violence"}),
        ({"social_facility": "outreach", "social_facility__for": "women"}, {"women"}),
        ({"social_facility": "outreach", "social_facility__for": "Migrant; refugee"}, {"immigration", "refugees"}),
        ({"amenity": "refugee_site"}, {"refugees"}),
        ({"office": "ngo"}, set()),
        ({"social_facility": "shelters"}, set()),
    ],
)
def test_what_a_place_is_for(tags: dict[str, str], issue_areas: set[str]) -> None:
    assert set(the_row(name="Larkspur House", **tags).fields.get("issue_areas", ())) == issue_areas  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "tags",
    [
        {"social_facility": "shelter", "social_facility__for": "abused"},
        {"social_facility": "shelter", "social_facility__for": "homeless;women"},
        {"social_facility": "shelter", "women": "only"},
        {"social_facility": "safe_house"},
        {"social_facility": "group_home", "social_facility__for": "victim"},
    ],
)
def test_shelters_are_hidden(tags: dict[str, str]) -> None:
    issue_areas = the_row(name="Larkspur House", **tags).fields["issue_areas"]
    assert ISSUE_AREAS.strictest_disclosure(issue_areas) is Disclosure.HIDDEN  # type: ignore[arg-type]
    assert "location.disclosure" not in the_row(name="Larkspur House", **tags).fields


def test_a_place_without_a_name_has_the_name_of_its_operator() -> None:
    assert the_row(operator="Larkspur Kitchen").fields["name"] == "Larkspur Kitchen"
    assert the_row(name="North House", operator="Larkspur Kitchen").fields["name"] == "North House"


def test_some_tags_give_a_kind_as_a_fallback() -> None:
    assert the_row(name="Larkspur", office="union").fallback_fields["kind"] == "UNION"
    assert the_row(name="Larkspur", office="union").fields["issue_areas"] == ["workers"]


@pytest.mark.parametrize(
    ("tags", "field", "text"),
    [
        ({"addr__full": "12 Larkspur St, Atlanta"}, "location.address", "12 Larkspur St, Atlanta"),
        ({"addr__full": "12 Larkspur St, Atlanta", "addr__street": "Larkspur St"}, "location.address", None),
        ({"addr__full": "12 Larkspur St, Atlanta", "addr__street": "Larkspur St"}, "location.street", "Larkspur St"),
        ({"addr__unit": "Suite 4"}, "location.street2", "Suite 4"),
        ({"website": "a.example", "contact__website": "b.example"}, "website", "a.example"),
        ({"contact__instagram": "@larkspur"}, "link:instagram", "@larkspur"),
        ({"name__es": "Larkspur"}, "translated_name", None),  # the same as its name
        ({"short_name": "LH"}, "short_name", ["LH"]),
    ],
)
def test_tags_that_say_the_same(tags: dict[str, str], field: str, text: object) -> None:
    assert the_row(name="Larkspur", **tags).fields.get(field) == text


@pytest.mark.parametrize("said", ["node/7", "way/7", "relation/7", "https://www.openstreetmap.org/way/7"])
@pytest.mark.parametrize("place", ["id", "@id", "osm_id"])
def test_the_map_s_id_may_stand_in_a_property(said: str, place: str) -> None:
    read = a_table({"name": "Larkspur", place: said}, ids=False)
    assert is_osm_table(read.headings)
    (row,) = read_osm_rows(read)
    assert row.source_id == said.removeprefix("https://www.openstreetmap.org/")


@pytest.mark.parametrize("said", ["7", "node/", "node/x", "changeset/7", "node/7/2", "", "node/" + "7" * 30])
def test_other_features_are_not_of_the_map(said: str) -> None:
    assert not is_osm_table(a_table({"name": "Larkspur", "id": said}, ids=False).headings)
    assert not is_osm_table(None)


def test_unread_tags_are_noted() -> None:
    read = a_table(
        {"name": "Larkspur", "office": "ngo", "wheelchair": "yes", "operator": "Heron"},
        {"name": "Heron", "office": "union", "wheelchair": "no", "language:fr": "no", "name:es": "Garza"},
    )
    (note,) = read.notes
    assert note == "Tags that are not read: wheelchair (2), office (1), operator (1), language:fr (1)."
    assert "wheelchair" not in (read.headings or ())


def test_thousands_of_tags_do_not_make_too_many_columns() -> None:
    read = a_table(*({"name": "Larkspur", **{f"tag-{one}-{number}": "x" for number in range(30)}} for one in range(60)))
    assert len(list(read_osm_rows(read))) == 60
    assert read.notes[0].endswith("and others.")


def test_every_meaning_is_one_here() -> None:
    assert [field for field in _TAG_MEANINGS.fields if find_field_kind(field) is None] == []
    for terms in _TAG_MEANINGS.terms.values():
        assert terms.keys() <= {"issue_areas", "communities"}
        assert set(terms.get("issue_areas", ())) <= ISSUE_AREAS.terms.keys()
        assert set(terms.get("communities", ())) <= COMMUNITIES.terms.keys()
