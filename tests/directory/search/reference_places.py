"""Reference implementation of regions and circles: checks one record after the other, without an index."""

from functools import cache

from directory.geo import Circle
from directory.question import Filter, Nationwide, RegionFilter, RegionMatch
from directory.records import Organization
from directory.search.region_sets import RegionReason
from directory.vocabulary.regions import REGIONS


def find_reasons(region_filter: RegionFilter, one: Organization, code: str) -> frozenset[RegionReason]:
    """Return the reasons of the requested kind why an organization matches a region."""
    found = _find_all_reasons(tuple(location.regions for location in one.locations), one.service_areas, code)
    if region_filter.by is RegionMatch.LOCATED:
        return found & {RegionReason.LOCATED}
    return found - {RegionReason.LOCATED} if region_filter.by is RegionMatch.SERVING else found


@cache
def _find_all_reasons(located: tuple[tuple[str, ...], ...], service_areas: tuple[str, ...], code: str) -> frozenset[RegionReason]:
    areas = [area for area in service_areas if REGIONS.get_country_code(area) != area]
    holds = {
        RegionReason.LOCATED: any(code in regions for regions in located),
        RegionReason.SERVES: any(REGIONS.covers(area, code) for area in areas),
        RegionReason.SERVES_PART: any(REGIONS.overlaps(area, code) and not REGIONS.covers(area, code) for area in areas),
        RegionReason.NATIONWIDE: REGIONS.get_country_code(code) in service_areas,
    }
    return frozenset(reason for reason, matches in holds.items() if matches)


def is_in_region(region_filter: RegionFilter, one: Organization, code: str) -> bool:
    found = find_reasons(region_filter, one, code)
    if region_filter.nationwide is Nationwide.EXCLUDE:
        found -= {RegionReason.NATIONWIDE}
    return bool(found) and (
        region_filter.nationwide is not Nationwide.ONLY or REGIONS.get_country_code(code) in one.service_areas
    )


def is_near(question: Filter, one: Organization) -> bool:
    near = question.near
    if near is None or near.radius_km is None:
        return True
    return any(point in Circle(near.point, near.radius_km) for point in one.points)
