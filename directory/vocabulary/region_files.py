"""`Region`, a named part of the world, and the reader for the region files in data/. data/REGIONS.md lists their sources."""

import csv
import tomllib
from collections.abc import Container, Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

DATA = Path(__file__).parent / "data"
_UNION_FILES = ("census_regions.toml", "custom_regions.toml", "agency_regions.toml", "tribal_areas.toml")
_METRO_PATTERNS = ("{} metro", "{} metro area", "{} metropolitan area", "{} area", "Greater {}", "Metro {}")
_SPANISH_METRO_PATTERNS = ("Área metropolitana de {}", "Zona metropolitana de {}", "Gran {}")
_SPANISH_KINDS = {"County": "Condado", "Parish": "Parroquia", "Municipio": "Municipio"}


class RegionKind(StrEnum):
    COUNTRY = "COUNTRY"
    CENSUS_REGION = "CENSUS_REGION"
    CENSUS_DIVISION = "CENSUS_DIVISION"
    STATE = "STATE"  # of the United States, with DC and the territories; also Canadian provinces and Mexican states
    COUNTY = "COUNTY"  # and its Census equivalents: parishes, boroughs, independent cities, municipios
    TRIBAL_AREA = "TRIBAL_AREA"  # a reservation or other land of a tribal nation, as the counties it lies in
    METRO_AREA = "METRO_AREA"  # a metropolitan statistical area of the Office of Management and Budget
    CUSTOM = "CUSTOM"


class Region(Struct, frozen=True):
    """A named part of the world.

    code         ISO 3166-1 for a country ("MX"), ISO 3166-2 for a state ("US-GA"), the state's code and the last three
                 digits of the county's FIPS code for a county ("US-GA-121"), the number of a metropolitan area
                 ("US-METRO-12060"), a word of our own for others ("BAY-AREA")
    name         the English name; for a county, without its state ("Fulton County")
    name_es      the Spanish name, None if Spanish uses the English name
    aliases      other names, in either language
    is_disputed  whether people draw the region in several ways; it is then the widest list that a source gives
    """

    code: str
    name: str
    name_es: str | None
    kind: RegionKind
    aliases: tuple[str, ...] = ()
    is_disputed: bool = False

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
    for row in _read_csv(folder / "states.csv"):
        yield RegionRow(_build_region(row, RegionKind.STATE), parent=row["code"].split("-")[0])
    states_by_fips = read_state_codes(folder)
    yield from _read_counties(folder, states_by_fips)
    unions = [row for name in _UNION_FILES for row in _read_unions(folder / name)]
    yield from unions
    names = {name.casefold() for row in unions for name in (row.region.name, row.region.name_es, *row.region.aliases) if name}
    yield from _read_metro_areas(folder / "metro_areas.csv", states_by_fips, names)


def read_state_codes(folder: Path = DATA) -> dict[str, str]:
    """Return the codes of the states of the United States by their FIPS codes: "13" is "US-GA"."""
    return {row["fips"]: row["code"] for row in _read_csv(folder / "states.csv") if row["fips"]}


def _read_csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _build_region(row: dict[str, str], kind: RegionKind) -> Region:
    spanish = row["name_es"] if row["name_es"] != row["name"] else None
    return Region(row["code"], row["name"], spanish, kind, _split_list(row["aliases"]))


def _split_list(cell: str) -> tuple[str, ...]:
    return tuple(item for item in cell.split("|") if item)


def _read_countries(folder: Path) -> Iterator[RegionRow]:
    for row in _read_csv(folder / "countries.csv"):
        yield RegionRow(_build_region(row, RegionKind.COUNTRY))


def _read_counties(folder: Path, states: dict[str, str]) -> Iterator[RegionRow]:
    aliases = tomllib.loads((folder / "county_aliases.toml").read_text(encoding="utf-8"))
    for row in _read_csv(folder / "counties.csv"):
        code = _make_county_code(row["fips"], states)
        name = row["name"]
        yield RegionRow(
            Region(code, name, translate_county_name(name), RegionKind.COUNTY, tuple(aliases.get(code, ()))),
            parent=code.rpartition("-")[0],
        )


def _make_county_code(fips: str, states: dict[str, str]) -> str:
    return f"{states[fips[:2]]}-{fips[2:]}"


def translate_county_name(name: str) -> str | None:
    """Return the Spanish name, "Condado de Levy" for "Levy County"; None if Spanish uses the English name."""
    bare, _, suffix = name.rpartition(" ")
    spanish = _SPANISH_KINDS.get(suffix)
    return f"{spanish} de {bare}" if spanish else None


def _read_unions(path: Path) -> Iterator[RegionRow]:
    for kind, regions in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for code, table in regions.items():
            spanish = table["name_es"] if table["name_es"] != table["name"] else None
            aliases, is_disputed = tuple(table.get("aliases", ())), table.get("disputed", False)
            region = Region(code, table["name"], spanish, RegionKind(kind), aliases, is_disputed)
            yield RegionRow(region, members=tuple(_expand_members(table["members"])))


def _expand_members(members: Iterable[str]) -> Iterator[str]:
    """Yield the codes of the members: "US-GA: 001 003" stands for the counties US-GA-001 and US-GA-003."""
    for member in members:
        state, _, numbers = member.partition(": ")
        if numbers:
            yield from (f"{state}-{number}" for number in numbers.split())
        else:
            yield member


def _read_metro_areas(path: Path, states: dict[str, str], names_in_use: Container[str]) -> Iterator[RegionRow]:
    """Yield the metropolitan areas. A name made by rule is left out if it is in use ("Metro Detroit" means three counties)."""
    for row in _read_csv(path):
        aliases = [*_split_list(row["aliases"]), *_list_metro_names(row)]
        region = Region(
            f"US-METRO-{row['cbsa']}",
            f"{row['name']} metro area",
            f"Área metropolitana de {row['name_es'] or row['name']}",
            RegionKind.METRO_AREA,
            tuple(alias for alias in aliases if alias.casefold() not in names_in_use),
        )
        yield RegionRow(region, members=tuple(_make_county_code(fips, states) for fips in row["counties"].split()))


def _list_metro_names(row: dict[str, str]) -> Iterator[str]:
    """Yield the names made by rule from short names: "Atlanta metro", "Greater Atlanta", "Gran Atlanta"."""
    short_names = _split_list(row["short_names"])
    spanish_names = (*short_names, *_split_list(row["short_names_es"]))
    for patterns, names in ((_METRO_PATTERNS, short_names), (_SPANISH_METRO_PATTERNS, spanish_names)):
        yield from (pattern.format(name) for name in names for pattern in patterns)
