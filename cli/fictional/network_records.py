"""The records of a fictional network: those besides its organizations, and all of them as an audience sees them.

Nothing here needs a database, so benchmarks and tests can build a network in memory.
"""

import datetime as dt
from collections.abc import Sequence

from cli.fictional.coalitions import build_coalitions
from cli.fictional.events import build_events
from cli.fictional.instruments import build_instruments, build_provisions
from cli.fictional.record_parts import EPOCH
from directory.kinds import publish_record
from directory.records import Audience, PublishedRecord, StoredOrganization, StoredRecord


def build_other_records(
    organizations: Sequence[StoredOrganization], seed: int = 1, now: dt.datetime = EPOCH
) -> list[StoredRecord]:
    """Return the coalitions, events, instruments and provisions of a network. A record comes after those that it refers to.

    `organizations` must be all that `generate_fictional_organizations` yields for the same seed.
    """
    coalitions = build_coalitions(organizations, seed, now)
    events = build_events(organizations, coalitions, seed, now)
    return [*coalitions, *events, *build_instruments(now, seed), *build_provisions(len(organizations), seed)]


def publish_records(records: Sequence[StoredRecord], audience: Audience, updated_at: dt.datetime) -> list[PublishedRecord]:
    """Return the records as the audience sees them. `records` must include all that they refer to."""
    visible_ids = {record.id for record in records if audience.sees(record.effective_audience)}
    published = (publish_record(record, audience, updated_at, visible_ids.__contains__) for record in records)
    return [record for record in published if record is not None]
