"""Interpret a heading: as a field's name, as a phrase of headings.toml, or by its similarity to one."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from directory.export.flat_fields import find_field_kind, parse_group_field
from directory.text import fold
from seed.mapping.headings import OWN_QUALIFIER, load_heading_vocabulary, remove_words, strip_field_number

MIN_PHRASE_RATIO = 84  # rapidfuzz's token_sort_ratio, 0 to 100, from which a heading counts as a misspelled phrase
MIN_WORD_RATIO = 70  # rapidfuzz's ratio of each word, if both have the same number of words
MIN_LEAD = 4  # points by which the most similar field must lead another
MIN_LENGTH = 5  # letters; shorter words too often differ by only one letter
MAX_COMPARED_LENGTH = 60  # letters of a heading
MISSPELLED_CONFIDENCE = 0.9  # confidence of a misspelled phrase, multiplied by its similarity
CONTAINED_CONFIDENCE = 0.5  # confidence of a phrase among many other words; its share of the words adds to it
CONTAINED_SHARE_WEIGHT = 0.4
MAX_OTHER_WORDS = 3  # words beside a phrase; with more, the heading means something else
MAX_HEADING_LENGTH = 300  # characters; a longer text is not a heading
NUMBERED_CONFIDENCE = 0.97  # confidence of a known phrase with a number: "City 2"
QUALIFIED_CONFIDENCE = 0.96  # with a qualifier: "Mailing city"
WITHOUT_PARENTHESES_CONFIDENCE = 0.97
WITHOUT_FILLERS_CONFIDENCE = 0.92
WITHOUT_OWNER_CONFIDENCE = 0.9
WITHOUT_YEAR_CONFIDENCE = 0.9
EVERY_PART_CONFIDENCE = 0.95  # "Nombre / Name"

_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_PART_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[/|\n]\s*|(?<!\s)\s+[-–—]\s+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
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


class SimilarPhrase(Struct, frozen=True):
    """`is_whole`: the whole heading is a misspelling of the phrase, rather than containing it among other words."""

    field: str
    phrase: str
    confidence: float
    is_whole: bool


def find_similar_phrase(heading: str) -> SimilarPhrase | None:
    """Return the only field with a phrase similar to the folded heading; None without one, or if several are as similar."""
    return _find_misspelled_phrase(heading) or _find_contained_phrase(heading)


def _find_misspelled_phrase(heading: str) -> SimilarPhrase | None:
    if not MIN_LENGTH <= len(heading) <= MAX_COMPARED_LENGTH:
        return None
    fields_by_phrase = load_heading_vocabulary().fields
    similar = process.extract(
        heading, list(fields_by_phrase), scorer=fuzz.token_sort_ratio, score_cutoff=MIN_PHRASE_RATIO - MIN_LEAD, limit=None
    )
    candidates = sorted(
        ((score, phrase) for phrase, score, _ in similar if _is_plausible_misspelling(heading, phrase)),
        key=lambda candidate: (-candidate[0], candidate[1]),
    )
    if not candidates or candidates[0][0] < MIN_PHRASE_RATIO:
        return None
    score, phrase = candidates[0]
    fields = fields_by_phrase[phrase]
    rivals = {fields_by_phrase[other] for other_score, other in candidates if other_score > score - MIN_LEAD}
    if rivals != {fields} or len(fields) != 1:
        return None
    return SimilarPhrase(fields[0], phrase, MISSPELLED_CONFIDENCE * score / 100, is_whole=True)


def _is_plausible_misspelling(heading: str, phrase: str) -> bool:
    """Return whether one may be a misspelling of the other: no word changes the meaning, and no word is entirely different."""
    words = zip(sorted(heading.split()), sorted(phrase.split()), strict=False)
    if len(heading.split()) == len(phrase.split()):
        same_words = all(fuzz.ratio(*pair) >= MIN_WORD_RATIO for pair in words)
    else:
        same_words = fuzz.ratio(heading.replace(" ", ""), phrase.replace(" ", "")) >= MIN_PHRASE_RATIO
    return len(phrase) >= MIN_LENGTH and not _has_turning_word(heading, phrase) and same_words


def _find_contained_phrase(heading: str) -> SimilarPhrase | None:
    """Return the longest phrase whose words are all in the heading, with few others, none of which changes the meaning."""
    vocabulary = load_heading_vocabulary()
    words = frozenset(remove_words(heading, vocabulary.filler_words).split())
    if not vocabulary.turning_words.isdisjoint(words):
        return None
    contained = [phrase for phrase in vocabulary.fields if words.issuperset(phrase.split())]
    longest = max((len(phrase.split()) for phrase in contained), default=0)
    longest_phrases = [phrase for phrase in contained if len(phrase.split()) == longest]
    fields = {vocabulary.fields[phrase] for phrase in longest_phrases}
    if not longest or len(words) - longest > MAX_OTHER_WORDS or len(fields) != 1 or len(next(iter(fields))) != 1:
        return None
    confidence = CONTAINED_CONFIDENCE + CONTAINED_SHARE_WEIGHT * longest / len(words)
    return SimilarPhrase(next(iter(fields))[0], min(longest_phrases), confidence, is_whole=False)


def _has_turning_word(heading: str, phrase: str) -> bool:
    """Return whether a word beside the phrase changes its meaning."""
    beside: Iterable[str] = set(heading.split()) - set(phrase.split())
    return not load_heading_vocabulary().turning_words.isdisjoint(fold(word) for word in beside)


class HeadingMeaning(Struct, frozen=True):
    """`field` has no number; the number is in `number`, 0 without one. `owner` tells locations and contacts apart."""

    field: str
    confidence: float  # 0 to 1
    phrase: str  # the phrase that matched, "" for a field's own name
    owner: str = OWN_QUALIFIER
    number: int = 0


class HeadingInterpretation(Struct, frozen=True):
    """`meanings` has several if fields share the phrase and none for an unknown heading. `exclusion_reason`: never imported."""

    meanings: tuple[HeadingMeaning, ...] = ()
    exclusion_reason: str | None = None


def interpret_heading(heading: str) -> HeadingInterpretation:
    """Interpret a heading: a field's own name, a phrase of headings.toml, or a text similar to one."""
    if len(heading) > MAX_HEADING_LENGTH:
        return HeadingInterpretation()
    name = heading.strip()
    vocabulary = load_heading_vocabulary()
    if find_field_kind(name) is not None and len(vocabulary.fields.get(name, ())) < 2:
        group = parse_group_field(name)
        number = group[1] + 1 if group and group[1] else 0
        return HeadingInterpretation((HeadingMeaning(strip_field_number(name), 1.0, "", number=number),))
    for words, confidence in _list_variants(name):
        if reason := vocabulary.excluded_headings.get(words):
            return HeadingInterpretation(exclusion_reason=reason)
        if meanings := _find_meanings(words, confidence):
            return HeadingInterpretation(meanings)
    if meaning := _find_ended_membership(name):
        return HeadingInterpretation((meaning,))
    parts = _find_part_meanings(name)
    return HeadingInterpretation(_intersect_meanings(parts) if all(parts) and len(parts) > 1 else _find_similar_meaning(name))


def _find_ended_membership(heading: str) -> HeadingMeaning | None:
    """Interpret "Left in 2020": a year beside a phrase for the end of a membership. Beside others it changes the meaning."""
    vocabulary = load_heading_vocabulary()
    words = remove_words(fold(_YEAR.sub(" ", heading)), vocabulary.filler_words) if _YEAR.search(heading) else ""
    field = "membership.ended_on"
    is_end = vocabulary.fields_without_fillers.get(words) == (field,)
    return HeadingMeaning(field, WITHOUT_YEAR_CONFIDENCE, words) if is_end else None


def _list_variants(heading: str) -> Iterator[tuple[str, float]]:
    """Yield the folded heading, then shorter forms without its less significant words, each with a confidence."""
    vocabulary = load_heading_vocabulary()
    yield fold(heading), 1.0
    words = fold(_CAMEL.sub(" ", heading))
    yield words, 1.0
    in_parentheses = [word for group in _PARENTHESES.findall(heading) for word in fold(group).split()]
    if in_parentheses and vocabulary.turning_words.isdisjoint(in_parentheses):
        words = fold(_CAMEL.sub(" ", _PARENTHESES.sub(" ", heading)))
        yield words, WITHOUT_PARENTHESES_CONFIDENCE
    yield (words := remove_words(words, vocabulary.filler_words)), WITHOUT_FILLERS_CONFIDENCE
    for owner in vocabulary.owners:
        if words.startswith(f"{owner} "):
            yield words.removeprefix(f"{owner} "), WITHOUT_OWNER_CONFIDENCE
        if words.endswith(f" {owner}"):
            yield words.removesuffix(f" {owner}"), WITHOUT_OWNER_CONFIDENCE


def _find_meanings(words: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    return (
        _find_phrase(words, confidence)
        or _find_qualified_phrase(words, confidence * QUALIFIED_CONFIDENCE)
        or _find_numbered_phrase(words, confidence * NUMBERED_CONFIDENCE)
    )


def _find_phrase(phrase: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    fields = load_heading_vocabulary().fields_without_fillers.get(phrase, ())
    return tuple(HeadingMeaning(field, confidence, phrase) for field in fields)


def _find_numbered_phrase(words: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    tokens = [part for token in words.split() for part in _ENDS_IN_NUMBER.sub(" ", token).split()]
    positions = [position for position, token in enumerate(tokens) if token in _ORDINALS]
    # "Contact 2 First name" has one number.
    positions = [position for position in positions if tokens[position].isdigit()] or positions
    if len(positions) != 1:
        return ()
    number = _ORDINALS[tokens.pop(positions[0])]
    rest = " ".join(tokens)
    meanings = _find_phrase(rest, confidence) or _find_qualified_phrase(rest, confidence)
    return tuple(replace(meaning, number=number) for meaning in meanings)


def _find_qualified_phrase(words: str, confidence: float) -> tuple[HeadingMeaning, ...]:
    """Interpret "Mailing city" or "Contact 2 e-mail": a qualifier beside a phrase of its group."""
    for qualifier, group, owner in load_heading_vocabulary().qualifiers:
        rest = _strip_qualifier(words, qualifier)
        if rest is None or not (rest or owner != OWN_QUALIFIER or group == "location"):
            continue
        fields = _find_group_fields(group, rest) if rest else _fields_of_qualifier(group, qualifier)
        if fields:
            return tuple(HeadingMeaning(field, confidence, words, owner) for field in fields)
    return ()


def _strip_qualifier(words: str, qualifier: str) -> str | None:
    if words == qualifier:
        return ""
    if words.startswith(f"{qualifier} "):
        return words.removeprefix(f"{qualifier} ")
    return words.removesuffix(f" {qualifier}") if words.endswith(f" {qualifier}") else None


def _find_group_fields(group: str, phrase: str) -> tuple[str, ...]:
    fields = load_heading_vocabulary().fields_without_fillers.get(phrase, ())
    group_fields = [_CONTACT_FIELDS.get(field, field) for field in fields] if group == "contact" else fields
    return tuple(dict.fromkeys(field for field in group_fields if field.startswith(f"{group}.")))


def _fields_of_qualifier(group: str, qualifier: str) -> tuple[str, ...]:
    """Return the meaning of a qualifier alone: a person for "Executive director", an address for "Mailing address", else ()."""
    if group == "contact":
        return ("contact.name",)
    is_address = qualifier.endswith("address") or qualifier.startswith("direccion")
    return load_heading_vocabulary().fields["address"] if is_address else ()


def _find_part_meanings(heading: str) -> list[tuple[HeadingMeaning, ...]]:
    """Return the meanings of each part of a heading such as "Nombre / Name"."""
    return [_find_meanings(fold(part), EVERY_PART_CONFIDENCE) for part in _PART_SEPARATORS.split(heading) if fold(part)]


def _intersect_meanings(parts: list[tuple[HeadingMeaning, ...]]) -> tuple[HeadingMeaning, ...]:
    """Return the meanings that all parts share; () for "Phone / E-mail"."""
    shared = set.intersection(*({meaning.field for meaning in part} for part in parts))
    return tuple(meaning for meaning in parts[0] if meaning.field in shared)


def _find_similar_meaning(heading: str) -> tuple[HeadingMeaning, ...]:
    """Return the one field whose phrase is similar to the heading.

    Unknown words may say whose e-mail address or number it is, so an address or number among them is treated as a person's.
    """
    similar = find_similar_phrase(fold(_CAMEL.sub(" ", heading)))
    if similar is None:
        return ()
    field = similar.field if similar.is_whole else _CONTACT_FIELDS.get(similar.field, similar.field)
    return (HeadingMeaning(field, similar.confidence, similar.phrase),)
