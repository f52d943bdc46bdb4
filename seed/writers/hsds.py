"""Records as HSDS 3.1 `organizations`: one page of the API with every organization in full, by the profile of hsds_profile.py."""

from collections.abc import Iterable
from typing import IO

import msgspec

from directory.records import Organization
from seed.writers.about import About
from seed.writers.hsds_profile import VERSION
from seed.writers.hsds_record import record
from seed.writers.stated import plain


def write(organizations: Iterable[Organization], out: IO[bytes], about: About) -> None:
    """`contents` come first and are written as they are made; how many they are is known at their end."""
    out.write(b'{"contents": [')
    count = 0
    for organization in organizations:
        out.write((b",\n" if count else b"\n") + msgspec.json.encode(record(organization, about)))
        count += 1
    out.write(b"\n],\n" + msgspec.json.encode(_page(count, about)).removeprefix(b"{") + b"\n")


def _page(count: int, about: About) -> dict[str, object]:
    page = {"total_items": count, "total_pages": 1, "page_number": 1, "size": count}
    ends = {"first_page": True, "last_page": True, "empty": count == 0}
    return {**page, **ends, "about": head(about)}


def head(about: About) -> dict[str, object]:
    """What is said of the export itself."""
    return {
        "hsds": VERSION,
        "title": about.title,
        "audience": about.audience.value,
        "version": about.version,
        "exported_at": plain(about.exported_at),
        "fictional": about.fictional,
    }
