"""Coalitions: campaigns, task forces, working groups and alliances, and the organizations that belong to them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from directory.fields import Field, Headings, MergeRule, ValueForm, read_fields
from directory.kinds.kind import IsVisible, Kind, Violation
from directory.published_places import PublishedPlaces
from directory.published_sources import publish_sources
from directory.records import (
    Audience,
    Link,
    OrganizationId,
    PublishedRecord,
    RecordKind,
    Reference,
    Source,
    StoredRecord,
)
from directory.vocabulary.choices import CoalitionKind, CoalitionStatus
from directory.vocabulary.terms import ISSUE_AREAS

CoalitionId = Annotated[str, Reference(RecordKind.COALITION)]


class CoalitionMember(Struct, frozen=True, gc=False):
    """An organization in a coalition. `role` is a short phrase, `note` one sentence that says why it takes part."""

    organization: OrganizationId
    role: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    note: str | None = None


class CoalitionProfile(Struct, frozen=True, gc=False, kw_only=True):
    """The fields that are the same for every audience that sees a coalition."""

    id: str
    slug: str
    name: str
    kind: Annotated[
        CoalitionKind,
        Field(
            text="The kind of coalition.",
            means="the kind of coalition",
            form=ValueForm.CHOICE,
            merge=MergeRule.KEEP,
            headings=Headings(en="kind, coalition type, type of coalition", es="tipo de coalicion", vague="type, tipo"),
        ),
    ] = CoalitionKind.ALLIANCE
    summary: Annotated[
        str | None,
        Field(
            text="What the coalition does, in a sentence or two.",
            means="a one-line summary",
            form=ValueForm.LINE,
            limit=500,
            merge=MergeRule.FILL,
            searched_in="SUMMARY",
            headings=Headings(en="summary, description, about, purpose", es="resumen, descripcion, proposito"),
        ),
    ] = None
    started_on: Annotated[
        dt.date | None,
        Field(
            text="The day on which the coalition started.",
            means="when it started",
            form=ValueForm.DATE,
            merge=MergeRule.FILL,
            headings=Headings(en="started on, start date, started, since", es="fecha de inicio, inicio"),
        ),
    ] = None
    ended_on: Annotated[
        dt.date | None,
        Field(
            text="The last day of the coalition.",
            means="when it ended",
            form=ValueForm.DATE,
            merge=MergeRule.FILL,
            headings=Headings(en="ended on, end date, ended, until", es="fecha de fin, fin"),
        ),
    ] = None
    website: Annotated[
        str | None,
        Field(
            text="The coalition's website.",
            means="the website",
            form=ValueForm.URL,
            merge=MergeRule.FILL,
            headings=Headings(en="website, web site, url, homepage", es="sitio web, pagina web"),
        ),
    ] = None
    issue_areas: Annotated[
        tuple[str, ...],
        Field(
            text="What the coalition works on.",
            means="what it works on",
            form=ValueForm.TERMS,
            vocabulary=ISSUE_AREAS,
            merge=MergeRule.UNITE,
            headings=Headings(en="issue area(s), issues, themes, topics", es="temas, areas tematicas"),
        ),
    ] = ()
    regions: Annotated[
        tuple[str, ...],
        Field(
            text="The regions in which the coalition works.",
            means="where it works",
            form=ValueForm.REGIONS,
            merge=MergeRule.UNITE,
            headings=Headings(en="region(s), states, where it works", es="regiones, estados, donde trabaja"),
        ),
    ] = ()
    links: tuple[Link, ...] = ()


class Coalition(CoalitionProfile, PublishedRecord, frozen=True, gc=False, kw_only=True):
    """A coalition as one audience sees it: without members and a parent that the audience does not see."""

    parent: str | None = None
    members: tuple[CoalitionMember, ...] = ()
    sources: tuple[Source, ...] = ()
    updated_at: dt.datetime

    @property
    def member_ids(self) -> tuple[str, ...]:
        return tuple(member.organization for member in self.members)


def find_status(coalition: Coalition, today: dt.date) -> CoalitionStatus:
    """Return whether the coalition is under way. One that states no days is."""
    if coalition.started_on and coalition.started_on > today:
        return CoalitionStatus.UPCOMING
    is_over = coalition.ended_on is not None and coalition.ended_on < today
    return CoalitionStatus.ENDED if is_over else CoalitionStatus.CURRENT


class StoredCoalition(CoalitionProfile, StoredRecord, frozen=True, gc=False, kw_only=True):
    """A stored coalition, before publication."""

    audience: Audience = Audience.PUBLIC
    hidden_since: dt.datetime | None = None
    hidden_until: dt.date | None = None
    parent: CoalitionId | None = None
    members: tuple[CoalitionMember, ...] = ()
    sources: tuple[Source, ...] = ()


_PROFILE_FIELDS = CoalitionProfile.__struct_fields__


def _publish(
    entry: StoredCoalition, audience: Audience, updated_at: dt.datetime, is_visible: IsVisible, places: PublishedPlaces
) -> Coalition:
    return Coalition(
        **{name: getattr(entry, name) for name in _PROFILE_FIELDS},
        parent=entry.parent if entry.parent and is_visible(entry.parent) else None,
        members=tuple(member for member in entry.members if is_visible(member.organization)),
        sources=publish_sources(entry.sources, audience, ("members", "parent")),
        updated_at=updated_at,
    )


def _find_violations(record: StoredCoalition) -> Iterator[Violation]:
    if record.parent == record.id:
        yield "parent", "A coalition cannot be part of itself. Choose another parent or none."
    if record.started_on and record.ended_on and record.ended_on < record.started_on:
        yield (
            "ended_on",
            f"The coalition ends on {record.ended_on}, before it starts on {record.started_on}. Correct one of them.",
        )
    counts = Counter(member.organization for member in record.members)
    for organization_id, count in counts.items():
        if count > 1:
            yield "members", f"The organization {organization_id} is a member {count} times. Keep one entry for it."
    for member in record.members:
        if member.since and member.until and member.until < member.since:
            yield "members", f"A membership ends on {member.until}, before it starts on {member.since}. Correct one of them."


COALITION = Kind(
    name=RecordKind.COALITION,
    type_name="Coalition",
    table="coalitions",
    stored_type=StoredCoalition,
    published_type=Coalition,
    publish=_publish,
    fields=read_fields(CoalitionProfile),
    find_violations=_find_violations,
    acyclic_field="parent",
)
