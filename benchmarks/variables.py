"""Draw the variables of requests from the whole vocabulary and from the records of a fictional network."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from benchmarks.fictional_networks import build_organizations
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.geo import Box
from directory.records import MembershipStatus, Organization
from directory.search.text.analysis import STOP_WORDS, tokenize
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, Term, Vocabulary

PAGE = 20
RADIUS_KM = 50
WORD_COUNT = 3
Variables = dict[str, Any]
Records = Sequence[Organization]


@lru_cache(maxsize=2)  # a large network takes much memory
def list_active_records(size: int) -> Records:
    """Return the active members of the network of this size. Searches find only these by default."""
    return [record for record in build_organizations(size) if record.membership.status is MembershipStatus.ACTIVE]


def list_pages() -> list[Variables]:
    """Return the variables of Q2 for every theme in every state."""
    states, _ = _list_weighted_states()
    return [{"theme": theme, "state": state, "first": PAGE} for theme in _list_themes() for state in states]


def draw_nothing(_rng: Random, _records: Records) -> Variables:
    return {}


def draw_slug(rng: Random, records: Records) -> Variables:
    return {"slug": rng.choice(records).slug}


def draw_theme_and_state(rng: Random, _records: Records) -> Variables:
    states, weights = _list_weighted_states()
    return {"theme": rng.choice(_list_themes()), "state": rng.choices(states, cum_weights=weights)[0]}


def draw_page(rng: Random, records: Records) -> Variables:
    return draw_theme_and_state(rng, records) | {"first": PAGE}


def draw_populous_state(_rng: Random, _records: Records) -> Variables:
    return {"theme": "housing", "state": "US-CA", "first": PAGE}


def draw_circle(rng: Random, records: Records) -> Variables:
    """Draw the place and a theme of one record, so that at least this record matches."""
    record = _draw_record_with_place(rng, records)
    point = rng.choice(record.points)
    theme = rng.choice(record.issue_areas or _list_themes())
    return {"theme": theme, "latitude": point.latitude, "longitude": point.longitude, "radius": RADIUS_KM}


def draw_box(rng: Random, records: Records) -> Variables:
    point, half = rng.choice(_draw_record_with_place(rng, records).points), rng.uniform(0.5, 4)
    south, north = max(-90, point.latitude - half), min(90, point.latitude + half)
    west, east = max(-180, point.longitude - 1.5 * half), min(180, point.longitude + 1.5 * half)
    return {"box": {"south": round(south, 4), "west": round(west, 4), "north": round(north, 4), "east": round(east, 4)}}


def build_box(variables: Variables) -> Box:
    return Box(**variables["box"])


def draw_words(rng: Random, records: Records) -> Variables:
    """Draw three words of one record, so that at least one record matches."""
    while True:
        words = sorted({word for word in _list_tokens(rng.choice(records)) if len(word) > 3 and word not in STOP_WORDS})
        if len(words) >= WORD_COUNT:
            return {"text": " ".join(rng.sample(words, WORD_COUNT))}


def draw_phrase(rng: Random, records: Records) -> Variables:
    while True:
        words = tokenize(rng.choice(records).summary or "")
        if len(words) > 2:
            start = rng.randrange(len(words) - 2)
            return {"text": f'"{" ".join(words[start : start + 3])}"'}


def draw_prefix(rng: Random, records: Records) -> Variables:
    word = rng.choice([word for word in tokenize(rng.choice(records).name) if len(word) > 3])
    return {"text": word[: rng.randint(3, len(word))]}


def draw_misspelled_word(rng: Random, records: Records) -> Variables:
    """Draw a long word of a name and change one letter in the middle."""
    while True:
        words = [word for word in tokenize(rng.choice(records).name) if len(word) > 6 and re.fullmatch("[a-z]+", word)]
        if words:
            word = rng.choice(words)
            position = rng.randrange(2, len(word) - 2)
            return {"text": word[:position] + rng.choice("kqvxz") + word[position + 1 :]}


def draw_sentence(rng: Random, _records: Records) -> Variables:
    """Draw a question as a person types it, about any theme, community and city."""
    theme, community = (rng.choice(_list_terms(terms)).label() for terms in (ISSUE_AREAS, COMMUNITIES))
    form = rng.choice(("{} for {} near {}", "groups that help {1} with {0} in {2}", "{} {} {}"))
    return {"text": form.format(theme.lower(), community.lower(), rng.choice(_list_cities()).name)}


def _list_tokens(record: Organization) -> list[str]:
    cities = [location.address.city or "" for location in record.locations if location.address]
    return tokenize(" ".join((record.name, record.summary or "", record.description or "", *cities)))


@cache
def _list_themes() -> list[str]:
    return sorted(ISSUE_AREAS.terms)


def _list_terms(vocabulary: Vocabulary) -> list[Term]:
    return list(vocabulary.terms.values())


@cache
def _list_cities() -> list[Place]:
    return sorted(get_gazetteer().iter_cities(), key=lambda city: city.id)


@cache
def _list_weighted_states() -> tuple[list[str], list[int]]:
    """Return the states, and the sums of their numbers of postal codes, which approximate their populations."""
    states = sorted(region.code for region in REGIONS.list_of_kind(RegionKind.STATE))
    places = {state: get_gazetteer().find_state(state) for state in states}
    weights = {state: place.postal_codes for state, place in places.items() if place}
    return list(weights), list(accumulate(weights.values()))


def _draw_record_with_place(rng: Random, records: Records) -> Organization:
    while True:
        record = rng.choice(records)
        if record.points:
            return record
