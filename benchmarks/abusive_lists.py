"""The families of forms to /reconcile that mean harm, as in abusive.py, with the rows of lists instead of documents."""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec

from benchmarks.networks import NOW, SEED
from seed.fictional import fictional_entries
from web.reconcile.limits import BATCH, BODY_BYTES, EXTENDED, LARGE, LIMIT, TEXT_LENGTH
from web.reconcile.properties import PROPERTIES

PATH = "/reconcile"
COMMON = "fictional ficticia of and for the justice center project community housing workers women legal national rights"


class Form(bytes):
    """The body of a form."""


def _form(field: str, value: Any) -> Form:
    written = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return Form(urlencode({field: written}).encode())


@cache
def _entries() -> list[tuple[str, str]]:
    """Ids and names of records of every fictional network."""
    return [(entry.id, entry.name) for entry in fictional_entries(EXTENDED, SEED, NOW)]


def _rows(count: int, row: Callable[[int], dict[str, Any]]) -> Callable[[str], Form]:
    """Rows with names that no other turn has."""

    def named(turn: str, number: int) -> dict[str, Any]:
        made = row(number)
        return {**made, "query": f"{made['query'][: TEXT_LENGTH - 3]} {turn}"}

    return lambda turn: _form("queries", {f"q{number}": named(turn, number) for number in range(count)})


def _row(query: str, **properties: Any) -> dict[str, Any]:
    return {"query": query, "limit": LIMIT, "properties": [{"pid": pid, "v": value} for pid, value in properties.items()]}


def _former(number: int) -> str:
    names = [_entries()[(7 * number + place) % EXTENDED][1] for place in range(12)]
    return " formerly ".join(names)


def _full(number: int) -> dict[str, Any]:
    """A row with as many properties, values and characters as fit."""
    values = {
        pid: [f"{pid} {number} {value}".ljust(30, "x") for value in range(3)] for pid in ("email", "phone", "website", "ein")
    }
    return _row(_former(number), **values, street=f"{number} " + "po box " * 20, city="Atlanta", state="north " * 10)


def _refused(turn: str) -> Form:
    return _form("queries", {f"{turn}{number}": {} for number in range(4_000)})


LISTS: dict[str, Callable[[str], Form]] = {
    f"{BATCH} rows as people match them": _rows(BATCH, lambda n: _row(_entries()[n][1], city="Atlanta", state="GA")),
    f"{BATCH} rows of common words": _rows(BATCH, lambda n: _row(" ".join(COMMON.split()[n % 5 :] * 2))),
    f"{BATCH} rows of former names": _rows(BATCH, lambda n: _row(_former(n))),
    f"{BATCH} full rows": _rows(BATCH, _full),
    f"{LARGE} rows of former names, {LIMIT} candidates each": _rows(LARGE, lambda n: _row(_former(n))),
    "a PO box with 24,000 blanks": _rows(1, lambda _: _row("x", street="po box" + " " * 24_000 + "!")),
    f"{BATCH} PO boxes with {TEXT_LENGTH - 7} blanks": _rows(
        BATCH, lambda n: _row(f"x {n}", street="po box" + " " * (TEXT_LENGTH - 7) + "!")
    ),
    f"{EXTENDED} organizations with all properties": lambda _: _form(
        "extend", {"ids": [key for key, _ in _entries()], "properties": [{"id": pid} for pid in PROPERTIES]}
    ),
    "a form of 1 MB": lambda turn: _form("queries", turn + "x" * 1_000_000),
    "a form of percent signs": lambda turn: Form(f"queries={turn}".encode() + b"%22" * ((BODY_BYTES - 20) // 3)),
    "a form nested 100,000 deep": lambda turn: Form(f"{turn}=1&queries=".encode() + b"[" * 100_000),
    "4,000 rows without a question": _refused,
    "9,000 ids": lambda turn: _form("extend", {"ids": [turn] * 9_000, "properties": []}),
}
