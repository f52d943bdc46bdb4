import json
from pathlib import Path

import pytest

from directory.records import Audience
from seed.readers import native
from seed.writers.stated import as_stated
from tests.builders import a_location, an_organization
from tests.seed.writers.nasty import nasty_organizations
from tests.seed.writers.tables import written


@pytest.mark.parametrize("name", ["ndjson", "json"])
@pytest.mark.parametrize("audience", Audience)
def test_what_was_written_is_stated_again(name: str, audience: Audience, tmp_path: Path) -> None:
    organizations = nasty_organizations(100, audience)
    path = tmp_path / f"export.{name}"
    path.write_bytes(written(name, organizations, audience))
    found = list(native.read(path))
    assert [row.stated for row in found] == [as_stated(one, audience) for one in organizations]
    assert [row.number for row in found] == list(range(1, len(organizations) + 1))


def test_one_record_a_line() -> None:
    lines = written("ndjson", nasty_organizations(60)).split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line)["id"] for line in lines] == [one.id for one in nasty_organizations(60)]


def test_the_document_says_what_it_is() -> None:
    document = json.loads(written("json", iter([an_organization("Union")]), Audience.MEMBERS))
    assert document["about"] == {
        "title": "A network",
        "audience": "MEMBERS",
        "version": "abc",
        "exported_at": "2026-06-01T12:00:00Z",
        "fictional": False,
    }
    assert [one["name"] for one in document["organizations"]] == ["Union"]
    assert json.loads(written("json", []))["organizations"] == []


def test_what_is_published_of_places_stands_beside_the_statement() -> None:
    location = a_location("Atlanta, GA", radius_km=12.5)
    one = an_organization("Union", locations=(location,))
    record = json.loads(written("ndjson", [one]))
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
