"""Merge two records of a kind other than organizations."""

from typing import Any

import msgspec
from msgspec.structs import replace

from directory.curation.merge_parts import merge_lists, narrowest_audience
from directory.fields import MergeRule
from directory.kinds import get_kind
from directory.kinds.references import drop_repeated_references
from directory.records import Audience, StoredRecord
from directory.visibility import apply_strictest_hiding

_OWN_FIELDS = ("id", "slug", "name", "hidden_since", "hidden_until")  # of the survivor; hiding has its own rule


def merge_records(survivor: StoredRecord, loser: StoredRecord) -> StoredRecord:
    """Return the survivor with the facts that the loser adds. Both are of the same kind.

    Plain fields are merged by their rule, values that the survivor does not state are filled in, and lists of parts are united,
    the survivor's first. A part that refers to a record, such as a member, is kept once for each record. Nothing is shown to more
    people than either record shows it to. A place is kept if the survivor has one.
    """
    merged = {field.name: _merge_field(survivor, loser, field) for field in msgspec.structs.fields(type(survivor))}
    own = {name: value for name, value in merged.items() if name not in _OWN_FIELDS}
    return apply_strictest_hiding(replace(survivor, **own), loser)


def _merge_field(survivor: StoredRecord, loser: StoredRecord, field: msgspec.structs.FieldInfo) -> Any:
    own, other = getattr(survivor, field.name), getattr(loser, field.name)
    declared = get_kind(survivor).fields.get(field.name)
    if isinstance(own, Audience):
        return narrowest_audience((own, other))
    if declared is not None and declared.merge is MergeRule.KEEP:
        return own
    if field.name == "sites":
        return own or other
    if isinstance(own, tuple):
        return drop_repeated_references(merge_lists(own, other))
    is_own_id = other in (survivor.id, loser.id)
    return other if own is None and not is_own_id else own
