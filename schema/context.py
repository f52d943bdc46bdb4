"""What every resolver of one request shares."""

from datetime import datetime, timedelta
from typing import NamedTuple

import strawberry
from msgspec import Struct

from directory.errors import TooComplex
from directory.search.snapshot import Snapshot
from schema.limits import LIMITS, POINTS_A_MINUTE, Limits


class ClientBudget(Struct, frozen=True):
    """What this client may spend, in points: `remaining` until `reset_at` (UTC), before this request."""

    limit: int
    remaining: int
    reset_at: datetime


class SingleUseFields:
    """Remembers which fields were asked for in this request, of those that one request may ask for once."""

    def __init__(self) -> None:
        self._claimed_fields: set[str] = set()

    def claim(self, field: str) -> None:
        """Raises TooComplex where the field was asked for before."""
        if field in self._claimed_fields:
            sentence = f"Ask for `{field}` once per request, as it takes long. Send another request for each further one."
            raise TooComplex(sentence, limit=1, of=field)
        self._claimed_fields.add(field)


class Context(NamedTuple):
    """The snapshot that answers the whole request, from its first field to its last, and the request's clock (UTC).

    `allowance` is None where nobody keeps account. `execution.answer` sets `cost`, the request's in points, and `once`.
    """

    snapshot: Snapshot
    now: datetime
    budget: ClientBudget | None = None
    limits: Limits = LIMITS
    cost: int = 0
    single_use_fields: SingleUseFields | None = None

    @property
    def effective_budget(self) -> ClientBudget:
        """The client's allowance; a full one where nobody keeps account."""
        return self.budget or ClientBudget(POINTS_A_MINUTE, POINTS_A_MINUTE, self.now + timedelta(minutes=1))


Info = strawberry.Info[Context, None]
