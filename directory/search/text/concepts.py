"""Concepts: the vocabulary terms that words refer to.

A word refers to a term if it occurs in the label of the term, or if it is part of a run of words that equals a label or synonym.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from directory.question import FACETS
from directory.search.text.analysis import STOP_WORDS, tokenize
from directory.search.text.lexicon import Lexicon
from directory.search.text.parsed_text import Word
from directory.vocabulary.terms import Vocabulary

Concept: TypeAlias = tuple[str, str]  # a facet and the slug of a term


class ConceptIndex:
    """The phrases of all vocabularies as a tree of words, and the words of all labels. Immutable."""

    def __init__(self, vocabularies: Mapping[str, Vocabulary]) -> None:
        self._next_nodes: dict[tuple[int, int], int] = {}  # the next node by node and word; 0 is the root
        self._phrase_concepts: dict[int, set[Concept]] = {}
        self._label_concepts: dict[int, set[Concept]] = {}
        phrases = [(phrase.split(), concept) for phrase, concept in _iter_phrases(vocabularies)]
        labels = [(tokenize(label), concept) for label, concept in _iter_labels(vocabularies)]
        words = sorted({word for phrase, _ in phrases + labels for word in phrase})
        self._lexicon = Lexicon.build(words)
        numbers = {word: number for number, word in enumerate(words)}
        for phrase, concept in phrases:
            self._phrase_concepts.setdefault(self._add_path([numbers[word] for word in phrase]), set()).add(concept)
        for label, concept in labels:
            for word in set(label) - STOP_WORDS:
                self._label_concepts.setdefault(numbers[word], set()).add(concept)

    def _add_path(self, phrase: Iterable[int]) -> int:
        node = 0
        for word in phrase:
            node = self._next_nodes.setdefault((node, word), len(self._next_nodes) + 1)
        return node

    def find_concepts(self, run: Sequence[Word], token_numbers: dict[Word, list[int]] | None = None) -> dict[Word, set[Concept]]:
        """Return the terms that each word of a run refers to, alone or together with its neighbors.

        `token_numbers` is a cache of the words of other runs; new words are added to it.
        """
        token_numbers = {} if token_numbers is None else token_numbers
        for word in run:
            if word not in token_numbers:
                token_numbers[word] = self._lexicon.find_accepted(word)
        choices = [token_numbers[word] for word in run]
        concepts_by_word: dict[Word, set[Concept]] = {word: set() for word in run}
        for word, options in zip(run, choices, strict=True):
            concepts_by_word[word].update(*(self._label_concepts.get(option, ()) for option in options))
        for start in range(len(run)):
            for end, concepts in self._match_phrases_from(choices, start):
                for word in run[start:end]:
                    concepts_by_word[word] |= concepts
        return concepts_by_word

    def _match_phrases_from(self, choices: list[list[int]], start: int) -> Iterator[tuple[int, set[Concept]]]:
        nodes = [0]
        for position in range(start, len(choices)):
            steps = (self._next_nodes.get((node, option)) for node in nodes for option in choices[position])
            nodes = [node for node in steps if node is not None]
            if not nodes:
                return
            yield position + 1, {concept for node in nodes for concept in self._phrase_concepts.get(node, ())}


def _iter_phrases(vocabularies: Mapping[str, Vocabulary]) -> Iterator[tuple[str, Concept]]:
    for facet, vocabulary in vocabularies.items():
        for phrase, slugs in vocabulary.phrases().items():
            yield from ((phrase, (facet, slug)) for slug in slugs)


def _iter_labels(vocabularies: Mapping[str, Vocabulary]) -> Iterator[tuple[str, Concept]]:
    for facet, vocabulary in vocabularies.items():
        for term in vocabulary:
            yield from ((label, (facet, term.slug)) for label in term.labels.values())


@cache
def load_concept_index() -> ConceptIndex:
    """Return the concept index of all vocabularies."""
    return ConceptIndex(FACETS)
