"""Reject duplicate keys in JSON: parsers differ in which of the two values they use."""

import json
from typing import Any


class DuplicateKey(ValueError):
    """An object of the document has the same key twice; `key` is the first one found."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def reject_duplicate_keys(document: str) -> None:
    """Check every object of a JSON document that has already been parsed, in time proportional to its length.

    Raises DuplicateKey, and RecursionError for a document that is nested too deeply.
    """
    _decode(document.lstrip())


def _check_pairs(pairs: list[tuple[str, Any]]) -> None:
    """Check the keys of one object. Returns nothing, so that no values stay in memory."""
    if len(dict(pairs)) == len(pairs):
        return
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise DuplicateKey(key)
        seen.add(key)


_decode = json.JSONDecoder(object_pairs_hook=_check_pairs, parse_int=len, parse_float=len).raw_decode
