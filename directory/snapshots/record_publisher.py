"""Publish stored records for several audiences at once, and find the records for which that fails.

Records are most of the memory of a process, so audiences share what is equal.
"""

import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from directory.kinds import publish_record
from directory.kinds.references import map_references
from directory.published_places import publish_places
from directory.records import Audience, PublishedRecord, StoredOrganization, StoredRecord

T = TypeVar("T")
UpdateTimes = Mapping[str, datetime]  # when an audience last saw each record change, by id


class RecordPublisher:
    """Publishes records of one state of the directory."""

    def __init__(
        self,
        update_times: Mapping[Audience, UpdateTimes],
        record_audiences: Mapping[str, Audience],
        excluded_ids: Collection[str],
    ) -> None:
        """Publish for the audiences of `update_times`.

        `record_audiences` are those of all records, by id. References to excluded records are left out.
        """
        self._update_times = update_times
        self._audiences = [audience for audience in Audience if audience in update_times]
        self._visibility_checks = {
            audience: _build_visibility_check(audience, record_audiences, excluded_ids) for audience in self._audiences
        }

    def publish(self, record: StoredRecord, known: PublishedRecord | None = None) -> dict[Audience, PublishedRecord]:
        """Return the record as each audience sees it. Audiences that do not see it are left out.

        Equal parts of `known`, the record in an earlier snapshot, are used again. Raises KeyError if the update times lack the
        record for an audience that sees it.
        """
        published: dict[Audience, PublishedRecord] = {}
        audiences = [audience for audience in self._audiences if audience.sees(record.effective_audience)]
        places = publish_places(record) if audiences else None
        narrower = known
        for audience in audiences:
            is_visible = self._visibility_checks[audience]
            seen = publish_record(record, audience, self._update_times[audience][record.id], is_visible, places)
            if seen is not None:
                narrower = published[audience] = share_equal_parts(seen, narrower)
        return published


def share_ids(records: Iterable[StoredRecord], ids: dict[str, str]) -> Iterator[StoredRecord]:
    """Yield the records, whose references become the id objects of records yielded before; `ids` holds these objects."""
    for loaded in records:
        is_organization = isinstance(loaded, StoredOrganization)  # most have no references, and loading should stay fast
        record = loaded if is_organization else map_references(loaded, lambda key: ids.get(key, key))
        ids[record.id] = record.id
        yield record


def share_equal_parts(record: PublishedRecord, narrower: PublishedRecord | None) -> PublishedRecord:
    """Return the record with the objects of a narrower audience's one where they are equal, whole or field by field."""
    if narrower is None or narrower == record:
        return narrower or record
    pairs = ((field, getattr(narrower, field), getattr(record, field)) for field in record.__struct_fields__)
    return type(record)(**{field: theirs if theirs == own else own for field, theirs, own in pairs})


def _build_visibility_check(
    audience: Audience, record_audiences: Mapping[str, Audience], excluded_ids: Collection[str]
) -> Callable[[str], bool]:
    def is_visible(identity: str) -> bool:
        record_audience = record_audiences.get(identity)
        return record_audience is not None and audience.sees(record_audience) and identity not in excluded_ids

    return is_visible


def find_failing_ids(ids: Sequence[T], work: Callable[[Sequence[T]], object]) -> dict[T, Exception]:
    """Return the ids for which `work([id])` raises, each with its exception.

    Bisects the ids that fail: finding a few failing ids costs about as much as two or three runs over all of them.
    """
    try:
        if ids:
            work(ids)
    except Exception as problem:
        if len(ids) == 1:
            return {ids[0]: problem}
        middle = len(ids) // 2
        return find_failing_ids(ids[:middle], work) | find_failing_ids(ids[middle:], work)
    return {}


def format_traceback(problem: Exception) -> str:
    """Return the exception's type and code lines for the log. Its message is left out because it may hold private values."""
    lines = (f"{frame.filename}:{frame.lineno}" for frame in reversed(traceback.extract_tb(problem.__traceback__)))
    return f"{type(problem).__name__} at {', called from '.join(lines)}"
