"""Links from identifiers to organizations."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from directory.records import Identifier, Organization


class OrganizationLinks(Struct, frozen=True):
    """The links that one audience sees. Immutable."""

    identifiers: dict[tuple[str, str], str]  # ids by scheme and value

    @classmethod
    def build(cls, organizations: Iterable[Organization]) -> "OrganizationLinks":
        return cls({}).with_changes([], list(organizations))

    def with_changes(self, before: Sequence[Organization], after: Sequence[Organization]) -> "OrganizationLinks":
        """Return the links after the records in `before` were replaced by those in `after`."""
        if _list_identifiers(before) == _list_identifiers(after):
            return self
        identifiers = self.identifiers.copy()
        for record in before:
            for identifier in record.identifiers:
                identifiers.pop((identifier.scheme, identifier.value), None)
        for record in after:
            identifiers |= {(identifier.scheme, identifier.value): record.id for identifier in record.identifiers}
        return OrganizationLinks(identifiers)


def _list_identifiers(records: Iterable[Organization]) -> set[tuple[str, tuple[Identifier, ...]]]:
    return {(record.id, record.identifiers) for record in records}
