"""Everything that a snapshot answers, as plain values that can be compared."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from msgspec.structs import replace

from directory.geo import Box, Point
from directory.question import (
    FACETS,
    Filter,
    Nationwide,
    Near,
    OrderField,
    Page,
    Question,
    RegionFilter,
    RegionMatch,
    SortOrder,
    TermFilter,
)
from directory.records import MembershipStatus
from directory.search.search_result import Hit
from directory.search.snapshot import Snapshot
from directory.suggestions.suggest import suggest
from directory.understanding.understand import Understanding, understand
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from tests.builders import an_id
from tests.directory.snapshots.generated_networks import HIDDEN_WORDS, PUBLIC_WORDS, TERMS

ALL_STATUSES = tuple(MembershipStatus)
ATLANTA = Point(33.749, -84.388)
REGION_KINDS = (
    *(RegionKind.STATE, RegionKind.COUNTY, RegionKind.METRO_AREA, RegionKind.TRIBAL_AREA),
    *(RegionKind.CENSUS_REGION, RegionKind.CUSTOM, RegionKind.COUNTRY),
)
ORDERS = tuple(SortOrder(field, descending) for field in OrderField for descending in (False, True))


def generate_texts(rng: Random) -> list[str]:
    """Return texts of public and hidden words: whole, as a prefix, with a typo, quoted, and several together."""
    texts = []
    for word in (*PUBLIC_WORDS, *HIDDEN_WORDS):
        position = rng.randrange(1, len(word) - 1)
        typo = word[:position] + rng.choice(("x", "")) + word[position + 1 :]
        texts += [word, word[: rng.randint(2, 5)], typo, f'"{word} {rng.choice(PUBLIC_WORDS + HIDDEN_WORDS)}"']
        texts.append(" ".join((rng.choice(PUBLIC_WORDS), rng.choice((word, typo)))))
    return texts


def generate_questions(rng: Random, count: int) -> Iterator[Question]:
    texts = generate_texts(rng)
    for number in range(count):
        order = ORDERS[number % len(ORDERS)]
        near = Near(ATLANTA, rng.choice((None, 30.0, 900.0))) if order.field is OrderField.DISTANCE or number % 3 == 0 else None
        facets = {facet: TermFilter(any_of=(rng.choice(terms),)) for facet, terms in TERMS.items() if rng.random() < 0.15}
        yield Question(
            text=rng.choice(texts) if rng.random() < 0.8 else "",
            membership=rng.choice((ALL_STATUSES, ALL_STATUSES, (MembershipStatus.ACTIVE,))),
            near=near,
            within=Box(30.0, -90.0, 35.0, -80.0) if rng.random() < 0.15 else None,
            regions=RegionFilter((rng.choice(("US-GA", "US-FL", "BAY-AREA", "US")),), (), *_choose_match(rng))
            if rng.random() < 0.4
            else RegionFilter(),
            **_choose_organizations(rng),
            optional_words=tuple(rng.sample((*PUBLIC_WORDS, *HIDDEN_WORDS), 2)) if rng.random() < 0.3 else (),
            order=order,
            page=Page(first=5),
            **facets,  # type: ignore[arg-type]
        )


def _choose_organizations(rng: Random) -> dict[str, Any]:
    """Choose a parent or a list, in the question itself or in an alternative, in a part of the questions."""
    ids = [an_id(f"record {number}") for number in range(40)]
    choices = Filter(parent=rng.choice(ids)), Filter(ids=tuple(rng.sample(ids, 9)))
    return rng.choice(({}, {}, {"parent": choices[0].parent}, {"ids": choices[1].ids}, {"clauses": (choices,)}))


def _choose_match(rng: Random) -> tuple[RegionMatch, Nationwide]:
    return rng.choice(tuple(RegionMatch)), rng.choice(tuple(Nationwide))


def answer_question(snapshot: Snapshot, question: Question) -> dict[str, Any]:
    """Return everything that a search answers, on all pages."""
    result = snapshot.find(question)
    view = result.build_map(question.within, 9, 50)
    return {
        "total": result.total,
        "pages": list(_iter_pages(snapshot, question)),
        "facets": {facet: result.count_facet(facet, 500) for facet in (*FACETS, "kinds")},
        "regions": {kind: result.count_regions(kind, first=500) for kind in REGION_KINDS},
        "not stated": result.location_not_stated,
        "map": (view.marks, view.without_point, view.bounds),
        "relaxations": result.relaxations,
    }


def _iter_pages(snapshot: Snapshot, question: Question) -> Iterator[object]:
    page = snapshot.find(question).page
    yield [_describe_hit(hit) for hit in page.hits], page.has_next_page, page.has_previous_page
    while page.has_next_page:
        page = snapshot.find(replace(question, page=Page(first=5, after=page.hits[-1].cursor))).page
        yield [_describe_hit(hit) for hit in page.hits], page.has_next_page, page.has_previous_page


def _describe_hit(hit: Hit) -> tuple[object, ...]:
    match = hit.match
    return hit.organization, hit.cursor, hit.distance_km, match.tier, match.highlights, match.region_reason, match.issue_areas


def _describe_understanding(understanding: Understanding) -> tuple[object, ...]:
    corrections = [(one.original, one.replacement) for one in understanding.corrections]
    return understanding.question, corrections, understanding.unknown_words, understanding.notes


def answer_lookups(snapshot: Snapshot, texts: Iterable[str], ids: Iterable[str], slugs: Iterable[str]) -> dict[str, Any]:
    """Return everything that can be looked up in a snapshot without a question."""
    words, rows = list(texts), snapshot.index.rows
    return {
        "state": (snapshot.version, snapshot.organization_count, snapshot.member_count, snapshot.network_id),
        "records": [snapshot.get_organization(identity) for identity in ids],
        "survivors": [snapshot.find_by_id(identity) for identity in ids],
        "branches": [snapshot.list_branches(identity) for identity in ids],
        "slugs": [snapshot.find_by_slug(slug) for slug in slugs],
        "numbers": [snapshot.find_by_identifier("X-LIST", str(number)) for number in range(40)],
        "registered": [snapshot.find_by_identifier("US-EIN", f"52-{number:07}") for number in range(40)],
        "changes": snapshot.list_changes(0, 1_000),
        "terms": [snapshot.count_term(facet, slug) for facet in FACETS for slug in FACETS[facet].terms],
        "states": [
            snapshot.count_region(region.code, by, Nationwide.INCLUDE)
            for region in REGIONS.list_of_kind(RegionKind.STATE)
            for by in RegionMatch
        ],
        "suggestions": [suggest(snapshot, text) for text in words],
        "names": [snapshot.is_name(text) for text in words],
        "understanding": [_describe_understanding(understand(text, snapshot)) for text in words],
        "words in names": [
            sorted(sorted(rows[row].id for row in found) for found in snapshot.index.words.find_in_names(text.lower().split()))
            for text in words
        ],
        "all": [rows[row] for row in rows.iter_by_name(rows.live_rows)],
        "all, reversed": [rows[row] for row in rows.iter_by_name_reversed(rows.live_rows)],
    }
