"""The script that shows the offline page."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from web.app import create_app
from web.pages import service_worker
from web.pages.assets import Assets
from web.settings import Settings

SCRIPT = "self.addEventListener('fetch', show);"


@pytest.fixture
def built_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A built script."""
    (tmp_path / "service-worker.Ab12Cd34.js").write_text(SCRIPT)
    monkeypatch.setattr(service_worker, "ASSETS", Assets(tmp_path))


@pytest.mark.usefixtures("built_files")
def test_the_script_starts_with_its_version(visitor: TestClient) -> None:
    response = visitor.get("/service-worker.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "connect-src 'self'" in response.headers["content-security-policy"]  # it loads the pages that it stores
    assert response.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert re.fullmatch(r'const VERSION = "[0-9a-f]{16}";\n' + re.escape(SCRIPT), response.text)
    assert visitor.get("/service-worker.js").text == response.text


@pytest.mark.usefixtures("built_files")
def test_another_offline_page_is_another_version(visitor: TestClient, fictional_directory: Directory) -> None:
    app = create_app(fictional_directory, Settings(network_color="#333333"))
    scripts = {client.get("/service-worker.js").text for client in (visitor, TestClient(app, base_url="http://localhost"))}
    assert len(scripts) == 2


def test_without_a_front_end_there_is_no_script(visitor: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(service_worker, "ASSETS", Assets(tmp_path))
    assert visitor.get("/service-worker.js").status_code == 404
