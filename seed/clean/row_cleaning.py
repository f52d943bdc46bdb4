"""A row of flat fields to a row of draft fields: every value cleaned, every repair and problem told at its column."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from directory.drafts.normalize import normalize_paragraphs
from directory.errors import BadInput
from seed.clean import contact_types
from seed.clean.cells import NAME_KINDS, FlatTexts, extract_texts, get_field_kind, join_text
from seed.clean.cleaning_log import CleaningLog, CleaningResult
from seed.clean.list_fields import find_country_and_state, parse_contacts, parse_locations, parse_service_areas, parse_terms
from seed.clean.values import choices, dates, web_addresses
from seed.clean.values.letter_case import has_single_case, recase_name
from seed.clean.values.plain_text import is_empty_value
from seed.flat_fields import FieldKind
from seed.rows import Row

MIN_CAPITALS_LENGTH = 7  # letters; a single shorter word in capitals may be an acronym, and stays

_PLAIN_FIELDS = ("id", "slug", "same_as", "parent", "summary")  # their form is the draft's to check
_FIELD_PARSERS: Mapping[str, Callable[[str], CleaningResult[Any]]] = {
    "kind": choices.parse_organization_kind,
    "founded": dates.parse_year,
    "audience": choices.parse_audience,
    "verified_at": dates.parse_datetime,
    "verification_method": choices.parse_verification_method,
}
_RECASED_FIELDS = frozenset(
    {"legal_name", "former_name", "also_known_as", "translated_name"}
)  # an acronym or short name is as it is
_CARE_OF = re.compile(r"\s(?:%|c/o\b|in care of\b|attn\b:?).*", re.IGNORECASE)
_NAME_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n]\s*")
_EIN = re.compile(r"(?:EIN|FEIN|tax id)?[\s:#]*(\d{2})[-\s]?(\d{7})(?:\.0+)?", re.IGNORECASE | re.ASCII)
_SHORT_EIN = re.compile(r"(\d{8})(?:\.0+)?", re.ASCII)


def clean_row(row: Row, *, terms: Mapping[str, str] = {}, today: dt.date | None = None) -> Row:
    """The row with `stated` as fields of an OrganizationDraft, beside `id` and `same_as`; what is no flat field stays.

    `terms` is what a profile says that tags mean: a slug, "vocabulary:slug", a region code, or "" for a tag to leave out.
    `today` tells the century of two-digit years. What was changed is in `repairs`, what cannot be used in `problems`, with the
    draft's paths; `columns` then has, beside the flat fields, the paths as Problem.where writes them ("locations[0].city").
    Tags that no vocabulary has are in `unknown_terms`; terms that turned up in another's column in `defaults`.

    A cell that says "N/A" or the like states nothing. None clears a plain field (None), a list of terms ([]), and parts of a
    place or contact of which something else is stated; no names, links or identifiers, of which a column holds one kind only.

    A row whose contact type is an individual or a household is refused, and states nothing by which any record could be found.
    """
    findings = CleaningLog(row)
    if found := contact_types.find_person_type(row.cells):
        findings.add_problem((), contact_types.build_refusal(*found))
        return findings.build_row(row, {}, source_id=None)
    cells, stated = extract_texts(row.fields, findings)
    _clean_names(cells, stated, findings)
    _clean_plain_fields(cells, stated, findings)
    _clean_membership(cells, stated, findings, today)
    _clean_web_addresses(cells, stated, findings)
    _clean_identifiers(cells, stated, findings)
    stated |= parse_locations(cells, findings)
    country, state = find_country_and_state(stated)
    stated |= parse_contacts(cells, country, findings)
    terms_found, strays = parse_terms(cells, terms, findings)
    stated |= {**terms_found, **parse_service_areas(cells, terms, state, findings)}
    _merge_rest_column(cells, stated, findings)
    return findings.build_row(row, stated, **_build_row_fields(row, cells, strays, findings, today))


def _clean_names(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    if "name" in cells:
        log.set_path_heading(("name",), "name")
        name = _clean_name(" ".join(join_text(cells["name"]).split()), "name", log)
        if is_empty_value(name):
            log.add_problem(("name",), BadInput(f'"{name}" is no name; write the name of the organization.'))
        else:
            draft_fields["name"] = name
    names: list[dict[str, object]] = []
    for field, what in NAME_KINDS.items():
        for text in _split_names(cells.get(field)):
            name = _clean_name(text, field, log) if field in _RECASED_FIELDS else " ".join(text.split())
            if name == draft_fields.get("name"):
                log.add_repair(field, text, "", ("the same as the name",))
                continue
            log.set_path_heading(("names", len(names)), field)
            names.append({"name": name, "kind": what})
    if names:
        draft_fields["names"] = names


def _split_names(value: str | list[str] | None) -> list[str]:
    if not value:
        return []
    return value if isinstance(value, list) else [name for name in _NAME_SEPARATORS.split(value) if name]


def _clean_name(text: str, field: str, log: CleaningLog) -> str:
    text = _remove_care_of(" ".join(text.split()), field, log)
    may_be_acronym = " " not in text and len(text) < MIN_CAPITALS_LENGTH and text.isupper()
    if may_be_acronym or not has_single_case(text) or ("." in text and text.islower()):  # change.org is written so
        return text
    cased = recase_name(text)
    if cased != text:
        log.add_repair(field, text, cased, ("ALL CAPS" if text.isupper() else "all lower case",))
    return cased


def _remove_care_of(text: str, field: str, log: CleaningLog) -> str:
    """In whose care an organization is, is a private person: left out, and not repeated in what is told."""
    found = _CARE_OF.search(text)
    kept = text[: found.start()].rstrip(" ,;-") if found else text
    if kept == text or not kept:
        return text
    log.add_repair(field, "", kept, ("care-of line left out",))
    return kept


def _clean_plain_fields(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    for field in _PLAIN_FIELDS:
        if field in cells:
            log.set_path_heading((field,), field)
            draft_fields[field] = join_text(cells[field]) or None
    if "description" in cells:
        log.set_path_heading(("description",), "description")
        text = cells["description"]
        draft_fields["description"] = text if text is None else _normalize_paragraphs(join_text(text), log)
    for field, reading in _FIELD_PARSERS.items():
        if field not in cells:
            continue
        text = cells[field]
        value = None if text is None else log.parse_field(field, (field,), join_text(text), reading)
        if text is None or value is not None:
            draft_fields[field] = value


def _normalize_paragraphs(text: str, log: CleaningLog) -> str:
    """In the draft's own form, so that a record that did not change compares equal; what it refuses is for the draft to say."""
    try:
        return normalize_paragraphs(text)
    except BadInput:
        return text


def _clean_membership(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog, today: dt.date | None) -> None:
    found: dict[str, object] = {}
    if text := cells.get("membership.status"):
        status = log.parse_field("membership.status", ("membership", "status"), join_text(text), choices.parse_membership)
        found |= {"status": status} if status else {}
    for part in ("joined_on", "ended_on"):
        field = f"membership.{part}"
        if field in cells:
            text = cells[field]
            day = log.parse_field(field, ("membership", part), join_text(text), _date_parser(today)) if text else None
            found |= {part: day} if day or text is None else {}
    if found:
        draft_fields["membership"] = found


def _date_parser(today: dt.date | None) -> Callable[[str], CleaningResult[dt.date]]:
    return lambda text: dates.parse_date(text, today)


def _clean_web_addresses(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    links: list[dict[str, object]] = []
    if "website" in cells:
        text = cells["website"]
        urls = log.parse_field("website", ("website",), join_text(text), web_addresses.parse_web_addresses) if text else None
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
    what = field.removeprefix("link:").strip().lower()
    urls = (
        log.parse_field(field, ("links", position, "url"), text, lambda cell: web_addresses.parse_profile_links(what, cell)) or ()
    )
    for number in range(len(urls)):
        log.set_path_heading(("links", position + number), field)
    return [{"kind": what, "url": url} for url in urls]


def _clean_identifiers(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    found: list[dict[str, object]] = []
    for field, value in cells.items():
        if value and get_field_kind(field) is FieldKind.IDENTIFIER:
            scheme = field.removeprefix("identifier:").strip().upper()
            for text in value if isinstance(value, list) else [value]:
                log.set_path_heading(("identifiers", len(found)), field)
                found.append({"scheme": scheme, "value": _clean_identifier_value(text, scheme, field, log)})
    if found:
        draft_fields["identifiers"] = found


def _clean_identifier_value(text: str, scheme: str, field: str, log: CleaningLog) -> str:
    """An EIN in its form; what is none stays as it is, for the draft to refuse."""
    if scheme != "US-EIN":
        return text
    if found := _EIN.fullmatch(text):
        return f"{found[1]}-{found[2]}"
    if short := _SHORT_EIN.fullmatch(text):
        restored = f"0{short[1][0]}-{short[1][1:]}"
        log.add_repair(field, text, restored, ("zero in front restored",))
        return restored
    return text


def _merge_rest_column(cells: FlatTexts, draft_fields: dict[str, object], log: CleaningLog) -> None:
    """Draft fields of an own export that plain columns cannot hold; what columns state counts before."""
    if not (text := cells.get("rest")):
        return
    try:
        rest = msgspec.json.decode(join_text(text), type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        log.set_path_heading(("rest",), "rest")
        log.add_problem(("rest",), BadInput("This column is for the program and is broken here; empty it, or export again."))
        return
    draft_fields |= {field: value for field, value in rest.items() if field not in draft_fields}


def _build_row_fields(
    row: Row, cells: FlatTexts, strays: dict[str, list[str]], log: CleaningLog, today: dt.date | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if text := cells.get("source_id"):
        found["source_id"] = join_text(text)
    if text := cells.get("as_of"):
        found["as_of"] = log.parse_field("as_of", ("as_of",), join_text(text), _date_parser(today))
    if strays:
        found["fallback_fields"] = {**row.fallback_fields, **strays}
    return found
