"""Records as HSDS 3.1 `organizations`: one page of the API with every organization in full, by the profile of hsds_profile.py."""

from collections.abc import Iterable
from typing import IO

import msgspec

from directory.records import Organization
from seed.writers.about import ExportInfo
from seed.writers.hsds_profile import VERSION
from seed.writers.hsds_record import build_organization
from seed.writers.stated import to_json_value


def write_json(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """`contents` come first and are written as they are made; how many they are is known at their end."""
    out.write(b'{"contents": [')
    count = 0
    for organization in organizations:
        out.write((b",\n" if count else b"\n") + msgspec.json.encode(build_organization(organization, info)))
        count += 1
    out.write(b"\n],\n" + msgspec.json.encode(_build_page(count, info)).removeprefix(b"{") + b"\n")


def _build_page(count: int, info: ExportInfo) -> dict[str, object]:
    page = {"total_items": count, "total_pages": 1, "page_number": 1, "size": count}
    ends = {"first_page": True, "last_page": True, "empty": count == 0}
    return {**page, **ends, "about": build_export_header(info)}


def build_export_header(info: ExportInfo) -> dict[str, object]:
    """What is said of the export itself."""
    return {
        "hsds": VERSION,
        "title": info.title,
        "audience": info.audience.value,
        "version": info.version,
        "exported_at": to_json_value(info.exported_at),
        "fictional": info.fictional,
    }
