"""What every resolver of one request shares."""

from datetime import datetime, timedelta
from typing import NamedTuple

import strawberry
from msgspec import Struct

from directory.search.snapshot import Snapshot
from schema.limits import LIMITS, POINTS_A_MINUTE, Limits


class Allowance(Struct, frozen=True):
    """What this client may spend, in points: `remaining` until `reset_at` (UTC), before this request."""

    limit: int
    remaining: int
    reset_at: datetime


class Context(NamedTuple):
    """The snapshot that answers the whole request, from its first field to its last, and the request's clock (UTC).

    `allowance` is None where nobody keeps account. `cost` is the request's, in points, set by `execution.answer`.
    """

    snapshot: Snapshot
    now: datetime
    allowance: Allowance | None = None
    limits: Limits = LIMITS
    cost: int = 0

    @property
    def spendable(self) -> Allowance:
        """The client's allowance; a full one where nobody keeps account."""
        return self.allowance or Allowance(POINTS_A_MINUTE, POINTS_A_MINUTE, self.now + timedelta(minutes=1))


Info = strawberry.Info[Context, None]
