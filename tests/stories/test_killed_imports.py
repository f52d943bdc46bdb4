"""An import killed at any step leaves the directory unchanged or fully updated, and the next import completes it."""

import subprocess
import sys
from pathlib import Path

import pytest

from directory.store.store import Store

MEMBERS = """\
Organization,City,State,ZIP,Phone,Email,Issue areas
Harbor Tenants Union,Savannah,GA,31401,912-555-0100,info@harbortenants.example.org,housing
Mesa Workers Center,Tucson,AZ,85701,,office@mesaworkers.example.org,workers; immigration
Delta Elders for Freedom,Jackson,MS,,,,aging people in prison
"""
IMPORTED = 3
OLD, NEW = "0 0 sound", f"{IMPORTED} 1 sound"
FEWEST_STEPS = 40  # rows, and the statements of planning and writing, each before and after


@pytest.mark.slow
def test_a_killed_import_is_complete_or_absent(database_url: str, tmp_path: Path) -> None:
    store = Store.open(database_url)
    store.migrate()
    store.close()
    file = tmp_path / "members.csv"
    file.write_text(MEMBERS)
    command = [sys.executable, "-m", "tests.stories.killed_imports", database_url, str(file)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    *steps, end = result.stdout.splitlines()
    states = [line.partition(" ")[2] for line in steps]
    assert set(states) == {OLD, NEW}
    assert states == sorted(states), "written records stay"
    assert states.count(OLD) >= FEWEST_STEPS
    assert end == "whole"
