"""Refuse texts that give away an address, or a place of the record that it does not publish.

The field registry says which fields are checked (`refuses_addresses`). Drafts check a text alone. The store checks every record
that is written, because a text and a place may come from different edits. The plan of an import checks the record of each row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from directory.drafts.address_patterns import find_address, remove_invisible
from directory.errors import BadInput
from directory.fields import Field
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import make_key_from_folded
from directory.kinds import KINDS, get_kind
from directory.published_places import publish_places
from directory.records import Address, RecordKind, StoredLocation, StoredRecord
from directory.text import fold
from directory.vocabulary.regions import REGIONS

CHECKED_FIELDS: Mapping[RecordKind, Mapping[str, Field]] = {
    kind.name: {name: field for name, field in kind.fields.items() if field.refuses_addresses} for kind in KINDS.values()
}
_PLACE_FIELDS = ("sites", "issue_areas")  # which decide what places are published
CACHE_SIZE = 1 << 12  # places

_POSSESSIVE = re.compile(r"['’‘ʼ＇]s\b", re.IGNORECASE)  # "Taos's"
_ZIP_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")  # in "#TaosStrong" and "NM87571"
_COUNTY_ENDINGS = (" County", " Parish", " City and Borough", " Borough", " Census Area", " Municipality", " Municipio", " city")


class PlaceName(Struct, frozen=True):
    """A name of a place. `kind` is "city", "county", "postal code" or "place", the wording of an event's place.

    `spellings` mean this kind of place. `short_spellings` may also mean another: "Taos" for Taos County. All are folded and
    without spaces.
    """

    kind: str
    name: str
    spellings: frozenset[str]
    short_spellings: frozenset[str] = frozenset()


def refuse_address(field: Field, text: str) -> str:
    """Return the text of a field. Raises BadInput if it contains an address of any kind."""
    if message := _describe_address(field, text):
        raise BadInput(message)
    return text


def find_text_problems(
    record: StoredRecord, fields: Mapping[str, Field] | None = None, earlier: Iterable[StoredRecord] = ()
) -> Iterator[tuple[str, str]]:
    """Yield the name of each field whose text is refused, and a message that says why and what to do.

    `fields` are those of its kind that are checked, by default.

    A text cannot name what the record does not publish, nor what one of the `earlier` records did not publish: a place that was
    hidden stays so when it is removed, moved, or merged into another one.
    """
    kind = get_kind(record).name
    fields = CHECKED_FIELDS[kind] if fields is None else fields
    texts = {name: text for name in fields if (text := getattr(record, name))}
    if not texts:
        return
    published, unpublished = list_place_names(record)
    unpublished += [name for other in earlier for name in list_place_names(other)[1] if name not in published]
    for name, text in texts.items():
        if message := _describe_problem(kind, fields[name], text, published, unpublished):
            yield name, message


def find_new_text_problems(
    after: StoredRecord, before: StoredRecord | None, merged: Iterable[StoredRecord] = ()
) -> Iterator[tuple[str, str]]:
    """Yield the problems of a record that is written in place of another, as `find_text_problems` does.

    `merged` are the records that the write merges into it.

    There are none if neither the texts nor what decides about the places changes: a stricter rule or a new gazetteer must not
    prevent that a record is hidden in an emergency.
    """
    names = (*CHECKED_FIELDS[get_kind(after).name], *_PLACE_FIELDS)
    if before is None or any(getattr(before, name) != getattr(after, name) for name in names):
        yield from find_text_problems(after, earlier=(*([before] if before else ()), *merged))


def _describe_problem(
    kind: RecordKind, field: Field, text: str, published: Iterable[PlaceName], unpublished: Iterable[PlaceName]
) -> str | None:
    if field.limit is not None and len(text) > field.limit:
        return f"`{field.name}` can have at most {field.limit:,} characters, but this text has {len(text):,}. Shorten it."
    published, unpublished = list(published), list(unpublished)
    place = find_place(text, published, unpublished) or _find_exposing_code(text, published, unpublished)
    return _describe_address(field, text) or _describe_place(kind, field, place)


def _describe_address(field: Field, text: str) -> str | None:
    found = find_address(text)
    return f"`{field.name}` contains {found[0]}. {found[1]}" if found else None


def _describe_place(kind: RecordKind, field: Field, place: PlaceName | None) -> str | None:
    if place is None:
        return None
    return (
        f"`{field.name}` names the {place.kind} {place.name}, which this {kind.noun} does not publish. "
        "Use another word, or leave it out."
    )


def list_place_names(record: StoredRecord) -> tuple[list[PlaceName], list[PlaceName]]:
    """Return the names of the places that the record publishes, and of those that it does not."""
    addresses = [location.address for location in publish_places(record).locations if location.address]
    published = [name for address in addresses for name in _list_published_names(address)]
    known = [name for site in record.sites for name in _list_site_names(_keep_area(site))]
    known += _list_venues(record)
    return published, [name for name in dict.fromkeys(known) if name not in published]


def _list_venues(record: StoredRecord) -> Iterator[PlaceName]:
    """Yield the wording of an event's place, unless it is published. Locations of organizations have names like "Office"."""
    if get_kind(record).name is not RecordKind.ORGANIZATION:
        published = {location.name for location in publish_places(record).locations}
        names = (site.name for site in record.sites if site.name is not None and site.name not in published)
        yield from (PlaceName("place", name, _spell(name)) for name in names)


def _list_published_names(address: Address) -> Iterator[PlaceName]:
    """Yield the parts of a published address, and what everybody can derive from them: a ZIP code shows its city and county."""
    yield from _name_places(address.city, address.county, address.postal_code)
    state = f"{address.country}-{address.state}" if address.state else None
    area = StoredLocation(id="", country=address.country, state=state, city=address.city, postal_code=address.postal_code)
    yield from _list_site_names(_keep_area(area))


def _keep_area(site: StoredLocation) -> StoredLocation:
    """Return only the area of a place, which many organizations share."""
    area = {part: getattr(site, part) for part in ("country", "state", "county", "city", "postal_code")}
    return StoredLocation(id="", **area)


@lru_cache(maxsize=CACHE_SIZE)
def _list_site_names(site: StoredLocation) -> tuple[PlaceName, ...]:
    """Return the city, counties and postal code of a place, as stated and as the gazetteer derives them from each other."""
    gazetteer = get_gazetteer()
    in_us = site.country == "US"
    postal_place = gazetteer.find_postal_code(site.postal_code) if in_us and site.postal_code else None
    city_place = gazetteer.find_city(site.city, site.state) if in_us and site.city and site.state else None
    stated = REGIONS.get(site.county) if site.county else None
    counties = [stated, *(REGIONS.get(place.county) for place in (postal_place, city_place) if place and place.county)]
    names = [
        *_name_places(site.city, None, site.postal_code),
        *(name for place in (postal_place, city_place) if place for name in _name_places(place.city, None, None)),
        *(name for county in counties if county for name in _name_places(None, county.name, None)),
    ]
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=CACHE_SIZE)
def _name_places(city: str | None, county: str | None, postal_code: str | None) -> tuple[PlaceName, ...]:
    names = [PlaceName("city", city, _spell(city))] if city else []
    names += [_name_county(county)] if county else []
    names += [PlaceName("postal code", postal_code, _spell(postal_code))] if postal_code else []
    return tuple(names)


def _name_county(name: str) -> PlaceName:
    ending = next((ending for ending in _COUNTY_ENDINGS if name.endswith(ending)), "")
    short = name.removesuffix(ending)
    forms = ("{} County", "{} Co", "{} Cnty", "County of {}", "Parish of {}", "Condado de {}", "Condado {}", "Parroquia de {}")
    spellings = [name, *(form.format(short) for form in (*forms, "Municipio de {}", "Municipality of {}"))]
    # An independent city and its "county" have the same name.
    return PlaceName("county", name, _spell(*spellings), _spell(short)) if ending else PlaceName("county", name, _spell(name))


def _spell(*names: str) -> frozenset[str]:
    """Return the spellings of names, with and without possessives, and with and without abbreviations of the Postal Service."""
    folded = [fold(text) for name in names for text in (name, _POSSESSIVE.sub(" ", name))]
    return frozenset(spelling.replace(" ", "") for text in folded for spelling in (text, make_key_from_folded(text)) if spelling)


def find_place(text: str, published: Iterable[PlaceName], unpublished: Iterable[PlaceName]) -> PlaceName | None:
    """Return an unpublished place that the text names, in whole words; None if it names none.

    A longer published name hides what it contains: "Taos County" does not name the city of Taos. If a spelling means both, a
    published city counts before an unpublished one of the same name, and the name of any place before a short name of a county.
    """
    meanings = _index_spellings(published, unpublished)
    folded = fold(_POSSESSIVE.sub(" ", _BOUNDARY.sub(" ", remove_invisible(text))))
    for words in dict.fromkeys((folded, make_key_from_folded(folded))):
        if place := _find_meaning(words.split(), meanings):
            return place
    return None


def _find_exposing_code(text: str, published: Sequence[PlaceName], unpublished: Sequence[PlaceName]) -> PlaceName | None:
    """Return a ZIP code in the text that lies in an unpublished city or county: everybody can look that up."""
    codes = _ZIP_CODE.findall(remove_invisible(text)) if unpublished else ()
    for code in codes:
        names = _list_site_names(StoredLocation(id="", postal_code=code))
        if any(name in unpublished and name.kind != "postal code" for name in names):
            return PlaceName("postal code", code, frozenset({code}))
    return None


def _index_spellings(published: Iterable[PlaceName], unpublished: Iterable[PlaceName]) -> dict[str, PlaceName | None]:
    """Return the unpublished place that each spelling means; None for a published one."""
    published, unpublished = list(published), list(unpublished)
    meanings: dict[str, PlaceName | None] = {spelling: name for name in unpublished for spelling in name.short_spellings}
    meanings |= {spelling: None for name in published for spelling in name.short_spellings}
    meanings |= {spelling: name for name in unpublished for spelling in name.spellings}
    return meanings | {spelling: None for name in published for spelling in name.spellings}


def _find_meaning(words: list[str], meanings: Mapping[str, PlaceName | None]) -> PlaceName | None:
    """Return the first unpublished place that is no part of a longer published name."""
    limit = max(map(len, meanings), default=0)
    end_of_published = 0
    for start in range(len(words)):
        matches = list(_iter_matches(words, start, limit, meanings))
        end_of_published = max([end_of_published, *(end for end, place in matches if place is None)])
        exposed = next((place for end, place in reversed(matches) if place is not None and end > end_of_published), None)
        if exposed:
            return exposed
    return None


def _iter_matches(
    words: list[str], start: int, limit: int, meanings: Mapping[str, PlaceName | None]
) -> Iterator[tuple[int, PlaceName | None]]:
    """Yield the end of each name that starts at this word, shortest first. Names may be written in one word or several."""
    joined = ""
    for end in range(start, len(words)):
        joined += words[end]
        if len(joined) > limit:
            return
        if joined in meanings:
            yield end + 1, meanings[joined]
