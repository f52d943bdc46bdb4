"""/reconcile: from a list in OpenRefine to organizations of the directory, and back with what the public may know of them.

Pages of every origin may ask, as the API demands (section 3.3), unless the settings name the ones that may. There is no JSONP:
with it a page would run what it is sent. What takes long goes to a thread, and everything is counted by what it costs.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from directory.errors import Code
from directory.live import Directory
from directory.records import Audience
from directory.search.snapshot import Snapshot
from schema.ids import GlobalId
from schema.limits import QUICK_POINTS
from web.allowance import REFUSED, Allowances
from web.endpoint import refuse_credentials
from web.log import note
from web.reconcile import suggest
from web.reconcile.asked import Asked, Extension, parameters, read, refused
from web.reconcile.candidates import Candidate, Row, by_key, candidates
from web.reconcile.manifest import PATH, manifest
from web.reconcile.properties import PROPERTIES, TYPES, description, extended, types
from web.reply import NOT_KEPT, Refusal, json

QUERY_POINTS = 300  # for one query, as measured among 100,000 organizations
SUGGEST_POINTS = 100
VALUE_POINTS = 1  # for each property of each organization
SMALL_POINTS = 2  # for an answer that is looked up
VIEW = (
    "query Organization($id: ID!) { organization(by: { id: $id }) { name summary website locations { address { city state } } } }"
)

Answering = Callable[[Request, Snapshot], Awaitable[Response]]


def routes() -> list[Route]:
    return [
        Route(PATH, _guarded(service, "GET", "HEAD", "POST"), methods=["GET", "HEAD", "POST", "OPTIONS"]),
        *(
            Route(f"{PATH}{path}", _guarded(answering, "GET", "HEAD"), methods=["GET", "HEAD", "OPTIONS"])
            for path, answering in (
                ("/suggest/{kind}", suggestions),
                ("/properties", proposals),
                ("/organizations/{id}", view),
            )
        ),
    ]


def _guarded(answering: Answering, *methods: str) -> Callable[[Request], Awaitable[Response]]:
    """With what holds for every request of the service: its account, refusals as JSON, and whose pages may ask."""

    @wraps(answering)
    async def guarded(request: Request) -> Response:
        allowances: Allowances = request.app.state.allowances
        try:
            if request.method == "OPTIONS":
                response = Response(status_code=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})
            else:
                refuse_credentials(request)
                allowances.left(request)
                directory: Directory = request.app.state.directory
                response = await answering(request, directory.snapshot(Audience.PUBLIC))
        except Refusal as problem:
            note(request.scope, code=problem.code)
            if problem.code is not Code.RATE_LIMITED:
                allowances.spend(request, REFUSED)
            response = problem.response()
        response.headers.update(request.app.state.open_to)
        return response

    return guarded


async def service(request: Request, snapshot: Snapshot) -> Response:
    asked = await read(request)
    if asked == Asked():
        return _told(request, manifest(snapshot, _base(request)), SMALL_POINTS)
    if asked.extension is not None:
        points = VALUE_POINTS * len(asked.extension.ids) * (1 + len(asked.extension.properties))
        return _told(request, await _worked(request, points, _extended, snapshot, asked.extension), points)
    points = QUERY_POINTS * len(asked.rows or {})
    return _told(request, await _worked(request, points, _reconciled, snapshot, asked.rows or {}), points)


async def suggestions(request: Request, snapshot: Snapshot) -> Response:
    given, kind = parameters(request), request.path_params["kind"]
    prefix = given.get("prefix", "")
    if kind == "entity":
        skipped = _skipped(given.get("cursor", ""))
        found = await _worked(request, SUGGEST_POINTS, suggest.entities, snapshot, prefix, skipped)
        return _told(request, {"result": found}, SUGGEST_POINTS)
    if kind not in ("property", "type"):
        raise Refusal(404, Code.NOT_FOUND, "There are suggestions of entity, property and type.")
    return _told(request, {"result": suggest.properties(prefix) if kind == "property" else suggest.kinds(prefix)}, SMALL_POINTS)


async def proposals(request: Request, _snapshot: Snapshot) -> Response:
    given = parameters(request)
    limit = given.get("limit", "")
    listed = [one.shown for one in PROPERTIES.values()]
    shown = listed[: int(limit)] if limit.isascii() and limit.isdecimal() and len(limit) < 10 else listed
    return _told(request, {"type": given.get("type", TYPES[0]["id"]), "properties": shown}, SMALL_POINTS)


async def view(request: Request, snapshot: Snapshot) -> Response:
    """Leads to what GraphQL says of an organization: it has no page yet."""
    found = by_key(snapshot, request.path_params["id"])
    if found is None:
        raise Refusal(404, Code.NOT_FOUND, "There is no such organization.")
    request.app.state.allowances.spend(request, SMALL_POINTS)
    variables = f'{{"id":"{GlobalId("Organization", found.id)}"}}'
    asked = urlencode({"query": VIEW, "variables": variables}, quote_via=quote)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/graphql?{asked}", 303, NOT_KEPT)


async def _worked(request: Request, points: int, work: Callable[..., Any], *arguments: Any) -> Any:
    """On the event loop what is quick; else in a thread, with the points held back meanwhile."""
    if points <= QUICK_POINTS:
        return work(*arguments)
    with request.app.state.allowances.held(request, points):
        return await run_in_threadpool(work, *arguments)


def _reconciled(snapshot: Snapshot, rows: dict[str, Row]) -> dict[str, Any]:
    return {key: {"result": [_shown(one) for one in candidates(snapshot, row)]} for key, row in rows.items()}


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
    for key in extension.ids:
        known = by_key(snapshot, key)
        rows[key] = extended(known, wanted) if known else dict.fromkeys(wanted, ())
    return {"meta": meta, "rows": rows}


def _skipped(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdecimal() and int(cursor[:9]) <= suggest.FARTHEST):
        raise refused(f"`cursor` is how many suggestions to skip, at most {suggest.FARTHEST}.")
    return int(cursor[:9] or 0)


def _base(request: Request) -> str:
    address = request.base_url.replace(scheme="https") if request.app.state.https else request.base_url
    return str(address).rstrip("/")


def _told(request: Request, body: Any, points: int) -> Response:
    request.app.state.allowances.spend(request, points)
    return json(body, headers=NOT_KEPT)
