"""Parse a request to /reconcile: queries or an extension, as JSON in a form or query string."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import Request

from directory.errors import ErrorCode
from directory.records import OrganizationKind
from web.http.json_keys import DuplicateKey
from web.http.request_parsing import (
    HttpRequest,
    bad_request,
    decode_json,
    describe_duplicate_key,
    parse_fields,
    quote_key,
    read_body,
    read_query_string,
    require_content_type,
)
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

FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"

T = TypeVar("T")
Scalar: TypeAlias = str | int | float | bool | None


class EntityValue(Struct):
    """A property value that is an entity."""

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
    """Rows to match or an extension; neither if the request asks for the manifest. A refused row does not affect the others."""

    rows: dict[str, Row | Refusal] | None = None
    extension: ExtensionRequest | None = None


async def read_form(request: Request) -> bytes:
    """Return the raw form from the body or the query string. Raises Refusal."""
    if request.method != "POST":
        return read_query_string(request.scope)
    http_request = HttpRequest.read(request.scope, request.receive)
    require_content_type(http_request.headers, FORM_MEDIA_TYPE)
    return await read_body(http_request, BODY_BYTES)


def parse_request(raw: bytes) -> ReconcileRequest:
    """Return what a form asks for. Other fields, such as `callback`, are ignored. Raises Refusal."""
    form = _parse_form(raw)
    if "queries" in form:
        return ReconcileRequest(rows=_build_rows(_decode_field(_decode_queries, form["queries"], "queries")))
    if "extend" in form:
        return ReconcileRequest(extension=_check_extension(_decode_field(_decode_extension, form["extend"], "extend")))
    return ReconcileRequest()


def parse_parameters(request: Request) -> dict[str, str]:
    """Return the parameters of the query string. Raises Refusal, also for a value that is too long."""
    parameters = _parse_form(read_query_string(request.scope))
    if any(len(value) > TEXT_LENGTH for value in parameters.values()):
        raise bad_request(f"A parameter has more than {TEXT_LENGTH} characters. Shorten it.")
    return parameters


def _parse_form(form: bytes) -> dict[str, str]:
    return parse_fields(form, "utf-8", FIELDS_LIMIT)


def _decode_field(decode: Callable[[str], T], text: str, field: str) -> T:
    try:
        return decode_json(decode, text)
    except DuplicateKey as error:
        raise bad_request(f"`{field}` is not valid: {describe_duplicate_key(error)}.") from None
    except RecursionError:
        raise bad_request(f"`{field}` is nested too deeply.") from None
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise bad_request(f"`{field}` is not valid: {error}.") from None


def _build_rows(queries: dict[str, ReconcileQuery]) -> dict[str, Row | Refusal]:
    if len(queries) > BATCH_LIMIT:
        raise Refusal(413, ErrorCode.TOO_LARGE, f"The batch has more than {BATCH_LIMIT} queries. Send smaller batches.")
    max_candidates = LARGE_BATCH_CANDIDATE_LIMIT if len(queries) > LARGE_BATCH else CANDIDATE_LIMIT
    return {key: _build_row(key, query, max_candidates) for key, query in queries.items()}


def _build_row(key: str, query: ReconcileQuery, max_candidates: int) -> Row | Refusal:
    """Return the row, or a refusal for a text that is too long, which a list may well contain.

    Raises Refusal for a query that is not valid, as only a faulty program sends one.
    """
    properties = query.properties or []
    _check_query(key, query, properties)
    limit = DEFAULT_CANDIDATES if query.limit is None else int(min(query.limit, max_candidates))
    texts_by_id = {
        each.pid: _list_texts(each.v) for each in properties if each.pid in PROPERTIES and PROPERTIES[each.pid].usable_in_query
    }
    for name, texts in (("query", (query.query or "",)), *texts_by_id.items()):
        if any(len(text) > TEXT_LENGTH for text in texts):
            return _build_too_long_refusal(name)
    return Row(query.query or "", texts_by_id, _parse_kinds(query.type), limit)


def _check_query(key: str, query: ReconcileQuery, properties: list[QueryProperty]) -> None:
    """Raise Refusal if the query is empty, has an invalid limit, or has too many properties or values."""
    if not query.query and not properties:
        raise bad_request(f"The query {quote_key(key)} needs `query` or `properties`.")
    if query.limit is not None and query.limit < 1:
        raise bad_request(f"The query {quote_key(key)} has a `limit` below 1.")
    has_many_values = any(isinstance(each.v, list) and len(each.v) > VALUES_LIMIT for each in properties)
    if len(properties) > QUERY_PROPERTIES_LIMIT or has_many_values:
        raise bad_request(
            f"The query {quote_key(key)} has more than {QUERY_PROPERTIES_LIMIT} properties, or more than {VALUES_LIMIT} values "
            "of one property."
        )


def _build_too_long_refusal(name: str) -> Refusal:
    message = f"`{name}` of this row has more than {TEXT_LENGTH} characters. Shorten it and match the row again."
    return Refusal(413, ErrorCode.TOO_LARGE, message, of=name, limit=TEXT_LENGTH)


def _parse_kinds(types: Any) -> frozenset[OrganizationKind] | None:
    """Return the kinds that the types name; None for all kinds, if there are no types or the type of all organizations."""
    type_list = types if isinstance(types, list) else [types] if types else []
    ids = [each.get("id") if isinstance(each, dict) else each for each in type_list]
    names = {id for id in ids if isinstance(id, str)}
    if not ids or ORGANIZATION in names:
        return None
    return frozenset(OrganizationKind(name) for name in names if name in OrganizationKind.__members__)


def _list_texts(value: Scalar | EntityValue | list[Scalar | EntityValue]) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for each in values if (text := _format_text(each)))


def _format_text(value: Scalar | EntityValue) -> str:
    if isinstance(value, EntityValue):
        return value.name or value.id
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a ZIP code or EIN from a spreadsheet
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _check_extension(extension: ExtensionRequest) -> ExtensionRequest:
    if len(extension.ids) > EXTENSION_LIMIT or len(extension.properties) > len(PROPERTIES):
        message = f"One request can ask for at most {EXTENSION_LIMIT:,} organizations and {len(PROPERTIES)} properties."
        raise Refusal(413, ErrorCode.TOO_LARGE, message)
    return extension
