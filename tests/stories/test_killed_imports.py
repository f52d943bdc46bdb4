"""An import that is killed leaves the directory as it was or as it was to be, at whatever step; the next one does what is
left."""

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
FEWEST_STEPS = 40  # rows, and statements of the planning, of the write and of the ledger, each before and after


@pytest.mark.slow
def test_killed_at_any_step_an_import_is_there_whole_or_not_at_all(database_url: str, tmp_path: Path) -> None:
    store = Store.open(database_url)
    store.migrate()
    store.close()
    file = tmp_path / "members.csv"
    file.write_text(MEMBERS)
    command = [sys.executable, "-m", "tests.stories.killed_imports", database_url, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    *steps, end = done.stdout.splitlines()
    states = [line.partition(" ")[2] for line in steps]
    assert set(states) == {OLD, NEW}
    assert states == sorted(states), "what is there stays there"
    assert states.count(OLD) >= FEWEST_STEPS
    assert end == "whole"
