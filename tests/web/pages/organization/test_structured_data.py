"""JSON-LD on the page: the node of the export, in a form that cannot end its element."""

import re
from pathlib import Path

import msgspec
from msgspec.structs import replace

from directory.export.export_info import build_export_info
from directory.export.json_ld import build_node
from directory.records import Audience
from tests.web.pages.organization.served_directory import FULL, NOW, RECORDS, open_browser, open_directory
from web.pages.organization.structured_data import escape_json

HOSTILE = "</script><!-- & \u2028\u2029 <b> ]]>"


def test_it_is_the_node_of_the_export(tmp_path: Path) -> None:
    records = [record if record is not FULL else replace(FULL, summary=HOSTILE) for record in RECORDS]
    directory = open_directory(f"sqlite:///{tmp_path / 'directory.sqlite3'}", *records)
    with open_browser(directory) as browser:
        page = browser.get("/es/organizations/harbor-tenants-union").text
    snapshot = directory.get_snapshot(Audience.PUBLIC)
    record = snapshot.get_organization(FULL.id)
    assert record
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert msgspec.json.decode(text) == {
        "@context": "https://schema.org",
        **build_node(record, build_export_info(snapshot, NOW, "http://localhost")),
        "mainEntityOfPage": "http://localhost/es/organizations/harbor-tenants-union",
    }
    assert "Secret Partner" not in text


def test_no_text_can_end_the_element() -> None:
    text = str(escape_json({"name": HOSTILE}))
    assert not set("<>&\u2028\u2029") & set(text)
    assert msgspec.json.decode(text) == {"name": HOSTILE}
