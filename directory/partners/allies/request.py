"""What is asked when a group looks for allies: who is asking, in which way, and how much each kind of reason counts."""

from collections.abc import Sequence
from enum import StrEnum
from hashlib import blake2b
from math import isfinite

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.geo import Point, Precision
from directory.question import Near, Question
from directory.question.list_page import Page
from directory.records import Location, Organization

MAX_GROUP = 20  # organizations that look for allies together
MAX_POINTS = 8  # published points of one organization from which distances are measured
MAX_WEIGHT = 100.0
COARSE_PRECISIONS = (Precision.STATE, Precision.UNKNOWN)  # such a point says nothing about a distance


class AllyMode(StrEnum):
    SAME_THEMES = "SAME_THEMES"
    SAME_PLACE_OTHER_THEMES = "SAME_PLACE_OTHER_THEMES"
    SEEKS_AND_OFFERS = "SEEKS_AND_OFFERS"


class AllyWeights(Struct, frozen=True, kw_only=True):
    """How much one reason of each kind contributes at most. Raises BadInput unless all are from 0 to MAX_WEIGHT.

    Most contributions are less, because a reason that many organizations share counts less (evidence.compute_rarity).
    """

    issue_area: float = 1.0  # each issue area that both work on; for complements, the share of issue areas that are new
    broader_issue_area: float = 0.25  # each broader term that includes issue areas of both
    community: float = 0.6  # each community that both serve
    work_area: float = 0.3  # each way in which both work
    coalition: float = 0.8  # each coalition to which both belong
    region: float = 0.5  # the rarest region in which both are located, and the rarest that both serve
    distance: float = 0.5  # two organizations at the same point
    seeks_and_offers: float = 1.0  # everything that one seeks and the other offers

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            weight = getattr(self, name)
            if not isfinite(weight) or not 0 <= weight <= MAX_WEIGHT:
                sentence = f"The weight of {_quote(name)} is {weight:.15g}. Choose a number from 0 to {MAX_WEIGHT:g}."
                raise BadInput(sentence, argument="weights")


# The weights of the reasons without which an organization is not suggested at all, and of those that a mode adds to them.
MAIN_WEIGHTS = {
    AllyMode.SAME_THEMES: ("issue_area", "broader_issue_area", "community", "work_area", "coalition"),
    AllyMode.SAME_PLACE_OTHER_THEMES: ("region", "distance"),
    AllyMode.SEEKS_AND_OFFERS: ("seeks_and_offers",),
}


class PartnerProfile(Struct, frozen=True, kw_only=True):
    """What is known of an organization that looks for allies. `id` is None if it is not listed.

    `location_regions` are the codes of all regions in which it is located, `points` its published points as far as they tell a
    distance.
    """

    id: str | None = None
    name: str = ""
    issue_areas: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    work_areas: tuple[str, ...] = ()
    location_regions: tuple[str, ...] = ()
    service_areas: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    seeks: str = ""
    offers: str = ""


def describe_organization(record: Organization) -> PartnerProfile:
    """Return the profile of a published organization."""
    return PartnerProfile(
        id=record.id,
        name=record.name,
        issue_areas=record.issue_areas,
        communities=record.communities,
        work_areas=record.work_areas,
        location_regions=tuple(sorted({code for location in record.locations for code in location.regions})),
        service_areas=record.service_areas,
        points=_list_precise_points(record.locations),
        seeks=record.seeks or "",
        offers=record.offers or "",
    )


class AllyRequest(Struct, frozen=True, kw_only=True):
    """A request for allies. `group` are the organizations that look for them: at least one, each listed once.

    `conditions` limit who is suggested: active members unless they say otherwise. With `near`, distances that are shown are
    measured from there. Raises BadInput when it is created.
    """

    group: tuple[PartnerProfile, ...]
    mode: AllyMode = AllyMode.SAME_THEMES
    weights: AllyWeights = AllyWeights()
    conditions: Question = Question()
    page: Page = Page()

    def __post_init__(self) -> None:
        if not self.group:
            sentence = "Say who looks for allies: name organizations, or describe a group that is not listed."
            raise BadInput(sentence, argument="organizations")
        check_group_size(len(self.group))
        listed = [member.id for member in self.group if member.id]
        if len(listed) > len(set(listed)):
            raise BadInput("An organization is listed twice. List each one once.", argument="organizations")
        main = MAIN_WEIGHTS[self.mode]
        if not any(getattr(self.weights, name) for name in main):
            names = ", ".join(map(_quote, main))
            sentence = f"With these weights there is no reason left to suggest anybody. Set one of {names} above 0."
            raise BadInput(sentence, argument="weights")

    @property
    def near(self) -> Near | None:
        return self.conditions.near

    @property
    def fingerprint(self) -> bytes:
        """8 bytes that identify the list in its cursors. The order of the group does not matter."""
        parts = (sorted(map(msgspec.msgpack.encode, self.group)), self.mode, self.weights, self.conditions.fingerprint)
        return blake2b(msgspec.msgpack.encode(parts), digest_size=8).digest()


def check_group_size(count: int) -> None:
    """Raise BadInput if too many organizations look for allies together."""
    if count > MAX_GROUP:
        sentence = f"At most {MAX_GROUP} organizations can look for allies together, and these are {count}. Choose some of them."
        raise BadInput(sentence, argument="organizations", limit=MAX_GROUP)


def _list_precise_points(locations: Sequence[Location]) -> tuple[Point, ...]:
    """Return the published points, at most MAX_POINTS; none if one of the places is known only by its state."""
    if any(location.precision in COARSE_PRECISIONS for location in locations):
        return ()
    return tuple(dict.fromkeys(location.point for location in locations if location.point is not None))[:MAX_POINTS]


def _quote(weight: str) -> str:
    return f"“{weight.replace('_', ' ')}”"
