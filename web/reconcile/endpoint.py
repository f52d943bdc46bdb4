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

from directory.errors import Code
from directory.live import Directory
from directory.records import Audience
from directory.search.snapshot import Snapshot
from schema.ids import GlobalId
from web.allowance import REFUSED, Allowances
from web.asked import BYTES_READ
from web.endpoint import refuse_credentials
from web.log import note
from web.reconcile import suggest
from web.reconcile.asked import Extension, parameters, parse, receive, refused
from web.reconcile.candidates import Candidate, Row, by_key, candidates
from web.reconcile.limits import BATCH_SECONDS, QUERY_POINTS, SMALL_POINTS, SUGGEST_POINTS, THREADS, VALUE_POINTS
from web.reconcile.manifest import PATH, manifest
from web.reconcile.meter import Meter
from web.reconcile.properties import PROPERTIES, TYPES, description, extended, types
from web.reply import NOT_KEPT, Refusal, json

VIEW = (
    "query Organization($id: ID!) { organization(by: { id: $id }) { name summary website locations { address { city state } } } }"
)

Answering = Callable[[Request, Snapshot, Meter], Awaitable[Response]]


def routes() -> list[Route]:
    threads = CapacityLimiter(THREADS)
    return [
        Route(PATH, _guarded(service, threads, "GET", "HEAD", "POST"), methods=["GET", "HEAD", "POST", "OPTIONS"]),
        *(
            Route(f"{PATH}{path}", _guarded(answering, threads, "GET", "HEAD"), methods=["GET", "HEAD", "OPTIONS"])
            for path, answering in (
                ("/suggest/{kind}", suggestions),
                ("/properties", proposals),
                ("/organizations/{id}", view),
            )
        ),
    ]


def _guarded(answering: Answering, threads: CapacityLimiter, *methods: str) -> Callable[[Request], Awaitable[Response]]:
    """With what holds for every request of the service: its account, refusals as JSON, and whose pages may ask."""

    @wraps(answering)
    async def guarded(request: Request) -> Response:
        if request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})
        else:
            response = await _metered(request, answering, Meter(threads))
        response.headers.update(request.app.state.open_to)
        return response

    return guarded


async def _metered(request: Request, answering: Answering, meter: Meter) -> Response:
    """The answer or the refusal. Either is charged, unless the client had nothing left and nothing was done for it."""
    allowances: Allowances = request.app.state.allowances
    try:
        refuse_credentials(request)
        allowances.left(request)
        directory: Directory = request.app.state.directory
        return await answering(request, directory.snapshot(Audience.PUBLIC), meter)
    except Refusal as problem:
        note(request.scope, code=problem.code)
        meter.price = 0 if problem.code is Code.RATE_LIMITED else REFUSED
        return problem.response()
    finally:
        meter.bytes = request.scope.get(BYTES_READ, 0)
        if meter.points:
            allowances.spend(request, meter.points)


async def service(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    asked = await meter.run(parse, await receive(request))
    if asked.rows is not None:
        meter.price = QUERY_POINTS * len(asked.rows)
        return await _worked(request, meter, _reconciled, snapshot, asked.rows)
    if asked.extension is not None:
        meter.price = VALUE_POINTS * len(asked.extension.ids) * (1 + len(asked.extension.properties))
        return await _worked(request, meter, _extended, snapshot, asked.extension)
    if request.method == "POST":
        raise refused("Send `queries` or `extend` in the form, as JSON.")
    meter.price = SMALL_POINTS
    return _answer(manifest(snapshot, _base(request)))


async def suggestions(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    given, kind = parameters(request), request.path_params["kind"]
    prefix = given.get("prefix", "")
    if kind == "entity":
        meter.price = SUGGEST_POINTS
        return await _worked(request, meter, _entities, snapshot, prefix, _skipped(given.get("cursor", "")))
    if kind not in ("property", "type"):
        raise Refusal(404, Code.NOT_FOUND, "There are suggestions of entity, property and type.")
    meter.price = SMALL_POINTS
    return _answer({"result": suggest.properties(prefix) if kind == "property" else suggest.kinds(prefix)})


async def proposals(request: Request, _snapshot: Snapshot, meter: Meter) -> Response:
    given = parameters(request)
    limit = given.get("limit", "")
    listed = [one.shown for one in PROPERTIES.values()]
    shown = listed[: int(limit)] if limit.isascii() and limit.isdecimal() and len(limit) < 10 else listed
    meter.price = SMALL_POINTS
    return _answer({"type": given.get("type", TYPES[0]["id"]), "properties": shown})


async def view(request: Request, snapshot: Snapshot, meter: Meter) -> Response:
    """Leads to what GraphQL says of an organization: it has no page yet."""
    found = by_key(snapshot, request.path_params["id"])
    if found is None:
        raise Refusal(404, Code.NOT_FOUND, "There is no such organization.")
    meter.price = SMALL_POINTS
    variables = f'{{"id":"{GlobalId("Organization", found.id)}"}}'
    asked = urlencode({"query": VIEW, "variables": variables}, quote_via=quote)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/graphql?{asked}", 303, NOT_KEPT)


async def _worked(request: Request, meter: Meter, work: Callable[..., Any], *arguments: Any) -> Response:
    """The answer, made in a thread, with its price held back meanwhile. Raises Refusal when the client has nothing left."""
    with request.app.state.allowances.held(request, meter.points):
        return await meter.run(lambda: _answer(work(*arguments)))


def _reconciled(snapshot: Snapshot, rows: dict[str, Row | Refusal]) -> dict[str, Any]:
    """The result of each row. When the batch has used up its time, the rows that are left are refused, and the others stand."""
    until = time.thread_time() + BATCH_SECONDS
    results = {}
    for key, row in rows.items():
        results[key] = _result(snapshot, row if time.thread_time() < until else _too_slow())
        time.sleep(0)  # the event loop gets its turn sooner: others waited 22 ms in the mean instead of 37 ms
    return results


def _result(snapshot: Snapshot, row: Row | Refusal) -> dict[str, Any]:
    """The API knows only whole requests that fail. A refused row has no candidates, and `errors` beside them."""
    if isinstance(row, Refusal):
        return {"result": [], **row.body}
    return {"result": [_shown(one) for one in candidates(snapshot, row)]}


def _too_slow() -> Refusal:
    sentence = f"This batch took more than {BATCH_SECONDS:g} seconds. Match this row again, in a smaller batch."
    return Refusal(503, Code.TOO_SLOW, sentence, limit=BATCH_SECONDS)


def _shown(candidate: Candidate) -> dict[str, Any]:
    one = candidate.organization
    features: dict[str, float] = {}
    for evidence in candidate.judgement.evidence:
        name = evidence.kind.value.lower()
        features[name] = round(features.get(name, 0.0) + evidence.points, 1)
    return {
        "id": one.id,
        "name": one.name,
        "description": description(one),
        "type": types(one),
        "score": candidate.judgement.score,
        "match": candidate.match,
        "features": [{"id": name, "value": points} for name, points in features.items()],
    }


def _extended(snapshot: Snapshot, extension: Extension) -> dict[str, Any]:
    wanted = list(dict.fromkeys(one.id for one in extension.properties))
    meta = [PROPERTIES[id].shown if id in PROPERTIES else {"id": id, "name": id} for id in wanted]  # noqa: A001
    rows = {}
    for key in dict.fromkeys(extension.ids):
        known = by_key(snapshot, key)
        rows[key] = extended(known, wanted) if known else dict.fromkeys(wanted, ())
    return {"meta": meta, "rows": rows}


def _entities(snapshot: Snapshot, prefix: str, skipped: int) -> dict[str, Any]:
    return {"result": suggest.entities(snapshot, prefix, skipped)}


def _skipped(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdecimal() and int(cursor[:9]) <= suggest.FARTHEST):
        raise refused(f"`cursor` is how many suggestions to skip, at most {suggest.FARTHEST}.")
    return int(cursor[:9] or 0)


def _base(request: Request) -> str:
    address = request.base_url.replace(scheme="https") if request.app.state.https else request.base_url
    return str(address).rstrip("/")


def _answer(body: Any) -> Response:
    return json(body, headers=NOT_KEPT)
