"""`OrganizationDraft`: an organization as submitted by a person or a file, validated and normalized when it is created.

It corresponds to `records.StoredOrganization`. All problems are reported at once. A value that is not stated is None or empty,
and stays so.
"""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from msgspec.structs import replace
from pydantic import BeforeValidator, ValidationInfo, field_validator

from directory.drafts.draft_checks import require_sourced_fields, require_valid_record
from directory.drafts.draft_parts import (
    LIST_FIELD,
    ContactDraft,
    Id,
    IdentifierDraft,
    LinkDraft,
    LocationDraft,
    MembershipDraft,
    Name,
    NameDraft,
    RelationDraft,
    Slug,
    SourceDraft,
    drop_duplicates,
)
from directory.drafts.plain_fields import PlainFieldsDraft
from directory.drafts.problems import to_pydantic_error, validate_draft, validate_with
from directory.errors import BadInput
from directory.fields import FIELDS
from directory.records import (
    SOURCED_FIELDS,
    Audience,
    Identifier,
    Link,
    Membership,
    MembershipStatus,
    OrganizationName,
    Relation,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
    VerificationMethod,
)

_COPIED_FIELDS = ("name", *FIELDS, "parent", "verification_method", "audience")


def _require_fields_of_membership(value: Any) -> Any:
    """Raise BadInput, with the possible values, for `membership = "member"`."""
    if isinstance(value, Mapping | MembershipDraft):
        return value
    example = f'membership.status = "{MembershipStatus.ACTIVE}"'
    message = (
        f"A membership has several fields. State its status as in {example}. The status is one of {', '.join(MembershipStatus)}."
    )
    raise to_pydantic_error(BadInput(message))


class OrganizationDraft(PlainFieldsDraft):
    """An organization as submitted: its parts, and the plain fields of the field registry.

    A country among `service_areas` means that it works nationwide there.
    """

    slug: Slug | None = None
    name: Name
    names: tuple[NameDraft, ...] = LIST_FIELD
    links: tuple[LinkDraft, ...] = LIST_FIELD
    identifiers: Annotated[tuple[IdentifierDraft, ...], validate_with(drop_duplicates)] = LIST_FIELD
    locations: tuple[LocationDraft, ...] = LIST_FIELD
    contacts: tuple[ContactDraft, ...] = LIST_FIELD
    membership: Annotated[MembershipDraft, BeforeValidator(_require_fields_of_membership)] = MembershipDraft()
    parent: Id | None = None
    relations: tuple[RelationDraft, ...] = LIST_FIELD
    sources: Annotated[tuple[SourceDraft, ...], validate_with(partial(require_sourced_fields, SOURCED_FIELDS))] = LIST_FIELD
    verification_method: VerificationMethod | None = None
    audience: Audience = Audience.PUBLIC

    @field_validator("founded")
    @classmethod
    def _refuse_future_year(cls, founded: int | None, info: ValidationInfo) -> int | None:
        today: dt.date | None = (info.context or {}).get("today")
        if founded is not None and today is not None and founded > today.year:
            raise to_pydantic_error(
                BadInput(f"The year {founded} is in the future. Enter the year in which the organization was founded.")
            )
        return founded

    @field_validator("locations")
    @classmethod
    def _check_one_primary(cls, locations: tuple[LocationDraft, ...]) -> tuple[LocationDraft, ...]:
        if sum(location.is_primary for location in locations) > 1:
            raise to_pydantic_error(BadInput("Only one location can be the primary one. Mark the others as not primary."))
        return locations


def parse_draft(submitted: Mapping[str, object], *, today: dt.date | None = None) -> OrganizationDraft:
    """Return the draft of submitted data. Raises BadInput with all problems in its param `problems`, a list of Problem.

    With `today`, years in the future are rejected; without it, only those after plain_fields.LATEST_YEAR.
    """
    return validate_draft(OrganizationDraft, submitted, {"today": today})


def build_stored_organization(
    draft: OrganizationDraft, *, id: str, slug: str, sites: tuple[StoredLocation, ...], is_whole: bool = True
) -> StoredOrganization:
    """Return the draft as a stored record with these locations (see geocoding.py).

    Raises BadInput for a self-reference and, unless the draft is only a part of a record, for a text that names a place which the
    record does not publish; the param `problems` is a list of Problem.
    """
    if id == draft.parent or any(id == relation.organization for relation in draft.relations):
        raise BadInput(
            "An organization cannot be its own parent or have a relation to itself. Choose another organization.",
            argument="relations",
        )
    organization = StoredOrganization(
        id=id,
        slug=slug,
        sites=_mark_only_location_primary(sites),
        names=tuple(OrganizationName(**vars(name)) for name in draft.names),
        links=tuple(Link(**vars(link)) for link in draft.links),
        identifiers=tuple(Identifier(**vars(identifier)) for identifier in draft.identifiers),
        contacts=tuple(StoredContact(**{**vars(contact), "audience": contact.effective_audience}) for contact in draft.contacts),
        membership=Membership(**vars(draft.membership)),
        relations=tuple(Relation(**vars(relation)) for relation in draft.relations),
        sources=tuple(Source(**vars(source)) for source in draft.sources),
        **{field: getattr(draft, field) for field in _COPIED_FIELDS},
    )
    return require_valid_record(organization) if is_whole else organization


def _mark_only_location_primary(sites: tuple[StoredLocation, ...]) -> tuple[StoredLocation, ...]:
    """Mark the only location of an organization as primary. Several locations stay as they are."""
    return (replace(sites[0], is_primary=True),) if len(sites) == 1 else sites
