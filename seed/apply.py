"""Doing what a plan says."""

import datetime as dt

from directory.store import IMPORT_ACTOR, Network, Receipt, Store
from seed.items import Plan


def apply_plan(
    plan: Plan,
    store: Store,
    *,
    now: dt.datetime,
    reason: str,
    actor: str = IMPORT_ACTOR,
    network: Network | None = None,
    retire_missing: bool = False,
) -> Receipt:
    """Writes what the plan creates and changes, all of it in one transaction of the ledger, or none.

    Refused and doubtful rows are left out. `retires` removes the missing records that nobody else has stated anything of. A plan
    that changes nothing raises no revision. `network` says whose directory this is; None leaves that as it is.
    Raises Conflict when a record was changed since the plan was made: plan again.
    """
    edits = [*plan.edits, *plan.retirements] if retire_missing else plan.edits
    return store.write(edits, actor=actor, now=now, reason=reason, network=network)
