"""A browser that visits organizations that look for partners."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.pages.organization.served_directory import serve
from tests.web.pages.partners.partner_records import RECORDS


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serve(f"sqlite:///{tmp_path_factory.mktemp('partners') / 'directory.sqlite3'}", *RECORDS) as browser:
        yield browser
