"""One HSDS organization, with all that is nested in it, as a row.

Its `id` is the source's own number of the record (Row.source_id) and never the id of a record here, unless we wrote it ourselves.
The texts go through the cleaning that every table gets. Themes come from the terms of attributes and from keywords; what a
service is called or says of itself is its own, not the organization's.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from directory.drafts.draft_parts import LIST_LIMIT
from directory.drafts.normalize import EIN_SCHEME, parse_ein
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from seed.clean.row_cleaning import clean_row
from seed.clean.values import dates, service_areas, terms
from seed.rows import Repair, Row
from seed.sources.hsds import own_export
from seed.sources.hsds.layout import HsdsObject, collect_objects, list_objects, read_text
from seed.sources.hsds.locations_and_contacts import (
    extract_contacts,
    extract_locations,
    list_contact_owners,
    list_languages,
    list_services,
)
from seed.sources.hsds.unmapped import UnmappedValues

_EIN_SCHEMES = ("EIN", "US-IRS", "IRS", "US-TAX-ID", "FEIN")  # what others call the scheme
_SCHEME_PATTERN = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_MAX_SCHEME_LENGTH = 30
_MISSING_NAME = "This organization has no name; write it, or take the record out."

FlatOrganization = dict[str, str | list[str]]


def build_row(file: str, number: int, organization: HsdsObject) -> tuple[Row, UnmappedValues | None]:
    """The row, and what it does not take; None for a record of our own, of which all is taken."""
    if own_export.is_own_record(organization):
        return Row(file, number, own_export.read_own_record(organization)), None
    repairs: list[Repair] = []
    flat = {field: value for field, value in _flatten_organization(organization, repairs).items() if value}
    untaken = UnmappedValues(organization, frozenset({"tax_id"} if _find_ein(organization) else ()))
    cells = {field: value if isinstance(value, str) else "; ".join(value) for field, value in flat.items()}
    read = Row(
        file,
        number,
        flat,
        cells={**cells, **untaken.cells},
        repairs=tuple(repairs),
        problems=() if flat.get("name") else (Problem(("name",), ErrorCode.BAD_INPUT, _MISSING_NAME),),
        source_id=read_text(organization.get("id")) or None,
        as_of=_find_last_change(organization),
        columns={field: field for field in flat},
    )
    return clean_row(read), untaken


def _flatten_organization(organization: HsdsObject, repairs: list[Repair]) -> FlatOrganization:
    office, people = extract_contacts(organization, repairs)
    found: FlatOrganization = {
        "name": read_text(organization.get("name")),
        "also_known_as": read_text(organization.get("alternate_name")),
        "description": read_text(organization.get("description")),
        "website": read_text(organization.get("website") or organization.get("url")),
        "founded": read_text(organization.get("year_incorporated") or organization.get("date_incorporated")),
        **office,
        "languages": list_languages(
            [*list_contact_owners(organization), *collect_objects(list_contact_owners(organization), "phones")]
        )[:LIST_LIMIT],
        "service_areas": _list_service_areas(organization),
        "tags": _list_tags(organization, repairs),
    }
    if assured := _find_latest_date(one.get("assured_date") for one in list_services(organization)):
        found |= {"verified_at": assured.isoformat(), "verification_method": "OTHER"}
    for field, value in (*_list_links(organization), *_list_identifiers(organization, repairs)):
        listed = found.setdefault(field, [])
        listed.append(value) if isinstance(listed, list) else None
    found |= _number_group_fields("location", extract_locations(organization, repairs))
    return found | _number_group_fields("contact", people)


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
    for one in list_objects(organization.get("additional_websites")):
        kind = "-".join(re.findall(r"[a-z]+", read_text(one.get("label")).lower()))[:_MAX_SCHEME_LENGTH].strip("-")
        if url := read_text(one.get("url")):
            yield f"link:{kind or 'website'}", url


def _find_ein(organization: HsdsObject) -> str | None:
    written = read_text(organization.get("tax_id"))
    return written if parse_ein(written) else None


def _list_identifiers(organization: HsdsObject, repairs: list[Repair]) -> Iterator[tuple[str, str]]:
    if ein := _find_ein(organization):
        yield f"identifier:{EIN_SCHEME}", ein
    for one in list_objects(organization.get("organization_identifiers")):
        value = read_text(one.get("identifier"))
        scheme = _normalize_scheme(read_text(one.get("identifier_scheme"))) or _normalize_scheme(
            read_text(one.get("identifier_type"))
        )
        if value and scheme is None:
            repairs.append(Repair("organization_identifiers", value, "", "says nothing of its scheme, left out"))
        elif value and (scheme != EIN_SCHEME or value.replace("-", "") != (ein or "").replace("-", "")):
            yield f"identifier:{scheme}", value


def _normalize_scheme(written: str) -> str | None:
    code = "-".join(re.findall(r"[A-Z0-9]+", written.upper()))[:_MAX_SCHEME_LENGTH].strip("-")
    if not _SCHEME_PATTERN.fullmatch(code):
        return None
    return EIN_SCHEME if code in _EIN_SCHEMES else code


def _list_service_areas(organization: HsdsObject) -> list[str]:
    """Those of 3.x stand each in an object, as free text; Ohana's in one text, parted by commas."""
    offered = list_services(organization)
    holding = [*offered, *collect_objects(offered, "service_at_locations")]
    found = [
        read_text(one.get("name")) or read_text(one.get("service_area")) for one in collect_objects(holding, "service_areas")
    ]
    found += [area for one in holding for area in service_areas.split_areas(read_text(one.get("service_areas")))]
    return [area for area in dict.fromkeys(found) if area][:LIST_LIMIT]


def _list_tags(organization: HsdsObject, repairs: list[Repair]) -> list[str]:
    """Those that a vocabulary knows first, as a list has an end."""
    holding = list_contact_owners(organization)
    found = [_find_term_name(one) for one in collect_objects(holding, "attributes")]
    found += [word for one in holding for word in re.split(r"(?:(?<!\s)\s+)?[,;]\s*", read_text(one.get("keywords")))]
    told = sorted(dict.fromkeys(tag for tag in found if tag), key=lambda tag: not terms.find_term(tag, "tags").terms)
    for tag in told[LIST_LIMIT:]:
        repairs.append(Repair("attributes", tag, "", f"only {LIST_LIMIT} tags are taken"))
    return told[:LIST_LIMIT]


def _find_term_name(attribute: HsdsObject) -> str:
    term = next(iter(list_objects(attribute.get("taxonomy_term"))), {})
    return (
        read_text(term.get("name"))
        or read_text(term.get("code"))
        or read_text(attribute.get("label"))
        or read_text(attribute.get("value"))
    )


def _find_last_change(organization: HsdsObject) -> dt.date | None:
    """The last day on which the source says that something of the record changed."""
    holding = list_contact_owners(organization)
    said = [one.get("last_modified") for one in holding]
    return _find_latest_date([*said, *(one.get("last_action_date") for one in collect_objects(holding, "metadata"))])


def _find_latest_date(written: Iterable[object]) -> dt.date | None:
    return max(filter(None, map(_parse_date, written)), default=None)


def _parse_date(written: object) -> dt.date | None:
    try:
        return dates.parse_date(read_text(written)).value if read_text(written) else None
    except BadInput:
        return None
