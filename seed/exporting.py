"""What an export holds: the whole answer to a question, or everything an audience may see, and what is told about it."""

import datetime as dt

from msgspec.structs import replace

from directory.question import Page, Question
from directory.records import MembershipStatus, Organization
from directory.search.snapshot import Snapshot
from seed.writers.about import About

TITLE = "Membership directory"  # where the audience sees no record that is the network itself


def everything(snapshot: Snapshot) -> list[Organization]:
    """All that the snapshot's audience sees, members or not, by name."""
    rows = snapshot.index.rows
    return [rows[row] for row in rows.in_order(rows.live)]


def answer(snapshot: Snapshot, question: Question) -> list[Organization]:
    """All that the question finds, in its order, whatever page it asks for. Raises what Snapshot.find raises."""
    found = snapshot.find(replace(question, page=Page()))
    return [snapshot.index.rows[row] for row in found.order.walk(None, backward=False)]


def among_all(question: Question) -> Question:
    """The question, asked of those that are no members too."""
    return replace(question, membership=tuple(MembershipStatus))


def about(snapshot: Snapshot, now: dt.datetime, base_url: str | None = None) -> About:
    """`base_url` may end in a slash."""
    network = snapshot.organization(snapshot.network_id) if snapshot.network_id else None
    return About(
        title=network.name if network else TITLE,
        audience=snapshot.audience,
        version=snapshot.version,
        exported_at=now,
        names={one.id: one.name for one in everything(snapshot)},
        base_url=base_url.rstrip("/") if base_url else None,
        fictional=snapshot.fictional,
    )
