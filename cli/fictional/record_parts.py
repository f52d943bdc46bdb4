"""What fictional records of all kinds have in common: ids, the default date, sources, audiences and private slugs."""

import datetime as dt
from random import Random
from typing import TypeVar
from uuid import UUID, uuid5

from msgspec.structs import replace

from cli.fictional.phrases import WeightedChoice
from directory.kinds.coalition import StoredCoalition
from directory.kinds.event import StoredEvent
from directory.records import Audience, Source, StoredOrganization
from directory.vocabulary.slugs import build_private_slug, generate_suffix

EPOCH = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)  # the default moment that dates are counted from
SOURCES = (Source("name", "Invented for the fictional network"),)
AUDIENCES = WeightedChoice(tuple(Audience), (94, 4, 2))

_NAMESPACE = UUID("5c0f7d2e-1f0b-5b8e-9a53-0f1c71041a1f")  # a random constant, for the ids of fictional records
RecordT = TypeVar("RecordT", StoredOrganization, StoredCoalition, StoredEvent)


def derive_id(name: str, seed: int) -> str:
    """Return the id of the record with this name, which is unique in a network."""
    return str(uuid5(_NAMESPACE, f"{seed}:{name}"))


def build_rng(name: str, seed: int) -> Random:
    """Return the random generator of one record, so that another record changes nothing in this one."""
    return Random(f"{seed}:{name}")  # noqa: S311 - must be reproducible


def hide_slug(rng: Random, record: RecordT) -> RecordT:
    """Return the record with a private slug if it is not public."""
    if record.audience is Audience.PUBLIC:
        return record
    return replace(record, slug=build_private_slug(record.slug, generate_suffix(rng.choice)))
