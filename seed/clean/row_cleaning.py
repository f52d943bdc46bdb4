"""Clean a row: convert flat fields to draft fields, and record each repair and problem with its column."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from directory.drafts.normalize import EIN_SCHEME, normalize_paragraphs, parse_ein
from directory.errors import BadInput
from directory.export.flat_fields import FieldKind
from directory.fields import FIELDS, ValueForm
from directory.records import MembershipStatus, OrganizationKind, SearchEngines
from directory.text import fold
from seed.clean.cleaning_log import CleaningLog, CleaningResult, ValueCache
from seed.clean.contact_parser import parse_contacts
from seed.clean.location_parser import find_country_and_state, parse_locations
from seed.clean.name_parser import parse_names
from seed.clean.values import choices, dates, online_addresses
from seed.clean.values.plain_text import (
    FlatTexts,
    extract_texts,
    get_field_kind,
    group_texts,
    join_text,
)
from seed.clean.values.service_areas import SERVICE_AREAS_FIELD, parse_service_areas
from seed.clean.values.terms import parse_terms
from seed.mapping.person_signs import build_person_error, find_person_type
from seed.rows import Row

CellParser = Callable[[str], CleaningResult[Any]]

_PARSERS_BY_FORM: Mapping[ValueForm, CellParser] = {ValueForm.YEAR: dates.parse_year, ValueForm.DATE: dates.parse_datetime}
_PARSERS_BY_TYPE: Mapping[Any, CellParser] = {
    OrganizationKind: choices.parse_organization_kind,
    SearchEngines | None: choices.parse_search_engines,
}
_FIELD_PARSERS: Mapping[str, CellParser] = {
    **{name: _PARSERS_BY_FORM[field.form] for name, field in FIELDS.items() if field.form in _PARSERS_BY_FORM},
    **{name: _PARSERS_BY_TYPE[field.value_type] for name, field in FIELDS.items() if field.form is ValueForm.CHOICE},
    "audience": choices.parse_audience,
    "verification_method": choices.parse_verification_method,
}
_LINES = frozenset({"id", "slug", "same_as", "parent", *(name for name, field in FIELDS.items() if field.form is ValueForm.LINE)})
_PARAGRAPHS = frozenset(name for name, field in FIELDS.items() if field.form is ValueForm.PARAGRAPHS)
_EIN = re.compile(r"(?:EIN|FEIN|tax id)?[\s:#]*(\d{2}[-\s]?\d{7})(?:\.0+)?|(\d{8})(?:\.0+)?", re.IGNORECASE | re.ASCII)
_ENDED_ON = "membership.ended_on"
_DEPARTURES = frozenset({"left", "resigned", "withdrew", "withdrawn", "lapsed", "salio", "salida", "baja"})
_NOT_ENDED = frozenset({"", "no", "n", "false", "active", "current", "ongoing", "present", "never", "activo", "vigente"})
MIN_EIN_DIGITS = 8  # a spreadsheet drops one zero at the start


def clean_row(row: Row, *, terms: Mapping[str, str] = {}, today: dt.date | None = None, values: ValueCache | None = None) -> Row:
    """Return the row with draft fields in `fields`: those of an OrganizationDraft, `id` and `same_as`.

    `terms` maps tags to a slug, "vocabulary:slug", a region code, or "" to ignore the tag. `today` decides the century of
    two-digit years. `values` is the cache of the import. Fields that are not flat fields are copied.

    The returned row also holds:
    - `repairs`: what was changed;
    - `problems`: what cannot be used, with draft paths;
    - `columns`: headings by flat field and by draft path in the form of `Problem.path_text` ("locations[0].city");
    - `unknown_terms`: tags that are in no vocabulary;
    - `fallback_fields`: terms found in the column of another vocabulary, and the membership of a note such as "(ally)".

    A cell such as "N/A" states nothing. None clears a plain field (to None), a list of terms (to []), and parts of a location or
    contact that has other parts. It never clears names, links or identifiers, because a column holds only one kind of them.

    A row about an individual or a household is refused, unless it was read as a contact (`is_person`). Its fields and `source_id`
    are removed, so it cannot match a record.
    """
    log = CleaningLog(row, values)
    if not row.is_person and (person_type := find_person_type(row.cells)):
        log.add_problem((), build_person_error(*person_type))
        return log.build_row(row, {}, source_id=None)
    cells, fields = extract_texts(row.fields, log)
    names, noted_status = parse_names(cells, log)
    fields |= names
    _clean_plain_fields(cells, fields, log)
    _clean_membership(cells, fields, log, today)
    _clean_web_addresses(cells, fields, log)
    _clean_identifiers(cells, fields, log)
    groups = group_texts(cells)
    fields |= parse_locations(groups["location"], cells, log)
    country, state = find_country_and_state(fields)
    fields |= parse_contacts(groups["contact"], cells, country, log)
    own_terms, stray_terms = parse_terms(cells, terms, log)
    fields |= own_terms
    if SERVICE_AREAS_FIELD in cells:
        fields |= parse_service_areas(cells, terms, state, log)
    _merge_rest_column(cells, fields, log)
    return log.build_row(row, fields, **_build_row_fields(row, cells, {**noted_status, **stray_terms}, log, today))


def _clean_plain_fields(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    for field, text in cells.items():
        if field in _LINES:  # the draft checks their form
            log.set_path_heading((field,), field)
            draft_fields[field] = join_text(text) or None
        elif field in _PARAGRAPHS:
            log.set_path_heading((field,), field)
            draft_fields[field] = text if text is None else _normalize_paragraphs(join_text(text))
        elif parse := _FIELD_PARSERS.get(field):
            value = None if text is None else log.parse_field(field, (field,), join_text(text), parse)
            if text is None or value is not None:
                draft_fields[field] = value


def _normalize_paragraphs(text: str) -> str:
    """Normalize like the draft does, so an unchanged record compares equal. Invalid text is left for the draft to refuse."""
    try:
        return normalize_paragraphs(text)
    except BadInput:
        return text


def _clean_membership(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog, today: dt.date | None) -> None:
    membership: dict[str, object] = {}
    if text := cells.get("membership.status"):
        status = log.parse_field("membership.status", ("membership", "status"), join_text(text), choices.parse_membership)
        membership |= {"status": status} if status else {}
    membership = {**_read_end_mark(cells, log), **membership}
    for part in ("joined_on", "ended_on"):
        field = f"membership.{part}"
        if field in cells:
            text = cells[field]
            day = log.parse_field(field, ("membership", part), join_text(text), dates.parse_date, today) if text else None
            membership |= {part: day} if day or text is None else {}
    if "status" not in membership and _has_ended(membership.get("ended_on"), today):
        membership["status"] = MembershipStatus.LAPSED
        log.add_repair(_ENDED_ON, join_text(cells[_ENDED_ON]), "lapsed", ("membership has ended",))
    if membership:
        draft_fields["membership"] = membership


def _read_end_mark(cells: FlatTexts, log: CleaningLog) -> dict[str, object]:
    """Return the status of a cell that says that the membership has ended, but not when: "x" or "moved away" under "Left".

    Such a cell is removed from `cells`. Texts under other headings, such as "lifetime" under "Membership end", are left to the
    parser of dates.
    """
    text = join_text(cells.get(_ENDED_ON))
    if not text or any(map(str.isdigit, text)) or _DEPARTURES.isdisjoint(fold(log.find_heading(_ENDED_ON)).split()):
        return {}
    del cells[_ENDED_ON]
    if fold(text) in _NOT_ENDED:
        return {}
    log.add_repair(_ENDED_ON, text, "lapsed", ("membership has ended",))
    return {"status": MembershipStatus.LAPSED}


def _has_ended(day: object, today: dt.date | None) -> bool:
    return isinstance(day, dt.date) and (today is None or day <= today)


def _clean_web_addresses(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    links: list[dict[str, object]] = []
    if "website" in cells:
        text = cells["website"]
        urls = log.parse_field("website", ("website",), join_text(text), online_addresses.parse_web_addresses) if text else None
        if text is None or urls:
            draft_fields["website"] = urls[0] if urls else None
        links += [{"kind": "website", "url": url} for url in (urls or ())[1:]]
        if links:
            log.set_path_heading(("links",), "website")
    for field, text in cells.items():
        if text and field.startswith("link:"):
            links += _clean_links(field, join_text(text), len(links), log)
    if links:
        draft_fields["links"] = links


def _clean_links(field: str, text: str, position: int, log: CleaningLog) -> list[dict[str, object]]:
    link_kind = field.removeprefix("link:").strip().lower()
    path = ("links", position, "url")
    urls = log.parse_field(field, path, text, online_addresses.parse_profile_links, link_kind) or ()
    for number in range(len(urls)):
        log.set_path_heading(("links", position + number), field)
    return [{"kind": link_kind, "url": url} for url in urls]


def _clean_identifiers(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    identifiers: list[dict[str, object]] = []
    for field, value in cells.items():
        if value and get_field_kind(field) is FieldKind.IDENTIFIER:
            scheme = field.removeprefix("identifier:").strip().upper()
            for text in value if isinstance(value, list) else [value]:
                log.set_path_heading(("identifiers", len(identifiers)), field)
                identifiers.append({"scheme": scheme, "value": _clean_identifier_value(text, scheme, field, log)})
    if identifiers:
        draft_fields["identifiers"] = identifiers


def _clean_identifier_value(text: str, scheme: str, field: str, log: CleaningLog) -> str:
    """Return an EIN in its normal form. Anything else is returned unchanged: the draft refuses it."""
    match = _EIN.fullmatch(text) if scheme == EIN_SCHEME else None
    ein = parse_ein(re.sub(r"\D", "", match[1] or match[2]), min_digits=MIN_EIN_DIGITS) if match else None
    if match and match[2] and ein:
        log.add_repair(field, text, ein, ("leading zero restored",))
    return ein or text


def _merge_rest_column(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    """Add the draft fields in the `rest` column of our own exports. Fields stated in other columns take precedence."""
    if not (text := cells.get("rest")):
        return
    try:
        rest = msgspec.json.decode(join_text(text), type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        log.set_path_heading(("rest",), "rest")
        log.add_problem(("rest",), BadInput("This program data is damaged; clear this cell, or export the records again."))
        return
    draft_fields |= {field: value for field, value in rest.items() if field not in draft_fields}


def _build_row_fields(
    row: Row, cells: FlatTexts, fallback_fields: dict[str, Any], log: CleaningLog, today: dt.date | None
) -> dict[str, Any]:
    row_fields: dict[str, Any] = {}
    if text := cells.get("source_id"):
        row_fields["source_id"] = join_text(text)
    if text := cells.get("as_of"):
        row_fields["as_of"] = log.parse_field("as_of", ("as_of",), join_text(text), dates.parse_date, today)
    if fallback_fields:
        row_fields["fallback_fields"] = {**row.fallback_fields, **fallback_fields}
    return row_fields
