"""The small parts of an organization: names, links, identifiers, membership, contacts, sources."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from directory import records
from directory.records import MembershipStatus, NameKind, RelationKind
from directory.vocabulary.terms import LANGUAGES, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, attribute_field, computed_field, to_camel_case
from schema.types.scalars import URL
from schema.types.terms import Language


@strawberry.type(description="Another name of an organization.")
class OrganizationName:
    name: str = attribute_field("The name.")
    kind: NameKind = attribute_field("What sort of name it is.")
    language: str | None = attribute_field("The language it is in, as a BCP 47 tag.")


@strawberry.type(description="A page of an organization beside its website.")
class Link:
    kind: str = attribute_field("What is there, in lower case: instagram, donate, newsletter …")
    url: URL = attribute_field("Its address.")


@strawberry.type(description="An organization's number in a public register.")
class Identifier:
    scheme: str = attribute_field('The register, by its code at org-id.guide: "US-EIN".')
    value: str = attribute_field('The number, as the register writes it: "52-1633883".')


@strawberry.type(description="How an organization belongs to the network.")
class Membership:
    status: MembershipStatus = attribute_field("Whether it is a member.")
    joined_on: dt.date | None = attribute_field("The day it joined.")
    ended_on: dt.date | None = attribute_field("The day it left.")


def _resolve_contact_languages(root: records.Contact) -> list[Term]:
    return [LANGUAGES.require(tag) for tag in root.languages]


@strawberry.type(description="A way to reach an organization.")
class Contact:
    role: str | None = attribute_field("What this contact is for, or what the person does.")
    name: str | None = attribute_field("The person's name.")
    email: str | None = attribute_field("The e-mail address.")
    phone: str | None = attribute_field("The telephone number in E.164: +14045550123.")
    phone_extension: str | None = attribute_field("The extension to dial.")
    languages: list[Language] = computed_field(
        _resolve_contact_languages, "The languages spoken there.", cost=COMPUTED_POINTS, length=2
    )


def _resolve_source_field(root: records.Source) -> str:
    return to_camel_case(root.field)


@strawberry.type(description="Where a fact about an organization comes from.")
class Source:
    field: str = computed_field(_resolve_source_field, "The field of Organization that it speaks for.", cost=COMPUTED_POINTS)
    title: str = attribute_field("What it is called.")
    url: URL | None = attribute_field("Where it can be read.")
    date: dt.date | None = attribute_field("The day it was published or seen.")


if TYPE_CHECKING:
    from schema.types.organization import Organization


def _resolve_related_organization(root: records.Relation, info: Info) -> records.Organization | None:
    return info.context.snapshot.get_organization(root.organization) if root.organization else None


@strawberry.type(description="How an organization stands to another. Either `organization` or `actor` is given.")
class Relation:
    kind: RelationKind = attribute_field("What the other one is to it.")
    organization: Annotated["Organization", strawberry.lazy("schema.types.organization")] | None = computed_field(
        _resolve_related_organization, "The other one, where it has a record here.", cost=COMPUTED_POINTS
    )
    actor: str | None = attribute_field("The other one's name, where it has no record here.")
    note: str | None = attribute_field("More about it.")
    url: URL | None = attribute_field("Where to read about it.")
