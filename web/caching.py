"""What a client may keep of an answer, and how it asks whether that still holds.

An answer by GET follows from audience, version, document, variables, operation, media type and our own code, so that a hash of
these is its tag, known before anything is parsed. Two fields are more than that. `viewer` is about who asks: nothing is kept.
`verificationDue` also depends on the day, which then goes into the tag. No field can be selected without its name standing in
the document, so that looking for the name misses none, through fragments and aliases too; where it only looks like one, in a
comment or a string, a client keeps less than it could.

Kept answers are asked about anew each time (`max-age=0`): an edit is seen at once, and what has not changed costs a 304 that
neither parses nor executes. Any cache may keep them, because what differs by credential is never kept and `Vary` says so.
"""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import msgspec

from directory.search.snapshot import Snapshot
from schema.context import Context
from web.asked import Asked
from web.reply import NOT_KEPT

VARY = {"Vary": "Accept, Authorization, Cookie"}
KEPT = {"Cache-Control": "public, max-age=0, must-revalidate", **VARY}
UNKEPT = {**NOT_KEPT, **VARY}
_PERSONAL = re.compile(r"\bviewer\b")
_DATED = re.compile(r"\bverificationDue\b")
_TAG = re.compile(r'"[^"]*"|\*')
_encode = msgspec.json.Encoder(order="sorted").encode


def tag(document: str, asked: Asked, context: Context, media_type: str) -> str | None:
    """The strong entity tag of what this request would be answered with; None when it must not be kept."""
    if _PERSONAL.search(document):
        return None
    day = context.now.date().isoformat() if _DATED.search(document) else None
    question = (document, asked.variables or {}, asked.operation_name, media_type)
    parts = (*_state(context.snapshot), *question, context.limits, day, build())
    return f'"{blake2b(_encode(parts), digest_size=16).hexdigest()}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the client has it already. Weak tags count: caches that compress make them of strong ones (RFC 9110, 13.1.2)."""
    return if_none_match is not None and tag in _TAG.findall(if_none_match)


@cache
def build() -> str:
    """One value for our code, its data and the positions of postal codes: the same wherever the same is installed."""
    digest = blake2b(version("zipcodes").encode(), digest_size=16)
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    house = Path(__file__).parent.parent
    for folder in ("directory", "schema"):
        yield from sorted(path for path in (house / folder).rglob("*") if path.suffix in (".py", ".toml", ".csv"))


def _state(snapshot: Snapshot) -> tuple[str, str, str | None, bool]:
    """Whose directory it is can be said anew without a record that changes."""
    network = snapshot.organization(snapshot.network_id) if snapshot.network_id else None
    return snapshot.audience, snapshot.version, network.id if network else None, snapshot.fictional
