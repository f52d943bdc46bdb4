"""Everything that can be read from one state of the directory."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, select, union

from directory.publish import VisibleChange
from directory.records import Audience, PrivatePlace, StoredOrganization
from directory.store.database.bulk import AnyRow, stream_rows
from directory.store.ledger import feed, history, merges
from directory.store.ledger.edits import Change, ChangedRecords, Head, KeyTargets, Revision
from directory.store.records import loading, private_places, slug_lookup
from directory.store.records.tables import CHANGE_COUNT_COLUMNS, EFFECTIVE_AUDIENCE, changes, feed_exceptions, head, organizations

_AUDIENCE_BY_VALUE = {audience.value: audience for audience in Audience}


class ReadTransaction:
    """One transaction to read from. All methods see the same state of the directory."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # -------------------------------------------------------------- the current records

    def load_head(self) -> Head:
        return build_head(self.connection.execute(select(head)).one())

    def load_organizations(self, ids: Collection[str] | None = None) -> Iterator[tuple[StoredOrganization, int]]:
        """Yield all organizations in the order of their creation, or those of `ids` that exist, each with its last revision.

        A location has its private place only if its disclosure is EXACT.
        """
        return loading.load_organizations(self.connection, ids)

    def load_audiences(self) -> dict[str, Audience]:
        """Return the effective audience of every organization, by id."""
        rows = stream_rows(self.connection, select(organizations.c.id, EFFECTIVE_AUDIENCE))
        return {organization_id: _AUDIENCE_BY_VALUE[audience] for organization_id, audience in rows}

    def list_hidden_ids(self) -> list[str]:
        """Return the ids of all records that staff have hidden."""
        query = select(organizations.c.id).where(organizations.c.hidden_since.is_not(None))
        return list(self.connection.execute(query).scalars())

    def list_ids_hidden_until(self, day: date) -> list[str]:
        """Return the ids of hidden records whose hiding ends on that day or ended before it."""
        query = select(organizations.c.id).where(organizations.c.hidden_until <= day)
        return list(self.connection.execute(query).scalars())

    def find_differing_places(self, places: Mapping[str, PrivatePlace]) -> set[str]:
        """Return the ids of locations whose stored private place differs from the given one, without revealing it.

        `places` is by location id. A location without a private place, or an unknown one, differs from everything but an empty
        PrivatePlace(). If a given place has a street but no point, only the streets are compared.
        """
        return private_places.find_differing_places(self.connection, places)

    # -------------------------------------------------------------- slugs and merges

    def load_slug_targets(self, audience: Audience = Audience.STAFF, ids: Collection[str] | None = None) -> dict[str, str]:
        """Return the organization id that each slug leads to, for every slug under which the audience ever saw an organization.

        If several organizations had the slug, it leads to one that the audience sees now, if there is one, and first to the one
        that has it or had it last. The slugs of a merged organization lead to its survivor. The organization may have been
        removed. Staff get every slug ever assigned. `ids` restricts the result to slugs that belong to these organizations, or
        lead to or through them.
        """
        return dict(self.load_key_targets(ids)[audience].slugs)

    def load_key_targets(self, ids: Collection[str] | None = None) -> dict[Audience, KeyTargets]:
        """Return, for each audience, where slugs lead as `load_slug_targets` does, and where ids of merged organizations lead.

        The ids lead to final survivors. Merges of records that an audience did not see at the time are left out.
        """
        return slug_lookup.load_key_targets(self.connection, ids)

    def load_slugs_in_use(self) -> set[str]:
        """Return the slugs that a new public record cannot have. Of a hidden or removed record that is only its private slug."""
        return slug_lookup.load_slugs_in_use(self.connection)

    def load_final_survivors(self, audience: Audience = Audience.STAFF) -> dict[str, str]:
        """Return the final survivor's id of every merged organization, by id. The survivor may have been removed.

        Merges of records that the audience did not see at the time are left out. Staff get all of them.
        """
        chains = merges.build_survivor_chains(merges.load_merges(self.connection), audience)
        return {loser: chain[-1] for loser, chain in chains.items()}

    # -------------------------------------------------------------- changes

    def find_changed_since(self, revision: int) -> ChangedRecords:
        """Return the head, and the organizations that changed or look different to an audience since that revision."""
        changed = select(changes.c.organization_id).where(changes.c.revision > revision)
        looks_different = select(feed_exceptions.c.organization_id).where(feed_exceptions.c.revision > revision)
        ids = self.connection.execute(union(changed, looks_different)).scalars()
        return ChangedRecords(self.load_head(), tuple(sorted(changed_id for changed_id in ids if changed_id is not None)))

    def load_visible_changes(self, audience: Audience, since_revision: int = 0) -> list[VisibleChange]:
        """Return the last change of each organization that the audience could see after that revision, oldest first."""
        return feed.load_visible_changes(self.connection, audience, since_revision)

    def load_history(self, organization_id: str) -> list[Change]:
        """Return every change of the organization, oldest first, with private parts; [] for an unknown id."""
        return history.load_history(self.connection, organization_id)

    def load_changes(self, revision: int) -> list[Change]:
        """Return every change of the revision, with private parts; [] for an unknown revision."""
        return history.load_changes(self.connection, revision)

    def load_changes_of_revisions(self, revisions: Iterable[int]) -> Iterator[Change]:
        """Yield the changes of organizations in those revisions, with private parts and without erasures.

        `revisions` must be in ascending order.
        """
        return history.load_changes_of_revisions(self.connection, revisions)

    def list_changed_ids_after(self, revision: int) -> list[tuple[int, str]]:
        """Return each later revision with each organization id that it changed, ascending, without erasures."""
        return history.list_changed_ids_after(self.connection, revision)

    def load_last_changes(self, ids: Collection[str]) -> dict[str, Change]:
        """Return the last change of each organization, by id, without erasures. Unknown ids are left out."""
        return history.load_last_changes(self.connection, ids)

    def load_revision(self, revision: int) -> Revision | None:
        """Return who made the revision, when and why, and how much it changed; None for an unknown revision."""
        return history.load_revision(self.connection, revision)

    def load_removed_organizations(self, ids: Collection[str]) -> dict[str, StoredOrganization]:
        """Return organizations as they were when last removed, by id, without private parts. Ids never removed are left out."""
        return history.load_removed_organizations(self.connection, ids)

    def load_last_revisions(self, ids: Collection[str]) -> dict[str, int]:
        """Return the revision that last created, changed or removed each organization, by id. Unknown ids are left out."""
        return history.load_last_revisions(self.connection, ids)

    def load_last_edits(self, ids: Collection[str], is_import_actor: Callable[[str], bool]) -> dict[str, dict[str, datetime]]:
        """Return when a person last edited each field of the organizations: field to time, by id.

        A person is an actor for whom `is_import_actor` returns False. Fields that a person filled in when creating a record were
        edited then. Changes of private parts count as edits of their fields. Organizations and fields that only imports changed
        are left out.
        """
        return history.load_last_edits(self.connection, ids, is_import_actor)


def build_head(row: AnyRow) -> Head:
    """Return the head of its row, with all columns."""
    values = row._mapping
    counters = {audience: values[column] for audience, column in CHANGE_COUNT_COLUMNS.items()}
    return Head(values["revision"], counters, values["key"], values["network_id"], values["fictional"])
