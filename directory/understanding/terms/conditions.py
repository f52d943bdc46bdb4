"""The conditions that terms stand for: one clause for each group of alternatives."""

from collections.abc import Iterable, Iterator, Sequence

from directory.question import FACETS, Filter, TermFilter
from directory.records import OrganizationKind
from directory.vocabulary.phrases import KINDS_FACET, Choice


def join_kinds(clauses: Iterable[tuple[Choice, ...]]) -> list[tuple[Choice, ...]]:
    """Return the clauses with those that only have kinds joined into one."""
    clauses = list(clauses)
    kinds = [choice for choices in clauses if _has_only_kinds(choices) for choice in choices]
    others = [choices for choices in clauses if not _has_only_kinds(choices)]
    return [*others, tuple(dict.fromkeys(kinds))] if kinds else others


def drop_implied(clauses: list[tuple[Choice, ...]]) -> list[tuple[Choice, ...]]:
    """Leave out clauses that hold whenever another one does: repeated ones, and those that find more.

    A clause finds more if it has more alternatives or broader terms: "solitary" is also incarceration.
    """
    found = [_list_found(choices) for choices in clauses]
    return [
        choices
        for position, choices in enumerate(clauses)
        if not any(other < found[position] or (other == found[position] and n < position) for n, other in enumerate(found))
    ]


def _list_found(choices: tuple[Choice, ...]) -> frozenset[Choice]:
    """Return the choices with all narrower terms, which a search for them also finds."""
    return frozenset((facet, slug) for facet, value in choices for slug in _list_narrower(facet, value))


def _list_narrower(facet: str, value: str) -> Iterable[str]:
    return FACETS[facet].closure(value) if facet in FACETS else (value,)


def _has_only_kinds(choices: tuple[Choice, ...]) -> bool:
    return all(facet == KINDS_FACET for facet, _ in choices)


def build_mixed_filter(choices: tuple[Choice, ...]) -> Filter:
    """Return the clause that one of the choices must hold; the choices of one facet are one alternative."""
    facets = dict.fromkeys(facet for facet, _ in choices)
    return Filter(clauses=(tuple(_build_choice_filter(facet, [v for f, v in choices if f == facet]) for facet in facets),))


def _build_choice_filter(facet: str, values: Sequence[str]) -> Filter:
    if facet == KINDS_FACET:
        return Filter(kinds=tuple(map(OrganizationKind, values)))
    return Filter(**{facet: TermFilter(any_of=tuple(values))})  # type: ignore[arg-type]


def build_term_filters(facet: str, clauses: list[tuple[str, ...]], excluded: tuple[str, ...]) -> Iterator[Filter]:
    """Yield the conditions of one facet: single terms must all hold, and one of each group of alternatives."""
    single = tuple(slugs[0] for slugs in clauses if len(slugs) == 1)
    groups = [slugs for slugs in clauses if len(slugs) > 1]
    any_of = single if len(single) == 1 and not groups else groups[0] if groups else ()
    all_of = () if any_of == single else single
    if any_of or all_of or excluded:
        yield Filter(**{facet: TermFilter(any_of=any_of, all_of=all_of, none_of=excluded)})  # type: ignore[arg-type]
    yield from (Filter(clauses=((_build_choice_filter(facet, slugs),),)) for slugs in groups[1:])


def build_kind_filters(clauses: list[tuple[Choice, ...]], excluded: list[Choice]) -> Iterator[Filter]:
    kinds = tuple(OrganizationKind(value) for choices in clauses if _has_only_kinds(choices) for _, value in choices)
    excluded_kinds = tuple(OrganizationKind(value) for facet, value in excluded if facet == KINDS_FACET)
    if kinds or excluded_kinds:
        yield Filter(kinds=kinds, excluded_kinds=excluded_kinds)
