"""A row: one organization as a file states it, before anything is checked."""

from collections.abc import Mapping

from msgspec import Struct


class Row(Struct, frozen=True):
    """`stated` holds the fields of an OrganizationDraft, and perhaps `id`, the id of a record that is already kept.

    `file` and `number` (from 1, as a person counts the records of the file) tell where it stands.
    """

    file: str
    number: int
    stated: Mapping[str, object]
