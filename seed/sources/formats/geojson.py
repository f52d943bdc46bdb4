"""Read GeoJSON (RFC 7946) as a table: a row for each feature, with its properties and the coordinates of its point as columns.

Other geometries give no coordinates, because an outline does not show where the door is. They are not even parsed, since an
outline may have a million corners.

A list of other JSON objects is read in the same way, by `read_objects`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from directory.errors import BadInput
from seed.rows import Table
from seed.sources.formats import file_format, limits
from seed.sources.openstreetmap import OSM_ID_TAG, find_feature_id, list_unread_tags

LATITUDE_COLUMN, LONGITUDE_COLUMN = "location.latitude", "location.longitude"
ID_COLUMN = "id"
COLLECTION_TYPE, FEATURE_TYPE = "FeatureCollection", "Feature"
MAX_OBJECTS = 20 * limits.MAX_ROWS  # JSON objects in a file
MAX_PROPERTIES_SIZE = 8 * limits.MAX_CELL_SIZE  # bytes of one feature's properties
MAX_POSITION_SIZE = 200  # bytes of a point's coordinates
MAX_COUNTED_TAGS = 1_000  # distinct unread tags that are counted
MAX_PROPERTY_DEPTH = 5  # levels of nested properties; deeper ones stay JSON
MAX_LISTED_NAMES = 10  # in a note
LIST_SEPARATOR = "; "
WGS_84 = re.compile(r"(urn:ogc:def:crs:)?((OGC:[\d.]*:?CRS84)|(EPSG:[\d.]*:?4326))", re.IGNORECASE)
NAD_83 = re.compile(r"(urn:ogc:def:crs:)?EPSG:[\d.]*:?4269", re.IGNORECASE)  # used by US agencies; within two metres of WGS 84
NULL = Raw(b"null")


class Geometry(Struct, frozen=True):
    type: str = ""
    coordinates: Raw = NULL


class Feature(Struct, tag_field="type", tag=FEATURE_TYPE):
    properties: Raw = NULL
    geometry: Geometry | None = None
    id: str | int | float | None = None


class FeatureCollection(Struct, tag_field="type", tag=COLLECTION_TYPE):
    features: list[Feature]
    crs: Raw = NULL


class _ExportHeader(Struct):
    audience: str = ""


class _FileHeader(Struct):
    type: str = ""
    about: _ExportHeader | None = None  # in our own exports


class _ReferenceName(Struct, frozen=True):
    name: str = ""


class _CoordinateReference(Struct):
    properties: _ReferenceName = _ReferenceName()


_decode: Callable[[bytes], FeatureCollection | Feature] = msgspec.json.Decoder(FeatureCollection | Feature).decode
_decode_kind = msgspec.json.Decoder(_FileHeader).decode
_decode_reference = msgspec.json.Decoder(_CoordinateReference).decode
_decode_properties = msgspec.json.Decoder(dict[str, Any] | None).decode
_DECODE_ERRORS = (msgspec.MsgspecError, UnicodeError, RecursionError)


def is_geojson(content: bytes) -> bool:
    """Return whether the file is JSON of the type Feature or FeatureCollection."""
    try:
        return _decode_kind(_to_utf_8(content, "")).type in (COLLECTION_TYPE, FEATURE_TYPE)
    except (*_DECODE_ERRORS, BadInput):
        return False


def is_own_export(content: bytes) -> bool:
    """Return whether a GeoJSON file was exported from this directory. Its points are centers of areas, not addresses."""
    try:
        about = _decode_kind(_to_utf_8(content, "")).about
    except (*_DECODE_ERRORS, BadInput):
        return False
    return about is not None and bool(about.audience)


def read_geojson(content: bytes, file: str) -> Table:
    """Return the features as rows, numbered from 1. Those of OpenStreetMap have only the columns that openstreetmap.py reads.

    Raises BadInput for invalid GeoJSON or coordinates that are not WGS 84, and TooLarge when it exceeds the limits (limits.py).
    """
    limits.require_file_size(len(content), file)
    text = _to_utf_8(content, file)
    if text.count(b"{") > MAX_OBJECTS:
        limits.require_row_count(limits.MAX_ROWS + 1, file)
    decoded = _decode_file(text, file)
    features = decoded.features if isinstance(decoded, FeatureCollection) else [decoded]
    limits.require_row_count(len(features), file)
    notes = [*_check_reference_system(decoded.crs, file)] if isinstance(decoded, FeatureCollection) else []
    survey = _FeatureSurvey(features, file)
    return Table(file, survey.headings, _build_rows(features, survey.headings, file), (*notes, *survey.notes))


def read_objects(objects: Sequence[Mapping[str, Any]], file: str) -> Table:
    """Return JSON objects as rows, numbered from 1: a column for each name, "address.city" for one in another object.

    Lists of objects are left out with a note. Raises TooLarge when the table exceeds the limits (limits.py).
    """
    limits.require_row_count(len(objects), file)
    flat = [dict(_flatten_properties(one)) for one in objects]
    nested = {name for cells in flat for name, text in cells.items() if text.startswith(("[{", "{"))}
    headings = tuple(dict.fromkeys(name for cells in flat for name in cells if name not in nested))
    if len(headings) > limits.MAX_COLUMNS:
        raise limits.columns_error(None, file)
    rows = [(number, tuple(cells.get(heading, "") for heading in headings)) for number, cells in enumerate(flat, start=1)]
    for number, cells in rows:
        limits.require_row_size(number, cells, file)
    listed = ", ".join(sorted(nested)[:MAX_LISTED_NAMES])
    notes = (f"Lists within a record are not imported: {listed}.",) if nested else ()
    return Table(file, headings, iter([row for row in rows if any(row[1])]), notes)


def _to_utf_8(content: bytes, file: str) -> bytes:
    encoding = file_format.detect_encoding(content, file).name
    return content if encoding == "utf-8" else content.decode(encoding).encode()


def _decode_file(content: bytes, file: str) -> FeatureCollection | Feature:
    try:
        return _decode(content)
    except RecursionError as problem:
        raise BadInput(f"{file} is nested too deeply. Export it again.", file=file) from problem
    except (msgspec.MsgspecError, UnicodeError) as problem:
        raise BadInput(f"{file} is not valid GeoJSON: {problem}.", file=file) from problem


def _check_reference_system(crs: Raw, file: str) -> Iterator[str]:
    """Reject coordinates other than WGS 84. RFC 7946 allows only these, but older files may name another system."""
    if bytes(crs) == bytes(NULL):
        return
    try:
        name = _decode_reference(crs).properties.name
    except _DECODE_ERRORS:
        name = ""
    if NAD_83.fullmatch(name):
        yield "Coordinates are in NAD 83, which differs from WGS 84 by less than two metres. They are used unchanged."
    elif not WGS_84.fullmatch(name):
        sentence = f"{file} has coordinates in {name[:60] or 'an unknown reference system'}. Export it in WGS 84 (EPSG:4326)."
        raise BadInput(sentence, file=file)


class _FeatureSurvey:
    """The columns of all features, and what is left out of them."""

    def __init__(self, features: list[Feature], file: str) -> None:
        columns: dict[str, None] = {}
        self._unread_tags: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()
        self._empty_features = 0
        for number, feature in enumerate(features, start=1):
            cells = _build_cells(feature, number, file)
            self._empty_features += not any(cells.values())
            unread_tags = list_unread_tags(cells) if OSM_ID_TAG in cells else []
            self._unread_tags.update(
                tag for tag in unread_tags if tag in self._unread_tags or len(self._unread_tags) < MAX_COUNTED_TAGS
            )
            columns.update(dict.fromkeys(column for column in cells if column not in unread_tags))
            if len(columns) > limits.MAX_COLUMNS:
                raise limits.columns_error(number, file)
            if feature.geometry and feature.geometry.type != "Point":
                self._shapes[feature.geometry.type] += 1
        self.headings = tuple(columns)

    @property
    def notes(self) -> Iterator[str]:
        if self._shapes:
            listed = ", ".join(f"{count:,} {shape[:20] or 'without a type'}" for shape, count in self._shapes.most_common(8))
            yield f"Features that are not points ({listed}) give no coordinates; only their address is read."
        if self._empty_features:
            yield f"Left out: {self._empty_features:,} features without properties and without a point."
        if self._unread_tags:
            listed = ", ".join(f"{tag} ({count:,})" for tag, count in self._unread_tags.most_common(30))
            more = " and others" if len(self._unread_tags) > 30 else ""
            yield f"Tags that are not read: {listed}{more}."


def _build_rows(features: list[Feature], headings: tuple[str, ...], file: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, feature in enumerate(features, start=1):
        cells = _build_cells(feature, number, file)
        texts = tuple(cells.get(heading, "") for heading in headings)
        limits.require_row_size(number, texts, file)
        if any(texts):
            yield number, texts


def _build_cells(feature: Feature, number: int, file: str) -> dict[str, str]:
    """Return the cells by heading: the point, if any, and the feature's id unless a property has that name."""
    cells = dict(_flatten_properties(_read_properties(feature, number, file)))
    own = _format_value(feature.id)
    if osm := find_feature_id(own, cells):
        cells = {OSM_ID_TAG: osm, **{column: text for column, text in cells.items() if column not in (OSM_ID_TAG, ID_COLUMN)}}
    elif own and not cells.get(ID_COLUMN):
        cells[ID_COLUMN] = own
    return {**cells, **_build_point(feature.geometry)}


def _read_properties(feature: Feature, number: int, file: str) -> Mapping[str, Any]:
    raw = bytes(feature.properties)
    if len(raw) > MAX_PROPERTIES_SIZE:
        raise limits.cell_error(number, file)
    try:
        return _decode_properties(raw) or {}
    except _DECODE_ERRORS as problem:
        raise BadInput(
            f"{file}, feature {number:,}: its properties cannot be read. Export the file again.", file=file
        ) from problem


def _flatten_properties(properties: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    for name, value in properties.items():
        if isinstance(value, dict) and depth < MAX_PROPERTY_DEPTH:
            yield from _flatten_properties(value, f"{prefix}{name}.", depth + 1)
        elif text := _format_value(value):
            yield f"{prefix}{name}".strip(), text


def _format_value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return LIST_SEPARATOR.join(text for item in value if (text := _format_value(item)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _build_point(geometry: Geometry | None) -> dict[str, str]:
    """Return the coordinates as they are written. Impossible ones are rejected later with their row."""
    if geometry is None or geometry.type != "Point":
        return {}
    raw = bytes(geometry.coordinates)
    try:
        position = msgspec.json.decode(raw) if len(raw) <= MAX_POSITION_SIZE else raw[:MAX_POSITION_SIZE].decode(errors="replace")
    except _DECODE_ERRORS:
        position = raw.decode()
    if not position:
        return {}
    if not isinstance(position, list):
        return {LATITUDE_COLUMN: _format_value(position)}
    longitude, latitude = (_format_degrees(coordinate) for coordinate in (*position, None)[:2])
    return {LATITUDE_COLUMN: latitude, LONGITUDE_COLUMN: longitude}


def _format_degrees(value: object) -> str:
    """Format a number without an exponent."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.9f}".rstrip("0").rstrip(".") if is_number else _format_value(value)
