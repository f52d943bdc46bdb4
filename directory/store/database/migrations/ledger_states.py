"""The states of organizations as migration 0004 knows them: digests of their JSON, and their JSON from the tables.

Frozen: it depends on no other module of the program, because those change.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import sqlalchemy as sa

REQUIRED = object()  # instead of the default of a field that has none
CHUNK = 500  # organizations read at a time
TERM_FIELDS = ("languages", "issue_areas", "communities", "work_areas")
TIME_FIELDS = ("verified_at", "hidden_since")
DATE_FIELDS = ("joined_on", "ended_on", "hidden_until", "date")
PRIVATE_TEXTS = ("name", "postal_code")  # of a site that is not published exactly

# the fields of each part in the order of their JSON, with their defaults
PARTS: dict[str, dict[str, Any]] = {
    "names": {"name": REQUIRED, "kind": REQUIRED, "language": None},
    "links": {"kind": REQUIRED, "url": REQUIRED},
    "identifiers": {"scheme": REQUIRED, "value": REQUIRED},
    "sites": {
        "id": REQUIRED,
        "name": None,
        "country": "US",
        "state": None,
        "county": None,
        "city": None,
        "postal_code": None,
        "disclosure": None,
        "known": "UNKNOWN",
        "is_primary": False,
        "private": None,
    },
    "contacts": {
        "role": None,
        "name": None,
        "email": None,
        "phone": None,
        "phone_extension": None,
        "languages": [],
        "audience": "MEMBERS",
    },
    "relations": {"kind": REQUIRED, "organization": None, "actor": None, "note": None, "url": None},
    "sources": {
        "field": REQUIRED,
        "title": REQUIRED,
        "url": None,
        "date": None,
        "tells": "EXACT",
        "origin": None,
        "file": None,
        "row": None,
    },
}
MEMBERSHIP = {"status": "ACTIVE", "joined_on": None, "ended_on": None}
ORGANIZATION: dict[str, Any] = {
    "id": REQUIRED,
    "slug": REQUIRED,
    "name": REQUIRED,
    "names": [],
    "kind": "OTHER",
    "summary": None,
    "description": None,
    "founded": None,
    "website": None,
    "links": [],
    "identifiers": [],
    **{field: [] for field in TERM_FIELDS},
    "service_areas": [],
    "membership": {},
    "verified_at": None,
    "verification_method": None,
    "audience": "PUBLIC",
    "hidden_since": None,
    "hidden_until": None,
    "sites": [],
    "contacts": [],
    "parent": None,
    "relations": [],
    "sources": [],
}
PLAIN_FIELDS = tuple(name for name in ORGANIZATION if name not in {*PARTS, *TERM_FIELDS, "service_areas", "membership"})
PART_TABLES = {field: "organization_names" if field == "names" else field for field in PARTS}


def digest_state(text: str) -> bytes:
    """Return the digest of the JSON of an organization without its private parts, as ledger/state_digest.py defines it."""
    state = json.loads(text)
    for field, defaults in PARTS.items():
        state[field] = [_omit_defaults(part, defaults) for part in state.get(field, ())]
    state["membership"] = _omit_defaults(state.get("membership", {}), MEMBERSHIP)
    described = _omit_defaults(state, ORGANIZATION)
    for field in described.keys() & TIME_FIELDS:
        described[field] = dt.datetime.fromisoformat(described[field]).astimezone(dt.UTC).isoformat()
    if "sources" in described:
        described["sources"] = sorted(_encode(source) for source in described["sources"])
    return blake2b(_encode(described), digest_size=16).digest()


def _omit_defaults(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name, default in defaults.items() if name in values and values[name] != default}


def _encode(value: Any) -> bytes:
    return msgspec.msgpack.encode(value, order="deterministic")


# ---------------------------------------------------------------- states from the tables


def iterate_states(connection: sa.Connection) -> Iterator[tuple[str, str, str | None]]:
    """Yield the id of each organization in the tables, the JSON of its public part, and that of its private parts, if any."""
    last_key = 0
    membership = [f"membership_{name}" for name in MEMBERSHIP]
    while rows := _read(connection, "organizations", ["key", *PLAIN_FIELDS, *membership], "key > :start", start=last_key):
        first_key, last_key = rows[0]["key"], rows[-1]["key"]
        parts = {field: _read_parts(connection, field, first_key, last_key) for field in (*PARTS, *TERM_FIELDS, "service_areas")}
        for row in rows:
            yield row["id"], *_split(_build_state(row, {field: parts[field].get(row["key"], []) for field in parts}))


def _read_parts(connection: sa.Connection, field: str, first_key: int, last_key: int) -> dict[int, list[Any]]:
    """Return the values of a field by the organization's key."""
    condition, keys = "organization_key BETWEEN :first AND :last", {"first": first_key, "last": last_key}
    if field in PARTS:
        columns = [name for name in PARTS[field] if name != "private"]
        rows = _read(connection, PART_TABLES[field], ["organization_key", *columns], condition, **keys)
        values: list[Any] = [{name: row[name] for name in columns} for row in rows]
    elif field == "service_areas":
        rows = _read(connection, "service_areas", ["organization_key", "region"], condition, **keys)
        values = [row["region"] for row in rows]
    else:
        condition = f"{condition} AND facet = '{field}'"
        rows = _read(connection, "terms", ["organization_key", "slug"], condition, **keys)
        values = [row["slug"] for row in rows]
    if field == "sites":
        places = _read_private_places(connection, condition, keys)
        values = [{**site, "private": places.get(site["id"])} for site in values]
    keyed = zip((row["organization_key"] for row in rows), values, strict=True)
    return {key: [value for _, value in group] for key, group in groupby(keyed, itemgetter(0))}


def _read_private_places(connection: sa.Connection, condition: str, keys: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """Return the private places by the id of their site, without empty ones."""
    query = sa.text(
        "SELECT site_id, street, latitude, longitude FROM private_places "  # noqa: S608 - the condition is a constant
        f"WHERE site_id IN (SELECT id FROM sites WHERE {condition})"
    )
    places = {}
    for site_id, street, latitude, longitude in connection.execute(query, keys):
        point = None if latitude is None else {"latitude": latitude, "longitude": longitude}
        if street is not None or point is not None:
            places[site_id] = {"street": street, "point": point}
    return places


def _read(connection: sa.Connection, table: str, names: list[str], condition: str, **values: int) -> list[Mapping[str, Any]]:
    """Return rows in the order of their keys, with times in UTC. At most CHUNK of `organizations`."""
    columns = [sa.column(name, _find_type(name)) for name in names]
    order: list[Any] = [sa.column("key")] if table == "organizations" else [sa.column("organization_key"), sa.column("position")]
    query = sa.select(*columns).select_from(sa.table(table)).where(sa.text(condition)).order_by(*order)
    rows = connection.execute(query.limit(CHUNK) if table == "organizations" else query, values)
    return [{name: _convert(name, value) for name, value in row._mapping.items()} for row in rows]


def _find_type(name: str) -> Any:
    if name in TIME_FIELDS:
        return sa.DateTime(timezone=True)
    if name.removeprefix("membership_") in DATE_FIELDS:
        return sa.Date()
    return sa.Boolean() if name == "is_primary" else None


def _convert(name: str, value: Any) -> Any:
    if name in TIME_FIELDS and value is not None:
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    return value


def _build_state(row: Mapping[str, Any], parts: Mapping[str, list[Any]]) -> dict[str, Any]:
    contacts = [{**contact, "languages": contact["languages"].split()} for contact in parts["contacts"]]
    membership = {name: row[f"membership_{name}"] for name in MEMBERSHIP}
    values = {**row, **parts, "contacts": contacts, "membership": membership}
    return {name: values[name] for name in ORGANIZATION}


def _split(state: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the JSON of the state without its private parts, and of the private parts."""
    sites, contacts, sources = state["sites"], list(enumerate(state["contacts"])), list(enumerate(state["sources"]))
    hidden = {site["id"]: site for site in sites if site["disclosure"] != "EXACT"}
    words = {key: {name: site[name] for name in PRIVATE_TEXTS if site[name] is not None} for key, site in hidden.items()}
    parts = {
        "places": {site["id"]: site["private"] for site in sites if site["private"] is not None},
        "words": {site_id: texts for site_id, texts in words.items() if texts},
        "contacts": [pair for pair in contacts if pair[1]["audience"] != "PUBLIC"],
        "sources": [pair for pair in sources if pair[1]["field"] in ("locations", "contacts")],
    }
    public_part = {
        **state,
        "sites": [{**site, "private": None, **(dict.fromkeys(PRIVATE_TEXTS) if site["id"] in hidden else {})} for site in sites],
        "contacts": [contact for pair in contacts if pair not in parts["contacts"] for contact in pair[1:]],
        "sources": [source for pair in sources if pair not in parts["sources"] for source in pair[1:]],
    }
    private_parts = {name: values for name, values in parts.items() if values}
    return _to_json(public_part), _to_json(private_parts) if private_parts else None


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
