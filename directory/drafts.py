"""What somebody submits: an organization as a person or a file states it, checked and brought into one form at birth.

`OrganizationDraft` mirrors `records.Entry` in writable form. All problems are told at once. What is not stated is None or
empty, and stays so.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from msgspec.structs import replace
from pydantic import AwareDatetime, Field, ValidationError, ValidationInfo, field_validator

from directory.draft_parts import (
    ContactDraft,
    Description,
    Draft,
    Id,
    IdentifierDraft,
    Languages,
    LinkDraft,
    LocationDraft,
    MembershipDraft,
    Name,
    NameDraft,
    RelationDraft,
    Several,
    Slug,
    SourceDraft,
    Summary,
    Url,
    unique,
)
from directory.errors import BadInput
from directory.problems import checked, problems, refused, told
from directory.records import (
    SOURCED,
    Audience,
    Entry,
    Identifier,
    KeptContact,
    Link,
    Membership,
    OrganizationKind,
    OrganizationName,
    Relation,
    Site,
    Source,
    VerificationMethod,
)
from directory.regions import REGIONS
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, WORK_AREAS

FOUNDED_FIRST = 1600
FOUNDED_LAST = 2100  # where the day is not given

IssueAreas = Annotated[tuple[Annotated[str, checked(lambda slug: ISSUE_AREAS.require(slug).slug)], ...], checked(unique)]
Communities = Annotated[tuple[Annotated[str, checked(lambda slug: COMMUNITIES.require(slug).slug)], ...], checked(unique)]
WorkAreas = Annotated[tuple[Annotated[str, checked(lambda slug: WORK_AREAS.require(slug).slug)], ...], checked(unique)]
ServiceAreas = Annotated[tuple[Annotated[str, checked(lambda code: REGIONS.require(code).code)], ...], checked(unique)]


class OrganizationDraft(Draft):
    """An organization as submitted. A country among `service_areas` says that it works nationwide there."""

    slug: Slug | None = None
    name: Name
    names: tuple[NameDraft, ...] = Several
    kind: OrganizationKind = OrganizationKind.OTHER
    summary: Summary | None = None
    description: Description | None = None
    founded: Annotated[int, Field(ge=FOUNDED_FIRST, le=FOUNDED_LAST)] | None = None
    website: Url | None = None
    links: tuple[LinkDraft, ...] = Several
    identifiers: Annotated[tuple[IdentifierDraft, ...], checked(unique)] = Several
    languages: Languages = Several
    issue_areas: IssueAreas = Several
    communities: Communities = Several
    work_areas: WorkAreas = Several
    service_areas: ServiceAreas = Several
    locations: tuple[LocationDraft, ...] = Several
    contacts: tuple[ContactDraft, ...] = Several
    membership: MembershipDraft = MembershipDraft()
    parent: Id | None = None
    relations: tuple[RelationDraft, ...] = Several
    sources: tuple[SourceDraft, ...] = Several
    verified_at: AwareDatetime | None = None
    verification_method: VerificationMethod | None = None
    audience: Audience = Audience.PUBLIC

    @field_validator("founded")
    @classmethod
    def _not_in_the_future(cls, founded: int | None, info: ValidationInfo) -> int | None:
        today: dt.date | None = (info.context or {}).get("today")
        if founded is not None and today is not None and founded > today.year:
            raise refused(BadInput(f"{founded} has not come yet; write the year in which the organization began."))
        return founded

    @field_validator("sources")
    @classmethod
    def _of_stated_fields(cls, sources: tuple[SourceDraft, ...]) -> tuple[SourceDraft, ...]:
        unknown = next((source.field for source in sources if source.field not in SOURCED), None)
        if unknown is not None:
            fields = ", ".join(SOURCED)
            raise refused(BadInput(f'A source names the field whose fact it states; "{unknown}" is none of {fields}.'))
        return sources

    @field_validator("verified_at")
    @classmethod
    def _in_utc(cls, moment: dt.datetime | None) -> dt.datetime | None:
        return moment.astimezone(dt.UTC) if moment else None

    @field_validator("locations")
    @classmethod
    def _with_one_primary(cls, locations: tuple[LocationDraft, ...]) -> tuple[LocationDraft, ...]:
        if sum(location.is_primary for location in locations) > 1:
            raise refused(BadInput("Only one location can be the primary one."))
        return locations


def draft(submitted: Mapping[str, object], *, today: dt.date | None = None) -> OrganizationDraft:
    """The draft of what was submitted. Raises BadInput with every problem in its params: `problems`, a list of Problem.

    `today` refuses what lies in the future; without it a generous bound holds.
    """
    try:
        return OrganizationDraft.model_validate(submitted, context={"today": today})
    except ValidationError as error:
        found = problems(error)
        raise BadInput(" ".join(told(problem) for problem in found), problems=found) from error


_ALIKE = (
    "name",
    "kind",
    "summary",
    "description",
    "founded",
    "website",
    "languages",
    "issue_areas",
    "communities",
    "work_areas",
    "service_areas",
    "parent",
    "verified_at",
    "verification_method",
    "audience",
)


def entry(draft: OrganizationDraft, *, id: str, slug: str, sites: tuple[Site, ...]) -> Entry:  # noqa: A002
    """The draft as the directory keeps it, its locations as `sites` (geocode.py). BadInput when it relates to itself."""
    if id == draft.parent or any(id == relation.organization for relation in draft.relations):
        raise BadInput("An organization is not its own parent or relation; name the other one.", argument="relations")
    return Entry(
        id=id,
        slug=slug,
        sites=_with_a_primary(sites),
        names=tuple(OrganizationName(**vars(name)) for name in draft.names),
        links=tuple(Link(**vars(link)) for link in draft.links),
        identifiers=tuple(Identifier(**vars(identifier)) for identifier in draft.identifiers),
        contacts=tuple(KeptContact(**{**vars(contact), "audience": contact.shown_to}) for contact in draft.contacts),
        membership=Membership(**vars(draft.membership)),
        relations=tuple(Relation(**vars(relation)) for relation in draft.relations),
        sources=tuple(Source(**vars(source)) for source in draft.sources),
        **{field: getattr(draft, field) for field in _ALIKE},
    )


def _with_a_primary(sites: tuple[Site, ...]) -> tuple[Site, ...]:
    """The only place of an organization is its primary one; of several, whichever says so."""
    return (replace(sites[0], is_primary=True),) if len(sites) == 1 else sites
