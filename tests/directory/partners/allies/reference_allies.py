"""The reference for allies: scores computed for each pair of records, from the records alone and without any index."""

from collections.abc import Iterable, Sequence
from math import log, sqrt

import numpy as np

from directory.geo import Precision, km_to_squared_chord, measure_squared_chords, to_unit_vectors
from directory.kinds.coalition import Coalition
from directory.partners.allies.request import AllyMode, AllyWeights
from directory.partners.allies.seeks_and_offers import Subject, list_subjects
from directory.question import FACETS
from directory.records import MembershipStatus, Organization
from directory.search.text.analysis import STOP_WORDS, stem_token, tokenize
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

UNIT = 10_000  # points in a contribution of 1
COARSE = {Precision.STATE, Precision.UNKNOWN}


class ReferenceAllies:
    """The allies of a group of organizations in a directory of these records."""

    def __init__(
        self,
        records: Sequence[Organization],
        coalitions: Sequence[Coalition],
        group: Sequence[Organization],
        mode: AllyMode,
        weights: AllyWeights,
    ) -> None:
        self.records, self.coalitions, self.group, self.mode, self.weights = records, coalitions, group, mode, weights
        self.members = [one for one in records if one.membership.status is MembershipStatus.ACTIVE]
        self.parents = {one.id: one.parent for one in records}

    def list_allies(self) -> list[tuple[str, int]]:
        """Return ids and points, the best first, then by name."""
        known = {one.id for one in self.group} | {one.id for one in self.records if self.is_tied(one)}
        points = {one.id: self.score(one) for one in self.members if one.id not in known}
        ordered = sorted((one for one in self.members if points.get(one.id)), key=lambda one: (-points[one.id], *name_key(one)))
        best: dict[str, str] = {}
        for one in ordered:
            best.setdefault(self.find_head(one.id), one.id)
        return [(identity, points[identity]) for identity in best.values()]

    def is_tied(self, other: Organization) -> bool:
        return any(
            self.find_head(other.id) == self.find_head(one.id)
            or any(relation.organization == other.id for relation in one.relations)
            or any(relation.organization == one.id for relation in other.relations)
            for one in self.group
        )

    def find_head(self, identity: str) -> str:
        """Return the id of the organization at the head of a family."""
        parent = self.parents[identity]
        return identity if parent is None else self.find_head(parent)

    def score(self, other: Organization) -> int:
        """Return the points of a candidate; 0 if it is none."""
        if self.mode is AllyMode.SEEKS_AND_OFFERS:
            return sum(self.score_exchange(one, other) for one in self.group)
        places = sum(self.score_places(one, other) for one in self.group)
        if self.mode is AllyMode.SAME_THEMES:
            themes = self.score_themes(other) + self.score_coalitions(other)
            return themes and themes + places
        complements = self.score_complements(other)
        return places and (0 if complements is None else places + complements)

    def weigh(self, weight: float, members: int, sharers: int = 1) -> int:
        """Return the points of what so many members have and so many of the group share."""
        rarity = max(0.0, 1 - log(max(members, 1)) / log(max(len(self.members), 1) + 1))
        return round(UNIT * weight * rarity * sharers / len(self.group))

    # What both work on

    def score_themes(self, other: Organization) -> int:
        weights = self.weights
        return (
            self.score_terms("issue_areas", other, weights.issue_area, weights.broader_issue_area)
            + self.score_terms("communities", other, weights.community, weights.community / 4)
            + self.score_terms("work_areas", other, weights.work_area, weights.work_area / 4)
        )

    def score_terms(self, facet: str, other: Organization, weight: float, broader_weight: float) -> int:
        total = 0
        for slug in add_broader(facet, getattr(other, facet)):
            members = sum(slug in add_broader(facet, getattr(one, facet)) for one in self.members)
            stating = sum(slug in getattr(one, facet) for one in self.group)
            including = sum(slug in add_broader(facet, getattr(one, facet)) for one in self.group)
            both_state = stating if slug in getattr(other, facet) else 0
            total += self.weigh(weight, members, both_state) + self.weigh(broader_weight, members, including - both_state)
        return total

    def score_coalitions(self, other: Organization) -> int:
        total = 0
        for coalition in self.coalitions:
            ids = set(coalition.member_ids)
            members = sum(one.id in ids for one in self.members)
            sharers = sum(one.id in ids for one in self.group)
            total += self.weigh(self.weights.coalition, members, sharers) if other.id in ids else 0
        return total

    # Where both are

    def score_places(self, one: Organization, other: Organization) -> int:
        shared = (
            self.weigh(self.weights.region, sum(code in list_regions(member) for member in self.members))
            for code in list_regions(one) & list_regions(other)
        )
        served = (
            self.weigh(self.weights.region, max(self.count_serving(code), self.count_serving(other_code)))
            for code in one.service_areas
            for other_code in other.service_areas
            if serve_same(code, other_code)
        )
        return max(shared, default=0) + max(served, default=0) + self.score_distance(one, other)

    def count_serving(self, code: str) -> int:
        return sum(any(serve_same(code, area) for area in member.service_areas) for member in self.members)

    def score_distance(self, one: Organization, other: Organization) -> int:
        if any(location.precision in COARSE for location in (*one.locations, *other.locations)):
            return 0
        limit, chords = km_to_squared_chord(200), [*list_chords(one, other)]
        nearest = min(chords, default=np.inf)
        return round(UNIT * self.weights.distance / len(self.group) * (1 - sqrt(nearest / limit))) if nearest <= limit else 0

    def score_complements(self, other: Organization) -> int | None:
        """Return the points for issue areas on which nobody in the group works; None without any."""
        own = {slug for one in self.group for slug in one.issue_areas}
        vocabulary = FACETS["issue_areas"]
        known = {slug for term in own for slug in (*vocabulary.closure(term), *vocabulary.ancestors(term))}
        new = [slug for slug in other.issue_areas if slug not in known]
        return round(UNIT * self.weights.issue_area * len(new) / len(other.issue_areas)) if new else None

    # What one seeks and the other offers

    def score_exchange(self, one: Organization, other: Organization) -> int:
        return self.score_texts(one, other, "seeks", "offers") + self.score_texts(one, other, "offers", "seeks")

    def score_texts(self, one: Organization, other: Organization, own_field: str, field: str) -> int:
        subjects, total = list_subjects(getattr(one, own_field) or ""), 0
        for subject in subjects:
            weight = self.weights.seeks_and_offers / len(subjects)
            naming = {record.id for record in self.records if names_subject(getattr(record, field), subject)}
            working = {record.id for record in self.records if works_on(record, subject)} - naming
            if other.id in naming:
                total += self.weigh(weight, self.count(naming))
            elif other.id in working and field == "offers":
                total += self.weigh(weight / 2, self.count(working))
        return total

    def count(self, ids: set[str]) -> int:
        return sum(member.id in ids for member in self.members)


def name_key(one: Organization) -> tuple[str, str]:
    return fold(one.name), one.id


def add_broader(facet: str, slugs: Iterable[str]) -> set[str]:
    return {broader for slug in slugs for broader in (slug, *FACETS[facet].ancestors(slug))}


def list_regions(one: Organization) -> set[str]:
    """Return the codes of the regions in which an organization is, without countries."""
    return {code for location in one.locations for code in location.regions if not is_country(code)}


def is_country(code: str) -> bool:
    return REGIONS.require(code).kind is RegionKind.COUNTRY


def serve_same(code: str, other: str) -> bool:
    """Return whether two service areas share territory. A whole country is shared only by those that serve all of it."""
    return code == other if is_country(code) or is_country(other) else REGIONS.overlaps(code, other)


def list_chords(one: Organization, other: Organization) -> Iterable[float]:
    for point in one.points[:8]:
        for other_point in other.points:
            x, y, z = to_unit_vectors(np.array([other_point.latitude]), np.array([other_point.longitude]))
            yield float(measure_squared_chords(x, y, z, point)[0])


def works_on(record: Organization, subject: Subject) -> bool:
    return bool(subject.facet) and subject.key in add_broader(subject.facet, getattr(record, subject.facet))


def names_subject(text: str | None, subject: Subject) -> bool:
    """Return whether a text has all words of a name of the subject or of a narrower term, in any form of the words."""
    stems = [stem_all(word) for word in tokenize(text or "")]
    return any(all(any(stem_all(word) & known for known in stems) for word in words) for words in list_names(subject))


def stem_all(word: str) -> set[str]:
    return {word, *stem_token(word)}


def list_names(subject: Subject) -> list[list[str]]:
    if not subject.facet:
        return [[subject.key]]
    vocabulary = FACETS[subject.facet]
    slugs = vocabulary.closure(subject.key)
    names = [name.split() for name, meanings in vocabulary.phrases().items() if slugs & set(meanings)]
    return [words for name in names if (words := [word for word in name if word not in STOP_WORDS])]
