"""GeoJSON as people and programs write it, valid and invalid."""

import json
from typing import Any

import pytest

from directory.errors import BadInput, TooLarge
from seed.rows import Table
from seed.sources.formats import limits
from seed.sources.formats.geojson import LATITUDE_COLUMN, LONGITUDE_COLUMN, is_geojson, read_geojson


def a_feature(properties: Any = None, coordinates: Any = None, **more: Any) -> dict[str, Any]:
    geometry = None if coordinates is None else {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry, **more}


def a_file(*features: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def the_table(*features: dict[str, Any], **more: Any) -> Table:
    return read_geojson(a_file(*features, **more), "map.geojson")


def the_cells(feature: dict[str, Any]) -> dict[str, str]:
    table = the_table(feature)
    ((number, texts),) = table.rows
    assert number == 1
    assert table.headings is not None
    return {heading: text for heading, text in zip(table.headings, texts, strict=True) if text}


def test_properties_are_columns_and_the_point_two_more() -> None:
    table = the_table(a_feature({"Name": "Harbor"}, [-84.4, 33.75]), a_feature({"Name": "Heron", "City": "Atlanta"}))
    assert table.headings == ("Name", LATITUDE_COLUMN, LONGITUDE_COLUMN, "City")
    assert list(table.rows) == [(1, ("Harbor", "33.75", "-84.4", "")), (2, ("Heron", "", "", "Atlanta"))]
    assert table.notes == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" Harbor ", "Harbor"),
        (3.0, "3"),
        (2.5, "2.5"),
        (30312, "30312"),
        (True, "true"),
        (["housing", "food", None], "housing; food"),
        ([{"a": 1}], '[{"a": 1}]'),
        (1e300, "1e+300"),
        ("ñ", "ñ"),
    ],
)
def test_values_become_text(value: Any, text: str) -> None:
    assert the_cells(a_feature({"x": value})) == {"x": text}


def test_groups_within_properties_are_columns_with_a_dot() -> None:
    assert the_cells(a_feature({"address": {"city": "Atlanta", "more": {"zip": "30312"}}, "none": {}})) == {
        "address.city": "Atlanta",
        "address.more.zip": "30312",
    }


@pytest.mark.parametrize(("value", "column"), [("", None), (None, None), ([], None), ("7", "id"), (7, "id"), (7.0, "id")])
def test_the_feature_s_own_id_is_a_column(value: Any, column: str | None) -> None:
    cells = the_cells(a_feature({"name": "Harbor"}, id=value) if value != [] else a_feature({"name": "Harbor"}))
    assert cells.get("id") == ("7" if column else None)


def test_a_property_called_id_counts_before_the_feature_s_own() -> None:
    assert the_cells(a_feature({"id": "9"}, id=7)) == {"id": "9"}


@pytest.mark.parametrize(
    ("coordinates", "latitude", "longitude"),
    [
        ([-84.4, 33.75, 300], "33.75", "-84.4"),
        ([0, 0], "0", "0"),
        ([33.75, -184.4], "-184.4", "33.75"),  # swapped: rejected when the row's point is parsed
        ([1e-7, 1], "1", "0.0000001"),
        (["a", "b"], "b", "a"),
        ([5], "", "5"),
        ([None, None], "", ""),
        ([[1, 2], [3, 4]], "3; 4", "1; 2"),
        (["-84.4", "33.75"], "33.75", "-84.4"),
        ([True, False], "false", "true"),
        ("33,84", "33,84", ""),
    ],
)
def test_coordinates_are_passed_on_unchanged(coordinates: Any, latitude: str, longitude: str) -> None:
    cells = the_cells(a_feature({"name": "Harbor"}, coordinates))
    assert (cells.get(LATITUDE_COLUMN, ""), cells.get(LONGITUDE_COLUMN, "")) == (latitude, longitude)


@pytest.mark.parametrize("digits", ["1e400", "9" * 400, "-" + "9" * 90])
def test_invalid_numbers_reach_the_row(digits: str) -> None:
    content = a_file(a_feature({"name": "Harbor"}, [1, "NUMBER"])).replace(b'"NUMBER"', digits.encode())
    (row,) = read_geojson(content, "map.geojson").rows
    assert len([text for text in row[1] if text]) >= 2


def test_coordinates_without_end_are_cut() -> None:
    assert len(the_cells(a_feature({"name": "Harbor"}, [0.5] * 5_000))[LATITUDE_COLUMN]) <= 200


def a_shape(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": kind}, "geometry": {"type": kind, **more}}


def test_shapes_have_no_point() -> None:
    square = [[[0, 0], [0, 1], [1, 1], [0, 0]]]
    nested = {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]}
    table = the_table(
        a_shape("Polygon", coordinates=square), a_shape("Polygon", coordinates=[]), a_shape(**as_nested_value(nested))
    )
    assert table.headings == ("name",)
    assert len(list(table.rows)) == 3
    (note,) = table.notes
    assert "2 Polygon, 1 GeometryCollection" in note


def as_nested_value(geometry: dict[str, Any]) -> dict[str, Any]:
    return {"kind": geometry["type"], "geometries": geometry["geometries"]}


def test_empty_features_are_counted_and_noted() -> None:
    table = the_table(
        a_feature(), a_feature({"name": "Harbor"}), a_feature({"name": " "}), {"type": "Feature"}, a_feature(None, [1, 2])
    )
    assert [number for number, _ in table.rows] == [2, 5]
    assert any(note.startswith("Left out: 3 features") for note in table.notes)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "OGC:CRS84"])
def test_degrees_may_be_called_by_their_names(name: str) -> None:
    assert the_table(a_feature({"name": "Harbor"}), crs={"type": "name", "properties": {"name": name}}).notes == ()


def test_nad_83_is_noted() -> None:
    table = the_table(a_feature({"name": "Harbor"}), crs={"type": "name", "properties": {"name": "EPSG:4269"}})
    assert "NAD 83" in table.notes[0]


@pytest.mark.parametrize(
    "crs",
    [
        {"properties": {"name": "EPSG:3857"}},
        {"properties": {"name": "EPSG:43261"}},
        {"type": "link"},
        "EPSG:4326",
        [],
        {"properties": 7},
    ],
)
def test_other_coordinates_are_refused(crs: Any) -> None:
    with pytest.raises(BadInput, match="WGS 84"):
        the_table(a_feature({"name": "Harbor"}), crs=crs)


def test_one_feature_is_a_file_too() -> None:
    ((number, texts),) = read_geojson(json.dumps(a_feature({"name": "Harbor"})).encode(), "one.geojson").rows
    assert (number, texts) == (1, ("Harbor",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": [a_feature({"name": "Niñez"})]}, ensure_ascii=False)
    assert is_geojson(content.encode(encoding))
    assert next(iter(read_geojson(content.encode(encoding), "map.geojson").rows))[1] == ("Niñez",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"type": "Topology"}',
        b'{"type": 7}',
        b"name,city\n",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"type": "Feature',
    ],
)
def test_other_json_is_not_geojson(content: bytes) -> None:
    assert not is_geojson(content)
    with pytest.raises(BadInput):
        read_geojson(content, "map.geojson")


@pytest.mark.parametrize(
    "features",
    [
        [7],
        ["x"],
        [None],
        [[]],
        [{"type": "Point"}],
        [a_feature(7)],
        [a_feature([1])],
        [{**a_feature(), "geometry": "x"}],
        {},
        "x",
        None,
    ],
)
def test_what_is_malformed_is_refused_with_a_sentence(features: Any) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    with pytest.raises(BadInput, match=r"map\.geojson"):
        list(read_geojson(content, "map.geojson").rows)


BOMBS = {
    "lists": b'{"type":"FeatureCollection","features":[' + b"[" * 100_000,
    "coordinates": b'{"type":"Feature","geometry":{"type":"Point","coordinates":' + b"[" * 90_000 + b"]" * 90_000 + b"}}",
    "properties": b'{"type":"Feature","properties":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    "reference": b'{"type":"FeatureCollection","crs":' + b"[" * 90_000 + b"]" * 90_000 + b',"features":[]}',
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_deep_nesting_is_refused(bomb: bytes) -> None:
    with pytest.raises(BadInput):
        read_geojson(bomb, "map.geojson")


def test_nesting_that_can_be_read_is_kept_as_it_is() -> None:
    cells = the_cells(a_feature({"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}))
    assert cells == {"a.b.c.d.e": '{"f": 1}'}


def test_more_than_is_read_is_refused() -> None:
    many = b'{"type":"FeatureCollection","features":[' + b",".join([b'{"type":"Feature"}'] * (limits.MAX_ROWS + 1)) + b"]}"
    with pytest.raises(TooLarge):
        read_geojson(many, "map.geojson")
    with pytest.raises(TooLarge):
        the_table(a_feature({str(number): "x" for number in range(limits.MAX_COLUMNS + 1)}))
    with pytest.raises(TooLarge):
        the_table(*(a_feature({f"{one}-{number}": "x" for number in range(30)}) for one in range(10)))
    with pytest.raises(TooLarge):
        list(the_table(a_feature({"x": "x" * (limits.MAX_CELL_SIZE + 1)})).rows)
    with pytest.raises(TooLarge):
        the_table(a_feature({"x": [[]] * 200_000}))
    with pytest.raises(TooLarge):
        read_geojson(b" " * (limits.MAX_FILE_SIZE + 1), "map.geojson")


def test_groups_without_number_are_refused_before_they_are_read() -> None:
    with pytest.raises(TooLarge):
        read_geojson(b'{"type":"FeatureCollection","features":[' + b"{}," * 2_000_000 + b"{}]}", "map.geojson")
