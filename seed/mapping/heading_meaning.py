"""Headings that are spelled much like a known phrase, or that hold one among other words."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from directory.text import fold
from seed.flat_fields import find_field_kind, parse_group_field
from seed.mapping.headings import OWN_QUALIFIER, load_heading_vocabulary, remove_words, strip_field_number

MIN_PHRASE_RATIO = 84  # rapidfuzz's token_sort_ratio, 0 to 100, from which two phrases are one with a slip of the pen
MIN_WORD_RATIO = 70  # rapidfuzz's ratio of each word, where both have as many
MIN_LEAD = 4  # points by which the likest field must lead another one
MIN_LENGTH = 5  # letters; shorter words differ by one letter too often
MAX_COMPARED_LENGTH = 60  # letters of a heading that is compared
MISSPELLED_CONFIDENCE = 0.9  # confidence of a phrase that is spelled the same but for a slip; less by the likeness
CONTAINED_CONFIDENCE = 0.5  # confidence of a phrase among many other words; more by its share of the words
CONTAINED_SHARE_WEIGHT = 0.4
MAX_OTHER_WORDS = 3  # words beside a phrase; more than these make another thing of it


class SimilarPhrase(Struct, frozen=True):
    """`is_whole`: the whole heading is the phrase misspelt, rather than holding it among other words."""

    field: str
    phrase: str
    confidence: float
    is_whole: bool


def find_similar_phrase(heading: str) -> SimilarPhrase | None:
    """The one field with a phrase like the folded heading, None when there is none or several are as near."""
    return _find_misspelled_phrase(heading) or _find_contained_phrase(heading)


def _find_misspelled_phrase(heading: str) -> SimilarPhrase | None:
    if not MIN_LENGTH <= len(heading) <= MAX_COMPARED_LENGTH:
        return None
    known = load_heading_vocabulary()
    near = process.extract(
        heading, list(known.fields), scorer=fuzz.token_sort_ratio, score_cutoff=MIN_PHRASE_RATIO - MIN_LEAD, limit=None
    )
    sound = [(score, phrase) for phrase, score, _ in near if _is_plausible_misspelling(heading, phrase)]
    best = sorted(((score, phrase, known.fields[phrase]) for score, phrase in sound), key=lambda found: (-found[0], found[1]))
    if not best or best[0][0] < MIN_PHRASE_RATIO:
        return None
    rivals = {fields for score, _, fields in best if score > best[0][0] - MIN_LEAD}
    score, phrase, fields = best[0]
    return (
        SimilarPhrase(fields[0], phrase, MISSPELLED_CONFIDENCE * score / 100, is_whole=True)
        if rivals == {fields} and len(fields) == 1
        else None
    )


def _is_plausible_misspelling(heading: str, phrase: str) -> bool:
    """Whether the two could be one: no word that turns the meaning, no word that is another one altogether."""
    words = zip(sorted(heading.split()), sorted(phrase.split()), strict=False)
    if len(heading.split()) == len(phrase.split()):
        same_words = all(fuzz.ratio(*pair) >= MIN_WORD_RATIO for pair in words)
    else:
        same_words = fuzz.ratio(heading.replace(" ", ""), phrase.replace(" ", "")) >= MIN_PHRASE_RATIO
    return len(phrase) >= MIN_LENGTH and not _has_turning_word(heading, phrase) and same_words


def _find_contained_phrase(heading: str) -> SimilarPhrase | None:
    """The longest phrase whose words are all there, beside few others, none of which turns the meaning."""
    known = load_heading_vocabulary()
    said = remove_words(heading, known.filler_words)
    words = frozenset(said.split())
    inside = [phrase for phrase in known.fields if words.issuperset(phrase.split()) and known.turning_words.isdisjoint(words)]
    longest = max((len(phrase.split()) for phrase in inside), default=0)
    fields = {known.fields[phrase] for phrase in inside if len(phrase.split()) == longest}
    if not longest or len(words) - longest > MAX_OTHER_WORDS or len(fields) != 1 or len(next(iter(fields))) != 1:
        return None
    phrase = min(phrase for phrase in inside if len(phrase.split()) == longest)
    return SimilarPhrase(
        next(iter(fields))[0], phrase, CONTAINED_CONFIDENCE + CONTAINED_SHARE_WEIGHT * longest / len(words), is_whole=False
    )


def _has_turning_word(heading: str, phrase: str) -> bool:
    """Whether a word beside the phrase changes what the phrase means."""
    beside: Iterable[str] = set(heading.split()) - set(phrase.split())
    return not load_heading_vocabulary().turning_words.isdisjoint(fold(word) for word in beside)


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
