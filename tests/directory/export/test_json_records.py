import json
from pathlib import Path

import pytest

from directory.export.draft_fields import to_draft_fields
from directory.records import Audience
from seed.sources import own_records
from tests.builders import a_location, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations
from tests.directory.export.exported_tables import export_bytes


@pytest.mark.parametrize("name", ["ndjson", "json"])
@pytest.mark.parametrize("audience", Audience)
def test_an_export_can_be_imported_again(name: str, audience: Audience, tmp_path: Path) -> None:
    organizations = build_difficult_organizations(100, audience)
    path = tmp_path / f"export.{name}"
    path.write_bytes(export_bytes(name, organizations, audience))
    found = list(own_records.read_record_file(path))
    assert [row.fields for row in found] == [to_draft_fields(one, audience) for one in organizations]
    assert [row.number for row in found] == list(range(1, len(organizations) + 1))


def test_one_record_a_line() -> None:
    lines = export_bytes("ndjson", build_difficult_organizations(60)).split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line)["id"] for line in lines] == [one.id for one in build_difficult_organizations(60)]


def test_the_document_has_a_header() -> None:
    document = json.loads(export_bytes("json", iter([an_organization("Union")]), Audience.MEMBERS))
    assert document["about"] == {
        "title": "A network",
        "audience": "MEMBERS",
        "version": "abc",
        "exported_at": "2026-06-01T12:00:00Z",
        "fictional": False,
    }
    assert [one["name"] for one in document["organizations"]] == ["Union"]
    assert json.loads(export_bytes("json", []))["organizations"] == []


def test_published_points_are_separate_from_draft_fields() -> None:
    location = a_location("Atlanta, GA", radius_km=12.5)
    one = an_organization("Union", locations=(location,))
    record = json.loads(export_bytes("ndjson", [one]))
    assert location.point is not None
    assert record["published"] == {
        "updated_at": "2026-06-01T12:00:00Z",
        "locations": [
            {
                "id": location.id,
                "precision": "CITY",
                "latitude": location.point.latitude,
                "longitude": location.point.longitude,
                "radius_km": 12.5,
                "regions": list(location.regions),
            }
        ],
    }
    assert "latitude" not in record["locations"][0]
