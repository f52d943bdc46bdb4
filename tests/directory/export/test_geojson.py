import json
from typing import Any

import pytest

from directory.geo import Point, Precision
from directory.records import Audience
from tests.builders import a_location, a_location_at, an_id, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations
from tests.directory.export.exported_tables import export_bytes


def collection(*organizations: Any, audience: Audience = Audience.PUBLIC) -> Any:
    return json.loads(export_bytes("geojson", organizations, audience))


def test_a_feature_for_each_location_longitude_first() -> None:
    one = an_organization("Union", locations=(a_location_at(33.7, -84.4), a_location("Athens, GA", radius_km=20.0)))
    first, second = collection(one)["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [-84.4, 33.7]}
    assert (first["properties"]["precision"], second["properties"]["precision"]) == ("EXACT", "CITY")
    assert second["properties"]["radius_km"] == 20.0
    assert {feature["properties"]["organization_id"] for feature in (first, second)} == {an_id("Union")}


def test_a_location_without_a_published_point_has_no_geometry() -> None:
    hidden = a_location("Athens, GA", precision=Precision.UNKNOWN, point=None)
    with_a_hidden_one, without_any = collection(an_organization("A", locations=(hidden,)), an_organization("B"))["features"]
    assert with_a_hidden_one["geometry"] is without_any["geometry"] is None
    assert (with_a_hidden_one["id"], without_any["id"]) == (hidden.id, an_id("B"))


@pytest.mark.slow
@pytest.mark.parametrize("audience", Audience)
def test_every_feature_follows_rfc_7946(audience: Audience) -> None:
    found = collection(*build_difficult_organizations(200, audience), audience=audience)
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    ids = [feature["id"] for feature in found["features"]]
    assert len(set(ids)) == len(ids)
    for feature in found["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        assert all(not isinstance(value, list | dict) for value in feature["properties"].values())
        if feature["geometry"]:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert Point(latitude, longitude)


def test_an_empty_export_is_an_empty_collection() -> None:
    assert collection()["features"] == []
