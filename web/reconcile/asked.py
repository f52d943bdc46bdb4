"""What a request asks: queries or an extension, as JSON in a form or in the address (Reconciliation Service API 0.2)."""

from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct
from starlette.requests import Request

from directory.errors import Code
from directory.records import OrganizationKind
from web import asked
from web.json_keys import DuplicateKey, reject_duplicate_keys
from web.reconcile.candidates import Row
from web.reconcile.limits import (
    BATCH,
    BODY_BYTES,
    EXTENDED,
    FIELDS,
    LARGE,
    LIMIT,
    LIMIT_DEFAULT,
    LIMIT_IN_LARGE,
    STATED,
    TEXT_LENGTH,
    VALUES,
)
from web.reconcile.properties import ORGANIZATION, PROPERTIES
from web.reply import Refusal

SHOWN_KEY = 40  # characters of a key that an error quotes
FORM = "application/x-www-form-urlencoded"

T = TypeVar("T")
Scalar: TypeAlias = str | int | float | bool | None


class Reconciled(Struct):
    """A value that is an entity itself."""

    id: str = ""
    name: str = ""


class Stated(Struct):
    pid: str
    v: Scalar | Reconciled | list[Scalar | Reconciled] = None


class Query(Struct):
    query: str | None = None
    type: Any = None
    limit: float | None = None
    properties: list[Stated] | None = None


class Wanted(Struct):
    id: str


class Extension(Struct):
    ids: list[str]
    properties: list[Wanted]


_queries = msgspec.json.Decoder(dict[str, Query]).decode
_extension = msgspec.json.Decoder(Extension).decode


class Asked(Struct, frozen=True):
    """One of the two; none where the manifest is asked for. A row that is refused does not keep the others from being matched."""

    rows: dict[str, Row | Refusal] | None = None
    extension: Extension | None = None


async def receive(request: Request) -> bytes:
    """The form as it was sent, from the body or the address. Raises Refusal."""
    if request.method != "POST":
        return _address(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise Refusal(415, Code.BAD_INPUT, f"Send the request as {FORM}.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, Code.BAD_INPUT, "Send the request uncompressed.")
    return await asked.body(request, BODY_BYTES)


def parse(raw: bytes) -> Asked:
    """What a form asks for. Raises Refusal. What else a client sends along, such as `callback`, is not read."""
    form = _parsed(raw)
    if "queries" in form:
        return Asked(rows=_rows(_decoded(_queries, form["queries"], "queries")))
    if "extend" in form:
        return Asked(extension=_checked(_decoded(_extension, form["extend"], "extend")))
    return Asked()


def parameters(request: Request) -> dict[str, str]:
    """Those of the address. Raises Refusal, also for a value that is too long."""
    given = _parsed(_address(request))
    if any(len(value) > TEXT_LENGTH for value in given.values()):
        raise refused(f"A value in the address has at most {TEXT_LENGTH} characters here.")
    return given


def refused(sentence: str) -> Refusal:
    return Refusal(400, Code.BAD_INPUT, sentence)


def _address(request: Request) -> bytes:
    raw: bytes = request.scope["query_string"]
    if len(raw) > asked.ADDRESS_LIMIT:
        raise Refusal(414, Code.TOO_LARGE, f"An address has at most {asked.ADDRESS_LIMIT:,} bytes here. Ask by POST.")
    return raw


def _parsed(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(raw.decode(), errors="strict", max_num_fields=FIELDS)
    except ValueError:
        raise refused(f"The form has to be UTF-8, percent-encoded, with at most {FIELDS} fields.") from None
    if len(form := dict(pairs)) < len(pairs):
        raise refused("A field stands twice in the form. Send each once.")
    return form


def _decoded(decode: Any, written: str, field: str) -> Any:
    try:
        decoded = decode(written)
        reject_duplicate_keys(written)
        return decoded
    except DuplicateKey as problem:
        raise refused(f"`{field}` has the key {problem.key[:SHOWN_KEY]!r} twice in one object. Send each key once.") from None
    except RecursionError:
        raise refused(f"`{field}` is nested too deeply.") from None
    except (msgspec.MsgspecError, UnicodeEncodeError) as problem:
        raise refused(f"`{field}` is not what it has to be: {problem}.") from None


def _rows(queries: dict[str, Query]) -> dict[str, Row | Refusal]:
    if len(queries) > BATCH:
        raise Refusal(413, Code.TOO_LARGE, f"A batch has at most {BATCH} queries. Send smaller ones.")
    most = LIMIT_IN_LARGE if len(queries) > LARGE else LIMIT
    return {key: _row(key, query, most) for key, query in queries.items()}


def _row(key: str, query: Query, most: int) -> Row | Refusal:
    """Raises Refusal for a query that no program should send. Returns it for a text that is too long, as a list may have one."""
    stated = query.properties or []
    if not query.query and not stated:
        raise refused(f"The query {key[:SHOWN_KEY]!r} needs `query` or `properties`.")
    if query.limit is not None and query.limit < 1:
        raise refused(f"The query {key[:SHOWN_KEY]!r} has a `limit` below 1.")
    if len(stated) > STATED or any(isinstance(one.v, list) and len(one.v) > VALUES for one in stated):
        raise refused(f"The query {key[:SHOWN_KEY]!r} has more than {STATED} properties, or {VALUES} values of one.")
    limit = LIMIT_DEFAULT if query.limit is None else int(min(query.limit, most))
    known = {one.pid: _texts(one.v) for one in stated if one.pid in PROPERTIES and PROPERTIES[one.pid].telling}
    for name, texts in (("query", (query.query or "",)), *known.items()):
        if any(len(text) > TEXT_LENGTH for text in texts):
            return _too_long(name)
    return Row(query.query or "", known, _kinds(query.type), limit)


def _too_long(name: str) -> Refusal:
    sentence = f"`{name}` of this row has more than {TEXT_LENGTH} characters. Shorten it, and match the row again."
    return Refusal(413, Code.TOO_LARGE, sentence, of=name, limit=TEXT_LENGTH)


def _kinds(said: Any) -> frozenset[OrganizationKind] | None:
    """None for any kind: where no type is named, or the one that all have."""
    listed = said if isinstance(said, list) else [said] if said else []
    ids = [one.get("id") if isinstance(one, dict) else one for one in listed]
    names = {one for one in ids if isinstance(one, str)}
    if not ids or ORGANIZATION in names:
        return None
    return frozenset(OrganizationKind(name) for name in names if name in OrganizationKind.__members__)


def _texts(value: Scalar | Reconciled | list[Scalar | Reconciled]) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for one in values if (text := _text(one)))


def _text(value: Scalar | Reconciled) -> str:
    if isinstance(value, Reconciled):
        return value.name or value.id
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet's ZIP code or EIN
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _checked(extension: Extension) -> Extension:
    if len(extension.ids) > EXTENDED or len(extension.properties) > len(PROPERTIES):
        sentence = f"At most {EXTENDED:,} organizations and {len(PROPERTIES)} properties can be asked for at once."
        raise Refusal(413, Code.TOO_LARGE, sentence)
    return extension
