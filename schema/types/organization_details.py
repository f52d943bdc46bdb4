"""The small parts of an organization: names, links, identifiers, membership, contacts and sources."""

import datetime as dt

import strawberry

from directory import records
from directory.records import MembershipStatus, NameKind
from directory.vocabulary.terms import LANGUAGES, Term
from schema.fields import COMPUTED_POINTS, attribute_field, computed_field, to_camel_case
from schema.types.scalars import URL
from schema.types.terms import Language


@strawberry.type(description="An additional name of an organization.")
class OrganizationName:
    name: str = attribute_field("The name.")
    kind: NameKind = attribute_field("The kind of name.")
    language: str | None = attribute_field("The language of the name, as a BCP 47 tag.")


@strawberry.type(description="A page of an organization other than its website.")
class Link:
    kind: str = attribute_field('The kind of page, in lower case, such as "instagram", "donate" or "newsletter".')
    url: URL = attribute_field("The address of the page.")


@strawberry.type(description="The number of an organization in a public register.")
class Identifier:
    scheme: str = attribute_field('The code of the register in the org-id.guide list, such as "US-EIN".')
    value: str = attribute_field('The number as the register writes it, such as "52-1633883".')


@strawberry.type(description="The relationship of an organization to the network.")
class Membership:
    status: MembershipStatus = attribute_field("Whether the organization is a member.")
    joined_on: dt.date | None = attribute_field("The day it joined the network.")
    ended_on: dt.date | None = attribute_field("The day it left the network.")


def _resolve_contact_languages(root: records.Contact) -> list[Term]:
    return [LANGUAGES.require(tag) for tag in root.languages]


@strawberry.type(description="A way to reach an organization.")
class Contact:
    role: str | None = attribute_field("The purpose of the contact, or the role of the person.")
    name: str | None = attribute_field("The name of the person.")
    email: str | None = attribute_field("The e-mail address.")
    phone: str | None = attribute_field("The phone number in E.164 format, such as +14045550123.")
    phone_extension: str | None = attribute_field("The phone extension.")
    languages: list[Language] = computed_field(
        _resolve_contact_languages, "The languages spoken at this contact.", cost=COMPUTED_POINTS, length=2
    )


def _resolve_source_field(root: records.Source) -> str:
    return to_camel_case(root.field)


@strawberry.type(description="The source of a fact about an organization.")
class Source:
    field: str = computed_field(
        _resolve_source_field, "The field of Organization that this source supports.", cost=COMPUTED_POINTS
    )
    title: str = attribute_field("The title of the source.")
    url: URL | None = attribute_field("The address of the source.")
    date: dt.date | None = attribute_field("The day the source was published or consulted.")
