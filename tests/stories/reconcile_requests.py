"""Requests to /reconcile that try to match the secret places and hidden records."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx2
import msgspec
from starlette.testclient import TestClient

from directory.records import Audience
from tests.builders import an_id
from tests.stories.private_places import LEVELS, SPOTS, private_name
from web.reconcile.limits import BATCH_LIMIT
from web.reconcile.properties import PROPERTIES

NAMES = [private_name(level, audience) for level, audience in product(LEVELS, Audience)]
NUMBERS = [f"{position + 10}-{audience:07}" for position, audience in product(range(len(LEVELS)), range(len(Audience)))]
CONTACTS = [("phone", "404-555-0142"), ("phone", "+14045550177"), ("email", "robin@rookery.example")]


def list_queries() -> Iterator[dict[str, Any]]:
    """Yield queries for every name with every street, city, ZIP code and number, and for these alone."""
    for name in (*NAMES, "Rookery", "Rookery House", "Unlisted", "Renamed"):
        yield {"query": name, "limit": 10}
        yield from ({"query": name, "properties": [{"pid": pid, "v": value}]} for pid, value in CONTACTS)
        for spot in SPOTS:
            values = {
                "street": spot.street,
                "city": spot.city,
                "postal_code": spot.postal_code,
                "state": spot.state,
                "country": spot.country,
            }
            yield {"query": name, "limit": 10, "properties": [{"pid": pid, "v": value} for pid, value in values.items()]}
    for key in (*NAMES, *map(an_id, NAMES), *NUMBERS, *(spot.street for spot in SPOTS), "Robin Larkspur"):
        yield {"query": key}
        yield {"query": "Rookery", "properties": [{"pid": "ein", "v": key}]}


def list_requests() -> Iterator[dict[str, Any]]:
    """Yield the forms of all requests."""
    queries = list(list_queries())
    for start in range(0, len(queries), BATCH_LIMIT):
        yield {"queries": {f"q{number}": query for number, query in enumerate(queries[start : start + BATCH_LIMIT])}}
    yield {"extend": {"ids": [an_id(name) for name in NAMES], "properties": [{"id": pid} for pid in PROPERTIES]}}


PAGES = [
    "/reconcile",
    "/reconcile/properties",
    *(f"/reconcile/suggest/entity?prefix={words}" for words in ("rook", "unlisted", "renamed", *(spot.street for spot in SPOTS))),
    *(f"/reconcile/organizations/{an_id(name)}" for name in NAMES),
]


def post_reconcile(client: TestClient, form: dict[str, Any]) -> httpx2.Response:
    return client.post("/reconcile", data={field: msgspec.json.encode(value).decode() for field, value in form.items()})
