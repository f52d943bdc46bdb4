"""The names by which a record is known, as they are compared: without case, legal forms and small words."""

from directory.matching.wording import normalize_name
from directory.records import StoredOrganization


def is_known_name(name: str, entry: StoredOrganization) -> bool:
    """Whether the record goes, or went, by this name."""
    return _name_words(name) in {_name_words(one) for one in (entry.name, *(other.name for other in entry.names))}


def _name_words(name: str) -> tuple[str, ...]:
    found = normalize_name(name)
    return found.words if found else (name,)
