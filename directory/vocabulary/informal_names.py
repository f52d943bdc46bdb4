"""Names of places that are not regions: names without fixed borders, names with several meanings, and neighborhoods.

The names are folded (`directory.text.fold`). No name is in two tables, and none is the name of a region.
"""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from directory.text import fold
from directory.vocabulary.region_files import DATA

__all__ = ["AMBIGUOUS_NAMES", "APPROXIMATE_NAMES", "NEIGHBORHOODS"]

_T = TypeVar("_T")


def read_approximate_names(path: Path = DATA / "approximate_names.toml") -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the states, or of the county, that each name lies in. Raises ValueError if a name is listed twice."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["approximate"]
    return _index((entry["names"], tuple(entry["regions"])) for entry in entries)


def read_ambiguous_names(path: Path = DATA / "ambiguous_names.toml") -> Mapping[str, tuple[str, ...]]:
    """Return what each name may mean, most likely first: codes of regions and ids of places ("city:US-IL:chicago").

    Raises ValueError if a name is listed twice.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["ambiguous"]
    return _index((entry["names"], tuple(entry["candidates"])) for entry in entries)


def read_neighborhoods(path: Path = DATA / "neighborhoods.csv") -> Mapping[str, str]:
    """Return the id of the city that each neighborhood is part of. Raises ValueError if a name is listed twice."""
    with path.open(encoding="utf-8", newline="") as file:
        return _index(([row["name"], *filter(None, row["aliases"].split("|"))], row["city"]) for row in csv.DictReader(file))


def _index(entries: Iterable[tuple[Iterable[str], _T]]) -> Mapping[str, _T]:
    values_by_name: dict[str, _T] = {}
    for names, value in entries:
        for name in map(fold, names):
            if name in values_by_name:
                raise ValueError(f"The name {name!r} is listed twice. Remove one.")
            values_by_name[name] = value
    return MappingProxyType(values_by_name)


APPROXIMATE_NAMES = read_approximate_names()
AMBIGUOUS_NAMES = read_ambiguous_names()
NEIGHBORHOODS = read_neighborhoods()
