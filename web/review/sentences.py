"""Sentences of the import about single values, in the language of a page.

The import writes them in English. Those without values of the list are translated here by their text. The others stay in English,
and pages mark them as such.
"""

from typing import NamedTuple

from directory.matching.evidence import Verdict
from directory.matching.weights import POSSIBLE_FROM, SAME_FROM
from seed.plan_report import EvidenceReport, ProblemReport
from seed.report_files import format_place
from web.pages.languages import DEFAULT_CODE, Language, mark

_REPAIRS = (
    mark("https:// added"),
    mark("placeholder treated as empty"),
    mark("address split into parts"),
    mark("words around the number removed"),
    mark("words around the address removed"),
    mark("leading zero restored"),
    mark("letters converted to digits"),
    mark("read as a role: it names no person"),
    mark("left out: nothing says that it is a number at work"),
    mark("left out: a private mailbox"),
    mark("dues are overdue or waived: a member"),
    mark("P.O. box removed: it is not a location"),
    mark("ALL CAPS"),
    mark("the organization's state"),
    mark("the state that has the city"),
    mark("the membership of a new organization, unless its row states another"),
    mark("state separated from the city"),
    mark("state as its letters"),
    mark("read as the area that it serves"),
    mark("note on the membership is no part of the name"),
    mark("former name separated from the name"),
    mark("first digits taken from the number before"),
    mark("two numbers in one cell"),
    mark("confidential: the location is hidden"),
    mark("as the profile says"),
    mark("only the year is used"),
    mark("only the year is stated; January 1 used"),
    mark("day not stated; first of the month used"),
    mark("invisible characters removed"),
    mark("garbled letters repaired"),
    mark("trailing punctuation removed"),
)
_PROBLEMS = (
    mark("This field is required."),
    mark("This day does not exist; check the day and month, and write it as in 2019-05-31."),
    mark("This is an e-mail address, not a web address; move it to the e-mail column."),
    mark("This is a name on a social network; write the full address, or move it to the column of that network."),
    mark("This is not an e-mail address. If it is a web address, move it to the column of the website."),
    mark("This is not an e-mail address. Write it like office@example.org."),
    mark("This is not a web address. Copy it from the address bar of a browser."),
    mark("An EIN must have nine digits, for example 12-3456789. Keep any zeros at the start."),
    mark("A disclosure is exact, postal code, city, county, state or hidden; write one of these words."),
    mark("An audience is public, members or staff; write one of these words."),
    mark("Search engines are allowed (yes) or refused (no); write one of these words."),
    mark(
        "A membership is active, prospect, lapsed or none. Write one of these; until then, a new record is not shown as a member."
    ),
    mark("A point needs its latitude and its longitude; give both or neither."),
    mark("The membership ends before it starts. Check both dates."),
    mark("This program data is damaged; clear this cell, or export the records again."),
)
_TRANSLATED = frozenset((*_REPAIRS, *_PROBLEMS))
_NAMESAKE = mark("another organization with the same name, %(score)s points (perhaps the same from %(possible)s)")
_REMOVED = mark("possible, was removed, %(score)s points (perhaps from %(possible)s, very probably from %(same)s)")
_SAME = mark("very probably the same, %(score)s points (perhaps from %(possible)s, very probably from %(same)s)")
_POSSIBLE = mark("perhaps the same, %(score)s points (perhaps from %(possible)s, very probably from %(same)s)")


class Sentence(NamedTuple):
    """A sentence after the place that it is about. `language` is the code of its language, None if it is the page's."""

    place: str
    text: str
    language: str | None


def translate_sentence(text: str, language: Language, place: str = "") -> Sentence:
    """Return the sentence in the language of the page, or in English if it has no translation."""
    is_known = text in _TRANSLATED
    return Sentence(
        place, language.gettext(text) if is_known else text, None if is_known or language.code == DEFAULT_CODE else DEFAULT_CODE
    )


def translate_problem(problem: ProblemReport, language: Language) -> Sentence:
    return translate_sentence(problem.message, language, format_place(problem))


def translate_match(evidence: EvidenceReport, language: Language) -> str:
    """Return how probable it is that a row is about the record, in the language of the page."""
    if evidence.is_namesake:
        sentence = _NAMESAKE
    elif evidence.was_removed:
        sentence = _REMOVED
    else:
        sentence = _SAME if evidence.verdict == Verdict.SAME else _POSSIBLE
    values = {"score": f"{evidence.score:.0f}", "possible": f"{POSSIBLE_FROM:.0f}", "same": f"{SAME_FROM:.0f}"}
    return language.gettext(sentence) % values
