"""Determine what each audience sees of a change.

The change feed (feed.py), `updated_at` and the opaque versions of snapshots are derived from this alone, so they reveal nothing
about changes that an audience cannot see.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.kinds import publish_record
from directory.publish import ChangeKind, classify_change, differs_for_every_audience
from directory.published_places import publish_places
from directory.records import Audience, RecordKind, StoredLocation, StoredOrganization, StoredRecord
from directory.store.ledger.change_log import PendingChange, RecordT, replace_parts
from directory.store.ledger.edits import Network

AudienceById = Mapping[str, Audience]  # by id of a record


class AudienceChange(Struct, frozen=True):
    """A change that one audience sees in one record."""

    record_id: str
    audience: Audience
    kind: ChangeKind
    record_kind: RecordKind = RecordKind.ORGANIZATION


def find_visible_changes(
    pending: Iterable[PendingChange], audiences_before: AudienceById, audiences_after: AudienceById, changed_at: dt.datetime
) -> list[AudienceChange]:
    """Return which audiences see which records change.

    `audiences_before` and `audiences_after` hold the audience of these records and of every record they refer to.
    """
    return [
        AudienceChange(change.id, audience, kind, change.record_id.kind)
        for change in pending
        for audience, kind in _find_change_kinds(change, audiences_before, audiences_after, changed_at)
        if kind is not None
    ]


def _find_change_kinds(
    change: PendingChange, audiences_before: AudienceById, audiences_after: AudienceById, changed_at: dt.datetime
) -> Iterator[tuple[Audience, ChangeKind | None]]:
    if change.before is None or change.after is None:  # no need to publish anything; most changes of an import are of this kind
        kind = ChangeKind.ADDED if change.before is None else ChangeKind.REMOVED
        yield from ((seer, kind) for seer in Audience if seer.sees(change.record.effective_audience))
        return
    before, after = remove_private_places(change.before), remove_private_places(change.after)
    if _differs_for_every_audience(before, after):
        for audience in Audience:
            was_seen, is_seen = audience.sees(before.effective_audience), audience.sees(after.effective_audience)
            yield audience, _decide_change_kind(was_seen, is_seen)
        return
    places_before, places_after = publish_places(before), publish_places(after)
    for audience in Audience:
        was_visible = build_visibility_test(audiences_before, audience)
        is_visible = build_visibility_test(audiences_after, audience)
        published_before = publish_record(before, audience, changed_at, was_visible, places_before)
        published_after = publish_record(after, audience, changed_at, is_visible, places_after)
        yield audience, classify_change(published_before, published_after)


def _differs_for_every_audience(before: StoredRecord, after: StoredRecord) -> bool:
    """Return whether comparing plain fields is enough to see that every audience sees a difference. It saves much work."""
    if isinstance(before, StoredOrganization) and isinstance(after, StoredOrganization):
        return differs_for_every_audience(before, after)
    return False


def _decide_change_kind(was_seen: bool, is_seen: bool) -> ChangeKind | None:
    if was_seen and is_seen:
        return ChangeKind.CHANGED
    return ChangeKind.REMOVED if was_seen else ChangeKind.ADDED if is_seen else None


def build_visibility_test(audiences: AudienceById, audience: Audience) -> Callable[[str], bool]:
    """Return a function that says whether the audience sees the record with an id. False for ids not in `audiences`."""
    return lambda record_id: record_id in audiences and audience.sees(audiences[record_id])


def add_network_change(
    audience_changes: Sequence[AudienceChange], counters: Mapping[Audience, int], network: Network, audiences_after: AudienceById
) -> tuple[list[AudienceChange], dict[Audience, int]]:
    """Make a change of the network visible to every audience. Returns all audience changes and the new counters.

    An audience that sees the network's own record sees that record change. For other audiences only the counter is raised.
    """
    new_counters, network_changes = dict(counters), []
    notified = {change.audience for change in audience_changes if change.record_id == network.organization_id}
    for audience in set(Audience) - notified:
        if network.organization_id and build_visibility_test(audiences_after, audience)(network.organization_id):
            network_changes.append(AudienceChange(network.organization_id, audience, ChangeKind.CHANGED))
        else:
            new_counters[audience] += 1
    return [*audience_changes, *network_changes], new_counters


def remove_private_places(record: RecordT) -> RecordT:
    """Return what snapshots are published from: private places only where the disclosure is EXACT."""
    return replace_parts(record, sites=tuple(_remove_private_place(location) for location in record.sites))


def _remove_private_place(location: StoredLocation) -> StoredLocation:
    if location.private is None or location.disclosure is Disclosure.EXACT:
        return location
    return replace(location, private=None)
