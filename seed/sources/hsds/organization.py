"""Turn one HSDS organization, with everything nested in it, into a row.

Its `id` becomes the source's id (Row.source_id), never the id of a record here, unless we exported it ourselves. Texts are
cleaned like those of any table. Terms come from attributes and keywords. The name and description of a service describe only the
service, so they are not used.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from directory.drafts.draft_parts import LIST_LIMIT
from directory.drafts.normalize import EIN_SCHEME, parse_ein
from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from seed.clean.row_cleaning import clean_row
from seed.clean.values import service_areas, terms
from seed.rows import Repair, Row
from seed.sources.hsds import own_export
from seed.sources.hsds.layout import HsdsObject, collect_objects, list_objects, read_date, read_text, split_list
from seed.sources.hsds.locations_and_contacts import (
    extract_contacts,
    extract_locations,
    list_contact_owners,
    list_languages,
    list_services,
)
from seed.sources.hsds.unmapped_fields import UnmappedValues

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
