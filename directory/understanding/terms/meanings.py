"""What phrases in running text mean: terms, kinds and languages, looked up by their stems."""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from typing import TypeAlias

from directory.filters.labels import KIND_LABELS
from directory.question import FACETS
from directory.records import OrganizationKind
from directory.text import fold
from directory.understanding.function_words import EXACT_WORDS, LANGUAGES, PhraseTable
from directory.understanding.sentence import Sentence, join_content_words, stem_phrase
from directory.vocabulary.phrases import KINDS_FACET, Choice, Meaning, load_everyday_phrases
from directory.vocabulary.terms import COMMUNITIES, Vocabulary
from directory.vocabulary.terms import LANGUAGES as SPOKEN_LANGUAGES

_Choices: TypeAlias = dict[Choice, bool]  # whether the phrase is the label of the term
_TERM_FACETS = ("issue_areas", "work_areas", "communities")
NON_TERM_WORDS = ("derechos", "rights", "derecho", "people", "family", "service")  # look like a term, but say little
# Languages that a bare name means. The names of others are more often those of a people: "Navajo", "Hmong", "Korean".
_BARE_LANGUAGES = ("es", "ar", "cmn", "yue", "tl", "hi", "sw", "fr", "pt", "ht", "ase", "psd", "fa", "ur")


class MeaningTable:
    """The meanings of phrases of one language, by their words and by their stems."""

    def __init__(
        self, language: str, by_words: Mapping[str, Meaning], by_stems: Mapping[str, Meaning], written: Iterable[str]
    ) -> None:
        """`written` are all phrases as written, folded and without determiners."""
        self.language = language
        self.by_words, self.by_stems = by_words, by_stems
        self._max_words = PhraseTable(by_stems).max_words_by_first_word
        self._exact_stems = frozenset(stem_phrase(word, language) for word in EXACT_WORDS[language])
        self._written_words = frozenset(words for words in written if " " not in words)

    def match(self, sentence: Sentence, at: int) -> tuple[int, Meaning | None]:
        """Return the length in tokens and the meaning of the longest phrase at a token. (0, None) if there is none.

        If phrases of different terms have the same stems, the phrase as written decides: "niñas" and "niños" differ.
        """
        first = sentence.stems[self.language][at]
        longest = self._max_words.get(first, 0) if first else 0
        if longest:
            for length, stems in sentence.iter_stem_phrases(at, longest, self.language):
                if (meaning := self.by_stems.get(stems)) and self._may_mean(sentence, at, length):
                    exact = self.by_words.get(sentence.join_words(at, length, self.language))
                    is_narrower = exact is not None and set(exact.choices) < set(meaning.choices)
                    return length, exact if is_narrower else meaning
        return 0, None

    def _may_mean(self, sentence: Sentence, at: int, length: int) -> bool:
        """Whether the words may have the meaning of their stems: not a word that shares its stem with a term by accident."""
        word = sentence.join_words(at, length, self.language)
        return " " in word or sentence.stems[self.language][at] not in self._exact_stems or word in EXACT_WORDS[self.language]

    def has_word(self, word: str) -> bool:
        """Return whether a single folded word has a meaning."""
        return stem_phrase(word, self.language) in self.by_stems

    def is_written(self, word: str) -> bool:
        """Return whether a single folded word is a phrase as it is written, not only by its stem."""
        return word in self._written_words


@cache
def get_meanings(language: str) -> MeaningTable:
    """Return the phrases of the vocabularies and the everyday phrases of a language, "en" or "es".

    An everyday phrase replaces the same phrase of a vocabulary. A word for people also means the issue area of the same matter.
    """
    everyday = {stem_phrase(phrase, language): meaning for phrase, meaning in load_everyday_phrases(language)}
    single_words = {fold(phrase) for phrase, _ in load_everyday_phrases(language) if " " not in phrase}
    by_words, by_stems = _read_vocabularies(language, everyday)
    meanings = {stems: _add_issue_areas(meaning) for stems, meaning in (by_stems | everyday).items()}
    return MeaningTable(language, by_words, meanings, single_words | by_words.keys())


def _read_vocabularies(language: str, replaced: Container[str]) -> tuple[dict[str, Meaning], dict[str, Meaning]]:
    """Return the meanings of the phrases of the vocabularies by words and by stems, without those whose stems are replaced."""
    by_words, by_stems = dict[str, _Choices](), dict[str, _Choices]()
    ignored = {"", *(stem_phrase(word, language) for word in NON_TERM_WORDS)}
    for phrase, choice, is_label in _iter_vocabulary_phrases(language):
        words = join_content_words(fold(phrase).split(), language)
        stems = stem_phrase(words, language)
        if stems not in replaced and stems not in ignored:
            for choices in (by_words.setdefault(words, {}), by_stems.setdefault(stems, {})):
                choices[choice] = choices.get(choice, False) or is_label
    return {words: _add_issue_areas(_choose(choices)) for words, choices in by_words.items()}, {
        stems: _choose(choices) for stems, choices in by_stems.items()
    }


@cache
def get_language_names(*, bare: bool = False) -> PhraseTable[str]:
    """Return the BCP 47 tag by folded name. With `bare`, only names that mean a language without a word like "speaking"."""
    names = SPOKEN_LANGUAGES.phrases().items()
    return PhraseTable({name: tags[0] for name, tags in names if not bare or tags[0] in _BARE_LANGUAGES})


def _iter_vocabulary_phrases(language: str) -> Iterator[tuple[str, Choice, bool]]:
    """Yield phrase, choice, and whether the phrase is a label."""
    for facet in _TERM_FACETS:
        yield from _iter_term_phrases(facet, FACETS[facet], language)
    position = LANGUAGES.index(language)
    for kind, labels in KIND_LABELS.items():
        if kind is not OrganizationKind.OTHER and " " in labels[position]:
            yield labels[position], (KINDS_FACET, kind.value), True


def _iter_term_phrases(facet: str, vocabulary: Vocabulary, language: str) -> Iterator[tuple[str, Choice, bool]]:
    for term in vocabulary:
        yield term.labels[language], (facet, term.slug), True
        others = (synonyms for key, synonyms in term.synonyms.items() if key == language or key not in LANGUAGES)
        yield from ((synonym, (facet, term.slug), False) for synonyms in others for synonym in synonyms)
        if language == "en":
            yield term.slug.replace("-", " "), (facet, term.slug), False


def _choose(choices: _Choices) -> Meaning:
    """Choose among the terms that share a phrase: the one that has it as a label; else issue area and community, or the first."""
    labelled = [choice for choice, is_label in choices.items() if is_label]
    if len(labelled) == 1:
        return Meaning((labelled[0],))
    matters = [choice for choice in choices if choice[0] in ("issue_areas", "communities")]
    return Meaning(tuple(matters or list(choices)[:1]))


def _add_issue_areas(meaning: Meaning) -> Meaning:
    """Return the meaning with the issue area of the same matter, if it is a single community."""
    communities = [slug for facet, slug in meaning.choices if facet == "communities"]
    issue_area = COMMUNITIES.require(communities[0]).issue_area if len(communities) == 1 else None
    if issue_area is None or any(facet == "issue_areas" for facet, _ in meaning.choices):
        return meaning
    return Meaning((*meaning.choices, ("issue_areas", issue_area)), meaning.is_ambiguous)


def is_known_word(word: str, language: str | None = None) -> bool:
    """Whether a folded word occurs in a phrase of the language, of any if it is None, or in the name of a language."""
    languages = LANGUAGES if language is None else (language,)
    return any(stem_phrase(word, other) in _list_stems(other) for other in languages) or word in _list_name_words()


@cache
def _list_stems(language: str) -> frozenset[str]:
    return frozenset(stem for stems in get_meanings(language).by_stems for stem in stems.split())


@cache
def _list_name_words() -> frozenset[str]:
    return frozenset(word for name in get_language_names().meanings for word in name.split())


@cache
def list_written_words(language: str) -> Mapping[str, str]:
    """Return the words of all phrases of a language as written in the files, in lower case, by their folded form."""
    phrases = [phrase for phrase, *_ in _iter_vocabulary_phrases(language)]
    phrases += [phrase for phrase, _ in load_everyday_phrases(language)]
    written = (word.strip(".,;:()'’\"") for phrase in phrases for word in phrase.lower().split())
    return {folded: word for word in written if (folded := fold(word)).isalpha()}
