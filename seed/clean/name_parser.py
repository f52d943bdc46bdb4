"""Parse the names of an organization: the name itself, its other names, and notes beside it that are no part of it.

People write into the column of names what their list has no column for: "Tenants United (formerly Renters' Union)", "(ally)".
"""

import re

from directory.errors import BadInput
from directory.records import MembershipStatus, NameKind
from directory.text import has_single_case
from seed.clean.cleaning_log import CleaningLog
from seed.clean.values.addresses import remove_care_of_from_name
from seed.clean.values.choices import find_membership_in_note
from seed.clean.values.letter_case import recase_name
from seed.clean.values.plain_text import FlatTexts, is_empty_value, join_text

MIN_CAPITALS_LENGTH = 7  # letters; a single shorter word in capitals may be an acronym and is not changed

_NAME_KINDS = {
    "legal_name": NameKind.LEGAL,
    "acronym": NameKind.ACRONYM,
    "short_name": NameKind.SHORT,
    "former_name": NameKind.FORMER,
    "translated_name": NameKind.TRANSLATED,
    "also_known_as": NameKind.ALSO_KNOWN_AS,
}
_RECASED_FIELDS = frozenset({"legal_name", "former_name", "also_known_as", "translated_name"})  # acronyms keep their case
_NAME_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n]\s*")
_MAILBOX = re.compile(r"[^\s@]@[\w-]{1,63}\.[^\W\d_]")
_TELEPHONE = re.compile(r"(?<!\d)(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d)", re.ASCII)
MIN_DIGITS = 7  # of a telephone number, in a text without letters
_NO_NAME_ADVICE = "Write only the name of the organization. Its e-mail address and telephone number have columns of their own."
_ONLY_CARE_OF = "This is the name of a person who takes the mail. Write the name of the organization."
_NOTE = re.compile(r" ?(?:\(([^()]*)\)|\[([^\[\]]*)\])")
_MARKS = "★☆✓✔►▶•●■▪◆†‡"  # signs by which people mark rows, explained somewhere else in the list
_FORMERLY = re.compile(
    r"(?:formerly|previously|f\.?/?k\.?/?a\.?|antes|anteriormente)"
    r"(?: known as| named| called| llamad[oa]| conocid[oa] como)?[:,]? (.+)",
    re.IGNORECASE,
)


def parse_names(cells: FlatTexts, log: CleaningLog) -> tuple[dict[str, object], dict[str, object]]:
    """Return `name` and `names`, as far as the cells state them, and the `membership` that a note beside the name states.

    A note such as "(formerly Old Name)" becomes a former name. One such as "(ally)" or "(inactive)" is about the membership: it
    is {} for a member, because that is the default. A text that is no name becomes a problem in `log`.
    """
    fields: dict[str, object] = {}
    names: list[dict[str, object]] = []
    membership: dict[str, object] = {}
    if "name" in cells:
        log.set_path_heading(("name",), "name")
        text = _remove_care_of(" ".join(join_text(cells["name"]).split()), "name", log)
        plain, former_names, status = _separate_notes(_remove_marks(text, log), log)
        name = _restore_case(plain, "name", log)
        if is_empty_value(name):
            log.add_problem(("name",), BadInput(f'"{name}" is not a name; write the name of the organization.'))
        elif problem := _find_contact_data(name):
            log.add_problem(("name",), problem)
        else:
            fields["name"] = name
        for former_name in former_names:
            _add_name(names, "name", {"name": _restore_case(former_name, "name", log), "kind": NameKind.FORMER}, log)
        if status not in (None, MembershipStatus.ACTIVE):
            membership["membership"] = {"status": status}
    for field, name_kind in _NAME_KINDS.items():
        for text in _split_names(cells[field]) if field in cells else ():
            name = _clean_name(text, field, log) if field in _RECASED_FIELDS else " ".join(text.split())
            if problem := _find_contact_data(name):
                path = ("names", len(names), "name")
                log.set_path_heading(path, field)
                log.add_problem(path, problem)
                continue
            if name == fields.get("name"):
                log.add_repair(field, text, "", ("the same as the name",))
                continue
            _add_name(names, field, {"name": name, "kind": name_kind}, log)
    if names:
        fields["names"] = names
    return fields, membership


def _find_contact_data(name: str) -> BadInput | None:
    """Return why the text is no name: it has an e-mail address, a telephone number or only a care-of line. None for a name."""
    if _MAILBOX.search(name):
        return BadInput(f"A name has no e-mail address. {_NO_NAME_ADVICE}")
    is_number = not any(map(str.isalpha, name)) and sum(map(str.isdigit, name)) >= MIN_DIGITS
    if is_number or _TELEPHONE.search(name):
        return BadInput(f"A name has no telephone number. {_NO_NAME_ADVICE}")
    return BadInput(_ONLY_CARE_OF) if name and not remove_care_of_from_name(name) else None


def _add_name(names: list[dict[str, object]], field: str, name: dict[str, object], log: CleaningLog) -> None:
    if name not in names:
        log.set_path_heading(("names", len(names)), field)
        names.append(name)


def _remove_marks(text: str, log: CleaningLog) -> str:
    """Return the name without the marks around it and the asterisk of a footnote; that of "Trans*" stays."""
    plain = text.strip(_MARKS + " ")
    if plain.endswith("*") and not plain.casefold().endswith("trans*"):
        plain = plain.rstrip("* ")
    if plain == text or not plain:
        return text
    log.add_repair("name", text, plain, ("marks around the name removed",))
    return plain


def _separate_notes(text: str, log: CleaningLog) -> tuple[str, list[str], MembershipStatus | None]:
    """Return the name without notes in parentheses or brackets, the former names in them, and the membership that one states.

    Other texts in parentheses belong to the name, and so does one in capitals beside other letters: it is an acronym.
    """
    if ")" not in text and "]" not in text:
        return text, [], None
    former_names: list[str] = []
    statuses: list[MembershipStatus] = []

    def remove(match: re.Match[str]) -> str:
        note = (match[1] or match[2] or "").strip()
        if former := _FORMERLY.fullmatch(note):
            former_names.append(former[1])
            return ""
        status = None if note.isupper() and not text.isupper() else find_membership_in_note(note)
        if status is None:
            return match[0]
        statuses.append(status)
        return ""

    plain = _NOTE.sub(remove, text).strip()
    if plain == text or not plain:
        return text, [], None
    reasons = ["former name separated from the name"] if former_names else []
    reasons += ["note on the membership is no part of the name"] if statuses else []
    log.add_repair("name", text, plain, reasons)
    return plain, former_names, statuses[0] if statuses else None


def _split_names(value: str | list[str] | None) -> list[str]:
    if not value:
        return []
    return value if isinstance(value, list) else [name for name in _NAME_SEPARATORS.split(value) if name]


def _clean_name(text: str, field: str, log: CleaningLog) -> str:
    return _restore_case(_remove_care_of(" ".join(text.split()), field, log), field, log)


def _restore_case(text: str, field: str, log: CleaningLog) -> str:
    may_be_acronym = " " not in text and len(text) < MIN_CAPITALS_LENGTH and text.isupper()
    if may_be_acronym or not has_single_case(text) or ("." in text and text.islower()):  # such as change.org
        return text
    cased = recase_name(text)
    if cased != text:
        log.add_repair(field, text, cased, ("ALL CAPS" if text.isupper() else "all lower case",))
    return cased


def _remove_care_of(text: str, field: str, log: CleaningLog) -> str:
    """Remove a care-of line. It names a private person, so the repair does not repeat it."""
    name = remove_care_of_from_name(text)
    if name == text or not name:
        return text
    log.add_repair(field, "", name, ("care-of line left out",))
    return name
