"""Parse choices in English and Spanish: membership, kind, audience, disclosure, search engines and verification method.

Audience, disclosure and search engines are never guessed: unknown words are refused.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from directory.errors import BadInput
from directory.filters.labels import KIND_LABELS
from directory.geo import Disclosure
from directory.records import Audience, MembershipStatus, OrganizationKind, SearchEngines, VerificationMethod
from directory.text import fold
from seed.clean.cleaning_log import CleaningResult

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)

_FILE: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(Path(__file__).with_name("choices.toml").read_text(encoding="utf-8"))
MAX_NOTE_LENGTH = 40  # characters
_WITHOUT_DUES = frozenset(  # folded; the organization has not paid, or does not have to
    {"comp", "comp d", "compd", "comped", "complimentary", "waived", "dues waived", "overdue", "past due", "dues overdue"}
)
_UNKNOWN_MEMBERSHIP = (
    "A membership is active, prospect, lapsed or none. Write one of these; until then, a new record is not shown as a member."
)
_TITLE_WORDS: Mapping[str, frozenset[str]] = {name: frozenset(words) for name, words in _FILE["titles"].items()}
_WITH_YEAR = re.compile(r"\b(?:in|on|since|as of|en|desde)?\s*(?:19|20)\d\d(?:-\d\d)*\b")
_CHECK_MARKS = frozenset("✓✔☑✅")
_CROSSES = frozenset("✗✘☒❌")


def _index_by_phrase(choices: type[ChoiceT], key: str) -> dict[str, ChoiceT]:
    """Return the choices by folded name and by each phrase in choices.toml."""
    by_name = {fold(choice.value): choice for choice in choices}
    return by_name | {phrase: choices(name) for name, phrases in _FILE[key].items() for phrase in phrases}


_ORGANIZATION_KINDS = {
    **_index_by_phrase(OrganizationKind, "kind"),
    **{fold(label): kind for kind, labels in KIND_LABELS.items() for label in labels},
}
_MEMBERSHIP_STATUSES = _index_by_phrase(MembershipStatus, "membership")
_NOTE_STATUSES = {phrase: MembershipStatus(name) for name, phrases in _FILE["name_notes"].items() for phrase in phrases}
_AUDIENCES = _index_by_phrase(Audience, "audience")
_DISCLOSURES = _index_by_phrase(Disclosure, "disclosure")
_SEARCH_ENGINES = _index_by_phrase(SearchEngines, "search_engines")
_VERIFICATION_METHODS = _index_by_phrase(VerificationMethod, "verification_method")


def parse_membership(text: str) -> CleaningResult[MembershipStatus]:
    """Return the membership status. "Yes", "no" and check marks count too, as in a column "Member?".

    Raises BadInput for other words.
    """
    if _CHECK_MARKS.intersection(text):
        return CleaningResult(MembershipStatus.ACTIVE)
    if _CROSSES.intersection(text):
        return CleaningResult(MembershipStatus.NONE)
    status = _MEMBERSHIP_STATUSES.get(fold(text))
    if status is None and _says_that_it_ended(text):
        return CleaningResult(MembershipStatus.LAPSED)
    if status is None:
        raise BadInput(_UNKNOWN_MEMBERSHIP)
    return CleaningResult(status, ("dues are overdue or waived: a member",) if fold(text) in _WITHOUT_DUES else ())


def _says_that_it_ended(text: str) -> bool:
    """Return whether the text is a word for a lapsed membership with a year: "left in 2020", "Resigned 2021"."""
    phrase = fold(_WITH_YEAR.sub(" ", text))
    return phrase in _TITLE_WORDS["ended"] or _MEMBERSHIP_STATUSES.get(phrase) is MembershipStatus.LAPSED


def find_membership_in_title(title: str, *, is_file: bool = False) -> MembershipStatus | None:
    """Return the membership of the organizations in a list with this title: LAPSED for "Old members", NONE for "Allies".

    A title is the name of a sheet or file, a line above the headings or a heading within the list. Returns None if it says
    nothing, or ACTIVE if it names members, also together with others: "Members and allies". `is_file`: an old file is not a file
    of old members.
    """
    words = frozenset(fold(title).replace("_", " ").split())
    has = {name: not phrases.isdisjoint(words) for name, phrases in _TITLE_WORDS.items()}
    is_negated = not words.isdisjoint(("non", "not", "no", "nonvoting"))
    if has["current"] or (has["members"] and has["nonmembers"] and not is_negated):
        return MembershipStatus.ACTIVE
    if has["lapsed"] or (has["lapsed_members"] and (has["members"] or (len(words) == 1 and not is_file))):
        return MembershipStatus.LAPSED
    if has["nonmembers"] or (has["members"] and is_negated):
        return MembershipStatus.NONE
    if has["prospects"]:
        return MembershipStatus.PROSPECT
    return MembershipStatus.ACTIVE if has["members"] else None


def find_membership_in_note(note: str) -> MembershipStatus | None:
    """Return the membership that a note beside a name states: NONE for "ally", LAPSED for "inactive". None for other texts."""
    return _NOTE_STATUSES.get(fold(note)) if len(note) <= MAX_NOTE_LENGTH else None


def parse_organization_kind(text: str) -> CleaningResult[OrganizationKind | None]:
    """Return the kind of organization; None for other words, such as "nonprofit", which applies to nearly all."""
    kind = _ORGANIZATION_KINDS.get(fold(text))
    return CleaningResult(kind, () if kind else ("removed: not a kind of organization",))


def parse_audience(text: str) -> CleaningResult[Audience]:
    """Return the audience. Raises BadInput for other words, because an audience is never guessed."""
    return CleaningResult(_require_choice(text, _AUDIENCES, "An audience is public, members or staff"))


def parse_disclosure(text: str) -> CleaningResult[Disclosure]:
    """Return the disclosure. Raises BadInput for other words, because a disclosure is never guessed."""
    sentence = "A disclosure is exact, postal code, city, county, state or hidden"
    return CleaningResult(_require_choice(text, _DISCLOSURES, sentence))


def parse_search_engines(text: str) -> CleaningResult[SearchEngines]:
    """Return whether search engines are allowed. Raises BadInput for other words, because this is never guessed."""
    sentence = "Search engines are allowed (yes) or refused (no)"
    return CleaningResult(_require_choice(text, _SEARCH_ENGINES, sentence))


def parse_verification_method(text: str) -> CleaningResult[VerificationMethod]:
    """Return the verification method; OTHER, as a repair, for an unknown method."""
    method = _VERIFICATION_METHODS.get(fold(text))
    return CleaningResult(method) if method else CleaningResult(VerificationMethod.OTHER, ("other verification method",))


def _require_choice(text: str, choices: Mapping[str, ChoiceT], sentence: str) -> ChoiceT:
    choice = choices.get(fold(text))
    if choice is None:
        raise BadInput(f"{sentence}; write one of these words.")
    return choice


class ChoiceField(Struct, frozen=True):
    """A field whose values are choices. `parse` raises BadInput for a text that is none, or returns None or a repaired choice."""

    choices: type[StrEnum]
    parse: Callable[[str], CleaningResult[object]]


CHOICE_FIELDS: Mapping[str, ChoiceField] = {  # flat fields; those of contacts and locations without their number
    "kind": ChoiceField(OrganizationKind, parse_organization_kind),
    "membership.status": ChoiceField(MembershipStatus, parse_membership),
    "search_engines": ChoiceField(SearchEngines, parse_search_engines),
    "audience": ChoiceField(Audience, parse_audience),
    "contact.audience": ChoiceField(Audience, parse_audience),
    "verification_method": ChoiceField(VerificationMethod, parse_verification_method),
    "location.disclosure": ChoiceField(Disclosure, parse_disclosure),
}
