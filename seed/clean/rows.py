"""A row of flat fields to a row of draft fields: every value cleaned, every repair and problem told at its column."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from directory.errors import BadInput
from directory.written import paragraphs
from seed.clean import choices, contact_types, dates, web
from seed.clean.casing import in_one_case
from seed.clean.cells import NAMES, Texts, kind_of, one, texts
from seed.clean.findings import Findings
from seed.clean.groups import located, reached, standing
from seed.clean.mended import Mended
from seed.clean.names import title_cased
from seed.clean.text import says_nothing
from seed.clean.themes import serving, themes
from seed.fields import Kind
from seed.rows import Row

SHORTEST_IN_CAPITALS = 7  # letters; a single shorter word in capitals may be an acronym, and stays

_PLAIN = ("id", "slug", "same_as", "parent", "summary")  # their form is the draft's to check
_READ: Mapping[str, Callable[[str], Mended[Any]]] = {
    "kind": choices.organization_kind,
    "founded": dates.year,
    "audience": choices.audience,
    "verified_at": dates.moment,
    "verification_method": choices.verification_method,
}
_CASED = frozenset({"legal_name", "former_name", "also_known_as", "translated_name"})  # an acronym or short name is as it is
_CARE_OF = re.compile(r"\s(?:%|c/o\b|in care of\b|attn\b:?).*", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"(?:(?<!\s)\s+)?[;\n]\s*")
_EIN = re.compile(r"(?:EIN|FEIN|tax id)?[\s:#]*(\d{2})[-\s]?(\d{7})(?:\.0+)?", re.IGNORECASE | re.ASCII)
_SHORT_EIN = re.compile(r"(\d{8})(?:\.0+)?", re.ASCII)


def cleaned(row: Row, *, terms: Mapping[str, str] = {}, today: dt.date | None = None) -> Row:
    """The row with `stated` as fields of an OrganizationDraft, beside `id` and `same_as`; what is no flat field stays.

    `terms` is what a profile says that tags mean: a slug, "vocabulary:slug", a region code, or "" for a tag to leave out.
    `today` tells the century of two-digit years. What was changed is in `repairs`, what cannot be used in `problems`, with the
    draft's paths; `columns` then has, beside the flat fields, the paths as Problem.where writes them ("locations[0].city").
    Tags that no vocabulary has are in `unknown_terms`; terms that turned up in another's column in `defaults`.

    A cell that says "N/A" or the like states nothing. None clears a plain field (None), a list of terms ([]), and parts of a
    place or contact of which something else is stated; no names, links or identifiers, of which a column holds one kind only.

    A row whose contact type is an individual or a household is refused, and states nothing by which any record could be found.
    """
    findings = Findings(row)
    if found := contact_types.person_type(row.cells):
        findings.refuse((), contact_types.refusal(*found))
        return findings.row(row, {}, source_id=None)
    cells, stated = texts(row.stated, findings)
    _names(cells, stated, findings)
    _plain_fields(cells, stated, findings)
    _membership(cells, stated, findings, today)
    _web(cells, stated, findings)
    _identifiers(cells, stated, findings)
    stated |= located(cells, findings)
    country, state = standing(stated)
    stated |= reached(cells, country, findings)
    terms_found, strays = themes(cells, terms, findings)
    stated |= {**terms_found, **serving(cells, terms, state, findings)}
    _rest(cells, stated, findings)
    return findings.row(row, stated, **_of_the_row(row, cells, strays, findings, today))


def _names(cells: Texts, stated: dict[str, object], findings: Findings) -> None:
    if "name" in cells:
        findings.place(("name",), "name")
        name = _name(" ".join(one(cells["name"]).split()), "name", findings)
        if says_nothing(name):
            findings.refuse(("name",), BadInput(f'"{name}" is no name; write the name of the organization.'))
        else:
            stated["name"] = name
    names: list[dict[str, object]] = []
    for field, what in NAMES.items():
        for text in _several(cells.get(field)):
            name = _name(text, field, findings) if field in _CASED else " ".join(text.split())
            if name == stated.get("name"):
                findings.repair(field, text, "", ("the same as the name",))
                continue
            findings.place(("names", len(names)), field)
            names.append({"name": name, "kind": what})
    if names:
        stated["names"] = names


def _several(value: str | list[str] | None) -> list[str]:
    if not value:
        return []
    return value if isinstance(value, list) else [name for name in _BETWEEN_NAMES.split(value) if name]


def _name(text: str, field: str, findings: Findings) -> str:
    text = _without_care_of(" ".join(text.split()), field, findings)
    may_be_acronym = " " not in text and len(text) < SHORTEST_IN_CAPITALS and text.isupper()
    if may_be_acronym or not in_one_case(text) or ("." in text and text.islower()):  # change.org is written so
        return text
    cased = title_cased(text)
    if cased != text:
        findings.repair(field, text, cased, ("ALL CAPS" if text.isupper() else "all lower case",))
    return cased


def _without_care_of(text: str, field: str, findings: Findings) -> str:
    """In whose care an organization is, is a private person: left out, and not repeated in what is told."""
    found = _CARE_OF.search(text)
    kept = text[: found.start()].rstrip(" ,;-") if found else text
    if kept == text or not kept:
        return text
    findings.repair(field, "", kept, ("care-of line left out",))
    return kept


def _plain_fields(cells: Texts, stated: dict[str, object], findings: Findings) -> None:
    for field in _PLAIN:
        if field in cells:
            findings.place((field,), field)
            stated[field] = one(cells[field]) or None
    if "description" in cells:
        findings.place(("description",), "description")
        text = cells["description"]
        stated["description"] = text if text is None else _paragraphs(one(text), findings)
    for field, reading in _READ.items():
        if field not in cells:
            continue
        text = cells[field]
        value = None if text is None else findings.read(field, (field,), one(text), reading)
        if text is None or value is not None:
            stated[field] = value


def _paragraphs(text: str, findings: Findings) -> str:
    """In the draft's own form, so that a record that did not change compares equal; what it refuses is for the draft to say."""
    try:
        return paragraphs(text)
    except BadInput:
        return text


def _membership(cells: Texts, stated: dict[str, object], findings: Findings, today: dt.date | None) -> None:
    found: dict[str, object] = {}
    if text := cells.get("membership.status"):
        status = findings.read("membership.status", ("membership", "status"), one(text), choices.membership)
        found |= {"status": status} if status else {}
    for part in ("joined_on", "ended_on"):
        field = f"membership.{part}"
        if field in cells:
            text = cells[field]
            day = findings.read(field, ("membership", part), one(text), _day(today)) if text else None
            found |= {part: day} if day or text is None else {}
    if found:
        stated["membership"] = found


def _day(today: dt.date | None) -> Callable[[str], Mended[dt.date]]:
    return lambda text: dates.day(text, today)


def _web(cells: Texts, stated: dict[str, object], findings: Findings) -> None:
    links: list[dict[str, object]] = []
    if "website" in cells:
        text = cells["website"]
        urls = findings.read("website", ("website",), one(text), web.addresses) if text else None
        if text is None or urls:
            stated["website"] = urls[0] if urls else None
        links += [{"kind": "website", "url": url} for url in (urls or ())[1:]]
        if links:
            findings.place(("links",), "website")
    for field, text in cells.items():
        if text and field.startswith("link:"):
            links += _links(field, one(text), len(links), findings)
    if links:
        stated["links"] = links


def _links(field: str, text: str, position: int, findings: Findings) -> list[dict[str, object]]:
    what = field.removeprefix("link:").strip().lower()
    urls = findings.read(field, ("links", position, "url"), text, lambda cell: web.profiles(what, cell)) or ()
    for number in range(len(urls)):
        findings.place(("links", position + number), field)
    return [{"kind": what, "url": url} for url in urls]


def _identifiers(cells: Texts, stated: dict[str, object], findings: Findings) -> None:
    found: list[dict[str, object]] = []
    for field, value in cells.items():
        if value and kind_of(field) is Kind.IDENTIFIER:
            scheme = field.removeprefix("identifier:").strip().upper()
            for text in value if isinstance(value, list) else [value]:
                findings.place(("identifiers", len(found)), field)
                found.append({"scheme": scheme, "value": _number(text, scheme, field, findings)})
    if found:
        stated["identifiers"] = found


def _number(text: str, scheme: str, field: str, findings: Findings) -> str:
    """An EIN in its form; what is none stays as it is, for the draft to refuse."""
    if scheme != "US-EIN":
        return text
    if found := _EIN.fullmatch(text):
        return f"{found[1]}-{found[2]}"
    if short := _SHORT_EIN.fullmatch(text):
        restored = f"0{short[1][0]}-{short[1][1:]}"
        findings.repair(field, text, restored, ("zero in front restored",))
        return restored
    return text


def _rest(cells: Texts, stated: dict[str, object], findings: Findings) -> None:
    """Draft fields of an own export that plain columns cannot hold; what columns state counts before."""
    if not (text := cells.get("rest")):
        return
    try:
        rest = msgspec.json.decode(one(text), type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        findings.place(("rest",), "rest")
        findings.refuse(("rest",), BadInput("This column is for the program and is broken here; empty it, or export again."))
        return
    stated |= {field: value for field, value in rest.items() if field not in stated}


def _of_the_row(
    row: Row, cells: Texts, strays: dict[str, list[str]], findings: Findings, today: dt.date | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if text := cells.get("source_id"):
        found["source_id"] = one(text)
    if text := cells.get("as_of"):
        found["as_of"] = findings.read("as_of", ("as_of",), one(text), _day(today))
    if strays:
        found["defaults"] = {**row.defaults, **strays}
    return found
