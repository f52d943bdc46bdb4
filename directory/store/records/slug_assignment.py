"""Decide which slug each record of a write gets, and save it.

- A record that is not public gets a private slug (see directory/vocabulary/slugs.py). The plain slug it was given also leads to
  it, for those who see the record, until another record takes that slug.
- A slug is taken for a record only if it already leads the record's audience to another record. A record that is hidden or
  removed therefore releases its plain slugs. It gets them back when it returns, unless another record has taken them.

- Records of different kinds may have the same slug.
- If neither the slug nor the audience of a record changes, there is nothing to decide or save.

slug_lookup.py finds the record that a slug leads to.
"""

from collections.abc import Collection, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from directory.errors import BadInput
from directory.records import Audience, RecordKind, StoredRecord
from directory.store.database.bulk import execute_many, split_into_chunks
from directory.store.ledger import merges
from directory.store.ledger.change_log import PendingChange
from directory.store.ledger.edits import RecordId
from directory.store.records.references import load_audiences
from directory.store.records.slug_lookup import SlugOwner, SlugRows, find_final_survivor, load_slug_rows
from directory.store.records.tables import TABLES, slug_aliases, slugs
from directory.vocabulary.slugs import SuffixGenerator, build_private_slug, is_private_slug


class KindSlugs(Struct, frozen=True):
    """The slugs of the records of one kind in a write.

    `aliases` are the plain slugs that also lead to private records, and `known_rows` the rows of the tables before the write.
    """

    aliases: tuple[SlugOwner, ...]
    known_rows: SlugRows


class SlugChoice(Struct, frozen=True):
    """The changes of a write with their final slugs, and the slugs of each kind."""

    changes: tuple[PendingChange, ...]
    slugs: dict[RecordKind, KindSlugs]

    @property
    def has_aliases(self) -> bool:
        return any(slugs.aliases for slugs in self.slugs.values())


def assign_slugs(
    connection: Connection, changes: Sequence[PendingChange], flexible_ids: Collection[str], new_suffix: SuffixGenerator
) -> SlugChoice:
    """Give each record of a write its slug: the requested one if the record may have it.

    A record whose id is in `flexible_ids` keeps its current slug, or gets a private one, if the requested slug is taken. For
    other records a taken slug raises BadInput.
    """
    chosen: dict[str, PendingChange] = {}
    slugs_by_kind = {}
    for kind in dict.fromkeys(change.record_id.kind for change in changes):
        own = [change for change in changes if change.record_id.kind is kind]
        assigner = _SlugAssigner(connection, kind, own, flexible_ids, new_suffix)
        assigned, slugs_by_kind[kind] = assigner.choose_slugs()
        chosen |= {change.id: change for change in assigned}
    return SlugChoice(tuple(chosen[change.id] for change in changes), slugs_by_kind)


def register_slugs(connection: Connection, pending: Sequence[PendingChange], choice: SlugChoice) -> None:
    """Save who has which slug. An earlier owner's row becomes an alias, for audiences that see no other record under the slug."""
    for kind, own_slugs in choice.slugs.items():
        own = [change for change in pending if change.record_id.kind is kind]
        before = _add_released_slugs(own_slugs.known_rows, own)
        _save_rows(connection, kind, before, _apply_changes(before, own, own_slugs))


def _apply_changes(before: SlugRows, pending: Sequence[PendingChange], choice: KindSlugs) -> SlugRows:
    """Return the rows after the write, with those that public records imply."""
    holders, aliases = dict(before.holders), dict(before.aliases)
    for owner in (_build_owner(change.after) for change in pending if change.after and not _keeps_slug(change)):
        earlier = holders.get(owner.slug)
        if earlier and earlier.record_id != owner.record_id:
            aliases[owner.slug, earlier.record_id] = earlier
            earlier = aliases.pop((owner.slug, owner.record_id), None)
        holders[owner.slug] = _choose_widest(owner, earlier)
    for owner in choice.aliases:
        holder = holders.setdefault(owner.slug, owner)
        if holder.record_id == owner.record_id:
            holders[owner.slug] = _choose_widest(owner, holder)
        else:
            key = owner.slug, owner.record_id
            aliases[key] = _choose_widest(owner, aliases.get(key))
    released = {change.before.slug for change in pending if change.before}
    implied = {change.after.slug for change in pending if change.after and _is_public(change.after)}
    return SlugRows(holders, aliases, before.implied_slugs - released | implied)


def _add_released_slugs(known_rows: SlugRows, pending: Sequence[PendingChange]) -> SlugRows:
    """Add the implied rows of records that were public before the write: they need a row if they give up their slug."""
    public = [change.before for change in pending if change.before and _is_public(change.before) and not _keeps_slug(change)]
    holders = known_rows.holders | {organization.slug: _build_owner(organization) for organization in public}
    return SlugRows(holders, known_rows.aliases, known_rows.implied_slugs | {organization.slug for organization in public})


class _SlugAssigner:
    """Chooses the slugs of the records of one kind in a write, one after another."""

    def __init__(
        self,
        connection: Connection,
        kind: RecordKind,
        changes: Sequence[PendingChange],
        flexible_ids: Collection[str],
        new_suffix: SuffixGenerator,
    ) -> None:
        self._connection, self._kind, self._changes = connection, kind, changes
        self._flexible_ids, self._new_suffix = flexible_ids, new_suffix
        self._known_rows = self._load_known_rows()
        self._owners_by_slug: dict[str, list[SlugOwner]] = {}
        self._slugs_by_record: dict[str, set[str]] = {}
        for owner in (*self._known_rows.holders.values(), *self._known_rows.aliases.values()):
            self._owners_by_slug.setdefault(owner.slug, []).append(owner)
            self._slugs_by_record.setdefault(owner.record_id, set()).add(owner.slug)
        self._assigned_slugs: set[str] = set()
        self._aliases: list[SlugOwner] = []

    def choose_slugs(self) -> tuple[list[PendingChange], KindSlugs]:
        changes = list(self._changes)
        self._assigned_slugs.update(change.after.slug for change in changes if change.after and _keeps_slug(change))
        # private records first, because public ones may take the slugs that they release
        for position in sorted(range(len(changes)), key=lambda index: _is_public(changes[index].after)):
            change = changes[position]
            if change.after is not None and not _keeps_slug(change):
                changes[position] = self._assign_slug(change, change.after)
        return changes, KindSlugs(tuple(self._aliases), self._known_rows)

    def _load_known_rows(self) -> SlugRows:
        puts = [(change.before, change.after) for change in self._changes if change.after and not _keeps_slug(change)]
        requested = {after.slug for _, after in puts}
        requested |= {before.slug for before, after in puts if before and after.id in self._flexible_ids}
        private_ids = {after.id for _, after in puts if not _is_public(after)}
        return load_slug_rows(self._connection, self._kind, requested, private_ids)

    def _assign_slug(self, change: PendingChange, after: StoredRecord) -> PendingChange:
        slug = self._choose_public_slug(change, after) if _is_public(after) else self._choose_private_slug(change, after)
        self._assigned_slugs.add(slug)
        if slug == after.slug:
            return change
        if not _is_public(after) and not is_private_slug(after.slug):
            self._aliases.append(SlugOwner(after.slug, change.id, after.effective_audience))
        return replace(change, after=replace(after, slug=slug))

    def _choose_private_slug(self, change: PendingChange, after: StoredRecord) -> str:
        """Return the requested slug if it is private and free, else one that the record has or had, else a new one."""
        own_slugs = self._slugs_by_record.get(change.id, set())
        is_free = after.slug not in self._owners_by_slug and after.slug not in self._assigned_slugs
        if is_private_slug(after.slug) and (after.slug in own_slugs or is_free):
            return after.slug
        own_private_slugs = sorted(filter(is_private_slug, own_slugs))
        if not own_private_slugs or after.slug not in own_slugs:
            return build_private_slug(after.slug, self._new_suffix())
        return change.before.slug if change.before and change.before.slug in own_private_slugs else own_private_slugs[0]

    def _choose_public_slug(self, change: PendingChange, after: StoredRecord) -> str:
        if not self._is_taken(after):
            return after.slug
        if change.id not in self._flexible_ids:
            message = f"The slug {after.slug} belongs to another {self._kind.noun}. Choose another one."
            raise BadInput(message, argument="slug", organization=after.slug, value=after.slug)
        return change.before.slug if change.before else build_private_slug(after.slug, self._new_suffix())

    def _is_taken(self, claimant: StoredRecord) -> bool:
        """Return whether another record has the slug, or the slug leads the public to another record."""
        if claimant.slug in self._assigned_slugs:
            return True
        others = [owner for owner in self._owners_by_slug.get(claimant.slug, ()) if owner.record_id != claimant.id]
        if not others:
            return False
        public_owners = (owner.record_id for owner in others if owner.audience is Audience.PUBLIC)
        targets = {find_final_survivor(owner_id, self._survivor_chains) for owner_id in public_owners}
        return claimant.slug in self._current_slugs or not self._public_ids.isdisjoint(targets - {claimant.id})

    @cached_property
    def _competing_owners(self) -> list[SlugOwner]:
        """The other owners of slugs that public records of this write request."""
        claimants = {change.after.slug: change.id for change in self._changes if change.after and _is_public(change.after)}
        owners = (owner for slug in claimants for owner in self._owners_by_slug.get(slug, ()))
        return [owner for owner in owners if owner.record_id != claimants[owner.slug]]

    @cached_property
    def _current_slugs(self) -> set[str]:
        """The contested slugs that records outside of this write have now."""
        edited_ids, current_slugs, main = {change.id for change in self._changes}, set[str](), TABLES[self._kind].main
        for chunk in split_into_chunks(sorted({owner.slug for owner in self._competing_owners})):
            query = select(main.c.slug, main.c.id).where(main.c.slug.in_(chunk))
            rows = self._connection.execute(query)
            current_slugs.update(slug for slug, record_id in rows if record_id not in edited_ids)
        return current_slugs

    @cached_property
    def _survivor_chains(self) -> dict[str, list[str]]:
        return merges.build_survivor_chains(merges.load_merges(self._connection), Audience.PUBLIC, self._changes)

    @cached_property
    def _public_ids(self) -> set[str]:
        """The ids of records that contested slugs lead to and that are public after this write."""
        targets = {find_final_survivor(owner.record_id, self._survivor_chains) for owner in self._competing_owners}
        others = targets - {change.id for change in self._changes}
        audiences = load_audiences(self._connection, [RecordId(self._kind, target) for target in others])
        edited_ids = {change.id for change in self._changes if _is_public(change.after)}
        return edited_ids | {target for target, audience in audiences.items() if audience is Audience.PUBLIC}


def _is_public(record: StoredRecord | None) -> bool:
    return record is not None and record.effective_audience is Audience.PUBLIC


def _keeps_slug(change: PendingChange) -> bool:
    """Return whether the slug and the audience stay, so that nothing that a slug leads to changes."""
    before, after = change.before, change.after
    if before is None or after is None or before.effective_audience is not after.effective_audience:
        return False
    return before.slug == after.slug and (_is_public(after) or is_private_slug(after.slug))


def _build_owner(record: StoredRecord) -> SlugOwner:
    return SlugOwner(record.slug, record.id, record.effective_audience)


def _choose_widest(owner: SlugOwner, before: SlugOwner | None) -> SlugOwner:
    return before if before is not None and owner.audience.sees(before.audience) else owner


def _save_rows(connection: Connection, kind: RecordKind, before: SlugRows, after: SlugRows) -> None:
    """Write the rows that differ."""
    old, new = _list_registered(before), _list_registered(after)
    removed_holders = [{"of": slug} for slug in old if slug not in new]
    new_holders = [_build_row(kind, owner) for slug, owner in new.items() if slug not in old]
    changed_holders = [_build_parameters(owner) for slug, owner in new.items() if old.get(slug, owner) != owner]
    old_aliases = [_build_parameters(owner) for key, owner in before.aliases.items() if after.aliases.get(key) != owner]
    new_aliases = [_build_row(kind, owner) for key, owner in after.aliases.items() if before.aliases.get(key) != owner]
    is_holder = slugs.c.record_kind == kind.value, slugs.c.slug == bindparam("of")
    execute_many(connection, delete(slugs).where(*is_holder), removed_holders)
    execute_many(connection, insert(slugs), new_holders)
    update_holder = update(slugs).where(*is_holder)
    execute_many(connection, update_holder.values(record_id=bindparam("to"), audience=bindparam("by")), changed_holders)
    is_kind = slug_aliases.c.record_kind == kind.value
    is_alias = is_kind, slug_aliases.c.slug == bindparam("of"), slug_aliases.c.record_id == bindparam("to")
    keys = [{"of": parameters["of"], "to": parameters["to"]} for parameters in old_aliases]
    execute_many(connection, delete(slug_aliases).where(*is_alias), keys)
    execute_many(connection, insert(slug_aliases), new_aliases)


def _list_registered(rows: SlugRows) -> dict[str, SlugOwner]:
    """Return the holders that have a row."""
    return {slug: owner for slug, owner in rows.holders.items() if slug not in rows.implied_slugs}


def _build_row(kind: RecordKind, owner: SlugOwner) -> dict[str, str]:
    return {"record_kind": kind.value, "slug": owner.slug, "record_id": owner.record_id, "audience": owner.audience.value}


def _build_parameters(owner: SlugOwner) -> dict[str, str]:
    return {"of": owner.slug, "to": owner.record_id, "by": owner.audience.value}
