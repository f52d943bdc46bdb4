"""A running server shows a record again when its hiding expires, and retries after an error."""

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
def hiding_directory(tmp_path: Path) -> Iterator[Directory]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, a_stored_organization("Harbor Union"))
    directory.get_snapshot(Audience.PUBLIC)
    hide(directory, "harbor-union", now=NOW, until=DAY)
    yield directory
    directory.close()


def is_shown(directory: Directory) -> bool:
    directory.update_snapshots()
    return directory.get_snapshot(Audience.PUBLIC).get_organization(an_id("Harbor Union")) is not None


def test_a_record_is_shown_again_and_that_is_logged(hiding_directory: Directory, caplog: pytest.LogCaptureFixture) -> None:
    moments = iter([DUE - dt.timedelta(seconds=1), DUE, DUE])
    expiry = HidingExpiry(hiding_directory, lambda: next(moments))
    shown = []
    with caplog.at_level(logging.INFO, "directory.web"):
        for _ in range(3):
            expiry.end_due()
            shown.append(is_shown(hiding_directory))
    assert shown == [False, True, True]
    assert [record.getMessage() for record in caplog.records] == ["Records that are visible again because their hiding ended: 1"]


@pytest.mark.parametrize("problem", [Unavailable("The disk is full."), ZeroDivisionError()])
def test_an_error_is_logged_and_retried(
    hiding_directory: Directory, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    failing = True

    def now() -> dt.datetime:
        if failing:
            raise problem
        return DUE

    expiry = HidingExpiry(hiding_directory, now)
    expiry.end_due()
    assert "Could not end expired hidings" in caplog.text
    assert not is_shown(hiding_directory)
    failing = False
    expiry.end_due()
    assert is_shown(hiding_directory)
