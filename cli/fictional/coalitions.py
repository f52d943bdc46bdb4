"""Generate made-up coalitions of made-up organizations, which share a theme and often a state.

Each depends only on the seed, its number and the organizations.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from msgspec import Struct

from cli.fictional.descriptions import SHARE_IN_SPANISH, draw_topic
from cli.fictional.names import add_mark, build_slug, draw_town
from cli.fictional.phrases import PHRASES, CoalitionTexts, WeightedChoice, draw_one
from cli.fictional.record_parts import AUDIENCES, EPOCH, SOURCES, build_rng, derive_id, hide_slug
from directory.kinds.coalition import CoalitionMember, StoredCoalition
from directory.records import Link, StoredOrganization
from directory.vocabulary.choices import CoalitionKind

ORGANIZATIONS_PER_COALITION = 20
OLDEST_DAYS = 6 * 365  # before now: the earliest start of a coalition
MAX_ISSUE_AREAS = 3
MANY_MEMBERS = 41  # a coalition of this many works nationwide
SHARE_IN_ONE_STATE = 0.6
UNITED_STATES = "US"

_KINDS = WeightedChoice(tuple(PHRASES.coalitions.kinds), (kind.weight for kind in PHRASES.coalitions.kinds.values()))
_SIZES = WeightedChoice((range(3, 13), range(13, MANY_MEMBERS), range(MANY_MEMBERS, 201)), (88, 10, 2))

Organizations = Sequence[StoredOrganization]


class _Pools(Struct, frozen=True):
    """Organizations that members are drawn from: all, those with a theme, and those with a theme in a state."""

    all: Organizations
    by_theme: Mapping[str, Organizations]
    by_theme_and_state: Mapping[tuple[str, str | None], Organizations]


def build_coalitions(organizations: Organizations, seed: int = 1, now: dt.datetime = EPOCH) -> list[StoredCoalition]:
    """Return one coalition for every ORGANIZATIONS_PER_COALITION organizations. Equal arguments give equal records.

    The first organization is the network, which is in no coalition. Dates are counted back from `now`, which needs a time zone.
    """
    pools = _build_pools(organizations[1:])
    count = len(organizations) // ORGANIZATIONS_PER_COALITION
    return [_build_coalition(number, seed, now.astimezone(dt.UTC).date(), pools) for number in range(count)]


def find_state(organization: StoredOrganization) -> str | None:
    """Return the code of the state of an organization's first location; None if it states none."""
    return organization.sites[0].state if organization.sites else None


def _build_pools(organizations: Organizations) -> _Pools:
    by_theme: dict[str, list[StoredOrganization]] = defaultdict(list)
    by_theme_and_state: dict[tuple[str, str | None], list[StoredOrganization]] = defaultdict(list)
    for organization in organizations:
        for theme in organization.issue_areas:
            by_theme[theme].append(organization)
            by_theme_and_state[theme, find_state(organization)].append(organization)
    return _Pools(organizations, by_theme, by_theme_and_state)


def _build_coalition(number: int, seed: int, today: dt.date, pools: _Pools) -> StoredCoalition:
    rng, own_id = build_rng(f"coalition:{number}", seed), derive_id(f"coalition:{number}", seed)
    language = "es" if rng.random() < SHARE_IN_SPANISH else "en"
    lead, town, kind = draw_one(rng, pools.all), draw_town(rng), _KINDS.draw(rng)
    theme, is_local = lead.issue_areas[0], rng.random() < SHARE_IN_ONE_STATE and bool(find_state(lead))
    size = draw_one(rng, _SIZES.draw(rng))
    organizations = _draw_organizations(rng, size, lead, pools, is_local=is_local)
    unmarked = _draw_name(rng, kind, theme, town, language)
    texts = PHRASES.coalitions.es if language == "es" else PHRASES.coalitions.en
    issue_areas = _find_common_themes(theme, organizations)
    words = {"town": town, "topic": draw_topic(rng, theme, language), "other": draw_topic(rng, issue_areas[-1], language)}
    started_on = today - dt.timedelta(days=rng.randrange(60, OLDEST_DAYS))
    ended_on = started_on + dt.timedelta(days=rng.randrange(30, (today - started_on).days)) if rng.random() < 0.12 else None
    host = f"{town.lower()}-coalition-{number}.example"
    coalition = StoredCoalition(
        id=own_id,
        slug=build_slug(unmarked, number),
        name=add_mark(unmarked, language),
        kind=kind,
        summary=draw_one(rng, texts.summaries).format_map(words) if rng.random() < 0.9 else None,
        started_on=started_on if rng.random() < 0.9 else None,
        ended_on=ended_on,
        website=f"https://{host}/" if rng.random() < 0.5 else None,
        issue_areas=issue_areas,
        regions=_find_regions(lead, organizations, is_local=is_local),
        links=(Link("newsletter", f"https://news.{host}/"),) if rng.random() < 0.1 else (),
        audience=AUDIENCES.draw(rng),
        parent=derive_id(f"coalition:{rng.randrange(number)}", seed) if number and rng.random() < 0.06 else None,
        members=tuple(_draw_members(rng, organizations, texts, words, started_on, ended_on or today)),
        sources=SOURCES,
    )
    return hide_slug(rng, coalition)


def _draw_organizations(rng: Random, size: int, lead: StoredOrganization, pools: _Pools, *, is_local: bool) -> Organizations:
    """Return `size` different organizations, or all if there are fewer: the lead, and those that have most in common with it."""
    theme, chosen = lead.issue_areas[0], {lead.id: lead}
    nearby = pools.by_theme_and_state[theme, find_state(lead)] if is_local else ()
    for pool in (nearby, pools.by_theme[theme], pools.all):
        for organization in rng.sample(pool, min(len(pool), size)):
            if len(chosen) < size:
                chosen.setdefault(organization.id, organization)
    return list(chosen.values())


def _draw_name(rng: Random, kind: CoalitionKind, theme: str, town: str, language: str) -> str:
    words, theme_words = PHRASES.coalitions.kinds[kind], PHRASES.themes[theme]
    if language == "es":
        return f"{draw_one(rng, words.es)} {town} {theme_words.es}"
    return f"{town} {draw_one(rng, theme_words.en)} {draw_one(rng, words.en)}"


def _find_common_themes(theme: str, organizations: Organizations) -> tuple[str, ...]:
    """Return the theme, and those that most of the organizations have."""
    counts = Counter(other for organization in organizations for other in organization.issue_areas if other != theme)
    return (theme, *(other for other, count in counts.most_common(MAX_ISSUE_AREAS - 1) if count > 1))


def _find_regions(lead: StoredOrganization, organizations: Organizations, *, is_local: bool) -> tuple[str, ...]:
    if len(organizations) >= MANY_MEMBERS:
        return (UNITED_STATES,)
    states = Counter(state for organization in organizations if (state := find_state(organization)))
    own = find_state(lead)
    return (own,) if is_local and own else tuple(state for state, _ in states.most_common(3))


def _draw_members(
    rng: Random,
    organizations: Organizations,
    texts: CoalitionTexts,
    words: Mapping[str, str],
    first: dt.date,
    last: dt.date,
) -> Iterator[CoalitionMember]:
    """Yield the members. Their memberships lie between the first and the last day."""
    for organization in organizations:
        days = rng.randrange((last - first).days)
        since = first + dt.timedelta(days=days)
        has_left, has_date = rng.random() < 0.05, rng.random() < 0.8
        yield CoalitionMember(
            organization=organization.id,
            role=draw_one(rng, texts.roles) if rng.random() < 0.2 else None,
            since=since if has_date else None,
            until=since + dt.timedelta(days=rng.randrange((last - since).days)) if has_left else None,
            note=draw_one(rng, texts.notes).format_map(words) if rng.random() < 0.1 else None,
        )
