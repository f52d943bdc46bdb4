"""The facets of a search as a page shows them: issue areas as a tree, the others with their most frequent values first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

SHOWN = 6  # values of a facet that are shown before "Show all"


class Choice(Struct, frozen=True):
    """One value of a facet, as a box in the form of the page: `key` and `value` are the parameter that it adds."""

    key: str
    value: str
    label: str
    count: int
    selected: bool
    narrower: tuple["Choice", ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a narrower value is selected, so that the tree must show it."""
        return any(choice.selected or choice.is_open for choice in self.narrower)


class Facet(Struct, frozen=True):
    """`name` is the field in the API. `others` are the values behind "Show all"."""

    name: str
    choices: tuple[Choice, ...]
    others: tuple[Choice, ...] = ()


_KEYS = {"communities": "community", "workAreas": "work", "languages": "language", "kinds": "kind"}


def build_facets(counts: Mapping[str, Any], terms: Sequence[Mapping[str, Any]]) -> list[Facet]:
    """Return the facets. `terms` are all issue areas with the slugs of their broader ones."""
    tree = Facet("issueAreas", _build_tree([_build_choice("issue", count) for count in counts["issueAreas"]], terms))
    flat = [_build_flat(name, [_build_choice(key, count) for count in counts[name]]) for name, key in _KEYS.items()]
    return [facet for facet in (tree, *flat) if facet.choices]


def _build_choice(key: str, count: Mapping[str, Any]) -> Choice:
    return Choice(key, count["value"], count["label"], count["count"], count["selected"])


def _build_flat(name: str, choices: list[Choice]) -> Facet:
    first = [choice for place, choice in enumerate(choices) if place < SHOWN or choice.selected]
    return Facet(name, tuple(first), tuple(choice for choice in choices if choice not in first))


def _build_tree(choices: list[Choice], terms: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """Return the top of the tree. A term appears below its first broader term that has a count."""
    by_slug = {choice.value: choice for choice in choices}
    children: dict[str | None, list[str]] = defaultdict(list)
    for term in terms:
        if term["slug"] in by_slug:
            parent = next((broader["slug"] for broader in term["broader"] if broader["slug"] in by_slug), None)
            children[parent].append(term["slug"])
    return tuple(_grow(slug, by_slug, children) for slug in _sort(children[None], by_slug))


def _grow(slug: str, by_slug: Mapping[str, Choice], children: Mapping[str | None, list[str]]) -> Choice:
    choice = by_slug[slug]
    narrower = tuple(_grow(each, by_slug, children) for each in _sort(children.get(slug, []), by_slug))
    return Choice(choice.key, slug, choice.label, choice.count, choice.selected, narrower)


def _sort(slugs: list[str], by_slug: Mapping[str, Choice]) -> list[str]:
    return sorted(slugs, key=lambda slug: (-by_slug[slug].count, by_slug[slug].label))
