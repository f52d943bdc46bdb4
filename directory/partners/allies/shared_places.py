"""Evidence from places: where organizations are, whom they serve, and how far apart they are."""

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.geo import Point, km_to_squared_chord, squared_chord_to_km
from directory.partners.allies.evidence import POINTS, AllyEvidence, AllyReasonKind, EvidenceScale, list_numbers
from directory.partners.allies.request import COARSE_PRECISIONS, PartnerProfile
from directory.question import Nationwide, RegionMatch
from directory.search.row_sets import to_row_set, unite
from directory.search.searched_fields import PRECISION_SETS
from directory.search.snapshot import Snapshot
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

COUNTRY_CODES = frozenset(region.code for region in REGIONS.list_of_kind(RegionKind.COUNTRY))
NEARBY_KM = 200.0  # organizations farther apart are not near each other

# The numbers of members by code. Snapshots are immutable, and their numbers are freed with them.
_SERVING_COUNTS: WeakKeyDictionary[Snapshot, dict[str, int]] = WeakKeyDictionary()


def find_places(scale: EvidenceScale) -> Iterator[AllyEvidence]:
    """Yield, for each member of the group, the rarest region in which both are, the rarest that both serve, and the distance."""
    for position, member in enumerate(scale.group):
        yield from _keep_rarest(scale, _iter_located(scale, member.location_regions), AllyReasonKind.SAME_REGION, position)
        yield from _keep_rarest(scale, _iter_served(scale, member.service_areas), AllyReasonKind.SERVES_SAME_REGION, position)
        yield from _find_nearby(scale, member, position)


class SharedRegion(Struct, frozen=True):
    """A region that rows share with a member of the group, the number of members in it, and the number that weighs it."""

    code: str
    rows: BitMap
    members: int
    weighing_members: int


def _keep_rarest(
    scale: EvidenceScale, shared: Iterable[SharedRegion], kind: AllyReasonKind, position: int
) -> Iterator[AllyEvidence]:
    """Yield disjoint sets: a row counts only for the rarest region; of several that are as rare, the narrowest."""
    counted = BitMap()
    for one in sorted(shared, key=lambda one: (one.weighing_members, -len(REGIONS.containing_codes(one.code)), one.code)):
        remaining, points = one.rows - counted, scale.weigh(scale.weights.region, 1, one.weighing_members)
        if remaining:
            counted |= remaining
            if points:
                yield AllyEvidence(kind, one.code, (position,), remaining, points, one.members)


def _iter_located(scale: EvidenceScale, codes: Iterable[str]) -> Iterator[SharedRegion]:
    for code in codes:
        if code not in COUNTRY_CODES:
            rows = scale.index.regions.located_sets[code]
            members = scale.count_members(rows)
            yield SharedRegion(code, rows, members, members)


def _iter_served(scale: EvidenceScale, codes: Iterable[str]) -> Iterator[SharedRegion]:
    """Yield the rows whose service areas overlap one of these. Two areas weigh as the wider one, so that both sides agree."""
    serving, local_areas = scale.index.regions.serving_sets, scale.index.regions.local_areas
    for code in codes:
        if code in COUNTRY_CODES:
            members = scale.count_members(serving[code])
            yield SharedRegion(code, serving[code], members, members)
            continue
        overlapping = local_areas & REGIONS.overlapping_codes(code)
        inside = {other for other in overlapping if other == code or code in REGIONS.containing_codes(other)}
        members = _count_serving(scale, code)
        yield SharedRegion(code, serving.match_any(inside), members, members)
        for other in sorted(overlapping - inside):
            yield SharedRegion(code, serving[other], members, max(members, _count_serving(scale, other)))


def _count_serving(scale: EvidenceScale, code: str) -> int:
    """Return how many members serve a region or a part of it, not counting those that serve its whole country."""
    counts = _SERVING_COUNTS.setdefault(scale.snapshot, {})
    if code not in counts:
        counts[code] = scale.count_members(scale.index.regions.match(code, RegionMatch.SERVING, Nationwide.EXCLUDE))
    return counts[code]


def _find_nearby(scale: EvidenceScale, member: PartnerProfile, position: int) -> Iterator[AllyEvidence]:
    """Yield the rows within NEARBY_KM of a member, if any. Their points fall evenly with the distance."""
    if not member.points:
        return
    nearest = scale.index.points.measure_nearest(member.points, NEARBY_KM, len(scale.index.rows))
    nearest[list_numbers(find_coarse_rows(scale.snapshot))] = np.inf
    numbers = np.flatnonzero(np.isfinite(nearest))
    if len(numbers):
        # At this scale a chord is as long as the arc; and a square root, unlike an arcsine, is rounded alike everywhere.
        closeness = 1 - np.sqrt(nearest[numbers] / km_to_squared_chord(NEARBY_KM))
        points = np.rint(POINTS * scale.weights.distance / len(scale.group) * closeness).astype(np.int64)
        yield AllyEvidence(AllyReasonKind.NEARBY, "", (position,), to_row_set(numbers), row_points=points)


def find_coarse_rows(snapshot: Snapshot) -> BitMap:
    """Return the rows with a place that is published so coarsely that it says nothing about distances."""
    return unite(snapshot.index.sets[PRECISION_SETS][precision] for precision in COARSE_PRECISIONS)


def measure_km(snapshot: Snapshot, row: int, points: Iterable[Point]) -> float | None:
    """Return the distance in kilometers between the nearest of the published points of a row and of these; None without any."""
    return measure_kilometers(snapshot, BitMap([row]), points)[row]


def measure_kilometers(snapshot: Snapshot, rows: BitMap, points: Iterable[Point]) -> dict[int, float | None]:
    """Return, for each row, the distance between the nearest of its published points and of these; None without any."""
    numbers = list_numbers(rows)
    nearest = np.full(len(numbers), np.inf)
    for point in points:
        nearest = np.minimum(nearest, snapshot.index.points.measure_distances_of(rows, point).get_chords(numbers))
    return {
        row: squared_chord_to_km(chord) if chord < np.inf else None for row, chord in zip(rows, nearest.tolist(), strict=True)
    }
