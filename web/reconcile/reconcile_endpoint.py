"""/reconcile: from a list in OpenRefine to organizations of the directory, and back with what the public may know of them.

Pages of every origin may ask, as the API demands (section 3.3), unless the settings name the ones that may. There is no JSONP:
with it a page would run what it is sent. Parsing and matching run in a thread, and every request is charged for what it uses.
"""

import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from directory.errors import ErrorCode
from directory.live import Directory
from directory.records import Audience
from directory.search.snapshot import Snapshot
from schema.types.global_ids import GlobalId
from web.http.graphql_endpoint import refuse_credentials
from web.http.graphql_request import BYTES_READ_KEY
from web.http.responses import NO_STORE, Refusal, json_response
from web.operations.request_log import set_notes
from web.reconcile import suggest
from web.reconcile.candidates import Candidate, Row, find_by_key, find_candidates
from web.reconcile.limits import BATCH_SECONDS, LOOKUP_POINTS, QUERY_POINTS, SUGGEST_POINTS, THREADS_LIMIT, VALUE_POINTS
from web.reconcile.manifest import PATH, build_manifest
from web.reconcile.meter import Meter
from web.reconcile.properties import PROPERTIES, TYPES, describe, extend_organization, list_types
from web.reconcile.reconcile_request import ExtensionRequest, bad_request, parse_parameters, parse_request, read_form
from web.server.rate_limit import REFUSAL_POINTS, RateLimiter

VIEW_QUERY = (
    "query Organization($id: ID!) { organization(by: { id: $id }) { name summary website locations { address { city state } } } }"
)

Handler = Callable[[Request, Snapshot, Meter], Awaitable[Response]]


def build_routes() -> list[Route]:
    threads = CapacityLimiter(THREADS_LIMIT)
    return [
        Route(PATH, _wrap_handler(handle_service, threads, "GET", "HEAD", "POST"), methods=["GET", "HEAD", "POST", "OPTIONS"]),
        *(
            Route(f"{PATH}{path}", _wrap_handler(answering, threads, "GET", "HEAD"), methods=["GET", "HEAD", "OPTIONS"])
            for path, answering in (
                ("/suggest/{kind}", handle_suggest),
                ("/properties", handle_propose_properties),
                ("/organizations/{id}", handle_view),
            )
        ),
    ]


def _wrap_handler(handler: Handler, threads: CapacityLimiter, *methods: str) -> Callable[[Request], Awaitable[Response]]:
    """With what holds for every request of the service: its account, refusals as JSON, and whose pages may ask."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        if request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})
        else:
            response = await _run_metered(request, handler, Meter(threads))
        response.headers.update(request.app.state.reconcile_headers)
        return response

    return guarded


async def _run_metered(request: Request, handler: Handler, meter: Meter) -> Response:
    """The answer or the refusal. Either is charged, unless the client had nothing left and nothing was done for it."""
    allowances: RateLimiter = request.app.state.rate_limiter
    try:
        refuse_credentials(request)
        allowances.check_allowance(request)
        directory: Directory = request.app.state.directory
        return await handler(request, directory.get_snapshot(Audience.PUBLIC), meter)
    except Refusal as problem:
        set_notes(request.scope, code=problem.code)
        meter.price = 0 if problem.code is ErrorCode.RATE_LIMITED else REFUSAL_POINTS
        return problem.to_response()
    finally:
        meter.bytes_read = request.scope.get(BYTES_READ_KEY, 0)
        if meter.points:
            allowances.spend(request, meter.points)


async def handle_service(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    asked = await meter.run(parse_request, await read_form(request))
    if asked.rows is not None:
        meter.price = QUERY_POINTS * len(asked.rows)
        return await _answer_in_thread(request, meter, _reconcile_rows, snapshot, asked.rows)
    if asked.extension is not None:
        meter.price = VALUE_POINTS * len(asked.extension.ids) * (1 + len(asked.extension.properties))
        return await _answer_in_thread(request, meter, _extend_organizations, snapshot, asked.extension)
    if request.method == "POST":
        raise bad_request("Send `queries` or `extend` in the form, as JSON.")
    meter.price = LOOKUP_POINTS
    return _uncached_json(build_manifest(snapshot, _base_address(request)))


async def handle_suggest(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    given, kind = parse_parameters(request), request.path_params["kind"]
    prefix = given.get("prefix", "")
    if kind == "entity":
        meter.price = SUGGEST_POINTS
        return await _answer_in_thread(
            request, meter, _suggest_entities, snapshot, prefix, _parse_cursor(given.get("cursor", ""))
        )
    if kind not in ("property", "type"):
        raise Refusal(404, ErrorCode.NOT_FOUND, "There are suggestions of entity, property and type.")
    meter.price = LOOKUP_POINTS
    return _uncached_json({"result": suggest.suggest_properties(prefix) if kind == "property" else suggest.suggest_types(prefix)})


async def handle_propose_properties(request: Request, _snapshot: Snapshot, meter: Meter) -> Response:
    given = parse_parameters(request)
    limit = given.get("limit", "")
    listed = [one.as_json for one in PROPERTIES.values()]
    shown = listed[: int(limit)] if limit.isascii() and limit.isdecimal() and len(limit) < 10 else listed
    meter.price = LOOKUP_POINTS
    return _uncached_json({"type": given.get("type", TYPES[0]["id"]), "properties": shown})


async def handle_view(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    """Leads to what GraphQL says of an organization: it has no page yet."""
    found = find_by_key(snapshot, request.path_params["id"])
    if found is None:
        raise Refusal(404, ErrorCode.NOT_FOUND, "There is no such organization.")
    meter.price = LOOKUP_POINTS
    variables = f'{{"id":"{GlobalId("Organization", found.id)}"}}'
    asked = urlencode({"query": VIEW_QUERY, "variables": variables}, quote_via=quote)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/graphql?{asked}", 303, NO_STORE)


async def _answer_in_thread(request: Request, meter: Meter, work: Callable[..., Any], *arguments: Any) -> Response:
    """The answer, made in a thread, with its price held back meanwhile. Raises Refusal when the client has nothing left."""
    with request.app.state.rate_limiter.reserve(request, meter.points):
        return await meter.run(lambda: _uncached_json(work(*arguments)))


def _reconcile_rows(snapshot: Snapshot, rows: dict[str, Row | Refusal]) -> dict[str, Any]:
    """The result of each row. When the batch has used up its time, the rows that are left are refused, and the others stand."""
    until = time.thread_time() + BATCH_SECONDS
    results = {}
    for key, row in rows.items():
        results[key] = _build_result(snapshot, row if time.thread_time() < until else _build_too_slow_refusal())
        time.sleep(0)  # the event loop gets its turn sooner: others waited 22 ms in the mean instead of 37 ms
    return results


def _build_result(snapshot: Snapshot, row: Row | Refusal) -> dict[str, Any]:
    """The API knows only whole requests that fail. A refused row has no candidates, and `errors` beside them."""
    if isinstance(row, Refusal):
        return {"result": [], **row.body}
    return {"result": [_format_candidate(one) for one in find_candidates(snapshot, row)]}


def _build_too_slow_refusal() -> Refusal:
    sentence = f"This batch took more than {BATCH_SECONDS:g} seconds. Match this row again, in a smaller batch."
    return Refusal(503, ErrorCode.TOO_SLOW, sentence, limit=BATCH_SECONDS)


def _format_candidate(candidate: Candidate) -> dict[str, Any]:
    one = candidate.organization
    features: dict[str, float] = {}
    for evidence in candidate.result.evidence:
        name = evidence.kind.value.lower()
        features[name] = round(features.get(name, 0.0) + evidence.points, 1)
    return {
        "id": one.id,
        "name": one.name,
        "description": describe(one),
        "type": list_types(one),
        "score": candidate.result.score,
        "match": candidate.is_match,
        "features": [{"id": name, "value": points} for name, points in features.items()],
    }


def _extend_organizations(snapshot: Snapshot, extension: ExtensionRequest) -> dict[str, Any]:
    wanted = list(dict.fromkeys(one.id for one in extension.properties))
    meta = [PROPERTIES[id].as_json if id in PROPERTIES else {"id": id, "name": id} for id in wanted]
    rows = {}
    for key in dict.fromkeys(extension.ids):
        known = find_by_key(snapshot, key)
        rows[key] = extend_organization(known, wanted) if known else dict.fromkeys(wanted, ())
    return {"meta": meta, "rows": rows}


def _suggest_entities(snapshot: Snapshot, prefix: str, offset: int) -> dict[str, Any]:
    return {"result": suggest.suggest_entities(snapshot, prefix, offset)}


def _parse_cursor(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdecimal() and int(cursor[:9]) <= suggest.MAX_OFFSET):
        raise bad_request(f"`cursor` is how many suggestions to skip, at most {suggest.MAX_OFFSET}.")
    return int(cursor[:9] or 0)


def _base_address(request: Request) -> str:
    address = request.base_url.replace(scheme="https") if request.app.state.https else request.base_url
    return str(address).rstrip("/")


def _uncached_json(body: Any) -> Response:
    return json_response(body, headers=NO_STORE)
