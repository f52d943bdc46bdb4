"""Words that lead to terms: by a word of a term's label, or by a label or synonym that a run of words makes up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from directory.question import FACETS
from directory.search.analysis import STOP_WORDS, tokens
from directory.search.lexicon import Lexicon
from directory.search.wording import Word
from directory.vocabulary import Vocabulary

Concept: TypeAlias = tuple[str, str]  # a facet and the slug of a term


class Concepts:
    """The phrases of all vocabularies as a tree of words, and the words of all labels. Immutable."""

    def __init__(self, vocabularies: Mapping[str, Vocabulary]) -> None:
        self._steps: dict[tuple[int, int], int] = {}  # from a node of the tree, by a word, to the next; 0 is the root
        self._ends: dict[int, set[Concept]] = {}
        self._labels: dict[int, set[Concept]] = {}
        phrases = [(phrase.split(), concept) for phrase, concept in _phrases(vocabularies)]
        labels = [(tokens(label), concept) for label, concept in _labels(vocabularies)]
        words = sorted({word for phrase, _ in phrases + labels for word in phrase})
        self._lexicon = Lexicon.of(words)
        numbers = {word: number for number, word in enumerate(words)}
        for phrase, concept in phrases:
            self._ends.setdefault(self._path([numbers[word] for word in phrase]), set()).add(concept)
        for label, concept in labels:
            for word in set(label) - STOP_WORDS:
                self._labels.setdefault(numbers[word], set()).add(concept)

    def _path(self, phrase: Iterable[int]) -> int:
        node = 0
        for word in phrase:
            node = self._steps.setdefault((node, word), len(self._steps) + 1)
        return node

    def reached(self, run: Sequence[Word], accepted: dict[Word, list[int]] | None = None) -> dict[Word, set[Concept]]:
        """The terms that each word of a run leads to, alone or together with the words beside it.

        `accepted` holds what was looked up of words before, and takes what is looked up now.
        """
        accepted = {} if accepted is None else accepted
        for word in run:
            if word not in accepted:
                accepted[word] = self._lexicon.accepted(word)
        choices = [accepted[word] for word in run]
        found: dict[Word, set[Concept]] = {word: set() for word in run}
        for word, options in zip(run, choices, strict=True):
            found[word].update(*(self._labels.get(option, ()) for option in options))
        for start in range(len(run)):
            for end, concepts in self._phrases_from(choices, start):
                for word in run[start:end]:
                    found[word] |= concepts
        return found

    def _phrases_from(self, choices: list[list[int]], start: int) -> Iterator[tuple[int, set[Concept]]]:
        nodes = [0]
        for position in range(start, len(choices)):
            steps = (self._steps.get((node, option)) for node in nodes for option in choices[position])
            nodes = [node for node in steps if node is not None]
            if not nodes:
                return
            yield position + 1, {concept for node in nodes for concept in self._ends.get(node, ())}


def _phrases(vocabularies: Mapping[str, Vocabulary]) -> Iterator[tuple[str, Concept]]:
    for facet, vocabulary in vocabularies.items():
        for phrase, slugs in vocabulary.phrases().items():
            yield from ((phrase, (facet, slug)) for slug in slugs)


def _labels(vocabularies: Mapping[str, Vocabulary]) -> Iterator[tuple[str, Concept]]:
    for facet, vocabulary in vocabularies.items():
        for term in vocabulary:
            yield from ((label, (facet, term.slug)) for label in term.labels.values())


@cache
def concepts() -> Concepts:
    """Those of the four vocabularies."""
    return Concepts(FACETS)
