"""Decide which sources of a record an audience may see."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from directory.geo import Disclosure
from directory.records import Audience, Source

SOURCE_CACHE_SIZE = 1 << 16  # published sources; thousands of organizations share the source of one file
LIST_CACHE_SIZE = 1 << 12


def publish_sources(
    sources: Sequence[Source], audience: Audience, staff_fields: Collection[str] = (), disclosures: Sequence[Disclosure] = ()
) -> tuple[Source, ...]:
    """Return the sources that the audience may see, each of them once.

    Sources of `staff_fields` are for staff only: for other audiences their presence would show whether something is hidden there.
    A source leads to the fact itself, so a source of locations is published only if every place of the record is published as
    precisely as the source states it. `disclosures` are those of the places.
    """
    strictest = max((disclosure.strictness for disclosure in disclosures), default=Disclosure.HIDDEN.strictness)

    def is_publishable(source: Source) -> bool:
        if source.field == "locations":
            return strictest <= source.tells.strictness
        return audience is Audience.STAFF or source.field not in staff_fields

    return _intern_list(tuple(dict.fromkeys(_publish_source(source) for source in sources if is_publishable(source))))


def _publish_source(source: Source) -> Source:
    """Drop the fields that are never published."""
    return _intern_source(Source(source.field, source.title, source.url, source.date))


@lru_cache(maxsize=SOURCE_CACHE_SIZE)
def _intern_source(source: Source) -> Source:
    """Return one shared object for equal sources, to save memory."""
    return source


@lru_cache(maxsize=LIST_CACHE_SIZE)
def _intern_list(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return one shared list for records of one list, which have the same sources."""
    return sources
