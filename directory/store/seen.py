"""What each audience sees of a change: the feed, `updated_at` and the opaque versions follow it, and nothing else does."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert

from directory.geo import Disclosure
from directory.publish import ChangeKind, difference, differs_to_all, publish
from directory.published_places import places
from directory.records import Audience, Entry, Site
from directory.store.edits import Network
from directory.store.ledger import Altered, Signature
from directory.store.many import run
from directory.store.streaming import chunks
from directory.store.tables import seen

Audiences = Mapping[str, Audience]  # of organizations, by id


class Shown(Struct, frozen=True):
    """One organization looks different to one audience."""

    organization_id: str
    audience: Audience
    kind: ChangeKind


def shown(altered: Iterable[Altered], was: Audiences, becomes: Audiences, at: dt.datetime) -> list[Shown]:
    """Who sees what of these records change. `was` and `becomes` tell the audience of every record they refer to."""
    return [
        Shown(change.id, audience, kind)
        for change in altered
        for audience, kind in _kinds(change, was, becomes, at)
        if kind is not None
    ]


def _kinds(change: Altered, was: Audiences, becomes: Audiences, at: dt.datetime) -> Iterator[tuple[Audience, ChangeKind | None]]:
    if change.before is None or change.after is None:  # most of what an import writes: whoever sees it sees it come or go
        entry, kind = (change.after, ChangeKind.ADDED) if change.before is None else (change.before, ChangeKind.REMOVED)
        yield from ((audience, kind) for audience in Audience if entry and audience.sees(entry.shown_to))
        return
    before, after = _as_told(change.before), _as_told(change.after)
    if differs_to_all(before, after):
        yield from ((audience, _plainly(audience.sees(before.shown_to), audience.sees(after.shown_to))) for audience in Audience)
        return
    now, then = places(before), places(after)
    for audience in Audience:
        published = publish(before, audience, at, sees(was, audience), now)
        yield audience, difference(published, publish(after, audience, at, sees(becomes, audience), then))


def _plainly(was_seen: bool, is_seen: bool) -> ChangeKind | None:
    if was_seen and is_seen:
        return ChangeKind.CHANGED
    return ChangeKind.REMOVED if was_seen else ChangeKind.ADDED if is_seen else None


def sees(audiences: Audiences, audience: Audience) -> Callable[[str], bool]:
    """Whether that audience sees an organization; nobody sees one that is not there."""
    return lambda identity: identity in audiences and audience.sees(audiences[identity])


def with_network(
    listed: Sequence[Shown], counters: Mapping[Audience, int], network: Network, becomes: Audiences
) -> tuple[list[Shown], dict[Audience, int]]:
    """Everybody is told whose directory this is, so that a change of that shows to everybody: on the network's own record,
    or, to whom that is not shown, by a count that no record answers for.
    """
    counted, more = dict(counters), []
    told = {change.audience for change in listed if change.organization_id == network.organization_id}
    for audience in set(Audience) - told:
        if network.organization_id and sees(becomes, audience)(network.organization_id):
            more.append(Shown(network.organization_id, audience, ChangeKind.CHANGED))
        else:
            counted[audience] += 1
    return [*listed, *more], counted


def note(
    connection: Connection, listed: Sequence[Shown], counters: Mapping[Audience, int], signature: Signature
) -> dict[Audience, int]:
    """Counts each on from `counters`, keeps it in place of the organization's earlier one, and returns the new counters.

    The moment is told to the whole second: finer, it would be the mark of one write, by which what it changed elsewhere is found.
    """
    counted, rows = dict(counters), []
    at = signature.at.replace(microsecond=0)
    for change in listed:
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
        _forget(connection, listed)
        run(connection, insert(seen), rows)
    return counted


def _forget(connection: Connection, listed: Sequence[Shown]) -> None:
    """Many at a time: most of what an import writes was never seen before."""
    for audience in Audience:
        ids = (change.organization_id for change in listed if change.audience is audience)
        for chunk in chunks(ids):
            connection.execute(delete(seen).where(seen.c.audience == audience.value, seen.c.organization_id.in_(chunk)))


def _as_told(entry: Entry) -> Entry:
    """What is published is computed without private places, here as in every snapshot."""
    return replace(entry, sites=tuple(_as_loaded(site) for site in entry.sites))


def _as_loaded(site: Site) -> Site:
    return site if site.private is None or site.disclosure is Disclosure.EXACT else replace(site, private=None)
