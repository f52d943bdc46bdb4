"""Places of OpenStreetMap, as Overpass and its like export them in GeoJSON: from tags to flat fields (openstreetmap.toml).

The map shows places, this directory organizations: whoever is found there has not asked to belong to it, and is a PROSPECT. What
a place is for gives it issue areas, and with these how much of where it lies may be told.
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
_LIST_FIELDS = frozenset(
    {"short_name", "former_name", "also_known_as", "phone", "email"}
)  # of which a tag lists some by semicolons
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
_TERM_TAGS = frozenset(one.partition("=")[0] for conditions, _ in _TERMS for one in conditions) | {
    one.partition("=")[0] for one, _ in _KINDS
}


def find_feature_id(feature_id: str, cells: Mapping[str, str]) -> str | None:
    """What the map calls a feature ("node/123"), by its own id or a property; None for a feature of anything else."""
    said = (feature_id, *(cells.get(key, "") for key in _FEATURE_ID_KEYS))
    return next((found[1] for text in said if (found := _FEATURE_ID.fullmatch(text))), None)


def is_osm_table(headings: Collection[str] | None) -> bool:
    """Whether the table that geojson.py made holds features of OpenStreetMap."""
    return headings is not None and OSM_ID_TAG in headings


def list_unread_tags(cells: Mapping[str, str]) -> list[str]:
    """The tags of a feature that say nothing here, in their order."""
    read = {
        OSM_ID_TAG,
        *_STREET_TAGS,
        *_map_tags(cells)[1].values(),
        *(tag for tag in cells if _TRANSLATED_NAME_TAG.fullmatch(tag)),
    }
    held = _list_conditions(cells)
    said = [one for conditions, _ in _TERMS if conditions <= held for one in conditions]
    said += [one for one, _ in _KINDS if one in held]
    read.update(one.partition("=")[0] for one in said)
    return [tag for tag in cells if tag not in read and not _is_language(tag, cells)]


def read_osm_rows(table: Table) -> Iterator[Row]:
    """The rows of the table as flat fields, each with the map's id as its own number. The table `is_osm`."""
    for number, texts in table.rows:
        cells = {heading: text for heading, text in zip(table.headings or (), texts, strict=True) if text}
        stated, columns = _map_tags(cells)
        held = _list_conditions(cells)
        kind = next((kind for condition, kind in _KINDS if condition in held), None)
        yield Row(
            file=table.file,
            number=number,
            fields={**stated, **_find_terms(held)},
            cells=cells,
            source_id=cells.get(OSM_ID_TAG),
            columns=columns,
            fallback_fields={**_FALLBACK_FIELDS, "kind": kind.value} if kind else _FALLBACK_FIELDS,
        )


def _map_tags(cells: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """The flat fields that the tags state, and the tag that each comes from."""
    stated: dict[str, object] = {}
    columns: dict[str, str] = {}
    for field, tags in _TAG_MEANINGS.fields.items():
        if tag := next((tag for tag in tags if cells.get(tag)), None):
            stated[field] = _split_values(cells[tag]) if field in _LIST_FIELDS else cells[tag]
            columns[field] = tag
    if street := " ".join(cells[tag] for tag in _STREET_TAGS if cells.get(tag)):
        stated["location.street"], columns["location.street"] = street, _STREET_TAGS[1]
        stated.pop("location.address", None)  # which says it all again
    if (unit := stated.get("location.street2")) and str(unit)[:1].isdigit():
        stated["location.street2"] = f"Unit {unit}"
    translated = {tag: text for tag, text in cells.items() if _TRANSLATED_NAME_TAG.fullmatch(tag) and text != stated.get("name")}
    if translated:
        stated["translated_name"] = list(dict.fromkeys(translated.values()))
        columns |= {"translated_name": next(iter(translated))}
    if languages := [tag.partition(":")[2] for tag in cells if _is_language(tag, cells)]:
        stated["languages"] = languages
    return stated, columns


def _find_terms(conditions_met: frozenset[str]) -> dict[str, object]:
    found: dict[str, dict[str, None]] = {}
    for conditions, terms in _TERMS:
        if conditions <= conditions_met:
            for vocabulary, slugs in terms.items():
                found.setdefault(vocabulary, {}).update(dict.fromkeys(slugs))
    return {vocabulary: list(slugs) for vocabulary, slugs in found.items()}


def _list_conditions(cells: Mapping[str, str]) -> frozenset[str]:
    """Each "tag=value" that the file could ask for."""
    return frozenset(f"{tag}={value.lower()}" for tag in _TERM_TAGS & cells.keys() for value in _split_values(cells[tag]))


def _is_language(tag: str, cells: Mapping[str, str]) -> bool:
    return bool(_LANGUAGE_TAG.fullmatch(tag)) and cells[tag].lower() in _YES_VALUES


def _split_values(text: str) -> list[str]:
    return [part for one in text.split(";") if (part := one.strip())]
