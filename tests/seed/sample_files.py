"""Small files of every format, each with one invented organization."""

import io
import json
from collections.abc import Callable, Iterable, Mapping

from directory.export.export_info import ExportInfo
from directory.export.formats import EXPORT_FORMATS
from directory.publish import publish
from directory.records import Audience, Organization, StoredOrganization
from tests.builders import NOW, a_stored_organization
from tests.seed.sources.formats.hsds_samples import FULL, TABLES
from tests.seed.sources.formats.workbooks import build_zip, xlsx

NAME = "Harbor Tenants Union"
IRS_HEADINGS = ("EIN", "NAME", "ICO", "STREET", "CITY", "STATE", "ZIP", "SUBSECTION", "RULING", "NTEE_CD", "SORT_NAME")
CSV = f"Organization,City,State\n{NAME},Atlanta,GA\n".encode()
TOML = f'name = "{NAME}"\nslug = "harbor"\n'.encode()
NDJSON = json.dumps({"name": NAME}).encode() + b"\n" + json.dumps({"name": "River Workers"}).encode() + b"\n"
JSON = json.dumps({"organizations": [{"name": NAME}]}).encode()
HSDS = json.dumps(FULL).encode()
PLACE = {"type": "Point", "coordinates": [-84.39, 33.75]}
GEOJSON = json.dumps({"type": "Feature", "properties": {"Organization": NAME}, "geometry": PLACE}).encode()
TAGS = {"@id": "node/7", "office": "ngo", "name": NAME}
OSM = json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": TAGS, "geometry": PLACE}]}).encode()
PACKAGE = build_zip({name: text.encode() for name, text in TABLES.items()})
SPREADSHEET = xlsx([["Organization", "City", "State"], [NAME, "Atlanta", "GA"]])


def build_irs_file(*rows: Mapping[str, str]) -> bytes:
    usual = {"EIN": "010203040", "NAME": NAME.upper(), "CITY": "WASHINGTON", "STATE": "DC", "ZIP": "20032-1501", "NTEE_CD": "L50"}
    lines = [",".join({**usual, **row}.get(heading, "") for heading in IRS_HEADINGS) for row in rows or ({},)]
    return "\n".join([",".join(IRS_HEADINGS), *lines, ""]).encode()


def export_bytes(name: str, entries: Iterable[StoredOrganization] = (), audience: Audience = Audience.PUBLIC) -> bytes:
    """Return an export in the format with that name."""
    out = io.BytesIO()
    published = [publish(entry, audience, NOW, lambda _: True) for entry in entries or [a_stored_organization(NAME)]]
    write: Callable[[Iterable[Organization], io.BytesIO, ExportInfo], None] = EXPORT_FORMATS[name].write
    info = ExportInfo(
        title="The network", audience=audience, version="v", exported_at=NOW, names={}, base_url=None, fictional=False
    )
    write([one for one in published if one], out, info)
    return out.getvalue()
