"""What a request asks: queries or an extension, as JSON in a form or in the address (Reconciliation Service API 0.2)."""

from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct
from starlette.requests import Request

from directory.errors import ErrorCode
from directory.records import OrganizationKind
from web.http import graphql_request
from web.http.json_keys import DuplicateKey, reject_duplicate_keys
from web.http.responses import Refusal
from web.reconcile.candidates import Row
from web.reconcile.limits import (
    BATCH_LIMIT,
    BODY_BYTES,
    CANDIDATE_LIMIT,
    DEFAULT_CANDIDATES,
    EXTENSION_LIMIT,
    FIELDS_LIMIT,
    LARGE_BATCH,
    LARGE_BATCH_CANDIDATE_LIMIT,
    QUERY_PROPERTIES_LIMIT,
    TEXT_LENGTH,
    VALUES_LIMIT,
)
from web.reconcile.properties import ORGANIZATION, PROPERTIES

QUOTED_KEY_LENGTH = 40  # characters of a key that an error quotes
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"

T = TypeVar("T")
Scalar: TypeAlias = str | int | float | bool | None


class EntityValue(Struct):
    """A value that is an entity itself."""

    id: str = ""
    name: str = ""


class QueryProperty(Struct):
    pid: str
    v: Scalar | EntityValue | list[Scalar | EntityValue] = None


class ReconcileQuery(Struct):
    query: str | None = None
    type: Any = None
    limit: float | None = None
    properties: list[QueryProperty] | None = None


class RequestedProperty(Struct):
    id: str


class ExtensionRequest(Struct):
    ids: list[str]
    properties: list[RequestedProperty]


_decode_queries = msgspec.json.Decoder(dict[str, ReconcileQuery]).decode
_decode_extension = msgspec.json.Decoder(ExtensionRequest).decode


class ReconcileRequest(Struct, frozen=True):
    """One of the two; none where the manifest is asked for. A row that is refused does not keep the others from being matched."""

    rows: dict[str, Row | Refusal] | None = None
    extension: ExtensionRequest | None = None


async def read_form(request: Request) -> bytes:
    """The form as it was sent, from the body or the address. Raises Refusal."""
    if request.method != "POST":
        return _read_query_string(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM_MEDIA_TYPE:
        raise Refusal(415, ErrorCode.BAD_INPUT, f"Send the request as {FORM_MEDIA_TYPE}.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, ErrorCode.BAD_INPUT, "Send the request uncompressed.")
    return await graphql_request.read_body(request, BODY_BYTES)


def parse_request(raw: bytes) -> ReconcileRequest:
    """What a form asks for. Raises Refusal. What else a client sends along, such as `callback`, is not read."""
    form = _parse_form(raw)
    if "queries" in form:
        return ReconcileRequest(rows=_build_rows(_decode_field(_decode_queries, form["queries"], "queries")))
    if "extend" in form:
        return ReconcileRequest(extension=_check_extension(_decode_field(_decode_extension, form["extend"], "extend")))
    return ReconcileRequest()


def parse_parameters(request: Request) -> dict[str, str]:
    """Those of the address. Raises Refusal, also for a value that is too long."""
    given = _parse_form(_read_query_string(request))
    if any(len(value) > TEXT_LENGTH for value in given.values()):
        raise bad_request(f"A value in the address has at most {TEXT_LENGTH} characters here.")
    return given


def bad_request(sentence: str) -> Refusal:
    return Refusal(400, ErrorCode.BAD_INPUT, sentence)


def _read_query_string(request: Request) -> bytes:
    raw: bytes = request.scope["query_string"]
    if len(raw) > graphql_request.QUERY_STRING_LIMIT:
        raise Refusal(
            414, ErrorCode.TOO_LARGE, f"An address has at most {graphql_request.QUERY_STRING_LIMIT:,} bytes here. Ask by POST."
        )
    return raw


def _parse_form(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(raw.decode(), errors="strict", max_num_fields=FIELDS_LIMIT)
    except ValueError:
        raise bad_request(f"The form has to be UTF-8, percent-encoded, with at most {FIELDS_LIMIT} fields.") from None
    if len(form := dict(pairs)) < len(pairs):
        raise bad_request("A field stands twice in the form. Send each once.")
    return form


def _decode_field(decode: Any, text: str, field: str) -> Any:
    try:
        decoded = decode(text)
        reject_duplicate_keys(text)
        return decoded
    except DuplicateKey as problem:
        raise bad_request(
            f"`{field}` has the key {problem.key[:QUOTED_KEY_LENGTH]!r} twice in one object. Send each key once."
        ) from None
    except RecursionError:
        raise bad_request(f"`{field}` is nested too deeply.") from None
    except (msgspec.MsgspecError, UnicodeEncodeError) as problem:
        raise bad_request(f"`{field}` is not what it has to be: {problem}.") from None


def _build_rows(queries: dict[str, ReconcileQuery]) -> dict[str, Row | Refusal]:
    if len(queries) > BATCH_LIMIT:
        raise Refusal(413, ErrorCode.TOO_LARGE, f"A batch has at most {BATCH_LIMIT} queries. Send smaller ones.")
    most = LARGE_BATCH_CANDIDATE_LIMIT if len(queries) > LARGE_BATCH else CANDIDATE_LIMIT
    return {key: _build_row(key, query, most) for key, query in queries.items()}


def _build_row(key: str, query: ReconcileQuery, most: int) -> Row | Refusal:
    """Raises Refusal for a query that no program should send. Returns it for a text that is too long, as a list may have one."""
    stated = query.properties or []
    if not query.query and not stated:
        raise bad_request(f"The query {key[:QUOTED_KEY_LENGTH]!r} needs `query` or `properties`.")
    if query.limit is not None and query.limit < 1:
        raise bad_request(f"The query {key[:QUOTED_KEY_LENGTH]!r} has a `limit` below 1.")
    if len(stated) > QUERY_PROPERTIES_LIMIT or any(isinstance(one.v, list) and len(one.v) > VALUES_LIMIT for one in stated):
        raise bad_request(
            f"The query {key[:QUOTED_KEY_LENGTH]!r} has more than {QUERY_PROPERTIES_LIMIT} properties, or {VALUES_LIMIT} values of one."
        )
    limit = DEFAULT_CANDIDATES if query.limit is None else int(min(query.limit, most))
    known = {one.pid: _list_texts(one.v) for one in stated if one.pid in PROPERTIES and PROPERTIES[one.pid].usable_in_query}
    for name, texts in (("query", (query.query or "",)), *known.items()):
        if any(len(text) > TEXT_LENGTH for text in texts):
            return _build_too_long_refusal(name)
    return Row(query.query or "", known, _parse_kinds(query.type), limit)


def _build_too_long_refusal(name: str) -> Refusal:
    sentence = f"`{name}` of this row has more than {TEXT_LENGTH} characters. Shorten it, and match the row again."
    return Refusal(413, ErrorCode.TOO_LARGE, sentence, of=name, limit=TEXT_LENGTH)


def _parse_kinds(types: Any) -> frozenset[OrganizationKind] | None:
    """None for any kind: where no type is named, or the one that all have."""
    listed = types if isinstance(types, list) else [types] if types else []
    ids = [one.get("id") if isinstance(one, dict) else one for one in listed]
    names = {one for one in ids if isinstance(one, str)}
    if not ids or ORGANIZATION in names:
        return None
    return frozenset(OrganizationKind(name) for name in names if name in OrganizationKind.__members__)


def _list_texts(value: Scalar | EntityValue | list[Scalar | EntityValue]) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for one in values if (text := _format_text(one)))


def _format_text(value: Scalar | EntityValue) -> str:
    if isinstance(value, EntityValue):
        return value.name or value.id
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet's ZIP code or EIN
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _check_extension(extension: ExtensionRequest) -> ExtensionRequest:
    if len(extension.ids) > EXTENSION_LIMIT or len(extension.properties) > len(PROPERTIES):
        sentence = f"At most {EXTENSION_LIMIT:,} organizations and {len(PROPERTIES)} properties can be asked for at once."
        raise Refusal(413, ErrorCode.TOO_LARGE, sentence)
    return extension
