"""Evidence from what organizations seek and offer, in each direction, by terms of the vocabularies and by words."""

from collections.abc import Iterator
from functools import cache

from msgspec import Struct
from pyroaring import BitMap

from directory.partners.allies.evidence import AllyReasonKind, AllyEvidence, EvidenceScale
from directory.question import FACETS
from directory.search.row_sets import unite
from directory.search.text.analysis import STOP_WORDS, tokenize

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


def find_seeks_and_offers(scale: EvidenceScale) -> Iterator[AllyEvidence]:
    """Yield who offers what members of the group seek, and who seeks what they offer."""
    for position, member in enumerate(scale.group):
        kinds = AllyReasonKind
        for text, field, kind in (
            (member.seeks, "offers", kinds.OFFERS_WHAT_IT_SEEKS),
            (member.offers, "seeks", kinds.SEEKS_WHAT_IT_OFFERS),
        ):
            subjects = list_subjects(text)
            for subject in subjects:
                yield from _find_subject(scale, subject, field, kind, position, 1 / len(subjects))


def _find_subject(
    scale: EvidenceScale, subject: Subject, field: str, kind: AllyReasonKind, position: int, share: float
) -> Iterator[AllyEvidence]:
    """Yield the rows that name a subject in a field, and those that are only known to work in this way."""
    naming = _find_rows_naming(scale, subject, field)
    weight, text = scale.weights.seeks_and_offers * share, f"{subject.facet}:{subject.key}"
    members = scale.count_members(naming)
    if naming:
        yield AllyEvidence(kind, text, (position,), naming, scale.weigh(weight, 1, members), members)
    if field == "offers" and subject.facet:  # who works on something need not seek it
        working = scale.index.find_rows_with_term(subject.facet, subject.key) - naming
        members = scale.count_members(working)
        if working:
            yield AllyEvidence(kind, text, (position,), working, scale.weigh(weight * THEME_SHARE, 1, members), members)


def _find_rows_naming(scale: EvidenceScale, subject: Subject, field: str) -> BitMap:
    """Return the rows whose field has the word, or all words of one of the names of the term or of a narrower one."""
    if not subject.facet:
        return scale.index.words.find_in_field(field, [subject.key])
    return unite(scale.index.words.find_in_field(field, words) for words in _list_names(subject))


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
