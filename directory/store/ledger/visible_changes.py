"""What each audience sees of a change: the feed, `updated_at` and the opaque versions follow it, and nothing else does."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert

from directory.geo import Disclosure
from directory.publish import ChangeKind, classify_change, differs_for_every_audience, publish
from directory.published_places import publish_places
from directory.records import Audience, StoredLocation, StoredOrganization
from directory.store.database.bulk import execute_many, split_into_chunks
from directory.store.ledger.change_log import PendingChange, Signature
from directory.store.ledger.edits import Network
from directory.store.records.tables import visible_changes

AudienceById = Mapping[str, Audience]  # of organizations, by id


class AudienceChange(Struct, frozen=True):
    """One organization looks different to one audience."""

    organization_id: str
    audience: Audience
    kind: ChangeKind


def find_visible_changes(
    pending: Iterable[PendingChange], audiences_before: AudienceById, audiences_after: AudienceById, changed_at: dt.datetime
) -> list[AudienceChange]:
    """Who sees what of these records change. `was` and `becomes` tell the audience of every record they refer to."""
    return [
        AudienceChange(change.id, audience, kind)
        for change in pending
        for audience, kind in _find_change_kinds(change, audiences_before, audiences_after, changed_at)
        if kind is not None
    ]


def _find_change_kinds(
    change: PendingChange, audiences_before: AudienceById, audiences_after: AudienceById, changed_at: dt.datetime
) -> Iterator[tuple[Audience, ChangeKind | None]]:
    if change.before is None or change.after is None:  # most of what an import writes: whoever sees it sees it come or go
        entry, kind = (change.after, ChangeKind.ADDED) if change.before is None else (change.before, ChangeKind.REMOVED)
        yield from ((audience, kind) for audience in Audience if entry and audience.sees(entry.effective_audience))
        return
    before, after = _remove_private_places(change.before), _remove_private_places(change.after)
    if differs_for_every_audience(before, after):
        yield from (
            (audience, _decide_change_kind(audience.sees(before.effective_audience), audience.sees(after.effective_audience)))
            for audience in Audience
        )
        return
    now, then = publish_places(before), publish_places(after)
    for audience in Audience:
        published = publish(before, audience, changed_at, build_visibility_test(audiences_before, audience), now)
        yield (
            audience,
            classify_change(
                published, publish(after, audience, changed_at, build_visibility_test(audiences_after, audience), then)
            ),
        )


def _decide_change_kind(was_seen: bool, is_seen: bool) -> ChangeKind | None:
    if was_seen and is_seen:
        return ChangeKind.CHANGED
    return ChangeKind.REMOVED if was_seen else ChangeKind.ADDED if is_seen else None


def build_visibility_test(audiences: AudienceById, audience: Audience) -> Callable[[str], bool]:
    """Whether that audience sees an organization; nobody sees one that is not there."""
    return lambda identity: identity in audiences and audience.sees(audiences[identity])


def add_network_change(
    audience_changes: Sequence[AudienceChange], counters: Mapping[Audience, int], network: Network, audiences_after: AudienceById
) -> tuple[list[AudienceChange], dict[Audience, int]]:
    """Everybody is told whose directory this is, so that a change of that shows to everybody: on the network's own record,
    or, to whom that is not shown, by a count that no record answers for.
    """
    counted, more = dict(counters), []
    told = {change.audience for change in audience_changes if change.organization_id == network.organization_id}
    for audience in set(Audience) - told:
        if network.organization_id and build_visibility_test(audiences_after, audience)(network.organization_id):
            more.append(AudienceChange(network.organization_id, audience, ChangeKind.CHANGED))
        else:
            counted[audience] += 1
    return [*audience_changes, *more], counted


def save_visible_changes(
    connection: Connection, audience_changes: Sequence[AudienceChange], counters: Mapping[Audience, int], signature: Signature
) -> dict[Audience, int]:
    """Counts each on from `counters`, keeps it in place of the organization's earlier one, and returns the new counters.

    The moment is told to the whole second: finer, it would be the mark of one write, by which what it changed elsewhere is found.
    """
    counted, rows = dict(counters), []
    at = signature.changed_at.replace(microsecond=0)
    for change in audience_changes:
        counted[change.audience] += 1
        rows.append(
            {
                "organization_id": change.organization_id,
                "audience": change.audience.value,
                "seq": counted[change.audience],
                "at": at,
                "kind": change.kind.value,
                "revision": signature.revision,
            }
        )
    if rows:
        _delete_earlier_changes(connection, audience_changes)
        execute_many(connection, insert(visible_changes), rows)
    return counted


def _delete_earlier_changes(connection: Connection, audience_changes: Sequence[AudienceChange]) -> None:
    """Many at a time: most of what an import writes was never seen before."""
    for audience in Audience:
        ids = (change.organization_id for change in audience_changes if change.audience is audience)
        for chunk in split_into_chunks(ids):
            connection.execute(
                delete(visible_changes).where(
                    visible_changes.c.audience == audience.value, visible_changes.c.organization_id.in_(chunk)
                )
            )


def _remove_private_places(entry: StoredOrganization) -> StoredOrganization:
    """What is published is computed without private places, here as in every snapshot."""
    return replace(entry, sites=tuple(_remove_private_place(site) for site in entry.sites))


def _remove_private_place(site: StoredLocation) -> StoredLocation:
    return site if site.private is None or site.disclosure is Disclosure.EXACT else replace(site, private=None)
