"""Facts about an export besides its records, and the choice of records."""

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from directory.export.draft_fields import to_json_value
from directory.question import Page, Question
from directory.records import Audience, MembershipStatus, Organization
from directory.search.snapshot import Snapshot

DEFAULT_TITLE = "Membership directory"  # used if the audience does not see the network's own record


class ExportPart(Struct, frozen=True):
    """The first and last of `total` records that are in a file, counted from 1."""

    first: int
    last: int
    total: int


class ExportInfo(Struct, frozen=True, kw_only=True):
    """Facts about an export that its writer needs.

    - `version` is the opaque version of the snapshot. It changes when this audience may see different data.
    - `names` maps ids to names of all organizations that this audience sees, because parents and relations may refer to records
      outside the export.
    - `base_url` is the address of the directory without a trailing slash; None if it has none.
    - `fictional` data is marked in every format that can express it.
    - `language` is that of the headings of tables, "en" or "es". Values are the same in both.
    - `part` says which of the records of a search these are; None if they are all.
    """

    title: str
    audience: Audience
    version: str
    exported_at: dt.datetime  # with its time zone
    names: Mapping[str, str] = {}
    base_url: str | None = None
    fictional: bool = False
    language: str = "en"
    part: ExportPart | None = None


def build_export_header(info: ExportInfo) -> dict[str, object]:
    """Return the JSON-ready facts that every JSON format states about the export."""
    return {
        "title": info.title,
        "audience": info.audience.value,
        "version": info.version,
        "exported_at": to_json_value(info.exported_at),
        "fictional": info.fictional,
        **({"part": to_json_value(info.part)} if info.part else {}),
    }


def list_visible(snapshot: Snapshot) -> list[Organization]:
    """Return all organizations that the audience sees, members or not, ordered by name."""
    rows = snapshot.index.rows
    return [rows[row] for row in rows.iter_by_name(rows.live_rows)]


def list_matches(snapshot: Snapshot, question: Question) -> list[Organization]:
    """Return all organizations that the question finds, on all pages, in its order. Raises the errors of `Snapshot.find`."""
    result = snapshot.find(replace(question, page=Page()))
    return [snapshot.index.rows[row] for row in result.order.iter_rows(None, backward=False)]


def include_non_members(question: Question) -> Question:
    """Return the question extended to organizations that are not members."""
    return replace(question, membership=tuple(MembershipStatus))


def build_export_info(snapshot: Snapshot, now: dt.datetime, base_url: str | None = None) -> ExportInfo:
    """Return the facts about an export of the snapshot. `base_url` may end in a slash."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    return ExportInfo(
        title=network.name if network else DEFAULT_TITLE,
        audience=snapshot.audience,
        version=snapshot.version,
        exported_at=now,
        names={organization.id: organization.name for organization in list_visible(snapshot)},
        base_url=base_url.rstrip("/") if base_url else None,
        fictional=snapshot.fictional,
    )
