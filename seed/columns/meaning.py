"""What one heading means, before anybody looks at the values below it."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from directory.text import fold
from seed.columns.headings import OWN_QUALIFIER, load_heading_vocabulary, remove_words, strip_field_number
from seed.columns.likeness import find_similar_phrase
from seed.fields import find_field_kind, parse_group_field

MAX_HEADING_LENGTH = 300  # characters; what is longer is no heading
NUMBERED_CONFIDENCE = 0.97  # confidence of a known phrase with a number: "City 2"
QUALIFIED_CONFIDENCE = 0.96  # with words that say whose: "Mailing city"
WITHOUT_PARENTHESES_CONFIDENCE = 0.97  # confidence of readings that leave something out
WITHOUT_FILLERS_CONFIDENCE = 0.92
WITHOUT_OWNER_CONFIDENCE = 0.9
EVERY_PART_CONFIDENCE = 0.95  # "Nombre / Name"

_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_PART_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[/|\n]\s*|(?<!\s)\s+[-–—]\s+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ENDS_IN_NUMBER = re.compile(r"(?<=[a-z]{2})(?=[1-9])")
_NUMBER_WORDS = (
    "1 first 1st primer primera primero",
    "2 second 2nd segundo segunda",
    "3 third 3rd tercer tercera tercero",
    "4 fourth 4th cuarto cuarta",
    "5 fifth 5th quinto quinta",
    *("6", "7", "8", "9"),
)
_ORDINALS = {word: number for number, words in enumerate(_NUMBER_WORDS, start=1) for word in words.split()}
_CONTACT_FIELDS = {"name": "contact.name", "email": "contact.email", "phone": "contact.phone", "languages": "contact.languages"}


class HeadingMeaning(Struct, frozen=True):
    """`field` has no number in it: that is `number`, 0 where the heading has none. `whose` tells places and contacts apart."""

    field: str
    confidence: float  # 0 to 1
    phrase: str  # what it was known by, "" for a field's own name
    owner: str = OWN_QUALIFIER
    number: int = 0


class HeadingInterpretation(Struct, frozen=True):
    """`meanings` are several where fields share the phrase, () for an unknown heading; `kept_out` is why it is never taken."""

    meanings: tuple[HeadingMeaning, ...] = ()
    exclusion_reason: str | None = None


def interpret_heading(heading: str) -> HeadingInterpretation:
    """What the heading means: a field's own name, a phrase of headings.toml, or what is spelled much like one."""
    if len(heading) > MAX_HEADING_LENGTH:
        return HeadingInterpretation()
    name = heading.strip()
    if find_field_kind(name) is not None and not (
        name in load_heading_vocabulary().fields and len(load_heading_vocabulary().fields[name]) > 1
    ):
        group = parse_group_field(name)
        return HeadingInterpretation(
            (HeadingMeaning(strip_field_number(name), 1.0, "", number=group[1] + 1 if group and group[1] else 0),)
        )
    for words, confidence in _list_variants(name):
        if reason := load_heading_vocabulary().excluded_headings.get(words):
            return HeadingInterpretation(exclusion_reason=reason)
        if found := _find_meanings(words, confidence):
            return HeadingInterpretation(found)
    parts = _find_part_meanings(name)
    return HeadingInterpretation(_intersect_meanings(parts) if all(parts) and len(parts) > 1 else _find_similar_meaning(name))


def _list_variants(heading: str) -> Iterator[tuple[str, float]]:
    """The folded heading, and what is left of it without what says little, each with the confidence it deserves."""
    known = load_heading_vocabulary()
    yield fold(heading), 1.0
    words = fold(_CAMEL.sub(" ", heading))
    yield words, 1.0
    beside = [word for found in _PARENTHESES.findall(heading) for word in fold(found).split()]
    if beside and known.turning_words.isdisjoint(beside):
        words = fold(_CAMEL.sub(" ", _PARENTHESES.sub(" ", heading)))
        yield words, WITHOUT_PARENTHESES_CONFIDENCE
    yield (words := remove_words(words, known.filler_words)), WITHOUT_FILLERS_CONFIDENCE
    for owner in known.owners:
        if words.startswith(f"{owner} "):
            yield words.removeprefix(f"{owner} "), WITHOUT_OWNER_CONFIDENCE
        if words.endswith(f" {owner}"):
            yield words.removesuffix(f" {owner}"), WITHOUT_OWNER_CONFIDENCE


def _find_meanings(words: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    return (
        _find_phrase(words, words, confidence)
        or _find_qualified_phrase(words, confidence * QUALIFIED_CONFIDENCE)
        or _find_numbered_phrase(words, confidence * NUMBERED_CONFIDENCE)
    )


def _find_phrase(words: str, phrase: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    return tuple(
        HeadingMeaning(field, confidence, phrase) for field in load_heading_vocabulary().fields_without_fillers.get(words, ())
    )


def _find_numbered_phrase(words: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    tokens = [part for token in words.split() for part in _ENDS_IN_NUMBER.sub(" ", token).split()]
    places = [position for position, token in enumerate(tokens) if token in _ORDINALS]
    places = [position for position in places if tokens[position].isdigit()] or places  # "Contact 2 First name" has one number
    if len(places) != 1:
        return ()
    number = _ORDINALS[tokens.pop(places[0])]
    rest = " ".join(tokens)
    found = _find_phrase(rest, rest, confidence) or _find_qualified_phrase(rest, confidence)
    return tuple(replace(one, number=number) for one in found)


def _find_qualified_phrase(words: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    """ "Mailing city", "Contact 2 e-mail": words that say whose, beside a phrase of that group."""
    for qualifier, group, whose in load_heading_vocabulary().qualifiers:
        rest = _strip_qualifier(words, qualifier)
        if rest is None or not (rest or whose != OWN_QUALIFIER or group == "location"):
            continue
        fields = _find_group_fields(group, rest) if rest else _fields_of_qualifier(group, qualifier)
        if fields:
            return tuple(HeadingMeaning(field, confidence, words, whose) for field in fields)
    return ()


def _strip_qualifier(words: str, qualifier: str) -> str | None:
    if words == qualifier:
        return ""
    if words.startswith(f"{qualifier} "):
        return words.removeprefix(f"{qualifier} ")
    return words.removesuffix(f" {qualifier}") if words.endswith(f" {qualifier}") else None


def _find_group_fields(group: str, phrase: str) -> tuple[str, ...]:
    fields = load_heading_vocabulary().fields_without_fillers.get(phrase, ())
    moved = [_CONTACT_FIELDS.get(field, field) for field in fields] if group == "contact" else fields
    return tuple(dict.fromkeys(field for field in moved if field.startswith(f"{group}.")))


def _fields_of_qualifier(group: str, qualifier: str) -> tuple[str, ...]:
    """What a qualifier means alone: "Executive director" a person, "Mailing address" an address; "Mailing" nothing."""
    if group == "contact":
        return ("contact.name",)
    is_address = qualifier.endswith("address") or qualifier.startswith("direccion")
    return load_heading_vocabulary().fields["address"] if is_address else ()


def _find_part_meanings(heading: str) -> list[tuple[HeadingMeaning, ...]]:
    """What each part of a heading such as "Nombre / Name" means."""
    return [_find_meanings(fold(part), EVERY_PART_CONFIDENCE) for part in _PART_SEPARATORS.split(heading) if fold(part)]


def _intersect_meanings(parts: list[tuple[HeadingMeaning, ...]]) -> tuple[HeadingMeaning, ...]:
    """What all parts mean; () for "Phone / E-mail"."""
    shared = set.intersection(*({one.field for one in part} for part in parts))
    return tuple(one for one in parts[0] if one.field in shared)


def _find_similar_meaning(heading: str) -> tuple[HeadingMeaning, ...]:
    """The one field whose phrase the heading resembles. Whose mailbox or number it is may be said in words that nobody knows
    here, so that these are taken for a person's.
    """
    found = find_similar_phrase(fold(_CAMEL.sub(" ", heading)))
    if found is None:
        return ()
    field = found.field if found.is_whole else _CONTACT_FIELDS.get(found.field, found.field)
    return (HeadingMeaning(field, found.confidence, found.phrase),)
