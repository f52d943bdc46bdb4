"""Links between organizations, and from identifiers to organizations."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from directory.records import Identifier, Organization


class OrganizationLinks(Struct, frozen=True):
    """The links that one audience sees. Immutable."""

    children: dict[str, frozenset[str]]  # by the parent's id
    identifiers: dict[tuple[str, str], str]  # ids by scheme and value

    @classmethod
    def build(cls, organizations: Iterable[Organization]) -> "OrganizationLinks":
        return cls({}, {}).with_changes([], list(organizations))

    def with_changes(self, before: Sequence[Organization], after: Sequence[Organization]) -> "OrganizationLinks":
        """Return the links after the records in `before` were replaced by those in `after`."""
        if _list_linked_fields(before) == _list_linked_fields(after):
            return self
        children, identifiers = self.children.copy(), self.identifiers.copy()
        for record in before:
            if record.parent:
                children[record.parent] = children[record.parent] - {record.id}
            for identifier in record.identifiers:
                identifiers.pop((identifier.scheme, identifier.value), None)
        for record in after:
            if record.parent:
                children[record.parent] = children.get(record.parent, frozenset()) | {record.id}
            identifiers |= {(identifier.scheme, identifier.value): record.id for identifier in record.identifiers}
        return OrganizationLinks(children, identifiers)


def _list_linked_fields(records: Iterable[Organization]) -> set[tuple[str, str | None, tuple[Identifier, ...]]]:
    return {(record.id, record.parent, record.identifiers) for record in records}
