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
from web.http.graphql_request import GraphQLRequest
from web.http.responses import NO_STORE

VARY = {"Vary": "Accept, Authorization, Cookie"}
REVALIDATE_HEADERS = {"Cache-Control": "public, max-age=0, must-revalidate", **VARY}
UNCACHED_HEADERS = {**NO_STORE, **VARY}
_PERSONAL_FIELD = re.compile(r"\bviewer\b")
_DATE_DEPENDENT_FIELD = re.compile(r"\bverificationDue\b")
_ETAG = re.compile(r'"[^"]*"|\*')
_encode = msgspec.json.Encoder(order="sorted").encode


def compute_etag(document: str, request: GraphQLRequest, context: Context, media_type: str) -> str | None:
    """The strong entity tag of what this request would be answered with; None when it must not be kept."""
    if _PERSONAL_FIELD.search(document):
        return None
    day = context.now.date().isoformat() if _DATE_DEPENDENT_FIELD.search(document) else None
    question = (document, request.variables or {}, request.operation_name, media_type)
    parts = (*_snapshot_key(context.snapshot), *question, context.limits, day, compute_code_hash())
    return f'"{blake2b(_encode(parts), digest_size=16).hexdigest()}"'


def is_not_modified(tag: str, if_none_match: str | None) -> bool:
    """Whether the client has it already. Weak tags count: caches that compress make them of strong ones (RFC 9110, 13.1.2)."""
    return if_none_match is not None and tag in _ETAG.findall(if_none_match)


@cache
def compute_code_hash() -> str:
    """One value for our code, its data and the positions of postal codes: the same wherever the same is installed."""
    digest = blake2b(version("zipcodes").encode(), digest_size=16)
    for path in _list_source_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _list_source_files() -> Iterator[Path]:
    house = Path(__file__).parents[2]
    for folder in ("directory", "schema"):
        yield from sorted(path for path in (house / folder).rglob("*") if path.suffix in (".py", ".toml", ".csv"))


def _snapshot_key(snapshot: Snapshot) -> tuple[str, str, str | None, bool]:
    """Whose directory it is can be said anew without a record that changes."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    return snapshot.audience, snapshot.version, network.id if network else None, snapshot.fictional
