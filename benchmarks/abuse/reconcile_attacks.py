"""Malicious forms for /reconcile, built like the documents in graphql_attacks.py."""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec

from benchmarks.fictional_networks import NOW, SEED
from cli.fictional.organizations import generate_fictional_organizations
from web.reconcile.limits import BATCH_LIMIT, BODY_BYTES, CANDIDATE_LIMIT, EXTENSION_LIMIT, LARGE_BATCH, TEXT_LENGTH
from web.reconcile.properties import PROPERTIES

PATH = "/reconcile"
COMMON_WORDS = "fictional ficticia of and for the justice center project community housing workers women legal national rights"


class FormBody(bytes):
    """The body of a form request."""


def _encode_form(field: str, value: Any) -> FormBody:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return FormBody(urlencode({field: text}).encode())


@cache
def _list_fictional_names() -> list[tuple[str, str]]:
    """Return ids and names of records that every fictional network has."""
    return [(entry.id, entry.name) for entry in generate_fictional_organizations(EXTENSION_LIMIT, SEED, NOW)]


def _build_rows(count: int, row: Callable[[int], dict[str, Any]]) -> Callable[[str], FormBody]:
    """Build a batch of rows with different names in each turn."""

    def build_named_row(turn: str, number: int) -> dict[str, Any]:
        values = row(number)
        return {**values, "query": f"{values['query'][: TEXT_LENGTH - 3]} {turn}"}

    return lambda turn: _encode_form("queries", {f"q{number}": build_named_row(turn, number) for number in range(count)})


def _build_row(query: str, **properties: Any) -> dict[str, Any]:
    return {
        "query": query,
        "limit": CANDIDATE_LIMIT,
        "properties": [{"pid": pid, "v": value} for pid, value in properties.items()],
    }


def _build_former_names(number: int) -> str:
    names = [_list_fictional_names()[(7 * number + offset) % EXTENSION_LIMIT][1] for offset in range(12)]
    return " formerly ".join(names)


def _build_full_row(number: int) -> dict[str, Any]:
    """Build a row with the largest allowed number of properties, values and characters."""
    values = {
        pid: [f"{pid} {number} {value}".ljust(30, "x") for value in range(3)] for pid in ("email", "phone", "website", "ein")
    }
    return _build_row(
        _build_former_names(number), **values, street=f"{number} " + "po box " * 20, city="Atlanta", state="north " * 10
    )


def _build_invalid_rows(turn: str) -> FormBody:
    return _encode_form("queries", {f"{turn}{number}": {} for number in range(4_000)})


RECONCILE_FAMILIES: dict[str, Callable[[str], FormBody]] = {
    f"{BATCH_LIMIT} rows as people match them": _build_rows(
        BATCH_LIMIT, lambda n: _build_row(_list_fictional_names()[n][1], city="Atlanta", state="GA")
    ),
    f"{BATCH_LIMIT} rows of common words": _build_rows(
        BATCH_LIMIT, lambda n: _build_row(" ".join(COMMON_WORDS.split()[n % 5 :] * 2))
    ),
    f"{BATCH_LIMIT} rows of former names": _build_rows(BATCH_LIMIT, lambda n: _build_row(_build_former_names(n))),
    f"{BATCH_LIMIT} full rows": _build_rows(BATCH_LIMIT, _build_full_row),
    f"{LARGE_BATCH} rows of former names, {CANDIDATE_LIMIT} candidates each": _build_rows(
        LARGE_BATCH, lambda n: _build_row(_build_former_names(n))
    ),
    "a PO box with 24,000 blanks": _build_rows(1, lambda _: _build_row("x", street="po box" + " " * 24_000 + "!")),
    f"{BATCH_LIMIT} PO boxes with {TEXT_LENGTH - 7} blanks": _build_rows(
        BATCH_LIMIT, lambda n: _build_row(f"x {n}", street="po box" + " " * (TEXT_LENGTH - 7) + "!")
    ),
    f"{EXTENSION_LIMIT} organizations with all properties": lambda _: _encode_form(
        "extend", {"ids": [key for key, _ in _list_fictional_names()], "properties": [{"id": pid} for pid in PROPERTIES]}
    ),
    "a form of 1 MB": lambda turn: _encode_form("queries", turn + "x" * 1_000_000),
    "a form of percent signs": lambda turn: FormBody(f"queries={turn}".encode() + b"%22" * ((BODY_BYTES - 20) // 3)),
    "a form nested 100,000 deep": lambda turn: FormBody(f"{turn}=1&queries=".encode() + b"[" * 100_000),
    "4,000 rows without a question": _build_invalid_rows,
    "9,000 ids": lambda turn: _encode_form("extend", {"ids": [turn] * 9_000, "properties": []}),
}
