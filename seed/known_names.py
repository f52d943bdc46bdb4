"""The names by which a record is known, as they are compared: without case, legal forms and small words."""

from directory.matching.wording import wording
from directory.records import Entry


def is_known(name: str, entry: Entry) -> bool:
    """Whether the record goes, or went, by this name."""
    return _words(name) in {_words(one) for one in (entry.name, *(other.name for other in entry.names))}


def _words(name: str) -> tuple[str, ...]:
    found = wording(name)
    return found.words if found else (name,)
