"""A running server shows a record again when the day comes, and tries again where it cannot."""

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.curation.hiding import hide
from directory.errors import Unavailable
from directory.live import Directory
from directory.records import Audience
from tests.builders import NOW, a_stored_organization, an_id
from tests.web.conftest import put
from web.operations.hiding_expiry import HidingExpiry

DAY = (NOW + dt.timedelta(days=2)).date()
DUE = dt.datetime.combine(DAY, dt.time(12), dt.UTC)


@pytest.fixture
def hidden(tmp_path: Path) -> Iterator[Directory]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, a_stored_organization("Harbor Union"))
    directory.get_snapshot(Audience.PUBLIC)
    hide(directory.store, "harbor-union", now=NOW, until=DAY)
    yield directory
    directory.close()


def is_shown(directory: Directory) -> bool:
    directory.update_snapshots()
    return directory.get_snapshot(Audience.PUBLIC).get_organization(an_id("Harbor Union")) is not None


def test_it_is_shown_when_the_day_has_come_and_that_is_logged(hidden: Directory, caplog: pytest.LogCaptureFixture) -> None:
    moments = iter([DUE - dt.timedelta(seconds=1), DUE, DUE])
    ends = HidingExpiry(hidden.store, lambda: next(moments))
    shown = []
    with caplog.at_level(logging.INFO, "directory.web"):
        for _ in range(3):
            ends.end_due()
            shown.append(is_shown(hidden))
    assert shown == [False, True, True]
    assert [one.getMessage() for one in caplog.records] == ["no longer hidden, because the day set for it has come: 1 records"]


@pytest.mark.parametrize("problem", [Unavailable("The disk is full."), ZeroDivisionError()])
def test_what_fails_is_logged_and_done_later(hidden: Directory, problem: Exception, caplog: pytest.LogCaptureFixture) -> None:
    failing = True

    def now() -> dt.datetime:
        if failing:
            raise problem
        return DUE

    ends = HidingExpiry(hidden.store, now)
    ends.end_due()
    assert "stay hidden although the day" in caplog.text
    assert not is_shown(hidden)
    failing = False
    ends.end_due()
    assert is_shown(hidden)
