"""Draw what a made-up organization is about: a plausible combination of kind, issue areas, communities and work areas."""

from itertools import chain
from random import Random

from msgspec import Struct

from cli.fictional.phrases import PHRASES, WeightedChoice, draw_one, draw_some, weight_by_rank
from directory.records import OrganizationKind
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS

SHARE_OF_USUAL_KIND = 0.45  # how often the theme decides the kind
SHARE_OF_RELATED_THEMES = 0.6  # how often a further theme is related to the first

_THEMES = weight_by_rank(tuple(PHRASES.themes), 0.8)
_KINDS = WeightedChoice(tuple(PHRASES.kinds), (kind.weight for kind in PHRASES.kinds.values()))
_THEME_COUNTS = WeightedChoice((1, 2, 3, 4, 5), (34, 30, 20, 11, 5))
_COMMUNITIES = weight_by_rank(tuple(dict.fromkeys(chain.from_iterable(theme.communities for theme in PHRASES.themes.values()))))
_WORK = weight_by_rank(tuple(WORK_AREAS.terms), 0.7)


class Subject(Struct, frozen=True):
    """The kind, and slugs of terms. Names and texts are about the first issue area."""

    kind: OrganizationKind
    issue_areas: tuple[str, ...]
    communities: tuple[str, ...]
    work_areas: tuple[str, ...]


def draw_subject(rng: Random) -> Subject:
    lead = _THEMES.draw(rng)
    kinds = PHRASES.themes[lead].kinds
    kind = draw_one(rng, kinds) if kinds and rng.random() < SHARE_OF_USUAL_KIND else _KINDS.draw(rng)
    return Subject(kind, _draw_issue_areas(rng, lead), _draw_communities(rng, lead), _draw_work_areas(rng, kind))


def _draw_issue_areas(rng: Random, lead: str) -> tuple[str, ...]:
    count, themes = _THEME_COUNTS.draw(rng), {lead: None}  # a dict, as a set that keeps its order
    related = _RELATED_TERMS[lead]
    while len(themes) < count:
        is_related = related and rng.random() < SHARE_OF_RELATED_THEMES
        themes[draw_one(rng, related) if is_related else _THEMES.draw(rng)] = None
    return tuple(themes)


def _draw_communities(rng: Random, lead: str) -> tuple[str, ...]:
    usual = draw_some(rng, PHRASES.themes[lead].communities, 0, 3)
    further = (_COMMUNITIES.draw(rng),) if rng.random() < 0.3 else ()
    return tuple(dict.fromkeys((*usual, *further)))


def _draw_work_areas(rng: Random, kind: OrganizationKind) -> tuple[str, ...]:
    usual = draw_some(rng, PHRASES.kinds[kind].work, 1, 3)
    further = (_WORK.draw(rng),) if rng.random() < 0.35 else ()
    return tuple(dict.fromkeys((*usual, *further)))


def _find_related_terms(slug: str) -> tuple[str, ...]:
    """Return the term's parents, children and siblings."""
    parents = ISSUE_AREAS.require(slug).broader
    siblings = chain.from_iterable(ISSUE_AREAS.narrower_slugs(parent) for parent in parents)
    related = dict.fromkeys((*parents, *ISSUE_AREAS.narrower_slugs(slug), *siblings))
    return tuple(term for term in related if term != slug and term in PHRASES.themes)


_RELATED_TERMS = {slug: _find_related_terms(slug) for slug in PHRASES.themes}

for _vocabulary, _slugs in (
    (ISSUE_AREAS, PHRASES.themes),
    (COMMUNITIES, chain.from_iterable(theme.communities for theme in PHRASES.themes.values())),
    (WORK_AREAS, chain.from_iterable(kind.work for kind in PHRASES.kinds.values())),
):
    for _slug in _slugs:
        _vocabulary.require(_slug)
