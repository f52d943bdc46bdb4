"""The cells of a row as plain texts, before anybody asks what they say: what is empty in all but letters is left out."""

from collections.abc import Mapping
from functools import lru_cache

from directory.errors import BadInput
from directory.records import NameKind
from seed.clean.findings import Findings, Path
from seed.clean.mended import Mended
from seed.clean.text import line, plain, says_nothing
from seed.fields import Kind, kind, parted

Texts = dict[str, str | list[str] | None]  # by flat field; None clears

LONGEST = 2_000  # characters of a value that is no prose and no list
_WITH_MARKUP = frozenset({Kind.URL, Kind.EMAIL})  # addresses stand in tags
_WITH_LINES = frozenset({Kind.PARAGRAPHS, Kind.TERMS, Kind.REGIONS, Kind.ADDRESS, Kind.STREET, Kind.PHONE, Kind.NAME})
_AS_THEY_ARE = _WITH_MARKUP | _WITH_LINES | {Kind.JSON}  # but for what stands around them
_ANY_LENGTH = frozenset({Kind.PARAGRAPHS, Kind.LINE, Kind.TERMS, Kind.REGIONS, Kind.JSON})
_SEVERAL = frozenset({Kind.TERMS, Kind.REGIONS, Kind.NAME, Kind.IDENTIFIER})
_MAY_SAY_NONE = frozenset({"name", "membership.status", "acronym", "short_name"})  # NONE is a status, NA an acronym
NAMES = {
    "legal_name": NameKind.LEGAL,
    "acronym": NameKind.ACRONYM,
    "short_name": NameKind.SHORT,
    "former_name": NameKind.FORMER,
    "translated_name": NameKind.TRANSLATED,
    "also_known_as": NameKind.ALSO_KNOWN_AS,
}

kind_of = lru_cache(maxsize=1 << 12)(kind)
part_of = lru_cache(maxsize=1 << 12)(parted)


def texts(stated: Mapping[str, object], findings: Findings) -> tuple[Texts, dict[str, object]]:
    """The flat fields as plain texts, lists where a field takes several; and what is no text of a flat field, as it is."""
    found: Texts = {}
    others: dict[str, object] = {}
    for field, value in stated.items():
        what = kind_of(field)
        if what is None or not (value is None or isinstance(value, str | list | tuple)):
            others[field] = value
        elif value is None:
            found[field] = None
        elif (text := _read(field, what, value, findings)) is not None:
            found[field] = text
    return found, others


def one(value: str | list[str] | None) -> str:
    """The text of a field that takes one; "" for a cleared one."""
    return "; ".join(value) if isinstance(value, list) else value or ""


def path_of(field: str) -> Path:
    """Roughly where a flat field stands in the draft, before positions in lists are known."""
    if part := part_of(field):
        return (f"{part[0]}s", part[1], part[2])
    if ":" in field:
        return (f"{field.partition(':')[0]}s",)
    if field in NAMES:
        return ("names",)
    if field in ("email", "phone"):
        return ("contacts", 0, field)
    return tuple(field.split("."))


def _read(field: str, what: Kind, value: object, findings: Findings) -> str | list[str] | None:
    if isinstance(value, str):
        return _text(field, what, value, findings)
    read = [text for one in value if (text := _text(field, what, str(one), findings))]  # type: ignore[attr-defined]
    if not read:
        return None
    return read if what in _SEVERAL else ("\n" if what in (Kind.URL, Kind.EMAIL, Kind.PHONE) else "; ").join(read)


def _text(field: str, what: Kind, text: str, findings: Findings) -> str | None:
    """None where the cell is empty, says that nothing is known, or cannot be read, which is a problem then."""
    if not text or text.isspace():
        return None
    try:
        mended = _plain(text, what)
    except BadInput as refusal:
        findings.place(path_of(field), field)
        findings.refuse(path_of(field), refusal)
        return None
    if mended.reasons:
        findings.repair(field, text, mended.value, mended.reasons)
    if says_nothing(mended.value) and not _is_meant(field, what, mended.value):
        if mended.value:
            findings.repair(field, text, "", ("says that nothing is known, taken as empty",))
        return None
    return mended.value


def _plain(text: str, what: Kind) -> Mended[str]:
    if len(text) <= LONGEST and text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return Mended(text.strip() if what in _AS_THEY_ARE else " ".join(text.split()))
    if len(text) > LONGEST and what not in _ANY_LENGTH:
        raise BadInput(f"This is {len(text):,} characters long; such a value has at most {LONGEST:,}.")
    if what is Kind.JSON:
        return Mended(text)
    if what in _AS_THEY_ARE:
        mended = plain(text, markup=what in _WITH_MARKUP)
        return Mended(mended.value.strip(), mended.reasons)
    return line(text)


def _is_meant(field: str, what: Kind, text: str) -> bool:
    if field in _MAY_SAY_NONE:
        return bool(text)
    if what is Kind.CHOICE and field.endswith("disclosure"):
        return text.casefold() in ("none", "no")
    return what is Kind.COUNTRY and text == "NA"  # Namibia
