"""HTTP caching: Cache-Control, ETag and conditional requests.

An answer to a GET request depends only on audience, version, document, variables, operation, media type and our own code. A
hash of these is its entity tag, which is known before the document is parsed. Some fields are exceptions. Answers with `viewer`
depend on the client and are never cached. Answers with `verificationDue`, a field or a filter, and with `coverage` depend on
the day, which becomes part of the tag; a filter may also be in the variables or, as a query string, in the argument `search`.
All are detected by searching the document and the variables for the name. This also finds fields in fragments and behind
aliases. A match in a comment or a string does no harm: the answer is cached less than it could be.

Clients revalidate cached answers each time (`max-age=0`). They see an edit at once, and an unchanged answer costs a 304 without
parsing or execution. Shared caches may store answers, because nothing that depends on credentials is cached and `Vary` says so.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec.structs import replace

from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.limits import Limits
from web.http.graphql_request import GraphQLRequest
from web.http.responses import GRAPHQL_JSON, JSON, NO_STORE, RawHeaders, encode_headers

VARY = {"Vary": "Accept, Authorization, Cookie"}
REVALIDATE_HEADERS = {"Cache-Control": "public, max-age=0, must-revalidate", **VARY}
UNCACHED_HEADERS = {**NO_STORE, **VARY}
RAW_UNCACHED_HEADERS = {media_type: encode_headers(UNCACHED_HEADERS, media_type) for media_type in (JSON, GRAPHQL_JSON)}
_PERSONAL_FIELD = re.compile(r"\bviewer\b")
_DATE_DEPENDENT_NAME = re.compile(r"\b(verificationDue|search|coverage)\b")
_DATE_DEPENDENT_KEY = b'"verificationDue"'  # in variables
_SOURCE_SUFFIXES = (".py", ".toml", ".csv", ".txt")
_ETAG = re.compile(r'"[^"]*"')
_encode = msgspec.json.Encoder(order="sorted").encode


def compute_etag(document: str, request: GraphQLRequest, context: Context, media_type: str) -> str | None:
    """Return the strong entity tag of the answer to this request; None if the answer must not be cached."""
    if _PERSONAL_FIELD.search(document):
        return None
    variables = _encode(request.variables or {})
    depends_on_day = _DATE_DEPENDENT_NAME.search(document) or _DATE_DEPENDENT_KEY in variables
    day = context.now.date().isoformat() if depends_on_day else None
    request_parts = (document, msgspec.Raw(variables), request.operation_name, media_type)
    parts = (*_snapshot_key(context.snapshot), *request_parts, _without_times(context.limits), day, compute_code_hash())
    return f'"{blake2b(_encode(parts), digest_size=16).hexdigest()}"'


@lru_cache(maxsize=16)
def _without_times(limits: Limits) -> Limits:
    """Return the limits that answers depend on. Those of time change when a server has started, and decide only on refusals."""
    return replace(limits, seconds=0.0, cpu_seconds=0.0)


def build_cached_headers(tag: str, media_type: str | None = None) -> RawHeaders:
    """Return the headers of the answer with this entity tag. It has no media type if it is not modified."""
    return encode_headers({"ETag": tag, **REVALIDATE_HEADERS}, media_type)


def is_not_modified(tag: str, if_none_match: bytes | None) -> bool:
    """Return whether the client already has the answer.

    Weak tags match too, as caches that compress turn strong tags into weak ones (RFC 9110, section 13.1.2).
    """
    return if_none_match is not None and tag in _ETAG.findall(if_none_match.decode("latin-1"))


@cache
def compute_code_hash() -> str:
    """Return a hash of our code, our data and the version of the postal codes. Equal installations have equal hashes."""
    digest = blake2b(version("zipcodes").encode(), digest_size=16)
    for path in _list_source_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _list_source_files() -> Iterator[Path]:
    root = Path(__file__).parents[2]
    for folder in ("directory", "schema"):
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in _SOURCE_SUFFIXES)


def _snapshot_key(snapshot: Snapshot) -> tuple[str, str, str | None, bool]:
    """Include the network, which can be set without a change to any record."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    return snapshot.audience, snapshot.version, network.id if network else None, snapshot.fictional
