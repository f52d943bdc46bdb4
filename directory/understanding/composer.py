"""Compose a question from the mentions of a sentence.

Terms joined by "or" are alternatives of one clause; other terms must all hold. Kinds are always alternatives, because an
organization has only one. Several places are alternatives, except that a place replaces the larger one it lies in ("Atlanta, in
Georgia"). Words that are left over need not occur. If nothing was understood, they must.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from directory.question import FACETS, KEY_LIMIT, QUERY_LIMIT, WORD_LIMIT, Filter, Nationwide, Question, YearRange
from directory.text import fold
from directory.understanding.function_words import OR_WORDS, STOP_WORDS
from directory.understanding.mentions import (
    AnywhereMention,
    CoalitionMention,
    HereMention,
    IgnoredMention,
    Mention,
    NationwideMention,
    PlaceMention,
    QuotedMention,
    TermMention,
    YearMention,
)
from directory.understanding.parse import iter_positions
from directory.understanding.parser import WANT_WORDS
from directory.understanding.places.conditions import build_place_filters, build_region_filters
from directory.understanding.places.context import resolve_by_context
from directory.understanding.places.regions import find_narrowest_region
from directory.understanding.sentence import Sentence
from directory.understanding.terms.conditions import (
    build_kind_filters,
    build_mixed_filter,
    build_term_filters,
    drop_implied,
    join_kinds,
)
from directory.vocabulary.phrases import Choice
from directory.vocabulary.regions import REGIONS

MAX_OPTIONAL_WORDS = 8


class Composer:
    """The parts of the question that the mentions of one sentence make up."""

    def __init__(self, sentence: Sentence, mentions: Sequence[Mention]) -> None:
        self.sentence, self.mentions = sentence, mentions

    def compose(self) -> Question:
        """Return the question. Without a mention, all words become its text, except those that must not be searched for."""
        if not self.is_understood:
            return Question(text=self._quoted_text or self._list_unignored_words())
        conditions = [
            *self._iter_term_filters(),
            *self._iter_place_filters(),
            *self._iter_year_filters(),
            *self._iter_coalition_filters(),
        ]
        flat: dict[str, Any] = {}
        clauses: list[tuple[Filter, ...]] = []
        for condition in conditions:
            clauses += condition.clauses
            flat |= {name: getattr(condition, name) for name in condition.list_set_fields() if name != "clauses"}
        return Question(text=self._quoted_text, optional_words=self.optional_words, clauses=tuple(clauses), **flat)

    @cached_property
    def is_understood(self) -> bool:
        """Whether any word was understood as anything."""
        kinds = (TermMention, PlaceMention, YearMention, CoalitionMention, NationwideMention, HereMention)
        return any(isinstance(mention, kinds) for mention in self.mentions)

    @cached_property
    def optional_words(self) -> tuple[str, ...]:
        """The folded words that are left over, without small words."""
        covered = set(iter_positions(self.mentions))
        left = (token.word for at, token in enumerate(self.sentence.tokens) if at not in covered)
        words = (word for word in left if 1 < len(word) <= KEY_LIMIT and word not in STOP_WORDS and " " not in word)
        return tuple(dict.fromkeys(words))[:MAX_OPTIONAL_WORDS]

    def _list_unignored_words(self) -> str:
        """Return the text; without small words if words of it are ignored, or if it is longer than a search text can be."""
        is_whole = not any(isinstance(mention, IgnoredMention) for mention in self.mentions)
        if is_whole and len(self.sentence) <= WORD_LIMIT:
            return self.sentence.text
        ignored = set(iter_positions(self.mentions))
        left = (token for at, token in enumerate(self.sentence.tokens) if at not in ignored)
        words = dict.fromkeys(token.text for token in left if token.word not in STOP_WORDS and fold(token.text))
        return " ".join(list(words)[:WORD_LIMIT])

    @property
    def _quoted_text(self) -> str:
        quoted = (mention for mention in self.mentions if isinstance(mention, QuotedMention))
        return " ".join(self.sentence.text_at(mention.start, 1) for mention in quoted)[:QUERY_LIMIT]

    def _iter_coalition_filters(self) -> Iterator[Filter]:
        slugs = dict.fromkeys(mention.slug for mention in self.mentions if isinstance(mention, CoalitionMention))
        yield from (Filter(clauses=((Filter(coalition=slug),),)) for slug in slugs)

    # ------------------------------------------------------------ terms

    def _iter_term_filters(self) -> Iterator[Filter]:
        included = self._list_included()
        excluded = [m for m in self.mentions if isinstance(m, TermMention) and m.is_excluded]
        clauses = drop_implied(join_kinds(self._group_alternatives(included)))
        excluded_choices = [
            choice for mention in excluded if mention not in self.contradictions for choice in mention.meaning.choices
        ]
        yield from (build_mixed_filter(choices) for choices in clauses if len({facet for facet, _ in choices}) > 1)
        for facet in FACETS:
            own = [tuple(slug for _, slug in choices) for choices in clauses if {name for name, _ in choices} == {facet}]
            yield from build_term_filters(facet, own, tuple(slug for name, slug in excluded_choices if name == facet))
        yield from build_kind_filters(clauses, excluded_choices)

    def _list_included(self) -> list[TermMention]:
        """Return the terms that are asked for. What the person says of themselves counts only if there are no others."""
        included = [mention for mention in self.mentions if isinstance(mention, TermMention) and not mention.is_excluded]
        return [mention for mention in included if not mention.is_asker] or included

    @cached_property
    def contradictions(self) -> list[TermMention]:
        """The exclusions of what the sentence also asks for, which are ignored: "help with papers, no notarios"."""
        mentions = [mention for mention in self.mentions if isinstance(mention, TermMention)]
        included = {choice for mention in mentions if not mention.is_excluded for choice in mention.meaning.choices}
        return [mention for mention in mentions if mention.is_excluded and not included.isdisjoint(mention.meaning.choices)]

    def _group_alternatives(self, mentions: Sequence[TermMention]) -> list[tuple[Choice, ...]]:
        """Return the choices of each clause: those of one mention, or of several that are joined by "or"."""
        groups: list[tuple[Choice, ...]] = []
        for previous, mention in zip([None, *mentions], mentions, strict=False):
            if previous is not None and self._are_alternatives(previous, mention, mentions):
                groups[-1] = tuple(dict.fromkeys((*groups[-1], *mention.meaning.choices)))
            else:
                groups.append(mention.meaning.choices)
        return groups

    def _are_alternatives(self, one: TermMention, other: TermMention, mentions: Sequence[TermMention]) -> bool:
        if self._has_or_between(one, other):
            return True
        following = next((mention for mention in mentions if mention.start > other.start), None)
        is_list = one.start + one.length == other.start and self.sentence.tokens[other.start].follows_break
        return is_list and following is not None and self._are_alternatives(other, following, mentions)

    def _has_or_between(self, one: TermMention, other: TermMention) -> bool:
        between = range(one.start + one.length, other.start)
        if any(self.sentence.word_at(at) not in STOP_WORDS for at in between):
            return False
        return any(self.sentence.match_phrase(at, OR_WORDS)[0] for at in between)

    # ------------------------------------------------------------ places

    def _iter_place_filters(self) -> Iterator[Filter]:
        mentions = [mention for mention in self._resolved_places if mention.meaning.places]
        excluded = [place for mention in mentions if mention.is_excluded for place in mention.meaning.places]
        included = self._drop_larger([mention for mention in mentions if not mention.is_excluded])
        nationwide = self._nationwide
        if len(included) == 1 and nationwide is Nationwide.INCLUDE and len(included[0].meaning.places) == 1:
            yield from build_place_filters(included[0], excluded)
        elif included or excluded or nationwide is Nationwide.ONLY:
            yield from build_region_filters(included, excluded, nationwide)

    @property
    def _nationwide(self) -> Nationwide:
        mentions = [mention for mention in self.mentions if isinstance(mention, NationwideMention)]
        if not mentions:
            return Nationwide.INCLUDE
        return Nationwide.EXCLUDE if all(mention.is_excluded for mention in mentions) else Nationwide.ONLY

    @cached_property
    def _resolved_places(self) -> list[PlaceMention]:
        """The places, with names of several places resolved by the other places: "Springfield ... in Illinois"."""
        mentions = [mention for mention in self.mentions if isinstance(mention, PlaceMention)]
        wanted = [mention for mention in mentions if mention.is_excluded or not self._is_where_asker_is(mention)]
        return [resolve_by_context(mention, mentions) for mention in wanted]

    def _is_where_asker_is(self, mention: PlaceMention) -> bool:
        """Whether the place only says where the person is: organizations "can be anywhere", or are wanted in another place.

        "We are in Chelsea, MA, and look for partners in Boston."
        """
        if any(isinstance(other, AnywhereMention) for other in self.mentions):
            return True
        following = (other.start for other in self.mentions if isinstance(other, PlaceMention) and other.start > mention.start)
        between = range(mention.start + mention.length, next(following, 0))
        return any(self.sentence.word_at(at) in WANT_WORDS for at in between)

    def _drop_larger(self, mentions: list[PlaceMention]) -> list[PlaceMention]:
        """Leave out repeated places and those that contain another one: "Atlanta, in Georgia" is Atlanta."""
        codes = [{find_narrowest_region(place) for place in mention.meaning.places} for mention in mentions]
        kept = []
        for position, (mention, own) in enumerate(zip(mentions, codes, strict=True)):
            others = [code for number, other in enumerate(codes) if number != position for code in other]
            contains_other = any(REGIONS.covers(code, other) and code != other for code in own for other in others)
            is_repeated = any(own == other for other in codes[:position])
            if not contains_other and not is_repeated:
                kept.append(mention)
        return kept

    # ------------------------------------------------------------ years

    def _iter_year_filters(self) -> Iterator[Filter]:
        years = [mention.years for mention in self.mentions if isinstance(mention, YearMention)]
        first = max((span.first for span in years if span.first is not None), default=None)
        last = min((span.last for span in years if span.last is not None), default=None)
        if years and first is not None and last is not None and first > last:  # contradictory: the last one counts
            yield Filter(founded=years[-1])
        elif years:
            yield Filter(founded=YearRange(first, last))

    def list_refused_words(self) -> Iterator[str]:
        """Yield the words that the person wanted to exclude, and that are not known or are also asked for."""
        for mention in self.mentions:
            is_refused = isinstance(mention, IgnoredMention) and mention.is_refused
            is_idle = isinstance(mention, NationwideMention) and mention.is_excluded and not self._resolved_places
            if is_refused or is_idle or mention in self.contradictions:
                yield self.sentence.text_at(mention.start, mention.length)
