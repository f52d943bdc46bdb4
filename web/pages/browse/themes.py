"""Themes: the issue areas, communities and ways of working. Their pages have the same form."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.text import fold
from web.pages.page import PageRequest


class ThemeKind(Struct, frozen=True):
    """`path` comes before the slug in the address of a theme, `key` in a search. `type_name` is the type in the API."""

    path: str
    key: str
    type_name: str


ISSUE_AREAS = ThemeKind("/themes", "issue", "IssueArea")
COMMUNITIES = ThemeKind("/communities", "community", "Community")
WORK_AREAS = ThemeKind("/work-areas", "work", "WorkArea")


class ListedTheme(Struct, frozen=True):
    """A theme in a list. `count` is the number of organizations with it or a narrower one."""

    label: str
    address: str
    count: int
    definition: str | None
    narrower: tuple["ListedTheme", ...] = ()


def build_theme_tree(request: PageRequest, kind: ThemeKind, terms: Sequence[Mapping[str, Any]]) -> tuple[ListedTheme, ...]:
    """Return the themes that have no broader one, by name. A theme with several broader ones is listed below each of them."""
    narrower = _group_by_broader(terms)

    def grow(parent: str | None) -> tuple[ListedTheme, ...]:
        return sort_themes(build_listed_theme(request, kind, term, grow(term["slug"])) for term in narrower.get(parent, ()))

    return grow(None)


def build_listed_theme(
    request: PageRequest, kind: ThemeKind, term: Mapping[str, Any], narrower: tuple[ListedTheme, ...] = ()
) -> ListedTheme:
    address = request.link(f"{kind.path}/{term['slug']}")
    return ListedTheme(term["label"], address, term["organizationCount"], term.get("definition"), narrower)


def sort_themes(themes: Iterable[ListedTheme]) -> tuple[ListedTheme, ...]:
    return tuple(sorted(themes, key=lambda theme: fold(theme.label)))


def _group_by_broader(terms: Sequence[Mapping[str, Any]]) -> Mapping[str | None, list[Mapping[str, Any]]]:
    groups: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
    for term in terms:
        for slug in [broader["slug"] for broader in term["broader"]] or [None]:
            groups[slug].append(term)
    return groups
