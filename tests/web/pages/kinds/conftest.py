"""A browser that visits coalitions, events and instruments."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.pages.kinds.joint_records import serve_records


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serve_records(tmp_path_factory.mktemp("joint")) as browser:
        yield browser
