"""Turn a person's words into a Question, by means of the vocabularies, the gazetteer and the small words of two languages.

The steps: decide the language, correct typos, parse the words into mentions (parse.py), compose the question (composer.py). The
result is deterministic and needs no network. Nothing is guessed silently: corrections, words that need not occur, names of
several places, unknown places, and names read in one of several ways are all listed.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice

from msgspec import Struct

from directory.filters.filter_parts import FilterPart, list_filter_parts
from directory.question import Question, check_length
from directory.text import fold
from directory.understanding import notes as notes_texts
from directory.understanding.composer import Composer
from directory.understanding.function_words import LANGUAGES, STOP_WORDS, PlaceRelation, list_small_words
from directory.understanding.mentions import HereMention, Mention, PlaceMention, UnknownPlaceMention
from directory.understanding.parse import iter_positions, parse
from directory.understanding.places.context import resolve_by_context
from directory.understanding.places.phrases import PlaceMeaning, suggest_places
from directory.understanding.places.regions import PlaceOrRegion
from directory.understanding.record_phrases import NO_PHRASES
from directory.understanding.sentence import Sentence, Token
from directory.understanding.spelling import DirectoryWords, WordCorrection, find_corrections
from directory.understanding.terms.meanings import is_known_word

MAX_AMBIGUOUS_NAMES = 5
_SPANISH_LETTERS = frozenset("ñáéíóú¿¡")


class Candidate:
    """One place that a name may mean."""

    def __init__(self, place: PlaceOrRegion, ask: Callable[[], Question]) -> None:
        self.place, self._ask = place, ask

    @cached_property
    def question(self) -> Question:
        """The question if the name means this place. Composed when it is read, because a sentence may have many candidates."""
        return self._ask()


class AmbiguousWords(Struct, frozen=True):
    """A name of several places. If none of them is much likelier than the others, it is left out of the question.

    `likeliest`: the place that the question has, None if the person must choose. `candidates`: the others.
    """

    words: str
    candidates: tuple[Candidate, ...]
    likeliest: Candidate | None = None


class Correction(Struct, frozen=True):
    """A word that was read as another one."""

    original: str
    replacement: str
    words: str  # the whole sentence
    directory_words: DirectoryWords | None

    def undo(self) -> Question:
        """Return the question with this word as typed."""
        return understand(self.words, self.directory_words, {self.original}).question


class UnknownPlaceName(Struct, frozen=True):
    """Words after a word like "near" that are not a known place."""

    words: str
    suggest: Callable[[], tuple[Candidate, ...]]
    """Returns the places that are spelled like it, nearest first; () if there are none. Takes milliseconds."""


class Understanding:
    """How words were understood. Everything but the question is computed when it is read."""

    def __init__(self, question: Question, sentence: Sentence, language: str = "en", mentions: Sequence[Mention] = ()) -> None:
        self.question, self.language = question, language
        self._sentence, self._mentions = sentence, mentions
        self._notes: dict[str, tuple[str, ...]] = {}
        self.corrections: tuple[Correction, ...] = ()
        self.unknown_words: tuple[str, ...] = ()  # that no record contains; they were left out of the text if others remained
        self.is_located = False  # whether the search, of which the words are a part, measures from a place

    @cached_property
    def _places(self) -> list[PlaceMention]:
        return [mention for mention in self._mentions if isinstance(mention, PlaceMention)]

    @property
    def words(self) -> str:
        """The sentence as typed."""
        return self._sentence.text

    @property
    def text(self) -> str:
        """The words that must occur."""
        return self.question.text

    @cached_property
    def parts(self) -> tuple[FilterPart, ...]:
        return list_filter_parts(self.question)

    @property
    def optional_words(self) -> tuple[str, ...]:
        """The words that need not occur, as typed."""
        typed = {token.word: token.text for token in self._sentence.tokens if not token.is_corrected}
        return tuple(typed.get(word, word) for word in self.question.optional_words)

    @cached_property
    def ambiguous(self) -> tuple[AmbiguousWords, ...]:
        """The first names of several places, each once, with these places."""
        return tuple(islice(self._iter_ambiguous(), MAX_AMBIGUOUS_NAMES))

    @cached_property
    def needs_from_asker(self) -> tuple[str, ...]:
        """Words such as "near us", whose place only the person knows; () if the sentence or its search names a place."""
        if self.is_located or any(not mention.is_excluded for mention in self._places):
            return ()
        return tuple(self._get_text(mention) for mention in self._mentions if isinstance(mention, HereMention))

    @cached_property
    def unknown_places(self) -> tuple[UnknownPlaceName, ...]:
        """The words after a word like "near" that are not a known place."""
        mentions = (mention for mention in self._mentions if isinstance(mention, UnknownPlaceMention))
        return tuple(UnknownPlaceName(self._get_text(mention), partial(self._suggest_places, mention)) for mention in mentions)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes in the language of the words."""
        return self.describe_in(self.language)

    def describe_in(self, language: str) -> tuple[str, ...]:
        """Return sentences in "en" or "es" that say how a name was read or which words were left out."""
        if language not in self._notes:
            self._notes[language] = tuple(dict.fromkeys(self._iter_notes(language)))
        return self._notes[language]

    def _iter_notes(self, language: str) -> Iterator[str]:
        for mention in self._places:
            meaning = resolve_by_context(mention, self._places).meaning
            if meaning.reading is not None:
                yield notes_texts.describe_reading(self._get_text(mention), meaning, language)
        for words in Composer(self._sentence, self._mentions).list_refused_words():
            yield notes_texts.describe_refused(words, language)
        for word in self.unknown_words:
            yield notes_texts.describe_unknown(word, language)

    def _suggest_places(self, mention: UnknownPlaceMention) -> tuple[Candidate, ...]:
        return tuple(self._offer(mention, place) for place in suggest_places(self._get_text(mention)))

    def _offer(self, mention: PlaceMention | UnknownPlaceMention, place: PlaceOrRegion) -> Candidate:
        return Candidate(place, partial(self._ask_with_place, mention, place))

    def _get_text(self, mention: Mention) -> str:
        """Return the name in a mention as typed, without the words before it."""
        if not isinstance(mention, PlaceMention):
            return self._sentence.text_at(mention.start, mention.length)
        return self._sentence.text_at(mention.start + mention.length - mention.name_length, mention.name_length)

    def _iter_ambiguous(self) -> Iterator[AmbiguousWords]:
        first_mentions = {fold(self._get_text(mention)): mention for mention in reversed(self._places)}
        for mention in reversed(first_mentions.values()):
            meaning = resolve_by_context(mention, self._places).meaning
            options = meaning.candidates or meaning.others
            if options:
                candidates = tuple(self._offer(mention, place) for place in options)
                likeliest = Candidate(meaning.place, lambda: self.question) if meaning.places else None
                yield AmbiguousWords(self._get_text(mention), candidates, likeliest)

    def _ask_with_place(self, mention: PlaceMention | UnknownPlaceMention, place: PlaceOrRegion) -> Question:
        known = mention if isinstance(mention, PlaceMention) else None
        chosen = PlaceMention(
            start=mention.start,
            length=mention.length,
            name_length=mention.length,
            meaning=PlaceMeaning((place,)),
            relation=known.relation if known else PlaceRelation.NEAR,
            radius_km=known.radius_km if known else None,
            is_excluded=known is not None and known.is_excluded,
        )
        return self._ask_with(mention, chosen)

    def _ask_with(self, mention: Mention, other: Mention) -> Question:
        """Return the question with another mention in place of one."""
        return Composer(self._sentence, [other if one is mention else one for one in self._mentions]).compose()


def understand(words: str, directory_words: DirectoryWords | None = None, uncorrected: Container[str] = ()) -> Understanding:
    """Return what the words mean. Raises BadInput for more than 500 characters.

    `directory_words` are the words of the records that the asker may see: a text that is the name of an organization is not
    parsed. Without them, no word counts as a name, and no word is left out of a text because it occurs nowhere. `uncorrected` are
    words, as typed, that are not corrected.
    """
    check_length("words", words)
    sentence = Sentence(words)
    if directory_words and directory_words.is_name(words):
        return Understanding(Question(text=words), sentence)
    language = decide_language(sentence)
    phrases = directory_words.record_phrases if directory_words else NO_PHRASES
    known = {sentence.tokens[at].text for at in phrases.find_positions([token.word for token in sentence.tokens])}
    corrections = [one for one in find_corrections(sentence, language, directory_words, uncorrected) if one.original not in known]
    for correction in corrections:
        sentence.correct(correction.position, fold(correction.replacement))
    mentions = parse(sentence, language, phrases)
    composer = Composer(sentence, mentions)
    used = _keep_used(sentence, composer, corrections)
    understanding = Understanding(composer.compose(), sentence, language, mentions)
    understanding.corrections = tuple(Correction(one.original, one.replacement, words, directory_words) for one in used)
    if not composer.is_understood:
        _leave_out_unknown_words(understanding, sentence, directory_words)
    return understanding


def decide_language(sentence: Sentence) -> str:
    """Return "es" if the sentence has more small words and letters of Spanish than of English, else "en"."""
    english, spanish = map(list_small_words, LANGUAGES)
    score = 0
    for token in sentence.tokens:
        score += (token.word in spanish) - (token.word in english)
        score += not _SPANISH_LETTERS.isdisjoint(token.text.lower())
        score += is_known_word(token.word, "es") - is_known_word(token.word, "en")
    return "es" if score > 0 or (score == 0 and not _SPANISH_LETTERS.isdisjoint(sentence.text)) else "en"


def _keep_used(sentence: Sentence, composer: Composer, corrections: Sequence[WordCorrection]) -> list[WordCorrection]:
    """Return the corrections of words that were understood, or to words of names. Others are read as typed.

    Corrections to small words are used beside words that were understood.
    """
    covered = set(iter_positions(composer.mentions))
    used = [one for one in corrections if one.position in covered or one.is_name or _is_small(one, composer)]
    for correction in corrections:
        if correction not in used:
            sentence.correct(correction.position, fold(correction.original))
    return used


def _is_small(correction: WordCorrection, composer: Composer) -> bool:
    return composer.is_understood and fold(correction.replacement) in STOP_WORDS


def _leave_out_unknown_words(understanding: Understanding, sentence: Sentence, words: DirectoryWords | None) -> None:
    """Leave words that no record contains out of the text, if others remain. A text of small words stays as it is."""
    tokens = [token for token in sentence.tokens if token.is_quoted or token.word not in STOP_WORDS]
    unknown = [token for token in tokens if words is not None and not _may_occur(token, words)]
    known = [token.word if token.is_corrected else token.text for token in tokens if token not in unknown]
    if unknown and known:
        understanding.question = Question(text=" ".join(known))
    understanding.unknown_words = tuple(dict.fromkeys(token.text for token in unknown))


def _may_occur(token: Token, words: DirectoryWords) -> bool:
    return token.is_quoted or token.is_corrected or words.has_word(token.word) or words.find_name_word(token.word) is not None
