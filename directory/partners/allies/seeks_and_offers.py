"""Evidence from what organizations seek and offer, in each direction, by terms of the vocabularies and by words."""

from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct
from pyroaring import BitMap

from directory.partners.allies.evidence import AllyEvidence, AllyReasonKind, EvidenceScale
from directory.question import FACETS
from directory.search.row_sets import EMPTY_ROWS, unite
from directory.search.text.analysis import STOP_WORDS, tokenize
from directory.search.text.word_index import WordIndex

MAX_SUBJECTS = 24  # things in one text that are looked for
MAX_PHRASE_WORDS = 5  # of a term in a text
THEME_SHARE = 0.5  # of the points, for working in a way that is sought without saying that it is offered
# Words of such texts that say nothing about what is sought or offered.
_FILLERS = frozenset(
    tokenize(
        "who can could would we us our they them their you your help helps helping need needs needed want wants looking seek "
        "seeks seeking offer offers offering provide provides share shares sharing have has also other others any some all more "
        "new able people groups group organizations organization partners partner members member work works working "
        "quien quienes puede pueden podemos nosotros nuestro nuestra nuestros nuestras ellos su sus ayuda ayudar necesitamos "
        "buscamos busca ofrecemos ofrece compartir tenemos tambien otros otras personas grupos grupo organizaciones organizacion "
        "socios trabajo trabajar"
    )
)


class Subject(Struct, frozen=True):
    """One thing that a text names: a term of a facet, or a word, whose `facet` is ""."""

    facet: str
    key: str


class SubjectFinder:
    """Finds the rows that name a subject in a field. Each word and each subject is looked up once in a request."""

    def __init__(self, words: WordIndex) -> None:
        self._words = words
        self._rows_by_word: dict[tuple[str, str], BitMap] = {}
        self._rows_by_subject: dict[tuple[str, Subject], BitMap] = {}

    def find(self, field: str, subject: Subject) -> BitMap:
        """Return the rows whose field has the word, or all words of one of the names of the term or of a narrower one."""
        key = (field, subject)
        if key not in self._rows_by_subject:
            names = _list_names(subject) if subject.facet else [(subject.key,)]
            self._rows_by_subject[key] = unite(self._find_all(field, words) for words in names)
        return self._rows_by_subject[key]

    def _find_all(self, field: str, words: Iterable[str]) -> BitMap:
        found: BitMap | None = None
        for word in words:
            rows = self._find_word(field, word)
            found = rows if found is None else found & rows
            if not found:
                break
        return EMPTY_ROWS if found is None else found

    def _find_word(self, field: str, word: str) -> BitMap:
        key = (field, word)
        if key not in self._rows_by_word:
            self._rows_by_word[key] = self._words.find_in_field(field, [word])
        return self._rows_by_word[key]


def find_seeks_and_offers(scale: EvidenceScale) -> Iterator[AllyEvidence]:
    """Yield who offers what members of the group seek, and who seeks what they offer."""
    finder = SubjectFinder(scale.index.words)
    for position, member in enumerate(scale.group):
        for text, field, kind in (
            (member.seeks, "offers", AllyReasonKind.OFFERS_WHAT_IT_SEEKS),
            (member.offers, "seeks", AllyReasonKind.SEEKS_WHAT_IT_OFFERS),
        ):
            subjects = list_subjects(text)
            for subject in subjects:
                naming = finder.find(field, subject)
                yield from _weigh_subject(scale, subject, naming, kind, position, 1 / len(subjects))


def _weigh_subject(
    scale: EvidenceScale, subject: Subject, naming: BitMap, kind: AllyReasonKind, position: int, share: float
) -> Iterator[AllyEvidence]:
    """Yield the rows that name a subject, and those that are only known to work in the way that is sought."""
    weight, text = scale.weights.seeks_and_offers * share, f"{subject.facet}:{subject.key}"
    found = [(naming, weight)]
    if kind is AllyReasonKind.OFFERS_WHAT_IT_SEEKS and subject.facet:  # who works on something need not seek it
        found.append((scale.index.find_rows_with_term(subject.facet, subject.key) - naming, weight * THEME_SHARE))
    for rows, row_weight in found:
        members = scale.count_members(rows)
        if rows and (points := scale.weigh(row_weight, 1, members)):
            yield AllyEvidence(kind, text, (position,), rows, points, members)


@cache
def _list_names(subject: Subject) -> list[tuple[str, ...]]:
    """Return the words of each name of a term and of its narrower terms, in all languages."""
    vocabulary = FACETS[subject.facet]
    slugs = vocabulary.closure(subject.key)
    names = (phrase for phrase, meanings in vocabulary.phrases().items() if not slugs.isdisjoint(meanings))
    split = (tuple(word for word in name.split() if word not in STOP_WORDS) for name in names)
    return list(dict.fromkeys(words for words in split if words))


def list_subjects(text: str) -> list[Subject]:
    """Return what a text names, each thing once, in order: terms by their longest names, then the words that are left.

    At most MAX_SUBJECTS; [] for a text without words.
    """
    tokens = tokenize(text)
    terms, words, position = [], [], 0
    while position < len(tokens):
        length, found = _match_term(tokens[position : position + MAX_PHRASE_WORDS])
        if found:
            terms.append(found)
        elif _says_something(tokens[position]):
            words.append(Subject("", tokens[position]))
        position += max(length, 1)
    return list(dict.fromkeys((*terms, *words)))[:MAX_SUBJECTS]


def _match_term(tokens: list[str]) -> tuple[int, Subject | None]:
    """Return how many of the first tokens name a term, and the term; 0 and None if they name none."""
    for length in range(len(tokens), 0, -1):
        phrase = " ".join(tokens[:length])
        for facet in ("work_areas", "issue_areas", "communities", "languages"):
            if meanings := FACETS[facet].phrases().get(phrase):
                return length, Subject(facet, meanings[0])
    return 0, None


def _says_something(token: str) -> bool:
    return len(token) > 2 and token not in STOP_WORDS and token not in _FILLERS
