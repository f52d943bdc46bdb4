"""What a writer is told of the export besides the records themselves."""

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from directory.question import Page, Question
from directory.records import Audience, MembershipStatus, Organization
from directory.search.snapshot import Snapshot


class ExportInfo(Struct, frozen=True, kw_only=True):
    """`version` is that of the snapshot the records come from: opaque, and other when this audience may see something else.

    `names` leads from the id of an organization to its name, for all that this audience sees: parents and relations may lead to
    records that are not in the export. `base_url` is where people find the directory, without a slash at its end; None where it
    is nowhere. Of a `fictional` directory every format that can says so.
    """

    title: str
    audience: Audience
    version: str
    exported_at: dt.datetime  # with its time zone
    names: Mapping[str, str] = {}
    base_url: str | None = None
    fictional: bool = False


DEFAULT_TITLE = "Membership directory"  # where the audience sees no record that is the network itself


def list_visible(snapshot: Snapshot) -> list[Organization]:
    """All that the snapshot's audience sees, members or not, by name."""
    rows = snapshot.index.rows
    return [rows[row] for row in rows.iter_by_name(rows.live_rows)]


def list_matches(snapshot: Snapshot, question: Question) -> list[Organization]:
    """All that the question finds, in its order, whatever page it asks for. Raises what Snapshot.find raises."""
    found = snapshot.find(replace(question, page=Page()))
    return [snapshot.index.rows[row] for row in found.order.iter_rows(None, backward=False)]


def include_non_members(question: Question) -> Question:
    """The question, asked of those that are no members too."""
    return replace(question, membership=tuple(MembershipStatus))


def build_export_info(snapshot: Snapshot, now: dt.datetime, base_url: str | None = None) -> ExportInfo:
    """`base_url` may end in a slash."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    return ExportInfo(
        title=network.name if network else DEFAULT_TITLE,
        audience=snapshot.audience,
        version=snapshot.version,
        exported_at=now,
        names={one.id: one.name for one in list_visible(snapshot)},
        base_url=base_url.rstrip("/") if base_url else None,
        fictional=snapshot.fictional,
    )
