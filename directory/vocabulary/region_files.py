"""`Region`, a named part of the world, and the reader for the region files in data/. data/REGIONS.md lists their sources."""

import csv
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

DATA = Path(__file__).parent / "data"
_SPANISH_KINDS = {"County": "Condado", "Parish": "Parroquia", "Municipio": "Municipio"}


class RegionKind(StrEnum):
    COUNTRY = "COUNTRY"
    CENSUS_REGION = "CENSUS_REGION"
    CENSUS_DIVISION = "CENSUS_DIVISION"
    STATE = "STATE"  # of the United States, with DC and the territories; also Canadian provinces and Mexican states
    COUNTY = "COUNTY"  # and its Census equivalents: parishes, boroughs, independent cities, municipios
    CUSTOM = "CUSTOM"


class Region(Struct, frozen=True):
    """A named part of the world.

    code      ISO 3166-1 for a country ("MX"), ISO 3166-2 for a state ("US-GA"), the state's code and the last three
              digits of the county's FIPS code for a county ("US-GA-121"), a word of our own for others ("BAY-AREA")
    name      the English name; for a county, without its state ("Fulton County")
    name_es   the Spanish name, None if Spanish uses the English name
    aliases   other names, in either language
    """

    code: str
    name: str
    name_es: str | None
    kind: RegionKind
    aliases: tuple[str, ...] = ()

    def label(self, language: str = "en") -> str:
        """Return the name to show: Spanish for "es" if there is one, else English. A county includes its state's letters."""
        name = (self.name_es if language == "es" else None) or self.name
        return f"{name}, {self.code.split('-')[1]}" if self.kind is RegionKind.COUNTY else name


class RegionRow(Struct, frozen=True):
    """A region as read from a file. A region without members and children is a single undivided part."""

    region: Region
    parent: str | None = None  # the code of the region that contains it
    members: tuple[str, ...] = ()  # the codes of the regions that make up a union


def read_regions(folder: Path = DATA) -> Iterator[RegionRow]:
    """Yield every region in the files, each after its parent. Unions come last."""
    yield from _read_countries(folder)
    states = list(_read_csv(folder / "states.csv"))
    for row in states:
        yield RegionRow(_build_region(row, RegionKind.STATE), parent=row["code"].split("-")[0])
    yield from _read_counties(folder, {row["fips"]: row["code"] for row in states if row["fips"]})
    yield from _read_unions(folder / "census_regions.toml")
    yield from _read_unions(folder / "custom_regions.toml")


def _read_csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _build_region(row: dict[str, str], kind: RegionKind) -> Region:
    spanish = row["name_es"] if row["name_es"] != row["name"] else None
    aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
    return Region(row["code"], row["name"], spanish, kind, aliases)


def _read_countries(folder: Path) -> Iterator[RegionRow]:
    for row in _read_csv(folder / "countries.csv"):
        yield RegionRow(_build_region(row, RegionKind.COUNTRY))


def _read_counties(folder: Path, states: dict[str, str]) -> Iterator[RegionRow]:
    aliases = tomllib.loads((folder / "county_aliases.toml").read_text(encoding="utf-8"))
    for row in _read_csv(folder / "counties.csv"):
        state = states[row["fips"][:2]]
        code = f"{state}-{row['fips'][2:]}"
        name = row["name"]
        yield RegionRow(
            Region(code, name, _translate_county_name(name), RegionKind.COUNTY, tuple(aliases.get(code, ()))), parent=state
        )


def _translate_county_name(name: str) -> str | None:
    bare, _, suffix = name.rpartition(" ")
    spanish = _SPANISH_KINDS.get(suffix)
    return f"{spanish} de {bare}" if spanish else None


def _read_unions(path: Path) -> Iterator[RegionRow]:
    for kind, regions in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for code, table in regions.items():
            row = {
                "code": code,
                "name": table["name"],
                "name_es": table["name_es"],
                "aliases": "|".join(table.get("aliases", ())),
            }
            yield RegionRow(_build_region(row, RegionKind(kind)), members=tuple(table["members"]))
