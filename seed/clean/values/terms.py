"""Map free tags to terms of the vocabularies. Unknown tags are reported with the terms that are nearest in meaning."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import combinations
from math import log

from msgspec import Struct
from rapidfuzz import fuzz, process

from directory.drafts.draft_parts import LIST_LIMIT
from directory.errors import BadInput
from directory.text import fold, stem_word
from directory.vocabulary.phrases import Choice, load_everyday_phrases
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LABEL_LANGUAGES, LANGUAGES, WORK_AREAS, Term, Vocabulary
from seed.clean.cleaning_log import CleaningLog, ValueCache
from seed.clean.values.plain_text import FlatTexts

VOCABULARIES: Mapping[str, Vocabulary] = {
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
    "languages": LANGUAGES,
}
THEME_FIELDS = ("issue_areas", "communities", "work_areas")
_TERM_FIELDS = (*THEME_FIELDS, "languages", "tags")
_VOCABULARY_LABELS = {
    "issue_areas": "an issue area",
    "communities": "a community",
    "work_areas": "a work area",
    "languages": "a language",
}
IGNORED_TAG = ""  # a profile maps a tag to this to ignore it without a report
MAX_SUGGESTIONS = 5  # terms suggested for an unknown tag
LABEL_WEIGHT, SYNONYM_WEIGHT = 6, 2  # as how many everyday phrases a label and a synonym count
BROADER_SHARE = 0.3  # of the nearness of a term, for its broader terms
OTHER_FIELD_SHARE = 0.8  # of the nearness of a term of the column's own vocabulary
MIN_NEARNESS = 0.05  # below it, a word says too little
MIN_SHARE_OF_NEAREST = 0.3  # terms less near than this share of the nearest are left out
MAX_PHRASE_WORDS = 5  # of a label or synonym within a tag
MIN_WORD_LENGTH = 3  # letters of a word that says something
MIN_MISSPELLED_LENGTH = 5  # letters; shorter words too often differ by only one letter
MIN_SPELLING_RATIO = 82  # rapidfuzz's ratio, 0 to 100, of a misspelled word
_WORDS_WITHOUT_MEANING_TEXT = """
    and for the with our all other others general misc various rights right justice people person community communities services
    service program programs support issues issue work help need needs local social new against from our los las del para por con
    derecho derechos justicia personas gente comunidad comunidades servicios servicio programas apoyo trabajo otros
"""
_WORDS_WITHOUT_MEANING = frozenset(_WORDS_WITHOUT_MEANING_TEXT.split())  # in phrases of nearly all terms
MAX_TAG_LENGTH = 200  # characters; longer texts are not tags
_TAG_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n|•·]\s*")
_TAG_COMMAS = re.compile(r"(?:(?<!\s)\s+)?,\s*")
_LANGUAGE_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;,\n|/&]\s*|(?<!\s)\s+(?:and|y|e)\s+")
_REGIONAL_LANGUAGE = re.compile(r"([A-Za-z]{2,3})[-_][A-Za-z]{2,4}")


class TagMeaning(Struct, frozen=True, gc=False):
    """The meaning of one tag: pairs of draft field and slug, or of `service_areas` and region code.

    `terms` is () for a tag that is ignored or unknown. An unknown tag may have `suggestions`.
    """

    terms: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    suggestions: tuple[str, ...] = ()
    is_ignored: bool = False

    @property
    def is_unknown(self) -> bool:
        return not self.terms and not self.is_ignored


def split_tags(value: str | Iterable[str], field: str) -> list[str]:
    """Return the distinct tags of a cell.

    A text is split at semicolons, line breaks and bars, and at commas unless it is a term as a whole. A value that the profile
    has already split is not split again, except "English and Spanish" among languages. Raises BadInput for more than LIST_LIMIT
    tags.
    """
    if isinstance(value, str):
        parts = (_LANGUAGE_SEPARATORS if field == "languages" else _TAG_SEPARATORS).split(value)
        pieces = [tag for part in parts for tag in ([part] if _is_term(part, field) else _TAG_COMMAS.split(part))]
    elif field == "languages":
        pieces = [part for tag in value for part in ([tag] if _find_terms(tag, (field,)) else _LANGUAGE_SEPARATORS.split(tag))]
    else:
        pieces = list(value)
    tags = list(dict.fromkeys(tag for piece in pieces if (tag := piece.strip(" \t#.,;"))))
    if len(tags) > LIST_LIMIT:
        raise BadInput(f"These are {len(tags)} values; shorten the list to at most {LIST_LIMIT}.")
    return tags


def find_term(tag: str, field: str) -> TagMeaning:
    """Return the meaning of the tag in the field's own vocabulary, otherwise (for themes) in the other two.

    The field "tags" searches all three theme vocabularies.
    """
    own = THEME_FIELDS if field == "tags" else (field,)
    others = tuple(other for other in THEME_FIELDS if field in THEME_FIELDS and other != field)
    if terms_by_field := _find_terms(tag, own) or _find_terms(tag, others):
        return _build_meaning(tag, terms_by_field, own)
    if len(tag) > MAX_TAG_LENGTH:
        return TagMeaning()
    nearest = find_nearest_terms(tag, own, others)
    return TagMeaning(suggestions=tuple(slug if own == (name,) else f"{name}:{slug}" for name, slug in nearest))


def find_terms(value: str | tuple[str, ...], field: str, values: ValueCache) -> tuple[tuple[str, TagMeaning], ...]:
    """Return the tags of a cell with their meanings. Raises BadInput for more than LIST_LIMIT tags."""
    return tuple([(tag, values.call(find_term, tag, field)) for tag in split_tags(value, field)])


def find_nearest_terms(tag: str, own: Collection[str], others: Collection[str] = ()) -> list[Choice]:
    """Return the terms nearest in meaning to an unknown tag, best first; [] if no word of the tag says anything.

    A label or synonym within the tag points to its term. A word points to the terms whose labels, synonyms and everyday phrases
    contain it, each by its share of those phrases: "sustainability" occurs mostly in phrases for the environment. Words of many
    terms say little. A term's broader terms are near too. Terms of `others` count a little less than those of `own`.
    """
    words = fold(tag).split()
    scores = _score_contained_phrases(words)
    for word in [word for word in words if word not in _WORDS_WITHOUT_MEANING] or words:
        phrases = _load_word_index().find_phrases(word)
        total, weight = phrases.total(), 1 + log(len(phrases) or 1)
        for choice, count in phrases.items():
            scores[choice] = scores.get(choice, 0.0) + count / total / weight
    for (field, slug), score in list(scores.items()):
        for broader in VOCABULARIES[field].require(slug).broader:
            scores[field, broader] = scores.get((field, broader), 0.0) + BROADER_SHARE * score
    near = {choice: score * (1 if choice[0] in own else OTHER_FIELD_SHARE) for choice, score in scores.items()}
    near = {choice: score for choice, score in near.items() if choice[0] in own or choice[0] in others}
    least = max(MIN_NEARNESS, MIN_SHARE_OF_NEAREST * max(near.values(), default=0))
    ranked = sorted(near, key=lambda choice: (-near[choice], choice))
    return [choice for choice in ranked if near[choice] >= least][:MAX_SUGGESTIONS]


def _score_contained_phrases(words: Sequence[str]) -> dict[Choice, float]:
    """Return the terms with a label or synonym among the words, with the share of the words that it has."""
    scores: dict[Choice, float] = {}
    for start, end in combinations(range(len(words) + 1), 2):
        phrase = " ".join(words[start:end]) if end - start <= MAX_PHRASE_WORDS else ""
        for field, vocabulary in VOCABULARIES.items():
            for slug in vocabulary.phrases().get(phrase, ()) if len(phrase) >= MIN_WORD_LENGTH else ():
                scores[field, slug] = max(scores.get((field, slug), 0.0), (end - start) / len(words))
    return scores


class _WordIndex:
    """How many phrases of each term contain a word, by its stem in English or Spanish. A label counts as several phrases."""

    def __init__(self) -> None:
        self._by_stem: dict[str, Counter[Choice]] = {}
        self._words: dict[str, None] = {}  # of labels and synonyms: a misspelling is read as one of them
        for field, vocabulary in VOCABULARIES.items():
            for term in vocabulary:
                for language, label in term.labels.items():
                    self._add_known(label, language, (field, term.slug), LABEL_WEIGHT)
                for language, phrases in term.synonyms.items():
                    for phrase in phrases:
                        self._add_known(phrase, language, (field, term.slug), SYNONYM_WEIGHT)
        for language in LABEL_LANGUAGES:
            for phrase, meaning in load_everyday_phrases(language):
                if len(meaning.choices) == 1 and meaning.choices[0][0] in VOCABULARIES:
                    self._add(phrase, language, meaning.choices[0], 1)

    def _add(self, phrase: str, language: str, choice: Choice, weight: int) -> None:
        for stem in {stem_word(word, language) for word in fold(phrase).split() if len(word) >= MIN_WORD_LENGTH}:
            self._by_stem.setdefault(stem, Counter())[choice] += weight

    def _add_known(self, phrase: str, language: str, choice: Choice, weight: int) -> None:
        self._add(phrase, language, choice, weight)
        self._words.update(dict.fromkeys(word for word in fold(phrase).split() if len(word) >= MIN_MISSPELLED_LENGTH))

    def find_phrases(self, word: str) -> Counter[Choice]:
        """Return the number of phrases by term. A word that is in none is read as the known word that it may misspell."""
        if found := self._find(word):
            return found
        match = process.extractOne(word, self._words.keys(), scorer=fuzz.ratio, score_cutoff=MIN_SPELLING_RATIO)
        if match is None or len(word) < MIN_MISSPELLED_LENGTH or match[0][0] != word[0]:
            return Counter()
        return self._find(match[0])

    def _find(self, word: str) -> Counter[Choice]:
        """Return the phrases with the stem of the word in the language in which it has more."""
        found = (self._by_stem.get(stem_word(word, language), Counter()) for language in LABEL_LANGUAGES)
        return max(found, key=lambda phrases: phrases.total())


@cache
def _load_word_index() -> _WordIndex:
    return _WordIndex()


def parse_terms(
    texts: FlatTexts, term_overrides: Mapping[str, str], log: CleaningLog
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return terms by draft field: those in the field's own column, and those found in the column of another field.

    A column of tags counts as the own column of each of its terms. `term_overrides` is the profile's mapping of tags. A column
    without any known term states nothing, so it clears nothing.
    """
    own_terms: dict[str, dict[str, None]] = {field: {} for field in VOCABULARIES if field in texts and texts[field] is None}
    stray_terms: dict[str, dict[str, None]] = {}
    for field in _TERM_FIELDS:
        if value := texts.get(field):
            for tag, meaning in _find_meanings(field, value, term_overrides, log):
                record_meaning(field, tag, meaning, log)
                for term_field, slug in meaning.terms:
                    terms = own_terms if field in (term_field, "tags") else stray_terms
                    terms.setdefault(term_field, {})[slug] = None
    for field in own_terms.keys() & stray_terms.keys():
        own_terms[field] |= stray_terms.pop(field)
    return {field: [*slugs] for field, slugs in own_terms.items()}, {field: [*slugs] for field, slugs in stray_terms.items()}


def _find_meanings(
    field: str, value: str | list[str], term_overrides: Mapping[str, str], log: CleaningLog
) -> Sequence[tuple[str, TagMeaning]]:
    log.set_path_heading((field,), field)
    meanings = log.values.try_call(find_terms, value if isinstance(value, str) else tuple(value), field, log.values)
    if isinstance(meanings, BadInput):
        log.add_problem((field,), meanings)
        return ()
    if not term_overrides:
        return meanings
    return [(tag, find_mapped_term(tag, field, term_overrides) or meaning) for tag, meaning in meanings]


def record_meaning(field: str, tag: str, meaning: TagMeaning, log: CleaningLog) -> None:
    """Log what is unknown or repaired about a tag of the flat field."""
    if meaning.is_unknown:
        log.add_unknown_term(tag, meaning.suggestions)
    if meaning.reason:
        names = [region.name if (region := REGIONS.get(slug)) else slug for _, slug in meaning.terms]
        log.add_repair(field, tag, ", ".join(names), (meaning.reason,))
    for term_field, _ in meaning.terms:
        if term_field != field:
            log.set_path_heading((term_field,), field)


def find_mapped_term(tag: str, field: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """Return the meaning that the profile gives to the tag; None if the profile does not map it.

    `terms` maps tags to "slug", "vocabulary:slug", or "" to ignore the tag. An unknown slug makes the tag unknown, with
    suggestions for that slug.
    """
    target = terms.get(tag)
    if target is None:
        target = _fold_keys(tuple(terms.items())).get(fold(tag)) if terms else None
    if target is None:
        return None
    if target.strip() == IGNORED_TAG:
        return TagMeaning(is_ignored=True)
    vocabulary, _, slug = target.rpartition(":")
    fields = [vocabulary.strip()] if vocabulary else [*((field,) if field in VOCABULARIES else ()), *THEME_FIELDS]
    known = next((name for name in fields if name in VOCABULARIES and slug.strip() in VOCABULARIES[name]), None)
    return TagMeaning(((known, slug.strip()),)) if known else TagMeaning(suggestions=find_term(slug.strip(), field).suggestions)


@lru_cache(maxsize=8)
def _fold_keys(terms: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {fold(tag): target for tag, target in terms}


def _is_term(text: str, field: str) -> bool:
    return "," not in text or bool(find_term(text.strip(), field).terms)


def _find_terms(tag: str, fields: Iterable[str]) -> list[tuple[str, Term]]:
    """Return the best term of each vocabulary. Terms with the tag as their label come before those with it as a synonym."""
    best = [(field, terms[0]) for field in fields if (terms := VOCABULARIES[field].find(_normalize_tag(tag, field)))]
    return sorted(best, key=lambda pair: not _is_label(pair[1], tag))


def _normalize_tag(tag: str, field: str) -> str:
    regional = _REGIONAL_LANGUAGE.fullmatch(tag) if field == "languages" else None
    return regional[1].lower() if regional else tag.lower() if field == "languages" and len(tag) < 4 else tag


def _is_label(term: Term, tag: str) -> bool:
    return fold(tag) in {fold(term.slug), *(fold(label) for label in term.labels.values())}


def _build_meaning(tag: str, terms_by_field: list[tuple[str, Term]], own: tuple[str, ...]) -> TagMeaning:
    field, term = terms_by_field[0]
    reasons = [] if field in own else [f"read as {_VOCABULARY_LABELS[field]}"]
    also = [other for other in VOCABULARIES[field].find(_normalize_tag(tag, field)) if other != term]
    reasons += [f"also means {other.label()}" for other in also]
    if field in own and len(own) > 1:
        reasons += [
            f"is {_VOCABULARY_LABELS[other]} as well"
            for other, other_term in terms_by_field[1:]
            if _is_label(other_term, tag) == _is_label(term, tag)
        ]
    return TagMeaning(((field, term.slug),), "; ".join(reasons))
