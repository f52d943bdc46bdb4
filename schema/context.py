"""The context that all resolvers of one request share."""

from datetime import datetime, timedelta
from typing import NamedTuple

import strawberry
from msgspec import Struct

from directory.errors import TooComplex
from directory.partners.plans.cover_solver import Solver
from directory.search.snapshot import Snapshot
from schema.limits import LIMITS, POINTS_A_MINUTE, Limits


class ClientBudget(Struct, frozen=True):
    """The points this client may spend: `limit` per minute, of which `remaining` were left before this request.

    The full limit is available again at `reset_at` (UTC).
    """

    limit: int
    remaining: int
    reset_at: datetime


class SingleUseFields:
    """The expensive fields that this request has used. Each may be used once per request.

    `other_cpu_seconds` is the CPU time that the request has taken in other processes.
    """

    def __init__(self, other_cpu_seconds: float = 0.0) -> None:
        self.other_cpu_seconds = other_cpu_seconds
        self._claimed_fields: set[str] = set()

    def claim(self, field: str) -> None:
        """Mark the field as used. Raises TooComplex if this request has already used it."""
        if field in self._claimed_fields:
            sentence = f"`{field}` can be selected only once per request because it is slow. Send a separate request for each."
            raise TooComplex(sentence, limit=1, of=field)
        self._claimed_fields.add(field)


class Context(NamedTuple):
    """The snapshot that answers every field of one request, and the time of the request (UTC).

    `budget` is None when there is no rate limit. `execution.execute` sets `cost` (the price of the request in points) and
    `single_use_fields`. `solve_cover` finds coalition plans in another process; without it, they are found in this thread.
    """

    snapshot: Snapshot
    now: datetime
    budget: ClientBudget | None = None
    limits: Limits = LIMITS
    cost: int = 0
    single_use_fields: SingleUseFields | None = None
    solve_cover: Solver | None = None

    @property
    def effective_budget(self) -> ClientBudget:
        """The client's budget, or a full one when there is no rate limit."""
        return self.budget or ClientBudget(POINTS_A_MINUTE, POINTS_A_MINUTE, self.now + timedelta(minutes=1))


Info = strawberry.Info[Context, None]
