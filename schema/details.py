"""The small parts of an organization: names, links, identifiers, membership, contacts, sources."""

import datetime as dt

import strawberry

from directory import records
from directory.records import MembershipStatus, NameKind
from directory.vocabulary import LANGUAGES, Term
from schema.fields import COMPUTED, attribute, camel, computed
from schema.scalars import URL
from schema.terms import Language


@strawberry.type(description="Another name of an organization.")
class OrganizationName:
    name: str = attribute("The name.")
    kind: NameKind = attribute("What sort of name it is.")
    language: str | None = attribute("The language it is in, as a BCP 47 tag.")


@strawberry.type(description="A page of an organization beside its website.")
class Link:
    kind: str = attribute("What is there, in lower case: instagram, donate, newsletter …")
    url: URL = attribute("Its address.")


@strawberry.type(description="An organization's number in a public register.")
class Identifier:
    scheme: str = attribute('The register, by its code at org-id.guide: "US-EIN".')
    value: str = attribute('The number, as the register writes it: "52-1633883".')


@strawberry.type(description="How an organization belongs to the network.")
class Membership:
    status: MembershipStatus = attribute("Whether it is a member.")
    joined_on: dt.date | None = attribute("The day it joined.")
    ended_on: dt.date | None = attribute("The day it left.")


def _languages(root: records.Contact) -> list[Term]:
    return [LANGUAGES.require(tag) for tag in root.languages]


@strawberry.type(description="A way to reach an organization.")
class Contact:
    role: str | None = attribute("What this contact is for, or what the person does.")
    name: str | None = attribute("The person's name.")
    email: str | None = attribute("The e-mail address.")
    phone: str | None = attribute("The telephone number in E.164: +14045550123.")
    phone_extension: str | None = attribute("The extension to dial.")
    languages: list[Language] = computed(_languages, "The languages spoken there.", cost=COMPUTED, length=2)


def _field(root: records.Source) -> str:
    return camel(root.field)


@strawberry.type(description="Where a fact about an organization comes from.")
class Source:
    field: str = computed(_field, "The field of Organization that it speaks for.", cost=COMPUTED)
    title: str = attribute("What it is called.")
    url: URL | None = attribute("Where it can be read.")
    date: dt.date | None = attribute("The day it was published or seen.")
