"""/reconcile: match lists from OpenRefine with organizations, and return their published properties.

Pages of every origin may send requests, as the API requires (section 3.3), unless origins are configured. JSONP is not supported,
because a page would run what the server sends. Parsing and matching run in a thread, and each request pays for its use.
"""

import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from directory.errors import ErrorCode
from directory.live import Directory
from directory.records import Audience
from directory.search.snapshot import Snapshot
from web.http.graphql_endpoint import refuse_credentials
from web.http.hosts import public_base_url
from web.http.request_parsing import BYTES_READ_KEY, bad_request, collect_headers
from web.http.responses import NO_STORE, Refusal, json_response
from web.operations.request_log import set_notes
from web.reconcile import suggest
from web.reconcile.candidates import Candidate, Row, find_by_key, find_candidates
from web.reconcile.limits import (
    ADVISED_BATCH_SIZE,
    BATCH_SECONDS,
    LOOKUP_POINTS,
    QUERY_POINTS,
    SUGGEST_POINTS,
    THREADS_LIMIT,
    VALUE_POINTS,
)
from web.reconcile.meter import Meter
from web.reconcile.properties import PROPERTIES, TYPES, describe, extend_organization, list_types
from web.reconcile.reconcile_request import ExtensionRequest, parse_parameters, parse_request, read_form
from web.server.rate_limit import REFUSAL_POINTS, RateLimiter

PATH = "/reconcile"
VERSIONS = ("0.2",)
SCHEMA_SPACE = "https://schema.org/Organization"
SUGGEST_TYPES = ("entity", "property", "type")


def build_manifest(snapshot: Snapshot, base: str) -> dict[str, Any]:
    """Return the manifest. `base` is the public address of the directory without a slash at the end."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    service = f"{base}{PATH}"
    return {
        "versions": VERSIONS,
        "name": f"{network.name if network else 'Network'}: membership directory",
        "identifierSpace": f"{service}/organizations/",
        "schemaSpace": SCHEMA_SPACE,
        "defaultTypes": [TYPES[0]],
        "view": {"url": f"{service}/organizations/{{{{id}}}}"},
        "suggest": {kind: {"service_url": service, "service_path": f"/suggest/{kind}"} for kind in SUGGEST_TYPES},
        "extend": {"propose_properties": {"service_url": service, "service_path": "/properties"}, "property_settings": []},
        "batchSize": ADVISED_BATCH_SIZE,
    }


Handler = Callable[[Request, Snapshot, Meter], Awaitable[Response]]


def build_routes() -> list[Route]:
    threads = CapacityLimiter(THREADS_LIMIT)
    return [
        Route(PATH, _wrap_handler(handle_service, threads, "GET", "HEAD", "POST"), methods=["GET", "HEAD", "POST", "OPTIONS"]),
        *(
            Route(f"{PATH}{path}", _wrap_handler(handler, threads, "GET", "HEAD"), methods=["GET", "HEAD", "OPTIONS"])
            for path, handler in (
                ("/suggest/{kind}", handle_suggest),
                ("/properties", handle_propose_properties),
                ("/organizations/{id}", handle_view),
            )
        ),
    ]


def _wrap_handler(handler: Handler, threads: CapacityLimiter, *methods: str) -> Callable[[Request], Awaitable[Response]]:
    """Add what all requests of the service share: rate limits, refusals as JSON, and CORS headers."""

    @wraps(handler)
    async def handle(request: Request) -> Response:
        if request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})
        else:
            response = await _run_metered(request, handler, Meter(threads))
        response.headers.update(request.app.state.reconcile_headers)
        return response

    return handle


async def _run_metered(request: Request, handler: Handler, meter: Meter) -> Response:
    """Return the answer or the refusal, and charge the client for it.

    A client without points left is not charged, as no work was done.
    """
    rate_limiter: RateLimiter = request.app.state.rate_limiter
    try:
        refuse_credentials(collect_headers(request.scope["headers"]))
        rate_limiter.check_allowance(request.scope)
        directory: Directory = request.app.state.directory
        return await handler(request, directory.get_snapshot(Audience.PUBLIC), meter)
    except Refusal as refusal:
        set_notes(request.scope, code=refusal.code)
        meter.price = 0 if refusal.code is ErrorCode.RATE_LIMITED else REFUSAL_POINTS
        return refusal.to_response()
    finally:
        meter.bytes_read = request.scope.get(BYTES_READ_KEY, 0)
        if meter.points:
            rate_limiter.spend(request.scope, meter.points)


async def handle_service(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    parsed = await meter.run(parse_request, await read_form(request))
    if parsed.rows is not None:
        meter.price = QUERY_POINTS * len(parsed.rows)
        return await _answer_in_thread(request, meter, _reconcile_rows, snapshot, parsed.rows)
    if parsed.extension is not None:
        meter.price = VALUE_POINTS * len(parsed.extension.ids) * (1 + len(parsed.extension.properties))
        return await _answer_in_thread(request, meter, _extend_organizations, snapshot, parsed.extension)
    if request.method == "POST":
        raise bad_request("Send a form with `queries` or `extend`, as JSON.")
    meter.price = LOOKUP_POINTS
    return _uncached_json(build_manifest(snapshot, str(public_base_url(request)).rstrip("/")))


async def handle_suggest(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    parameters, kind = parse_parameters(request), request.path_params["kind"]
    prefix = parameters.get("prefix", "")
    if kind == "entity":
        meter.price = SUGGEST_POINTS
        offset = _parse_cursor(parameters.get("cursor", ""))
        return await _answer_in_thread(request, meter, _suggest_entities, snapshot, prefix, offset)
    if kind not in ("property", "type"):
        raise Refusal(
            404, ErrorCode.NOT_FOUND, "There is nothing at this address. Use /reconcile/suggest/entity, /property or /type."
        )
    meter.price = LOOKUP_POINTS
    return _uncached_json({"result": suggest.suggest_properties(prefix) if kind == "property" else suggest.suggest_types(prefix)})


async def handle_propose_properties(request: Request, _snapshot: Snapshot, meter: Meter) -> Response:
    parameters = parse_parameters(request)
    limit = parameters.get("limit", "")
    properties = [each.as_json for each in PROPERTIES.values()]
    if limit.isascii() and limit.isdecimal() and len(limit) < 10:
        properties = properties[: int(limit)]
    meter.price = LOOKUP_POINTS
    return _uncached_json({"type": parameters.get("type", TYPES[0]["id"]), "properties": properties})


async def handle_view(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    """Redirect to the page of the organization."""
    organization = find_by_key(snapshot, request.path_params["id"])
    if organization is None:
        raise Refusal(404, ErrorCode.NOT_FOUND, "There is no organization with this id.")
    meter.price = LOOKUP_POINTS
    return RedirectResponse(f"{request.scope.get('root_path', '')}/organizations/{organization.slug}", 303, NO_STORE)


async def _answer_in_thread(request: Request, meter: Meter, work: Callable[..., Any], *arguments: Any) -> Response:
    """Compute the answer in a thread while its price is reserved. Raises Refusal if the client has no points left."""
    with request.app.state.rate_limiter.reserve(request.scope, meter.points):
        return await meter.run(lambda: _uncached_json(work(*arguments)))


def _reconcile_rows(snapshot: Snapshot, rows: dict[str, Row | Refusal]) -> dict[str, Any]:
    """Return the result of each row. Rows that are left when the batch has used up its time are refused."""
    deadline = time.thread_time() + BATCH_SECONDS
    results = {}
    for key, row in rows.items():
        results[key] = _build_result(snapshot, row if time.thread_time() < deadline else _build_too_slow_refusal())
        time.sleep(0)  # yields to the event loop: other clients waited 22 ms on average instead of 37 ms
    return results


def _build_result(snapshot: Snapshot, row: Row | Refusal) -> dict[str, Any]:
    """Return the result of one row. A refused row has no candidates but `errors`, as the API has no errors for single rows."""
    if isinstance(row, Refusal):
        return {"result": [], **row.body}
    return {"result": [_format_candidate(candidate) for candidate in find_candidates(snapshot, row)]}


def _build_too_slow_refusal() -> Refusal:
    message = f"The batch took more than {BATCH_SECONDS:g} seconds. Match this row again in a smaller batch."
    return Refusal(503, ErrorCode.TOO_SLOW, message, limit=BATCH_SECONDS)


def _format_candidate(candidate: Candidate) -> dict[str, Any]:
    organization = candidate.organization
    features: dict[str, float] = {}
    for evidence in candidate.result.evidence:
        name = evidence.kind.value.lower()
        features[name] = round(features.get(name, 0.0) + evidence.points, 1)
    return {
        "id": organization.id,
        "name": organization.name,
        "description": describe(organization),
        "type": list_types(organization),
        "score": candidate.result.score,
        "match": candidate.is_match,
        "features": [{"id": name, "value": points} for name, points in features.items()],
    }


def _extend_organizations(snapshot: Snapshot, extension: ExtensionRequest) -> dict[str, Any]:
    property_ids = list(dict.fromkeys(each.id for each in extension.properties))
    meta = [PROPERTIES[id].as_json if id in PROPERTIES else {"id": id, "name": id} for id in property_ids]
    rows = {}
    for key in dict.fromkeys(extension.ids):
        organization = find_by_key(snapshot, key)
        rows[key] = extend_organization(organization, property_ids) if organization else dict.fromkeys(property_ids, ())
    return {"meta": meta, "rows": rows}


def _suggest_entities(snapshot: Snapshot, prefix: str, offset: int) -> dict[str, Any]:
    return {"result": suggest.suggest_entities(snapshot, prefix, offset)}


def _parse_cursor(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdecimal() and int(cursor[:9]) <= suggest.MAX_OFFSET):
        raise bad_request(f"`cursor` must be the number of suggestions to skip, at most {suggest.MAX_OFFSET}.")
    return int(cursor[:9] or 0)


def _uncached_json(body: Any) -> Response:
    return json_response(body, headers=NO_STORE)
