"""One write: read, check, save, log, all in the transaction it is handed."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, update

from directory.errors import BadInput, Conflict, NotFound
from directory.records import Audience, Entry, PrivatePlace
from directory.slugs import NewSuffix, new_suffix
from directory.store import history, ledger, merges, references, seen, slugs
from directory.store.edits import Edit, Head, Network, Outcome, Put, Receipt, Remove, Written
from directory.store.ledger import Altered, Signature
from directory.store.loading import Reading
from directory.store.private_places import private_places_of
from directory.store.saving import save
from directory.store.soundness import completed, require_sound
from directory.store.tables import SEEN_COLUMNS, head
from directory.visibility import strictest_hiding

Edits = Sequence[Edit] | Callable[[Reading], Sequence[Edit]]


class Held(Struct, frozen=True):
    """A record as it is kept, its private places included."""

    key: int
    revision: int
    entry: Entry


class Author(Struct, frozen=True):
    actor: str
    at: dt.datetime
    reason: str


def write(
    connection: Connection, edits: Edits, author: Author, network: Network | None, new_suffix: NewSuffix = new_suffix
) -> Receipt:
    """What `Store.write` promises. Rolls the transaction back where nothing changes anything."""
    before = raised(connection)
    wanted = edits(Reading(connection)) if callable(edits) else edits
    _require_distinct(wanted)
    held = held_entries(connection, [edit.id for edit in wanted])
    survivors, brought = merges.survivors(connection), _brought(wanted, held)
    earlier = _earlier_entries(connection, wanted, held)
    alterations = [
        _altered(edit, held.get(edit.id), survivors.get(edit.id), brought.get(edit.id, {}), earlier.get(edit.id, ()))
        for edit in wanted
    ]
    lenient = {edit.id for edit in wanted if isinstance(edit, Put) and edit.any_slug}
    chosen = slugs.assign(connection, alterations, lenient, new_suffix)
    altered = [change for change in chosen.alterations if change.before != change.after]
    named = network if network is not None and network != _network(before) else None
    results = tuple(Written(change.id, _outcome(change)) for change in chosen.alterations)
    if not altered and named is None:
        connection.rollback()
        return Receipt(before.revision, results)
    signature = Signature(before.revision + 1, author.at, author.actor, author.reason)
    _write(connection, altered, held, signature, before, named, chosen)
    return Receipt(signature.revision, results)


def raised(connection: Connection) -> Head:
    """Raises the revision, first of all, and returns the head as it was: whoever waits here reads after it what was committed."""
    connection.execute(update(head).values(revision=head.c.revision + 1))
    now = Reading(connection).head()
    return replace(now, revision=now.revision - 1)


def held_entries(connection: Connection, ids: Sequence[str]) -> dict[str, Held]:
    found = {entry.id: Held(key, stamps.revision, entry) for key, entry, stamps in Reading(connection).kept(ids)}
    places = private_places_of(connection, [site.id for held in found.values() for site in held.entry.sites])
    for identity, held in found.items():
        sites = tuple(replace(site, private=places.get(site.id)) for site in held.entry.sites)
        found[identity] = replace(held, entry=replace(held.entry, sites=sites))
    return found


def _require_distinct(edits: Sequence[Edit]) -> None:
    for identity, count in Counter(edit.id for edit in edits).items():
        if count > 1:
            raise BadInput(
                f"The organization {identity} is edited {count} times in one write; put these together.", value=identity
            )


def _brought(edits: Sequence[Edit], held: Mapping[str, Held]) -> dict[str, dict[str, PrivatePlace]]:
    """By survivor, the private places of the records that are merged into it, by site."""
    found: dict[str, dict[str, PrivatePlace]] = {}
    for edit in edits:
        if isinstance(edit, Remove) and edit.into is not None and edit.id in held:
            places = {site.id: site.private for site in held[edit.id].entry.sites if site.private is not None}
            found.setdefault(edit.into, {}).update(places)
    return found


def _earlier_entries(connection: Connection, edits: Sequence[Edit], held: Mapping[str, Held]) -> dict[str, list[Entry]]:
    """By id of a record that comes back: what it was when it was removed, and each record that it was merged into.

    Of these, the present state or the last one. If one of them is hidden, the same organization must not come back visible.
    """
    back = [edit.id for edit in edits if isinstance(edit, Put) and edit.id not in held]
    if not back:
        return {}
    ways = merges.ways(connection)
    related = {identity: [identity, *ways.get(identity, ())] for identity in back}
    ids = sorted({one for listed in related.values() for one in listed})
    known = history.last_known(connection, ids) | {entry.id: entry for entry, _ in Reading(connection).entries(ids)}
    return {identity: [known[one] for one in listed if one in known] for identity, listed in related.items()}


def _altered(
    edit: Edit, held: Held | None, survivor: str | None, brought: Mapping[str, PrivatePlace], earlier: Sequence[Entry]
) -> Altered:
    """`survivor`: whom the record was merged into, if it was; `earlier`: as in `_earlier_entries`."""
    _require_revision(edit, held)
    if isinstance(edit, Put):
        before = held.entry if held else None
        require_sound(edit.entry)
        asked = replace(edit.entry, slug=before.slug) if before and edit.keeps_slug else edit.entry
        after = completed(asked, before, brought)
        kept = [before] if before else earlier
        return Altered(before, after if edit.decides_hiding else strictest_hiding(after, *kept), survivor)
    if held is None:
        raise NotFound("There is no such organization to remove; it may have been removed already.", value=edit.id)
    return Altered(held.entry, None, edit.into)


def _require_revision(edit: Edit, held: Held | None) -> None:
    current = held.revision if held else 0
    if edit.if_revision is None or edit.if_revision == current:
        return
    if held is None:
        raise Conflict("The organization was removed since you read it. Nothing was written.", current=None, value=edit.id)
    sentence = f"{held.entry.slug} changed since you read it. Nothing was written; read it again and repeat your change."
    raise Conflict(sentence, current=current, value=edit.id)


def _outcome(change: Altered) -> Outcome:
    return Outcome.UNCHANGED if change.before == change.after else Outcome(change.kind.value)


def _write(
    connection: Connection,
    altered: Sequence[Altered],
    held: Mapping[str, Held],
    signature: Signature,
    before: Head,
    network: Network | None,
    chosen: slugs.SlugChoice,
) -> None:
    onlookers = _onlookers(connection, altered)
    now = network or _network(before)
    was, becomes = _audiences(connection, [*altered, *onlookers], now)
    references.require_free(connection, altered)
    references.require_leading_somewhere(altered, becomes)
    references.require_survivors(altered, becomes)
    references.require_unreferred(connection, altered)
    _require_network(now, altered, becomes)
    looks, counters = seen.shown([*altered, *onlookers], was, becomes, signature.at), before.seen
    save(connection, altered, {identity: record.key for identity, record in held.items()}, signature.revision, chosen)
    ledger.append(connection, altered, signature)
    if network is not None:
        ledger.append_network(connection, _network(before), network, len(altered), signature)
        looks, counters = seen.with_network(looks, counters, network, becomes)
    _save_head(connection, seen.note(connection, looks, counters, signature), now)


def _onlookers(connection: Connection, altered: Sequence[Altered]) -> list[Altered]:
    """Records that are not edited, but refer to one whose audience changes, so that a reference may appear or disappear."""
    turned = [
        change.id for change in altered if change.before and change.after and change.before.shown_to != change.after.shown_to
    ]
    ids = references.referrers(connection, turned) - {change.id for change in altered}
    return [Altered(entry, entry) for entry, _ in Reading(connection).entries(sorted(ids))]


def _audiences(
    connection: Connection, changes: Sequence[Altered], network: Network
) -> tuple[dict[str, Audience], dict[str, Audience]]:
    """The audiences of all records that matter here, as they were and as they become."""
    ids = {change.id for change in changes} | {network.organization_id or ""}
    for change in changes:
        ids.update((change.merged_into,) if change.merged_into else ())
        ids.update(references.referred(change.before), references.referred(change.after))
    was = references.audiences(connection, ids)
    becomes = was | {change.id: change.after.shown_to for change in changes if change.after}
    gone = {change.id for change in changes if change.after is None}
    return was, {identity: audience for identity, audience in becomes.items() if identity not in gone}


def _network(head: Head) -> Network:
    return Network(head.network_id, head.fictional)


def _require_network(network: Network, altered: Sequence[Altered], becomes: Mapping[str, Audience]) -> None:
    own = network.organization_id
    if any(change.id == own and change.after is None for change in altered):
        raise BadInput("This is the network's own record. Name another as the network before you remove it.", value=own)
    if own is not None and own not in becomes:
        raise BadInput(f"The network's own record ({own}) is not in the directory. Add it first.", value=own)


def _save_head(connection: Connection, counters: Mapping[Audience, int], network: Network) -> None:
    columns = {SEEN_COLUMNS[audience]: count for audience, count in counters.items()}
    connection.execute(update(head).values(**columns, network_id=network.organization_id, fictional=network.fictional))
