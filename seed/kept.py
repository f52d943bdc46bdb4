"""What is kept, by the keys that a row can name."""

from collections.abc import Callable
from typing import TypeAlias
from uuid import uuid4

from directory.drafts import OrganizationDraft
from directory.errors import BadInput
from directory.records import Entry, Identifier
from directory.store import Reading
from directory.written import slug_of
from seed.rows import Row

NewId: TypeAlias = Callable[[], str]


def new_id() -> str:
    """The id of a new organization: random, as one made of its name would tell the name of a record that is hidden later."""
    return str(uuid4())


class Kept:
    """One state of the directory. Rows claim their records in it as they are planned."""

    def __init__(self, reading: Reading, new_id: NewId = new_id) -> None:
        self._new_id = new_id
        self._entries = {entry.id: (entry, stamps.revision) for entry, stamps in reading.entries()}
        self._slugs = reading.slugs()
        self._identifiers = {one: entry.id for entry, _ in self._entries.values() for one in entry.identifiers}
        self._claims: dict[str, Row] = {}

    def entry(self, id: str) -> tuple[Entry | None, int]:  # noqa: A002
        """The record and the revision at which it was last changed; None and 0 for a new one."""
        return self._entries.get(id, (None, 0))

    def claim(self, row: Row, draft: OrganizationDraft, stated: str | None) -> tuple[str, str]:
        """The id and the slug of the organization that the row is about. `stated` is the id it gives, if it does.

        Raises BadInput when its keys lead to several records, to one that was removed or that another row states too, and when a
        new one needs a slug that is taken.
        """
        identifiers = [Identifier(one.scheme, one.value) for one in draft.identifiers]
        known = self._known(draft.slug, identifiers, stated)
        if known is not None and known in self._claims:
            earlier = self._claims[known]
            raise BadInput(f"{earlier.file}, record {earlier.number}, states the same organization; put the two together.")
        slug = draft.slug or (self._entries[known][0].slug if known else self._free_slug(draft.name))
        id = known or stated or self._new_id()  # noqa: A001
        self._claims[id] = row
        self._slugs.setdefault(slug, id)
        self._identifiers.update(dict.fromkeys(identifiers, id))
        return id, slug

    def _known(self, slug: str | None, identifiers: list[Identifier], stated: str | None) -> str | None:
        named = {self._identifiers[one] for one in identifiers if one in self._identifiers}
        named |= {self._slugs[slug]} if slug in self._slugs else set()
        if not named and stated not in self._entries and stated not in self._claims:
            return None
        named |= {stated} if stated else set()
        if len(named) > 1:
            raise BadInput("The id, slug and identifiers lead to different organizations; correct or leave out the wrong one.")
        known = named.pop()
        if known not in self._entries and known not in self._claims:
            raise BadInput(f'The slug "{slug}" was given to an organization that was removed; choose another.', argument="slug")
        return known

    def _free_slug(self, name: str) -> str:
        slug = slug_of(name)
        if not slug:
            raise BadInput("The name suggests no slug; give one.", argument="slug")
        if slug in self._slugs:
            raise BadInput(
                f'The slug "{slug}", which the name suggests, is taken. If it is the same organization, give this slug; if not, '
                "give another.",
                argument="slug",
            )
        return slug
