"""List the values of an HSDS organization that this directory has no field for, so that nothing is lost silently."""

from collections import Counter
from collections.abc import Iterator, Mapping

from seed.sources.hsds.layout import HsdsObject, read_text

UNMAPPED_PREFIX = "not taken: "  # before the path, in Row.cells
MAX_DEPTH = 12  # levels of nested objects; HSDS has seven
MAX_VALUE_LENGTH = 300  # characters

_MAPPED_FIELDS: Mapping[str, frozenset[str]] = {  # the fields that are read, by kind of object
    kind: frozenset(fields.split())
    for kind, fields in {
        "organization": "name alternate_name description email website url year_incorporated date_incorporated uri languages",
        "service": "email assured_date last_modified keywords service_areas languages",
        "location": "name location_type virtual latitude longitude email languages",
        "service_at_location": "",
        "address": "address_1 address_2 city state_province postal_code country address_type",
        "contact": "name title department email",
        "phone": "number extension type number_type department country_prefix vanity_number",
        "service_area": "name service_area",
        "language": "name code language",
        "identifier": "identifier_scheme identifier_type identifier",
        "website": "label url",
        "attribute": "taxonomy_term link_type link_entity",
        "metadata": "last_action_date last_action_type resource_type",
    }.items()
}
_OBJECT_KINDS: Mapping[str, str] = {  # the kind of the objects in each field
    "services": "service",
    "locations": "location",
    "location": "location",
    "service_at_locations": "service_at_location",
    "addresses": "address",
    "contacts": "contact",
    "phones": "phone",
    "service_areas": "service_area",
    "languages": "language",
    "organization_identifiers": "identifier",
    "additional_websites": "website",
    "attributes": "attribute",
    "metadata": "metadata",
}


class UnmappedValues:
    """The unused values of one organization. `cells` are their paths and texts, `counts` how often each kind occurs.

    An object with an id counts once, however often it is repeated. `taken` are fields of the organization that are used as well.
    """

    def __init__(self, organization: HsdsObject, taken: frozenset[str] = frozenset()) -> None:
        self.cells: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self._visited: set[tuple[str, str]] = set()
        self._collect(organization, "organization", "", taken, MAX_DEPTH)

    def _collect(self, record: HsdsObject, kind: str, path: str, taken: frozenset[str], depth: int) -> None:
        if self._is_visited(record, kind):
            return
        for field, value in record.items():
            child_kind, where = _OBJECT_KINDS.get(field), f"{path}{field}"
            if child_kind and isinstance(value, dict | list):
                for position, child in _iterate_objects(value):
                    self._collect(child, child_kind, f"{where}{position}.", frozenset(), depth - 1) if depth else None
            elif field not in taken and field not in _MAPPED_FIELDS[kind] and not _is_structural(field):
                self._record_value(field, value, kind, where, depth)

    def _record_value(self, field: str, value: object, kind: str, where: str, depth: int) -> None:
        if isinstance(value, dict | list):
            unvisited = [(position, item) for position, item in _iterate_objects(value) if not self._is_visited(item, field)]
            self.counts[field] += len(unvisited)
            for position, item in unvisited:
                self.cells |= {f"{UNMAPPED_PREFIX}{where}{position}.{path}": text for path, text in _iterate_leaves(item, depth)}
        elif text := read_text(value):
            self.counts[field if kind == "organization" else f"{kind} {field}"] += 1
            self.cells[f"{UNMAPPED_PREFIX}{where}"] = text[:MAX_VALUE_LENGTH]

    def _is_visited(self, record: HsdsObject, kind: str) -> bool:
        key = (kind, read_text(record.get("id")))
        if not key[1]:
            return False
        known = key in self._visited
        self._visited.add(key)
        return known


def summarize_unmapped(counts: Counter[str]) -> tuple[str, ...]:
    """Return a sentence for the person who imports; () when everything was used."""
    if not counts:
        return ()
    listed = ", ".join(f"{field} ({count:,})" for field, count in sorted(counts.items()))
    return (f"Not imported, because this directory has no field for it: {listed}.",)


def _iterate_objects(value: HsdsObject | list[object]) -> Iterator[tuple[str, HsdsObject]]:
    if isinstance(value, dict):
        yield "", value
    else:
        yield from ((f"[{number}]", item) for number, item in enumerate(value) if isinstance(item, dict))


def _iterate_leaves(record: HsdsObject, depth: int) -> Iterator[tuple[str, str]]:
    for field, value in record.items():
        if isinstance(value, dict | list) and depth:
            for position, item in _iterate_objects(value):
                yield from ((f"{field}{position}.{path}", text) for path, text in _iterate_leaves(item, depth - 1))
        elif not _is_structural(field) and (text := read_text(value)):
            yield field, text[:MAX_VALUE_LENGTH]


def _is_structural(field_name: str) -> bool:
    """Return whether the field only links records. A parent and a tax id are facts about the organization."""
    return field_name == "id" or (field_name.endswith("_id") and field_name not in ("parent_organization_id", "tax_id"))
