"""Where facts come from, as each audience is told: their sources, and the numbers under which sources know the record."""

from collections.abc import Sequence
from functools import lru_cache

from directory.geo import Disclosure
from directory.records import SOURCE_SCHEME_PREFIX, SOURCED_FIELDS, Audience, Identifier, Source

SOURCE_CACHE_SIZE = 1 << 16  # sources as told; thousands of organizations come from one file
_SOURCED_FIELDS = frozenset(SOURCED_FIELDS)
_STAFF_ONLY_FIELDS = frozenset({"contacts", "parent", "relations"})  # of these staff alone see all


def publish_sources(sources: Sequence[Source], audience: Audience, disclosures: Sequence[Disclosure]) -> tuple[Source, ...]:
    """A source leads to the fact: one of places is told where every place is told as exactly as the source tells it.

    `told` are the disclosures of the organization's places. Sources of contacts, parent and relations are for staff alone, so
    that for nobody else what is hidden among these decides whether a source is there. Those that are told alike are told once.
    """
    least = max((one.strictness for one in disclosures), default=Disclosure.HIDDEN.strictness)

    def tellable(source: Source) -> bool:
        if source.field == "locations":
            return least <= source.tells.strictness
        return source.field in _SOURCED_FIELDS and (audience is Audience.STAFF or source.field not in _STAFF_ONLY_FIELDS)

    return tuple(dict.fromkeys(_publish_source(source) for source in sources if tellable(source)))


def publish_identifiers(identifiers: tuple[Identifier, ...], audience: Audience) -> tuple[Identifier, ...]:
    """Without the numbers of sources' own for all but staff: such a number leads back into a list that is not public."""
    if audience is Audience.STAFF or not any(is_source_identifier(identifier) for identifier in identifiers):
        return identifiers
    return tuple(identifier for identifier in identifiers if not is_source_identifier(identifier))


def is_source_identifier(identifier: Identifier) -> bool:
    """Whether it is a source's own number of the record rather than one of a public register."""
    return identifier.scheme.startswith(SOURCE_SCHEME_PREFIX)


def _publish_source(source: Source) -> Source:
    """Without what only staff are to know of it."""
    return _intern_source(Source(source.field, source.title, source.url, source.date))


@lru_cache(maxsize=SOURCE_CACHE_SIZE)
def _intern_source(source: Source) -> Source:
    """The very same object for all that are equal: records are most of the memory."""
    return source
