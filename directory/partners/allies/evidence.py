"""Evidence: what organizations share with those that look for allies, as sets of rows with points.

The score of an organization is the sum of the points of all evidence that contains its row, and its reasons are that evidence.
Points are whole numbers, so sums are exact and the same in every process.
"""

from array import array
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from math import log

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.partners.allies.request import AllyWeights, PartnerProfile
from directory.records import MembershipStatus
from directory.search.rows import Ints
from directory.search.snapshot import Snapshot

POINTS = 10_000  # in a contribution of 1


class AllyReasonKind(StrEnum):
    SHARED_ISSUE_AREA = "SHARED_ISSUE_AREA"
    SHARED_BROADER_ISSUE_AREA = "SHARED_BROADER_ISSUE_AREA"
    SHARED_COMMUNITY = "SHARED_COMMUNITY"
    SHARED_BROADER_COMMUNITY = "SHARED_BROADER_COMMUNITY"
    SHARED_WORK_AREA = "SHARED_WORK_AREA"
    SHARED_BROADER_WORK_AREA = "SHARED_BROADER_WORK_AREA"
    SHARED_COALITION = "SHARED_COALITION"
    SAME_REGION = "SAME_REGION"
    SERVES_SAME_REGION = "SERVES_SAME_REGION"
    NEARBY = "NEARBY"
    COMPLEMENTS = "COMPLEMENTS"
    OFFERS_WHAT_IT_SEEKS = "OFFERS_WHAT_IT_SEEKS"
    SEEKS_WHAT_IT_OFFERS = "SEEKS_WHAT_IT_OFFERS"


EXCHANGE_KINDS = (AllyReasonKind.OFFERS_WHAT_IT_SEEKS, AllyReasonKind.SEEKS_WHAT_IT_OFFERS)


class AllyEvidence(Struct, frozen=True):
    """Something that the organizations in `rows` share with those that look for allies.

    `subject` is the slug, code, id or text of what they share. `sharers` are the positions in the group of those that share it,
    `members` the number of members that do. Each row gets `points`; or, if `row_points` is set, what that holds for it, in the
    order of the rows.
    """

    kind: AllyReasonKind
    subject: str
    sharers: tuple[int, ...]
    rows: BitMap
    points: int = 0
    members: int = 0
    row_points: Ints | None = None

    def get_points(self, row: int) -> int:
        """Return the points of one of the rows."""
        return self.points if self.row_points is None else int(self.row_points[self.rows.rank(row) - 1])


class EvidenceScale:
    """The group that looks for allies in one snapshot, and what it counts when organizations share something with it.

    `member_count` is the number of all members, and `count_members` counts those in a set of rows.
    What all of the group share counts fully, what one of three shares a third.
    """

    def __init__(self, snapshot: Snapshot, group: Sequence[PartnerProfile], weights: AllyWeights) -> None:
        self.snapshot, self.group, self.weights = snapshot, group, weights
        self.index = snapshot.index
        member_rows = snapshot.index.sets["membership"][MembershipStatus.ACTIVE]
        self.member_count, self.count_members = len(member_rows), member_rows.intersection_cardinality

    def weigh(self, weight: float, sharers: int, members: int) -> int:
        """Return the points of something that so many of the group and so many members share."""
        if not sharers or not weight:
            return 0
        return round(POINTS * weight * compute_rarity(members, self.member_count) * sharers / len(self.group))


@lru_cache(maxsize=1 << 12)
def compute_rarity(members: int, total: int) -> float:
    """Return how much it says that so many of all members share something: 1 if one does, near 0 if all do.

    It is the information content of "a member has this", -log(members / total) (Resnik 1995), scaled to at most 1.
    """
    return max(0.0, 1 - log(max(members, 1)) / log(max(total, 1) + 1))


def add_points(evidence: Sequence[AllyEvidence], scores: Ints) -> None:
    """Add the points of each row to its score."""
    if not evidence:
        return
    numbers, lengths = array("I"), [len(one.rows) for one in evidence]
    for one in evidence:
        numbers.extend(one.rows.to_array())  # three times as fast as joining arrays of numpy, because most of them are short
    points = np.repeat(np.array([one.points for one in evidence], np.float64), lengths)
    for one, end in zip(evidence, accumulate(lengths), strict=True):
        if one.row_points is not None:
            points[end - len(one.row_points) : end] = one.row_points
    # whole numbers far below 2 ** 53, so that floats add them exactly
    scores += np.bincount(np.frombuffer(numbers, np.uint32), points, len(scores)).astype(np.int64)


def list_numbers(rows: BitMap) -> Ints:
    """Return the row numbers of a set, ascending."""
    return np.asarray(rows.to_array(), np.int64)


def group_sharers(keys_by_position: Iterable[tuple[int, Iterable[str]]]) -> dict[str, tuple[int, ...]]:
    """Return the positions in the group that share each key, keys in alphabetical order."""
    sharers: dict[str, list[int]] = {}
    for position, keys in keys_by_position:
        for key in dict.fromkeys(keys):
            sharers.setdefault(key, []).append(position)
    return {key: tuple(sharers[key]) for key in sorted(sharers)}
