"""What every resolver of one request shares."""

from datetime import datetime
from typing import NamedTuple

import strawberry

from directory.search.snapshot import Snapshot


class Context(NamedTuple):
    """The snapshot that answers the whole request, from its first field to its last, and the request's clock (UTC)."""

    snapshot: Snapshot
    now: datetime


Info = strawberry.Info[Context, None]
