"""The outlines of states and counties from the package us-atlas. The build copies its files; without them there are no maps.

Files are decoded when the first map needs them, and only once.
"""

from functools import cached_property
from pathlib import Path

from directory.vocabulary.region_files import read_state_codes
from web.maps.areas import STATE_CODE_LENGTH, Areas
from web.maps.topology import read_topology

BUILT_FOLDER = Path(__file__).parents[1] / "static" / "pages"
STATES_FILE, COUNTIES_FILE = "states-10m.json", "counties-10m.json"
WORLD_FILE = "world.json"  # other countries from the package world-atlas, which only the map of places in the browser shows


class Atlas:
    """Areas on the plane of the map by their region codes, None if their file was not built."""

    def __init__(self, folder: Path = BUILT_FOLDER) -> None:
        self.folder = folder

    @cached_property
    def states(self) -> Areas | None:
        """All states, the District of Columbia and the territories."""
        return self._read(STATES_FILE, "states")

    @cached_property
    def counties(self) -> Areas | None:
        return self._read(COUNTIES_FILE, "counties")

    def find_areas(self, code: str) -> Areas | None:
        """Return the areas among which a state or county has its outline, None if it has none."""
        areas = self.states if len(code) == STATE_CODE_LENGTH else self.counties
        return areas if areas and code in areas.rings else None

    def _read(self, name: str, kind: str) -> Areas | None:
        path = self.folder / name
        if not path.exists():
            return None
        topology, states = read_topology(path), read_state_codes()
        rings = {build_region_code(fips, states): rings for fips, rings in topology.rings[kind].items()}
        return Areas(topology.arcs, rings).project()


def build_region_code(fips: str, states: dict[str, str]) -> str:
    """Return "US-GA" for "13" and "US-GA-121" for "13121". `states` are the codes of states by their FIPS codes."""
    state, county = states[fips[:2]], fips[2:]
    return f"{state}-{county}" if county else state


ATLAS = Atlas()
