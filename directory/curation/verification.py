"""Find the records that should be verified again."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from directory.records import MembershipStatus, Source, StoredOrganization, VerificationMethod, is_verification_due

_NEVER_VERIFIED = dt.datetime.min.replace(tzinfo=dt.UTC)


class OverdueVerification(Struct, frozen=True):
    """A record that was never verified, or not within VERIFICATION_PERIOD.

    `verified_at`, `method` and `days` (since then) are None if it was never verified. `source` is the source with the earliest
    date; None if no source has a date.
    """

    id: str
    slug: str
    name: str
    verified_at: dt.datetime | None
    method: VerificationMethod | None
    days: int | None
    source: Source | None


def list_overdue(
    entries: Iterable[StoredOrganization], today: dt.date, *, include_nonmembers: bool = False
) -> list[OverdueVerification]:
    """Return the records that are due on `today` (UTC), the most overdue first; [] if none is due.

    Records that were never verified come first, the one with the oldest source first among them. Only active members are listed
    unless `include_nonmembers` is set: networks do not verify lists of prospects one by one.
    """
    candidates = (entry for entry in entries if include_nonmembers or entry.membership.status is MembershipStatus.ACTIVE)
    overdue = [_build_overdue(entry, today) for entry in candidates if is_verification_due(entry.verified_at, today)]
    return sorted(
        overdue,
        key=lambda record: (record.verified_at or _NEVER_VERIFIED, _source_date(record.source), record.name, record.slug),
    )


def _build_overdue(entry: StoredOrganization, today: dt.date) -> OverdueVerification:
    dated = [source for source in entry.sources if source.date is not None]
    days = (today - entry.verified_at.astimezone(dt.UTC).date()).days if entry.verified_at else None
    return OverdueVerification(
        id=entry.id,
        slug=entry.slug,
        name=entry.name,
        verified_at=entry.verified_at,
        method=entry.verification_method if entry.verified_at else None,
        days=days,
        source=min(dated, key=_source_date, default=None),
    )


def _source_date(source: Source | None) -> dt.date:
    return source.date if source and source.date else dt.date.max
