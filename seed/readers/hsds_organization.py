"""One HSDS organization, with all that is nested in it, as a row.

Its `id` is the source's own number of the record (Row.source_id) and never the id of a record here, unless we wrote it ourselves.
The texts go through the cleaning that every table gets. Themes come from the terms of attributes and from keywords; what a
service is called or says of itself is its own, not the organization's.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from directory.draft_parts import LIST_LIMIT
from directory.errors import BadInput, Code
from directory.problems import Problem
from seed.clean import dates, service_areas, terms
from seed.clean.rows import cleaned
from seed.readers import hsds_own
from seed.readers.hsds_contacts import contacts, languages, owners, services
from seed.readers.hsds_places import places
from seed.readers.hsds_untaken import Untaken
from seed.readers.hsds_values import Object, below, objects, text
from seed.rows import Repair, Row

EIN = "US-EIN"
_EINS = ("EIN", "US-IRS", "IRS", "US-TAX-ID", "FEIN")  # what others call the scheme
_IS_EIN = re.compile(r"\d{2}-?\d{7}", re.ASCII)
_SCHEME = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_LONGEST_SCHEME = 30
_NO_NAME = "This organization has no name; write it, or take the record out."

Flat = dict[str, str | list[str]]


def row(file: str, number: int, organization: Object) -> tuple[Row, Untaken | None]:
    """The row, and what it does not take; None for a record of our own, of which all is taken."""
    if hsds_own.is_own(organization):
        return Row(file, number, hsds_own.stated(organization)), None
    repairs: list[Repair] = []
    flat = {field: value for field, value in _flat(organization, repairs).items() if value}
    untaken = Untaken(organization, frozenset({"tax_id"} if _ein(organization) else ()))
    cells = {field: value if isinstance(value, str) else "; ".join(value) for field, value in flat.items()}
    read = Row(
        file,
        number,
        flat,
        cells={**cells, **untaken.cells},
        repairs=tuple(repairs),
        problems=() if flat.get("name") else (Problem(("name",), Code.BAD_INPUT, _NO_NAME),),
        source_id=text(organization.get("id")) or None,
        as_of=_as_of(organization),
        columns={field: field for field in flat},
    )
    return cleaned(read), untaken


def _flat(organization: Object, repairs: list[Repair]) -> Flat:
    office, people = contacts(organization, repairs)
    found: Flat = {
        "name": text(organization.get("name")),
        "also_known_as": text(organization.get("alternate_name")),
        "description": text(organization.get("description")),
        "website": text(organization.get("website") or organization.get("url")),
        "founded": text(organization.get("year_incorporated") or organization.get("date_incorporated")),
        **office,
        "languages": languages([*owners(organization), *below(owners(organization), "phones")])[:LIST_LIMIT],
        "service_areas": _areas(organization),
        "tags": _tags(organization, repairs),
    }
    if assured := _latest(one.get("assured_date") for one in services(organization)):
        found |= {"verified_at": assured.isoformat(), "verification_method": "OTHER"}
    for field, value in (*_links(organization), *_identifiers(organization, repairs)):
        listed = found.setdefault(field, [])
        listed.append(value) if isinstance(listed, list) else None
    found |= _numbered("location", places(organization, repairs))
    return found | _numbered("contact", people)


def _numbered(group: str, parts: Iterable[dict[str, str]]) -> Flat:
    return {
        f"{group}{number if number > 1 else ''}.{field}": value
        for number, part in enumerate(parts, start=1)
        for field, value in part.items()
    }


def _links(organization: Object) -> Iterator[tuple[str, str]]:
    website = text(organization.get("website")).rstrip("/")
    uri = text(organization.get("uri"))
    if uri and uri.rstrip("/") != website:
        yield "link:uri", uri
    for one in objects(organization.get("additional_websites")):
        kind = "-".join(re.findall(r"[a-z]+", text(one.get("label")).lower()))[:_LONGEST_SCHEME].strip("-")
        if url := text(one.get("url")):
            yield f"link:{kind or 'website'}", url


def _ein(organization: Object) -> str | None:
    written = text(organization.get("tax_id"))
    return written if _IS_EIN.fullmatch(written) else None


def _identifiers(organization: Object, repairs: list[Repair]) -> Iterator[tuple[str, str]]:
    if ein := _ein(organization):
        yield f"identifier:{EIN}", ein
    for one in objects(organization.get("organization_identifiers")):
        value = text(one.get("identifier"))
        scheme = _scheme(text(one.get("identifier_scheme"))) or _scheme(text(one.get("identifier_type")))
        if value and scheme is None:
            repairs.append(Repair("organization_identifiers", value, "", "says nothing of its scheme, left out"))
        elif value and (scheme != EIN or value.replace("-", "") != (ein or "").replace("-", "")):
            yield f"identifier:{scheme}", value


def _scheme(written: str) -> str | None:
    code = "-".join(re.findall(r"[A-Z0-9]+", written.upper()))[:_LONGEST_SCHEME].strip("-")
    if not _SCHEME.fullmatch(code):
        return None
    return EIN if code in _EINS else code


def _areas(organization: Object) -> list[str]:
    """Those of 3.x stand each in an object, as free text; Ohana's in one text, parted by commas."""
    offered = services(organization)
    holding = [*offered, *below(offered, "service_at_locations")]
    found = [text(one.get("name")) or text(one.get("service_area")) for one in below(holding, "service_areas")]
    found += [area for one in holding for area in service_areas.areas(text(one.get("service_areas")))]
    return [area for area in dict.fromkeys(found) if area][:LIST_LIMIT]


def _tags(organization: Object, repairs: list[Repair]) -> list[str]:
    """Those that a vocabulary knows first, as a list has an end."""
    holding = owners(organization)
    found = [_term(one) for one in below(holding, "attributes")]
    found += [word for one in holding for word in re.split(r"(?:(?<!\s)\s+)?[,;]\s*", text(one.get("keywords")))]
    told = sorted(dict.fromkeys(tag for tag in found if tag), key=lambda tag: not terms.meaning(tag, "tags").terms)
    for tag in told[LIST_LIMIT:]:
        repairs.append(Repair("attributes", tag, "", f"only {LIST_LIMIT} tags are taken"))
    return told[:LIST_LIMIT]


def _term(attribute: Object) -> str:
    term = next(iter(objects(attribute.get("taxonomy_term"))), {})
    return text(term.get("name")) or text(term.get("code")) or text(attribute.get("label")) or text(attribute.get("value"))


def _as_of(organization: Object) -> dt.date | None:
    """The last day on which the source says that something of the record changed."""
    holding = owners(organization)
    said = [one.get("last_modified") for one in holding]
    return _latest([*said, *(one.get("last_action_date") for one in below(holding, "metadata"))])


def _latest(written: Iterable[object]) -> dt.date | None:
    return max(filter(None, map(_day, written)), default=None)


def _day(written: object) -> dt.date | None:
    try:
        return dates.day(text(written)).value if text(written) else None
    except BadInput:
        return None
