"""Read OpenStreetMap features (GeoJSON from Overpass and similar tools): openstreetmap.toml maps tags to flat fields.

The map shows places; this directory holds organizations. An organization found there did not ask to belong to the network, so it
is a PROSPECT. The purpose of a place gives it issue areas, and these decide how precisely its location may be published.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from directory.records import MembershipStatus, OrganizationKind
from seed.rows import Row, Table

OSM_ID_TAG = "@id"
TAGS_FILE = Path(__file__).with_name("openstreetmap.toml")

_FEATURE_ID = re.compile(r"(?:https?://(?:www\.)?openstreetmap\.org/)?((?:node|way|relation)/\d{1,18})", re.ASCII)
_FEATURE_ID_KEYS = (OSM_ID_TAG, "id", "osm_id")
_TRANSLATED_NAME_TAG = re.compile(r"name:[a-z]{2,3}(-[A-Za-z]+)?")
_LANGUAGE_TAG = re.compile(r"language:([a-z]{2,3})")
_LIST_FIELDS = frozenset(  # a tag may hold several of these, separated by semicolons
    {"short_name", "former_name", "also_known_as", "phone", "email"}
)
_STREET_TAGS = ("addr:housenumber", "addr:street")
_YES_VALUES = frozenset({"yes", "only", "main"})
_FALLBACK_FIELDS = {"membership": {"status": MembershipStatus.PROSPECT.value}}


class _TagsFile(Struct, frozen=True, forbid_unknown_fields=True):
    fields: dict[str, tuple[str, ...]]
    terms: dict[str, dict[str, tuple[str, ...]]]
    kinds: dict[str, OrganizationKind]


def _parse_conditions(written: str) -> frozenset[str]:
    return frozenset(written.split(" & "))


_TAG_MEANINGS = msgspec.convert(tomllib.loads(TAGS_FILE.read_text(encoding="utf-8")), _TagsFile)
_TERMS = tuple((_parse_conditions(written), terms) for written, terms in _TAG_MEANINGS.terms.items())
_KINDS = tuple(_TAG_MEANINGS.kinds.items())
_TERM_TAGS = frozenset(condition.partition("=")[0] for conditions, _ in _TERMS for condition in conditions) | {
    condition.partition("=")[0] for condition, _ in _KINDS
}


def find_feature_id(feature_id: str, cells: Mapping[str, str]) -> str | None:
    """Return the id that OpenStreetMap gives a feature ("node/123"), from its own id or a property; None for other features."""
    candidates = (feature_id, *(cells.get(key, "") for key in _FEATURE_ID_KEYS))
    return next((match[1] for text in candidates if (match := _FEATURE_ID.fullmatch(text))), None)


def is_osm_table(headings: Collection[str] | None) -> bool:
    """Return whether a table made by geojson.py holds features of OpenStreetMap."""
    return headings is not None and OSM_ID_TAG in headings


def list_unread_tags(cells: Mapping[str, str]) -> list[str]:
    """Return the tags of a feature that are not used here, in their order."""
    read = {
        OSM_ID_TAG,
        *_STREET_TAGS,
        *_map_tags(cells)[1].values(),
        *(tag for tag in cells if _TRANSLATED_NAME_TAG.fullmatch(tag)),
    }
    conditions_met = _list_conditions(cells)
    used = [condition for conditions, _ in _TERMS if conditions <= conditions_met for condition in conditions]
    used += [condition for condition, _ in _KINDS if condition in conditions_met]
    read.update(condition.partition("=")[0] for condition in used)
    return [tag for tag in cells if tag not in read and not _is_language(tag, cells)]


def read_osm_rows(table: Table) -> Iterator[Row]:
    """Yield the rows of the table as flat fields, with the map's id as the source's id. `is_osm_table` must hold."""
    for number, texts in table.rows:
        cells = {heading: text for heading, text in zip(table.headings or (), texts, strict=True) if text}
        fields, columns = _map_tags(cells)
        conditions_met = _list_conditions(cells)
        kind = next((kind for condition, kind in _KINDS if condition in conditions_met), None)
        yield Row(
            file=table.file,
            number=number,
            fields={**fields, **_find_terms(conditions_met)},
            cells=cells,
            source_id=cells.get(OSM_ID_TAG),
            columns=columns,
            fallback_fields={**_FALLBACK_FIELDS, "kind": kind.value} if kind else _FALLBACK_FIELDS,
        )


def _map_tags(cells: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """Return the flat fields that the tags give, and the tag that each comes from."""
    fields: dict[str, object] = {}
    columns: dict[str, str] = {}
    for field, tags in _TAG_MEANINGS.fields.items():
        if tag := next((tag for tag in tags if cells.get(tag)), None):
            fields[field] = _split_values(cells[tag]) if field in _LIST_FIELDS else cells[tag]
            columns[field] = tag
    if street := " ".join(cells[tag] for tag in _STREET_TAGS if cells.get(tag)):
        fields["location.street"], columns["location.street"] = street, _STREET_TAGS[1]
        fields.pop("location.address", None)  # it repeats the street
    if (unit := fields.get("location.street2")) and str(unit)[:1].isdigit():
        fields["location.street2"] = f"Unit {unit}"
    translated = {tag: text for tag, text in cells.items() if _TRANSLATED_NAME_TAG.fullmatch(tag) and text != fields.get("name")}
    if translated:
        fields["translated_name"] = list(dict.fromkeys(translated.values()))
        columns |= {"translated_name": next(iter(translated))}
    if languages := [tag.partition(":")[2] for tag in cells if _is_language(tag, cells)]:
        fields["languages"] = languages
    return fields, columns


def _find_terms(conditions_met: frozenset[str]) -> dict[str, object]:
    slugs_by_vocabulary: dict[str, dict[str, None]] = {}
    for conditions, terms in _TERMS:
        if conditions <= conditions_met:
            for vocabulary, slugs in terms.items():
                slugs_by_vocabulary.setdefault(vocabulary, {}).update(dict.fromkeys(slugs))
    return {vocabulary: list(slugs) for vocabulary, slugs in slugs_by_vocabulary.items()}


def _list_conditions(cells: Mapping[str, str]) -> frozenset[str]:
    """Return each "tag=value" of the feature whose tag occurs in a condition of openstreetmap.toml."""
    return frozenset(f"{tag}={value.lower()}" for tag in _TERM_TAGS & cells.keys() for value in _split_values(cells[tag]))


def _is_language(tag: str, cells: Mapping[str, str]) -> bool:
    return bool(_LANGUAGE_TAG.fullmatch(tag)) and cells[tag].lower() in _YES_VALUES


def _split_values(text: str) -> list[str]:
    return [value for part in text.split(";") if (value := part.strip())]
