"""Evidence from places: where organizations are, whom they serve, and how far apart they are."""

from collections.abc import Iterable, Iterator

import numpy as np
from pyroaring import BitMap

from directory.geo import km_to_squared_chord, squared_chord_to_km
from directory.partners.allies.evidence import POINTS, AllyReasonKind, Evidence, EvidenceScale, list_numbers
from directory.partners.allies.request import COARSE_PRECISIONS, PartnerProfile
from directory.question import Nationwide, RegionMatch
from directory.search.row_sets import to_row_set, unite
from directory.search.searched_fields import PRECISION_SETS
from directory.search.snapshot import Snapshot
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

NEARBY_KM = 200.0  # organizations farther apart are not near each other


def find_places(scale: EvidenceScale) -> Iterator[Evidence]:
    """Yield, for each member of the group, the rarest region in which both are, the rarest that both serve, and the distance."""
    for position, member in enumerate(scale.group):
        yield from _keep_rarest(scale, _iter_located(scale, member.located), AllyReasonKind.SAME_REGION, position)
        yield from _keep_rarest(scale, _iter_served(scale, member.serving), AllyReasonKind.SERVES_SAME_REGION, position)
        yield from _find_nearby(scale, member, position)


def _keep_rarest(
    scale: EvidenceScale, shared: Iterable[tuple[str, int, BitMap]], kind: AllyReasonKind, position: int
) -> Iterator[Evidence]:
    """Yield disjoint sets: a row counts only for the rarest region. `shared` are codes, members that share them, and rows."""
    counted = BitMap()
    for code, members, rows in sorted(shared, key=lambda one: one[1::-1]):
        remaining, points = rows - counted, scale.weigh(scale.weights.region, 1, members)
        if remaining and points:
            yield Evidence(kind, code, (position,), remaining, points, members)
        counted |= rows


def _iter_located(scale: EvidenceScale, codes: Iterable[str]) -> Iterator[tuple[str, int, BitMap]]:
    for code in codes:
        if not _is_country(code):
            rows = scale.index.regions.located_sets[code]
            yield code, scale.snapshot.count_members_in(rows), rows


def _iter_served(scale: EvidenceScale, codes: Iterable[str]) -> Iterator[tuple[str, int, BitMap]]:
    """Yield the rows whose service areas overlap one of these. Two areas count as the wider one, so that both sides agree."""
    serving, local_areas = scale.index.regions.serving_sets, scale.index.regions.local_areas
    for code in codes:
        if _is_country(code):
            yield code, scale.snapshot.count_members_in(serving[code]), serving[code]
            continue
        overlapping = local_areas & REGIONS.overlapping_codes(code)
        inside = {other for other in overlapping if REGIONS.covers(code, other)}
        own_count = _count_serving(scale, code)
        yield code, own_count, serving.match_any(inside)
        for other in overlapping - inside:
            yield code, max(own_count, _count_serving(scale, other)), serving[other]


def _count_serving(scale: EvidenceScale, code: str) -> int:
    return scale.snapshot.count_members_in(scale.index.regions.match(code, RegionMatch.SERVING, Nationwide.EXCLUDE))


def _is_country(code: str) -> bool:
    return REGIONS.require(code).kind is RegionKind.COUNTRY


def _find_nearby(scale: EvidenceScale, member: PartnerProfile, position: int) -> Iterator[Evidence]:
    """Yield the rows within NEARBY_KM of a member, if any. Their points fall evenly with the distance."""
    coarse = unite(scale.index.sets[PRECISION_SETS][precision] for precision in COARSE_PRECISIONS)
    nearest = np.full(len(scale.index.rows), np.inf)
    for point in member.points:
        distances = scale.index.points.measure_distances(point, NEARBY_KM)
        numbers = list_numbers(distances.rows - coarse)
        nearest[numbers] = np.minimum(nearest[numbers], distances.get_chords(numbers))
    numbers = np.flatnonzero(np.isfinite(nearest))
    if len(numbers):
        # At this scale a chord is as long as the arc; and a square root, unlike an arcsine, is rounded alike everywhere.
        closeness = 1 - np.sqrt(nearest[numbers] / km_to_squared_chord(NEARBY_KM))
        points = np.rint(POINTS * scale.weights.distance / len(scale.group) * closeness).astype(np.int64)
        yield Evidence(AllyReasonKind.NEARBY, "", (position,), to_row_set(numbers), row_points=points)


def measure_km(snapshot: Snapshot, row: int, profile: PartnerProfile) -> float | None:
    """Return the distance in kilometers between the nearest published points of a row and of a profile; None without points."""
    rows, number = BitMap([row]), np.array([row])
    chords = [float(snapshot.index.points.measure_distances_of(rows, point).get_chords(number)[0]) for point in profile.points]
    nearest = min(chords, default=np.inf)
    return squared_chord_to_km(nearest) if np.isfinite(nearest) else None
