"""The files that pages load: names, media types, caching, and what is built by Vite."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from web.pages.assets import ASSETS, ICON_SIZES, MEDIA_TYPES, STYLESHEET, Assets

HASHED = re.compile(r"/assets/[\w.-]+[-.][\w-]{8}\.\w+")


@pytest.fixture
def built_files(tmp_path: Path) -> Assets:
    """A stylesheet of ours, and a script with a chunk as Vite names them."""
    for name, content in {
        "pages.css": "body {}",
        "pages.Ab12Cd-4.js": 'import("./map.Ef_6Gh78.js")',
        "map.Ef_6Gh78.js": "export {}",
        "states-10m.json": "{}",
        "pages.Ab12Cd-4.js.map": "not served",
    }.items():
        (tmp_path / name).write_text(content)
    return Assets(tmp_path)


def test_files_are_found_by_their_names_without_a_hash(built_files: Assets) -> None:
    assert set(built_files.by_name) - set(ICON_SIZES) == {"map.js", "pages.css", "pages.js", "states-10m.json"}
    assert built_files.get_address("pages.js") == "/assets/pages.Ab12Cd-4.js"  # chunks import each other by these names
    assert re.fullmatch(r"/assets/states-10m-[0-9a-f]{8}\.json", str(built_files.get_address("states-10m.json")))
    assert built_files.get_address("font.woff2") is None


def test_another_content_has_another_address(tmp_path: Path) -> None:
    addresses = set()
    for content in ("body {}", "main {}"):
        (tmp_path / STYLESHEET).write_text(content)
        addresses.add(Assets(tmp_path).get_address(STYLESHEET))
    assert len(addresses) == 2


@pytest.mark.parametrize("name", sorted(ASSETS.by_name))
def test_every_file_is_served_for_good(visitor: TestClient, name: str) -> None:
    address = str(ASSETS.get_address(name))
    assert HASHED.fullmatch(address)
    response = visitor.get(address)
    assert response.status_code == 200
    assert response.content == ASSETS.by_name[name].content
    assert response.headers["content-type"] == MEDIA_TYPES[Path(name).suffix]
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_texts_are_compressed_for_those_who_accept_it(visitor: TestClient) -> None:
    address = str(ASSETS.get_address(STYLESHEET))
    with visitor.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as response:
        assert gzip.decompress(b"".join(response.iter_raw())) == ASSETS.by_name[STYLESHEET].content
    assert "content-encoding" not in visitor.get(address, headers={"Accept-Encoding": "identity"}).headers


@pytest.mark.parametrize("name", ["pages.css", "pages-00000000.css", "..%2fassets.py", "map.js"])
def test_nothing_else_is_served(visitor: TestClient, name: str) -> None:
    assert visitor.get(f"/assets/{name}").status_code == 404


def test_browsers_are_told_which_links_they_may_load_before_a_visit(visitor: TestClient) -> None:
    rules = visitor.get("/?issue=housing").headers["speculation-rules"]
    response = visitor.get(rules.strip('"'))
    assert response.headers["content-type"] == "application/speculationrules+json"
    assert response.json()["prefetch"][0]["where"] == {"selector_matches": ".result h2 a"}
