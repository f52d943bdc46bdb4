"""Slugs of records that are not public: a stem and a random suffix.

A public slug is plain ("harbor-tenants-union"), so it tells the names of other public records at most. A record that is not
public must never compete for one: its slug ends in random characters that nobody can guess or collide with.
"""

import re
import secrets
from collections.abc import Callable

from directory.drafts.normalize import SLUG_LIMIT

SUFFIX_LENGTH = 10  # of 27 characters: 47 bits
_LETTERS, _DIGITS = "bcdfghjkmnpqrstvwxz", "23456789"  # no vowels, so that a suffix is never a word; no 0 and 1, read as o and l
_SUFFIX = re.compile(rf"-(?=[a-z]*[0-9])(?=[0-9]*[a-z])[{_LETTERS}{_DIGITS}]{{{SUFFIX_LENGTH}}}\Z")

SuffixGenerator = Callable[[], str]


def generate_suffix(choose: Callable[[str], str] = secrets.choice) -> str:
    """SUFFIX_LENGTH random characters, among them a letter and a digit. `choose` picks one of several."""
    while True:
        suffix = "".join(choose(_LETTERS + _DIGITS) for _ in range(SUFFIX_LENGTH))
        if not (suffix.isalpha() or suffix.isdigit()):
            return suffix


def build_private_slug(slug: str, suffix: str) -> str:
    """The slug with the suffix, in place of one that it may have; cut so that it is no longer than a slug may be."""
    stem = _SUFFIX.sub("", slug)[: SLUG_LIMIT - SUFFIX_LENGTH - 1].rstrip("-")
    return f"{stem}-{suffix}"


def is_private_slug(slug: str) -> bool:
    """Whether the slug ends in a suffix as `new_suffix` makes them."""
    return _SUFFIX.search(slug) is not None
