"""Members that cover housing and racial justice in two states, behind real HTTP, and a process that makes plans."""

import datetime as dt
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Audience, StoredOrganization
from tests.builders import a_stored_organization
from tests.polling import poll_until
from tests.web.pages.conftest import read_text
from tests.web.pages.organization.served_directory import open_browser, open_directory

NOINDEX = '<meta name="robots" content="noindex">'
MAX_BYTES = 40_000  # over the wire
QUESTION = "issue=housing&issue=racial-justice&region=US-AL&region=US-GA"
NOW = dt.datetime.now(dt.UTC)
PATIENT = ("cpu_seconds=30", "seconds=60")  # a busy machine starts the process that makes plans slowly


def a_member(name: str, themes: tuple[str, ...], states: tuple[str, ...], **fields: object) -> StoredOrganization:
    return a_stored_organization(name, issue_areas=themes, service_areas=states, verified_at=NOW, **fields)


BOTH = a_member("Both in Georgia", ("housing", "racial-justice"), ("US-GA",))
ROOF = a_member("Roof in Alabama", ("housing", "racial-justice", "tenants"), ("US-AL",))
SPARE = a_member("Spare in Alabama", ("housing", "racial-justice"), ("US-AL",))
NATION = a_member("=Nation()", ("housing",), ("US",))
SECRET = a_member("Secret Shelter", ("housing", "racial-justice"), ("US-AL", "US-GA"), audience=Audience.MEMBERS)
RECORDS = (BOTH, ROOF, SPARE, NATION, SECRET)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return open_directory(f"sqlite:///{tmp_path_factory.mktemp('plan') / 'directory.sqlite3'}", *RECORDS)


@pytest.fixture(scope="module")
def browser(directory: Directory) -> Iterator[TestClient]:
    with open_browser(directory, limits=PATIENT) as browser:
        assert poll_until(lambda: "stopped by the clock" not in read_plan(browser, f"{QUESTION}&max=3"), 60)
        yield browser


def read_plan(browser: TestClient, search: str, prefix: str = "") -> str:
    response = browser.get(f"{prefix}/plan?{search}")
    assert response.status_code == 200
    return read_text(response)
