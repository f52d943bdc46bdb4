"""GeoJSON (RFC 7946): each feature a row, its properties the columns, its point in two more.

Only points are taken: where the door of a building is, its outline does not tell. Nothing is taken apart before it is needed: an
outline of a million corners stays as it is written.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from directory.errors import BadInput
from seed.readers import encodings, limits
from seed.readers.openstreetmap import OSM_ID, identity, unread
from seed.tables import Table

LATITUDE, LONGITUDE = "location.latitude", "location.longitude"
ID = "id"
COLLECTION, FEATURE = "FeatureCollection", "Feature"
OBJECTS = 20 * limits.ROWS  # groups of named values in a file
PROPERTIES = 8 * limits.CELL  # bytes of one feature's properties
POSITION = 200  # bytes of a point's coordinates
TAGS = 1_000  # that are counted, of those that nobody reads
DEPTH = 5  # of groups within properties; what is nested deeper stays JSON
BETWEEN = "; "
WGS_84 = re.compile(r"(urn:ogc:def:crs:)?((OGC:[\d.]*:?CRS84)|(EPSG:[\d.]*:?4326))", re.IGNORECASE)
NAD_83 = re.compile(r"(urn:ogc:def:crs:)?EPSG:[\d.]*:?4269", re.IGNORECASE)  # of US agencies; within two metres of WGS 84


NOTHING = Raw(b"null")


class Geometry(Struct, frozen=True):
    type: str = ""
    coordinates: Raw = NOTHING


class Feature(Struct, tag_field="type", tag=FEATURE):
    properties: Raw = NOTHING
    geometry: Geometry | None = None
    id: str | int | float | None = None


class Collection(Struct, tag_field="type", tag=COLLECTION):
    features: list[Feature]
    crs: Raw = NOTHING


class _Export(Struct):
    audience: str = ""


class _Kind(Struct):
    type: str = ""
    about: _Export | None = None  # of our own writer


class _Named(Struct, frozen=True):
    name: str = ""


class _Reference(Struct):
    properties: _Named = _Named()


_decode: Callable[[bytes], Collection | Feature] = msgspec.json.Decoder(Collection | Feature).decode
_decode_kind = msgspec.json.Decoder(_Kind).decode
_decode_reference = msgspec.json.Decoder(_Reference).decode
_decode_properties = msgspec.json.Decoder(dict[str, Any] | None).decode
_BROKEN = (msgspec.MsgspecError, UnicodeError, RecursionError)


def is_geojson(content: bytes) -> bool:
    """Whether the file is JSON that says it is a feature or a collection of them."""
    try:
        return _decode_kind(_utf_8(content, "")).type in (COLLECTION, FEATURE)
    except (*_BROKEN, BadInput):
        return False


def is_ours(content: bytes) -> bool:
    """Whether a file that `is_geojson` came out of this directory: its points are the middles of areas, and nobody's doors."""
    try:
        about = _decode_kind(_utf_8(content, "")).about
    except (*_BROKEN, BadInput):
        return False
    return about is not None and bool(about.audience)


def table(content: bytes, file: str) -> Table:
    """The features as rows, numbered from 1. Those of OpenStreetMap have only the columns that openstreetmap.py reads.

    Raises BadInput for what is no GeoJSON or lies in coordinates other than degrees, TooLarge for more than is read (limits.py).
    """
    limits.require_small(len(content), file)
    text = _utf_8(content, file)
    if text.count(b"{") > OBJECTS:
        limits.require_count(limits.ROWS + 1, file)
    found = _read(text, file)
    features = found.features if isinstance(found, Collection) else [found]
    limits.require_count(len(features), file)
    notes = [*_reference(found.crs, file)] if isinstance(found, Collection) else []
    survey = _Survey(features, file)
    return Table(file, survey.headings, _rows(features, survey.headings, file), (*notes, *survey.notes))


def _utf_8(content: bytes, file: str) -> bytes:
    encoding = encodings.found(content, file).name
    return content if encoding == "utf-8" else content.decode(encoding).encode()


def _read(content: bytes, file: str) -> Collection | Feature:
    try:
        return _decode(content)
    except RecursionError as problem:
        raise BadInput(f"{file} is nested too deeply; export it anew.", file=file) from problem
    except (msgspec.MsgspecError, UnicodeError) as problem:
        raise BadInput(f"{file} is no GeoJSON that can be read: {problem}.", file=file) from problem


def _reference(crs: Raw, file: str) -> Iterator[str]:
    """RFC 7946 knows degrees in WGS 84 alone; before, a file could say otherwise."""
    if bytes(crs) == bytes(NOTHING):
        return
    try:
        name = _decode_reference(crs).properties.name
    except _BROKEN:
        name = ""
    if NAD_83.fullmatch(name):
        yield "Coordinates are in NAD 83, which differs from WGS 84 by less than two metres; they are taken as they are."
    elif not WGS_84.fullmatch(name):
        sentence = f"{file} holds coordinates in {name[:60] or 'a reference system of its own'}. Export it in WGS 84 (EPSG:4326)."
        raise BadInput(sentence, file=file)


class _Survey:
    """What all features together have: their columns, and what is left out of them."""

    def __init__(self, features: list[Feature], file: str) -> None:
        columns: dict[str, None] = {}
        self._unread: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()
        self._silent = 0
        for number, feature in enumerate(features, start=1):
            cells = _cells(feature, number, file)
            self._silent += not any(cells.values())
            left_out = unread(cells) if OSM_ID in cells else []
            self._unread.update(tag for tag in left_out if tag in self._unread or len(self._unread) < TAGS)
            columns.update(dict.fromkeys(column for column in cells if column not in left_out))
            if len(columns) > limits.COLUMNS:
                raise limits.too_many_columns(number, file)
            if feature.geometry and feature.geometry.type != "Point":
                self._shapes[feature.geometry.type] += 1
        self.headings = tuple(columns)

    @property
    def notes(self) -> Iterator[str]:
        if self._shapes:
            told = ", ".join(f"{count:,} {shape[:20] or 'of no kind'}" for shape, count in self._shapes.most_common(8))
            yield f"Of features that are no points ({told}) the place is not taken, only what they say of an address."
        if self._silent:
            yield f"{self._silent:,} features say nothing and have no point; they are left out."
        if self._unread:
            told = ", ".join(f"{tag} ({count:,})" for tag, count in self._unread.most_common(30))
            more = " and others" if len(self._unread) > 30 else ""
            yield f"Tags that are not read: {told}{more}."


def _rows(features: list[Feature], headings: tuple[str, ...], file: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, feature in enumerate(features, start=1):
        cells = _cells(feature, number, file)
        texts = tuple(cells.get(heading, "") for heading in headings)
        limits.require_row(number, texts, file)
        if any(texts):
            yield number, texts


def _cells(feature: Feature, number: int, file: str) -> dict[str, str]:
    """By heading; without a point where it has none, and with the feature's own id where no property is called so."""
    cells = dict(_flat(_properties(feature, number, file)))
    own = _text(feature.id)
    if osm := identity(own, cells):
        cells = {OSM_ID: osm, **{column: text for column, text in cells.items() if column not in (OSM_ID, ID)}}
    elif own and not cells.get(ID):
        cells[ID] = own
    return {**cells, **_point(feature.geometry)}


def _properties(feature: Feature, number: int, file: str) -> Mapping[str, Any]:
    raw = bytes(feature.properties)
    if len(raw) > PROPERTIES:
        raise limits.too_long_cell(number, file)
    try:
        return _decode_properties(raw) or {}
    except _BROKEN as problem:
        raise BadInput(f"{file}, feature {number:,}: its properties cannot be read.", file=file) from problem


def _flat(properties: Mapping[str, Any], beginning: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    for name, value in properties.items():
        if isinstance(value, dict) and depth < DEPTH:
            yield from _flat(value, f"{beginning}{name}.", depth + 1)
        elif text := _text(value):
            yield f"{beginning}{name}".strip(), text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return BETWEEN.join(text for one in value if (text := _text(one)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _point(geometry: Geometry | None) -> dict[str, str]:
    """The two numbers as they stand, whatever they are: who reads the row refuses what is no place on the earth."""
    if geometry is None or geometry.type != "Point":
        return {}
    raw = bytes(geometry.coordinates)
    try:
        position = msgspec.json.decode(raw) if len(raw) <= POSITION else raw[:POSITION].decode(errors="replace")
    except _BROKEN:
        position = raw.decode()
    if not position:
        return {}
    if not isinstance(position, list):
        return {LATITUDE: _text(position)}
    longitude, latitude = (_degrees(one) for one in (*position, None)[:2])
    return {LATITUDE: latitude, LONGITUDE: longitude}


def _degrees(value: object) -> str:
    """Without an exponent, which no person would write."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.9f}".rstrip("0").rstrip(".") if is_number else _text(value)
