"""What one heading means, before anybody looks at the values below it."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from directory.text import fold
from seed.columns.headings import OWN, base, vocabulary, without
from seed.columns.likeness import like
from seed.fields import kind, parted

LONGEST = 300  # characters; what is longer is no heading
OF_A_NUMBERED = 0.97  # confidence of a known phrase with a number: "City 2"
OF_A_QUALIFIED = 0.96  # with words that say whose: "Mailing city"
WITHOUT_PARENTHESES = 0.97  # confidence of readings that leave something out
WITHOUT_FILLERS = 0.92
WITHOUT_OWNER = 0.9
IN_EVERY_PART = 0.95  # "Nombre / Name"

_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_PARTS = re.compile(r"(?:(?<!\s)\s+)?[/|\n]\s*|(?<!\s)\s+[-–—]\s+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ENDS_IN_NUMBER = re.compile(r"(?<=[a-z]{2})(?=[1-9])")
_WORDS_OF_NUMBERS = (
    "1 first 1st primer primera primero",
    "2 second 2nd segundo segunda",
    "3 third 3rd tercer tercera tercero",
    "4 fourth 4th cuarto cuarta",
    "5 fifth 5th quinto quinta",
    *("6", "7", "8", "9"),
)
_ORDINALS = {word: number for number, words in enumerate(_WORDS_OF_NUMBERS, start=1) for word in words.split()}
_OF_A_CONTACT = {"name": "contact.name", "email": "contact.email", "phone": "contact.phone", "languages": "contact.languages"}


class Meaning(Struct, frozen=True):
    """`field` has no number in it: that is `number`, 0 where the heading has none. `whose` tells places and contacts apart."""

    field: str
    confidence: float  # 0 to 1
    phrase: str  # what it was known by, "" for a field's own name
    whose: str = OWN
    number: int = 0


class Reading(Struct, frozen=True):
    """`meanings` are several where fields share the phrase, () for an unknown heading; `kept_out` is why it is never taken."""

    meanings: tuple[Meaning, ...] = ()
    kept_out: str | None = None


def read(heading: str) -> Reading:
    """What the heading means: a field's own name, a phrase of headings.toml, or what is spelled much like one."""
    if len(heading) > LONGEST:
        return Reading()
    name = heading.strip()
    if kind(name) is not None and not (name in vocabulary().fields and len(vocabulary().fields[name]) > 1):
        group = parted(name)
        return Reading((Meaning(base(name), 1.0, "", number=group[1] + 1 if group and group[1] else 0),))
    for words, confidence in _readings(name):
        if reason := vocabulary().kept_out.get(words):
            return Reading(kept_out=reason)
        if found := _known(words, confidence):
            return Reading(found)
    parts = _parts(name)
    return Reading(_agreed(parts) if all(parts) and len(parts) > 1 else _resembling(name))


def _readings(heading: str) -> Iterator[tuple[str, float]]:
    """The folded heading, and what is left of it without what says little, each with the confidence it deserves."""
    known = vocabulary()
    yield fold(heading), 1.0
    words = fold(_CAMEL.sub(" ", heading))
    yield words, 1.0
    beside = [word for found in _PARENTHESES.findall(heading) for word in fold(found).split()]
    if beside and known.turning.isdisjoint(beside):
        words = fold(_CAMEL.sub(" ", _PARENTHESES.sub(" ", heading)))
        yield words, WITHOUT_PARENTHESES
    yield (words := without(words, known.fillers)), WITHOUT_FILLERS
    for owner in known.owners:
        if words.startswith(f"{owner} "):
            yield words.removeprefix(f"{owner} "), WITHOUT_OWNER
        if words.endswith(f" {owner}"):
            yield words.removesuffix(f" {owner}"), WITHOUT_OWNER


def _known(words: str, confidence: float) -> tuple[Meaning, ...]:
    return (
        _said(words, words, confidence)
        or _qualified(words, confidence * OF_A_QUALIFIED)
        or _numbered(words, confidence * OF_A_NUMBERED)
    )


def _said(words: str, phrase: str, confidence: float) -> tuple[Meaning, ...]:
    return tuple(Meaning(field, confidence, phrase) for field in vocabulary().plain.get(words, ()))


def _numbered(words: str, confidence: float) -> tuple[Meaning, ...]:
    tokens = [part for token in words.split() for part in _ENDS_IN_NUMBER.sub(" ", token).split()]
    places = [position for position, token in enumerate(tokens) if token in _ORDINALS]
    places = [position for position in places if tokens[position].isdigit()] or places  # "Contact 2 First name" has one number
    if len(places) != 1:
        return ()
    number = _ORDINALS[tokens.pop(places[0])]
    rest = " ".join(tokens)
    found = _said(rest, rest, confidence) or _qualified(rest, confidence)
    return tuple(replace(one, number=number) for one in found)


def _qualified(words: str, confidence: float) -> tuple[Meaning, ...]:
    """ "Mailing city", "Contact 2 e-mail": words that say whose, beside a phrase of that group."""
    for qualifier, group, whose in vocabulary().qualifiers:
        rest = _beside(words, qualifier)
        if rest is None or not (rest or whose != OWN or group == "location"):
            continue
        fields = _within(group, rest) if rest else _of_itself(group, qualifier)
        if fields:
            return tuple(Meaning(field, confidence, words, whose) for field in fields)
    return ()


def _beside(words: str, qualifier: str) -> str | None:
    if words == qualifier:
        return ""
    if words.startswith(f"{qualifier} "):
        return words.removeprefix(f"{qualifier} ")
    return words.removesuffix(f" {qualifier}") if words.endswith(f" {qualifier}") else None


def _within(group: str, phrase: str) -> tuple[str, ...]:
    fields = vocabulary().plain.get(phrase, ())
    moved = [_OF_A_CONTACT.get(field, field) for field in fields] if group == "contact" else fields
    return tuple(dict.fromkeys(field for field in moved if field.startswith(f"{group}.")))


def _of_itself(group: str, qualifier: str) -> tuple[str, ...]:
    """What a qualifier means alone: "Executive director" a person, "Mailing address" an address; "Mailing" nothing."""
    if group == "contact":
        return ("contact.name",)
    is_address = qualifier.endswith("address") or qualifier.startswith("direccion")
    return vocabulary().fields["address"] if is_address else ()


def _parts(heading: str) -> list[tuple[Meaning, ...]]:
    """What each part of a heading such as "Nombre / Name" means."""
    return [_known(fold(part), IN_EVERY_PART) for part in _PARTS.split(heading) if fold(part)]


def _agreed(parts: list[tuple[Meaning, ...]]) -> tuple[Meaning, ...]:
    """What all parts mean; () for "Phone / E-mail"."""
    shared = set.intersection(*({one.field for one in part} for part in parts))
    return tuple(one for one in parts[0] if one.field in shared)


def _resembling(heading: str) -> tuple[Meaning, ...]:
    """The one field whose phrase the heading resembles. Whose mailbox or number it is may be said in words that nobody knows
    here, so that these are taken for a person's.
    """
    found = like(fold(_CAMEL.sub(" ", heading)))
    if found is None:
        return ()
    field = found.field if found.is_whole else _OF_A_CONTACT.get(found.field, found.field)
    return (Meaning(field, found.confidence, found.phrase),)
