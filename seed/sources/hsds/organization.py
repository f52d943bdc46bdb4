"""Turn one HSDS organization, with everything nested in it, into a row.

Its `id` becomes the source's id (Row.source_id), never the id of a record here, unless we exported it ourselves. Texts are
cleaned like those of any table. Terms come from attributes and keywords. The name and description of a service describe only the
service, so they are not used.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from directory.drafts.draft_parts import LIST_LIMIT
from directory.drafts.normalize import EIN_SCHEME, parse_ein
from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from seed.clean.row_cleaning import clean_row
from seed.clean.values import service_areas, terms
from seed.rows import Repair, Row
from seed.sources.hsds import own_export
from seed.sources.hsds.linked_tables import HsdsObject, collect_objects, list_objects, read_date, read_text, split_list
from seed.sources.hsds.locations_and_contacts import (
    extract_contacts,
    extract_locations,
    list_contact_owners,
    list_languages,
    list_services,
)

# Values that this directory has no field for are listed, so that nothing is lost silently.

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


_EIN_SCHEMES = ("EIN", "US-IRS", "IRS", "US-TAX-ID", "FEIN")  # other names for the scheme
_SCHEME_PATTERN = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_MAX_SCHEME_LENGTH = 30
_MISSING_NAME = "This organization has no name. Add one, or delete the record."

FlatOrganization = dict[str, str | list[str]]


def build_row(file: str, number: int, organization: HsdsObject) -> tuple[Row, UnmappedValues | None]:
    """Return the row and the values that it does not use; None instead of these for our own records, which are fully read."""
    if own_export.is_own_record(organization):
        return Row(file, number, own_export.read_own_record(organization)), None
    repairs: list[Repair] = []
    flat = {field: value for field, value in _flatten_organization(organization, repairs).items() if value}
    unmapped = UnmappedValues(organization, frozenset({"tax_id"} if _find_ein(organization) else ()))
    cells = {field: value if isinstance(value, str) else "; ".join(value) for field, value in flat.items()}
    row = Row(
        file,
        number,
        flat,
        cells={**cells, **unmapped.cells},
        repairs=tuple(repairs),
        problems=() if flat.get("name") else (Problem(("name",), ErrorCode.BAD_INPUT, _MISSING_NAME),),
        source_id=read_text(organization.get("id")) or None,
        as_of=_find_last_change(organization),
        columns={field: field for field in flat},
    )
    return clean_row(row), unmapped


def _flatten_organization(organization: HsdsObject, repairs: list[Repair]) -> FlatOrganization:
    office, contacts = extract_contacts(organization, repairs)
    owners = list_contact_owners(organization)
    fields: FlatOrganization = {
        "name": read_text(organization.get("name")),
        "also_known_as": read_text(organization.get("alternate_name")),
        "description": read_text(organization.get("description")),
        "website": read_text(organization.get("website") or organization.get("url")),
        "founded": read_text(organization.get("year_incorporated") or organization.get("date_incorporated")),
        **office,
        "languages": list_languages([*owners, *collect_objects(owners, "phones")])[:LIST_LIMIT],
        "service_areas": _list_service_areas(organization),
        "tags": _list_tags(organization, repairs),
    }
    if assured := _find_latest_date(service.get("assured_date") for service in list_services(organization)):
        fields |= {"verified_at": assured.isoformat(), "verification_method": "OTHER"}
    for field, value in (*_list_links(organization), *_list_identifiers(organization, repairs)):
        values = fields.setdefault(field, [])
        values.append(value) if isinstance(values, list) else None
    fields |= _number_group_fields("location", extract_locations(organization, repairs))
    return fields | _number_group_fields("contact", contacts)


def _number_group_fields(group: str, parts: Iterable[dict[str, str]]) -> FlatOrganization:
    return {
        f"{group}{number if number > 1 else ''}.{field}": value
        for number, part in enumerate(parts, start=1)
        for field, value in part.items()
    }


def _list_links(organization: HsdsObject) -> Iterator[tuple[str, str]]:
    website = read_text(organization.get("website")).rstrip("/")
    uri = read_text(organization.get("uri"))
    if uri and uri.rstrip("/") != website:
        yield "link:uri", uri
    for link in list_objects(organization.get("additional_websites")):
        kind = "-".join(re.findall(r"[a-z]+", read_text(link.get("label")).lower()))[:_MAX_SCHEME_LENGTH].strip("-")
        if url := read_text(link.get("url")):
            yield f"link:{kind or 'website'}", url


def _find_ein(organization: HsdsObject) -> str | None:
    written = read_text(organization.get("tax_id"))
    return written if parse_ein(written) else None


def _list_identifiers(organization: HsdsObject, repairs: list[Repair]) -> Iterator[tuple[str, str]]:
    if ein := _find_ein(organization):
        yield f"identifier:{EIN_SCHEME}", ein
    for identifier in list_objects(organization.get("organization_identifiers")):
        value = read_text(identifier.get("identifier"))
        scheme = _normalize_scheme(read_text(identifier.get("identifier_scheme"))) or _normalize_scheme(
            read_text(identifier.get("identifier_type"))
        )
        if value and scheme is None:
            repairs.append(Repair("organization_identifiers", value, "", "left out: it has no scheme"))
        elif value and (scheme != EIN_SCHEME or value.replace("-", "") != (ein or "").replace("-", "")):
            yield f"identifier:{scheme}", value


def _normalize_scheme(written: str) -> str | None:
    code = "-".join(re.findall(r"[A-Z0-9]+", written.upper()))[:_MAX_SCHEME_LENGTH].strip("-")
    if not _SCHEME_PATTERN.fullmatch(code):
        return None
    return EIN_SCHEME if code in _EIN_SCHEMES else code


def _list_service_areas(organization: HsdsObject) -> list[str]:
    """Return the service areas. HSDS 3.x has an object with free text for each; Ohana has one text separated by commas."""
    services = list_services(organization)
    owners = [*services, *collect_objects(services, "service_at_locations")]
    areas = [
        read_text(area.get("name")) or read_text(area.get("service_area")) for area in collect_objects(owners, "service_areas")
    ]
    areas += [area for owner in owners for area in service_areas.split_areas(read_text(owner.get("service_areas")))]
    return [area for area in dict.fromkeys(areas) if area][:LIST_LIMIT]


def _list_tags(organization: HsdsObject, repairs: list[Repair]) -> list[str]:
    """Return the tags up to LIST_LIMIT, those in a vocabulary first."""
    owners = list_contact_owners(organization)
    candidates = [_find_term_name(attribute) for attribute in collect_objects(owners, "attributes")]
    candidates += [word for owner in owners for word in split_list(read_text(owner.get("keywords")))]
    tags = sorted(dict.fromkeys(tag for tag in candidates if tag), key=lambda tag: not terms.find_term(tag, "tags").terms)
    for tag in tags[LIST_LIMIT:]:
        repairs.append(Repair("attributes", tag, "", f"left out: the limit is {LIST_LIMIT} tags"))
    return tags[:LIST_LIMIT]


def _find_term_name(attribute: HsdsObject) -> str:
    term = next(iter(list_objects(attribute.get("taxonomy_term"))), {})
    return (
        read_text(term.get("name"))
        or read_text(term.get("code"))
        or read_text(attribute.get("label"))
        or read_text(attribute.get("value"))
    )


def _find_last_change(organization: HsdsObject) -> dt.date | None:
    """Return the last day on which the source changed a part of the record; None when it states none."""
    owners = list_contact_owners(organization)
    dates_modified = [owner.get("last_modified") for owner in owners]
    return _find_latest_date([*dates_modified, *(entry.get("last_action_date") for entry in collect_objects(owners, "metadata"))])


def _find_latest_date(values: Iterable[object]) -> dt.date | None:
    return max(filter(None, map(read_date, values)), default=None)
