"""Doing what a plan says."""

import datetime as dt

from directory.store import Network, Receipt, Store
from seed.plan import Plan


def apply(plan: Plan, store: Store, *, actor: str, now: dt.datetime, reason: str, network: Network | None = None) -> Receipt:
    """Writes what the plan creates and changes, all of it in one transaction of the ledger, or none. Refused rows are left out.

    A plan that changes nothing raises no revision. `network` says whose directory this is; None leaves that as it is.
    Raises Conflict when a record was changed since the plan was made: plan again.
    """
    return store.write(plan.edits, actor=actor, now=now, reason=reason, network=network)
