"""What each audience sees of a change: the feed, `updated_at` and the opaque versions follow it, and nothing else does."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, and_, bindparam, delete, insert

from directory.geo import Disclosure
from directory.publish import ChangeKind, difference, publish
from directory.records import Audience, Entry, Organization, Site
from directory.store.edits import Network
from directory.store.ledger import Altered, Signature
from directory.store.tables import seen

Audiences = Mapping[str, Audience]  # of organizations, by id


class Shown(Struct, frozen=True):
    """One organization looks different to one audience."""

    organization_id: str
    audience: Audience
    kind: ChangeKind


def shown(altered: Iterable[Altered], was: Audiences, becomes: Audiences, at: dt.datetime) -> list[Shown]:
    """Who sees what of these records change. `was` and `becomes` tell the audience of every record they refer to."""
    found = []
    for change in altered:
        for audience in Audience:
            before = _published(change.before, audience, at, was)
            kind = difference(before, _published(change.after, audience, at, becomes))
            if kind is not None:
                found.append(Shown(change.id, audience, kind))
    return found


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
        mine = and_(seen.c.organization_id == bindparam("of"), seen.c.audience == bindparam("to"))
        connection.execute(delete(seen).where(mine), [{"of": row["organization_id"], "to": row["audience"]} for row in rows])
        connection.execute(insert(seen), rows)
    return counted


def _published(entry: Entry | None, audience: Audience, at: dt.datetime, audiences: Audiences) -> Organization | None:
    if entry is None:
        return None
    told = replace(entry, sites=tuple(_as_loaded(site) for site in entry.sites))
    return publish(told, audience, at, sees(audiences, audience))


def _as_loaded(site: Site) -> Site:
    """What is published is computed without the private place, here as in every snapshot."""
    return site if site.private is None or site.disclosure is Disclosure.EXACT else replace(site, private=None)
