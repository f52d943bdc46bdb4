"""Tests that need the outlines of the package us-atlas, which the build of the front end copies."""

import pytest

from web.maps.atlas import ATLAS, COUNTIES_FILE, STATES_FILE, Atlas

IS_BUILT = (ATLAS.folder / STATES_FILE).exists() and (ATLAS.folder / COUNTIES_FILE).exists()
needs_outlines = pytest.mark.skipif(not IS_BUILT, reason="the outlines of states and counties were not built: ./dev front")
STATE_COUNT, COUNTY_COUNT = 56, 3231  # with the District of Columbia and the territories

__all__ = ["ATLAS", "COUNTY_COUNT", "STATE_COUNT", "Atlas", "needs_outlines"]
