"""The form of slugs: how one is written, how a name becomes one, and the private slugs of records that are not public.

A public slug is plain ("harbor-tenants-union"), so it reveals at most the names of other public records. A record that is not
public must never compete for a plain slug: its slug ends in a random suffix that cannot be guessed.

Which record gets which slug is decided in store/records/slug_assignment.py. store/records/slug_lookup.py finds the record that a
slug leads to.
"""

import re
import secrets
from collections.abc import Callable

from directory.errors import BadInput
from directory.text import fold

SLUG_LIMIT = 100  # characters
SUFFIX_LENGTH = 10  # of 27 characters: 47 bits

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LETTERS, _DIGITS = "bcdfghjkmnpqrstvwxz", "23456789"  # no vowels, so a suffix is never a word; no 0, 1 and l, which look alike
_SUFFIX = re.compile(rf"-(?=[a-z]*[0-9])(?=[0-9]*[a-z])[{_LETTERS}{_DIGITS}]{{{SUFFIX_LENGTH}}}\Z")

SuffixGenerator = Callable[[], str]


def is_slug(text: str) -> bool:
    """Return whether the text is letters a to z and digits, joined by single hyphens. The length is not checked."""
    return _SLUG.fullmatch(text) is not None


def check_slug(text: str) -> str:
    """Return a slug that a person chose. Raises BadInput if it is malformed or longer than SLUG_LIMIT."""
    if not (is_slug(text) and len(text) <= SLUG_LIMIT):
        raise BadInput(f"A slug is letters a to z and digits joined by single hyphens, at most {SLUG_LIMIT} characters.")
    return text


def slugify(name: str) -> str:
    """Return the slug for a name, cut after a whole word; "" for a name without Latin letters or digits."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:SLUG_LIMIT]
        if len(longer) > SLUG_LIMIT:
            break
        slug = longer
    return slug


def generate_suffix(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return SUFFIX_LENGTH random characters with at least one letter and one digit. `choose` picks a character of a text."""
    while True:
        suffix = "".join(choose(_LETTERS + _DIGITS) for _ in range(SUFFIX_LENGTH))
        if not (suffix.isalpha() or suffix.isdigit()):
            return suffix


def build_private_slug(slug: str, suffix: str) -> str:
    """Return the slug with the suffix, which replaces an earlier suffix. Cut to SLUG_LIMIT."""
    stem = _SUFFIX.sub("", slug)[: SLUG_LIMIT - SUFFIX_LENGTH - 1].rstrip("-")
    return f"{stem}-{suffix}"


def is_private_slug(slug: str) -> bool:
    """Return whether the slug ends in a suffix such as `generate_suffix` returns."""
    return _SUFFIX.search(slug) is not None
