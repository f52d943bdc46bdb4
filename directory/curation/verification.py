"""Which records should be verified again."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from directory.records import VERIFICATION_PERIOD, MembershipStatus, Source, StoredOrganization, VerificationMethod


class OverdueVerification(Struct, frozen=True):
    """A record that nobody confirmed for longer than VERIFICATION_LASTS, or ever.

    `verified_at`, `method` and `days` since then are None where nobody did. `source` is where its oldest facts come from: the
    source with the earliest date, None where none has a date.
    """

    slug: str
    name: str
    verified_at: dt.datetime | None
    method: VerificationMethod | None
    days: int | None
    source: Source | None


def list_overdue(
    entries: Iterable[StoredOrganization], today: dt.date, *, include_nonmembers: bool = False
) -> list[OverdueVerification]:
    """Those of the entries that are due on that day (UTC), the most overdue first; [] where none is.

    Those that were never verified come first, among them those with the oldest facts. Members alone (ACTIVE), unless
    `everybody` is asked for: nobody verifies a list of prospects one by one.
    """
    asked = (entry for entry in entries if include_nonmembers or entry.membership.status is MembershipStatus.ACTIVE)
    found = [_build_overdue(entry, today) for entry in asked if _is_overdue(entry, today)]
    return sorted(found, key=lambda one: (one.verified_at or _NEVER_VERIFIED, _source_date(one.source), one.name, one.slug))


_NEVER_VERIFIED = dt.datetime.min.replace(tzinfo=dt.UTC)


def _is_overdue(entry: StoredOrganization, today: dt.date) -> bool:
    return entry.verified_at is None or today - entry.verified_at.astimezone(dt.UTC).date() > VERIFICATION_PERIOD


def _build_overdue(entry: StoredOrganization, today: dt.date) -> OverdueVerification:
    dated = [source for source in entry.sources if source.date is not None]
    days = (today - entry.verified_at.astimezone(dt.UTC).date()).days if entry.verified_at else None
    return OverdueVerification(
        slug=entry.slug,
        name=entry.name,
        verified_at=entry.verified_at,
        method=entry.verification_method if entry.verified_at else None,
        days=days,
        source=min(dated, key=_source_date, default=None),
    )


def _source_date(source: Source | None) -> dt.date:
    return source.date if source and source.date else dt.date.max
