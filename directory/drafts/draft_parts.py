"""The parts of a draft: names, places, contacts and so on. Each is validated and normalized when it is created."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from directory.drafts import normalize
from directory.drafts.problems import to_pydantic_error, validate_with
from directory.errors import BadInput
from directory.geo import Disclosure, Point, Precision
from directory.records import Audience, MembershipStatus, NameKind, RelationKind
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.slugs import SLUG_LIMIT, check_slug
from directory.vocabulary.terms import LANGUAGES

NAME_LIMIT = 200  # characters
LINE_LIMIT = 300  # characters
ID_LIMIT = 60  # characters, more than any way to write a UUID
CODE_LIMIT = 100  # characters of a term, a region code or the name of a field
DATE_LIMIT = 40  # characters of a date, with or without a time
LIST_LIMIT = 100  # items
COUNTRY_CACHE_SIZE = 1 << 8  # countries; refusals are not cached
ROW_LIMIT = 2**31 - 1  # the largest INTEGER of PostgreSQL
OFFICE_MAILBOXES = frozenset(
    {
        *("admin", "contact", "hello", "help", "helpline", "hotline", "info", "intake", "mail", "media", "office", "press"),
        *("ayuda", "contacto", "hola", "oficina", "prensa"),
    }
)
OFFICE_ROLES = frozenset(  # folded; any other role may belong to a person
    {
        *("office", "main office", "main", "main line", "front desk", "reception", "general", "information", "hotline"),
        *("helpline", "intake", "press", "media", "crisis line", "fax", "tty", "videophone", "toll free"),
        *("text line", "whatsapp"),
        *("oficina", "oficina principal", "recepcion", "informacion", "linea de ayuda", "linea directa", "prensa"),
    }
)

T = TypeVar("T")


@lru_cache(maxsize=COUNTRY_CACHE_SIZE)
def _check_country(code: str) -> str:
    region = REGIONS.require(code)
    if region.kind is not RegionKind.COUNTRY:
        raise BadInput(f"{region.name} is not a country. Write the two-letter code of a country, for example US.")
    return region.code


def require_text(text: str) -> str:
    """Return the text. Raises BadInput if it is empty."""
    if not text:
        raise BadInput("This value is empty. Enter a value or leave the field out.")
    return text


def normalize_draft_line(text: str) -> str:
    """Return one line of plain text. Raises BadInput if nothing is left."""
    return require_text(normalize.normalize_line(text))


def _normalize_uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as problem:
        raise BadInput("This must be the id of a record (a UUID).") from problem


def _refuse_timestamp(value: object) -> object:
    """Return a date or text. A number would be read as seconds since 1970, and a year is not a day."""
    is_number = isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit())
    if is_number or (isinstance(value, str) and len(value) > DATE_LIMIT):
        raise to_pydantic_error(BadInput("This must be a date in full, for example 2024-05-01."))
    return value


def _convert_to_utc(moment: dt.datetime) -> dt.datetime:
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError as problem:  # in the first or last hours that a date can have
        raise BadInput("This time is too far in the past or in the future. Correct its year.") from problem


def drop_duplicates(values: tuple[T, ...]) -> tuple[T, ...]:
    """Return the values without repetitions, in their order."""
    return tuple(dict.fromkeys(values))


Text = Annotated[str, Field(max_length=LINE_LIMIT), validate_with(normalize_draft_line)]
Name = Annotated[str, Field(max_length=NAME_LIMIT), validate_with(normalize_draft_line)]
Url = Annotated[str, Field(max_length=normalize.URL_LIMIT), validate_with(normalize.normalize_url)]
Slug = Annotated[str, Field(max_length=SLUG_LIMIT), validate_with(check_slug)]
Id = Annotated[str, Field(max_length=ID_LIMIT), validate_with(_normalize_uuid)]
Day = Annotated[dt.date, BeforeValidator(_refuse_timestamp)]
Moment = Annotated[AwareDatetime, BeforeValidator(_refuse_timestamp), validate_with(_convert_to_utc)]
Language = Annotated[str, validate_with(lambda tag: LANGUAGES.require(tag).slug)]
Languages = Annotated[tuple[Language, ...], validate_with(drop_duplicates)]
LIST_FIELD = Field(default=(), max_length=LIST_LIMIT)


class Draft(BaseModel):
    """Base class of drafts: immutable, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NameDraft(Draft):
    name: Name
    kind: NameKind
    language: Language | None = None


class LinkDraft(Draft):
    kind: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=30)]
    url: Url


class IdentifierDraft(Draft):
    scheme: Annotated[str, Field(max_length=30), validate_with(normalize.normalize_scheme)]
    value: Text

    @field_validator("value")
    @classmethod
    def _normalize_value(cls, value: str, info: ValidationInfo) -> str:
        try:
            return normalize.normalize_identifier(info.data.get("scheme", ""), value)
        except BadInput as refusal:
            raise to_pydantic_error(refusal) from refusal


class MembershipDraft(Draft):
    status: MembershipStatus = MembershipStatus.ACTIVE
    joined_on: dt.date | None = None
    ended_on: dt.date | None = None

    @model_validator(mode="after")
    def _check_date_order(self) -> Self:
        if self.joined_on and self.ended_on and self.ended_on < self.joined_on:
            raise to_pydantic_error(BadInput("The membership ends before it starts. Check both dates."))
        return self


class RelationDraft(Draft):
    """A relation to `organization` (the id of a record) or to `actor` (the name of somebody without a record)."""

    kind: RelationKind
    organization: Id | None = None
    actor: Name | None = None
    note: Text | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _check_one_target(self) -> Self:
        if (self.organization is None) == (self.actor is None):
            raise to_pydantic_error(
                BadInput("A relation must have either an organization in this directory or another actor. Give exactly one.")
            )
        return self


class SourceDraft(Draft):
    """The source of a fact. `field` is the field that has the fact, one of those that can have a source in records of this kind.

    `tells` is how precisely the source states a location; leave it out if unknown. `origin` is the key of the dataset that
    contained the fact; `file` and `row` (from 1) are its position there.
    """

    field: Annotated[str, Field(max_length=CODE_LIMIT)]
    title: Text
    url: Url | None = None
    date: dt.date | None = None
    tells: Disclosure = Disclosure.EXACT
    origin: Text | None = None
    file: Text | None = None
    row: Annotated[int, Field(ge=1, le=ROW_LIMIT)] | None = None


class LocationDraft(Draft):
    """A place as stated. `state` and `county` may be a name, an abbreviation or a code.

    `latitude` and `longitude` are in degrees (WGS 84); give both or neither. `known` is how precisely this point is known:
    EXACT by default, STREET for a geocoded address. With `disclosure` None, the defaults of the directory apply.
    """

    name: Name | None = None
    street: Text | None = None
    city: Name | None = None
    county: Name | None = None
    state: Name | None = None
    postal_code: Annotated[str, Field(max_length=12), validate_with(normalize_draft_line)] | None = None
    country: Annotated[str, validate_with(_check_country)] = "US"
    latitude: float | None = None
    longitude: float | None = None
    known: Precision | None = None
    disclosure: Disclosure | None = None
    is_primary: bool = False

    @field_validator("city")
    @classmethod
    def _refuse_digits(cls, city: str | None) -> str | None:
        if city is not None and any(character.isdigit() for character in city):
            raise to_pydantic_error(
                BadInput("A city must not contain digits. Street numbers and postal codes have their own fields.")
            )
        return city

    @property
    def point(self) -> Point | None:
        return None if self.latitude is None or self.longitude is None else Point(self.latitude, self.longitude)

    @model_validator(mode="after")
    def _check_point(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise to_pydantic_error(BadInput("A point needs a latitude and a longitude. Give both or neither."))
        if self.known is not None and (self.latitude is None or self.known not in (Precision.EXACT, Precision.STREET)):
            raise to_pydantic_error(
                BadInput("`known` must be EXACT or STREET, and needs a latitude and a longitude. Correct it or leave it out.")
            )
        try:
            _ = self.point
        except BadInput as refusal:
            raise to_pydantic_error(refusal) from refusal
        return self


def is_office_mailbox(email: str) -> bool:
    """Return whether the address is certainly an office's: info@example.org. Any other may be a person's."""
    return email.partition("@")[0].lower() in OFFICE_MAILBOXES


def find_default_audience(role: str | None, name: str | None, email: str | None) -> Audience:
    """Return who may see a contact that states no audience: PUBLIC for an office, MEMBERS for one that may be a person's."""
    is_office = role is not None and fold(role) in OFFICE_ROLES
    may_be_person = name is not None or (email is not None and not is_office_mailbox(email))
    return Audience.PUBLIC if is_office and not may_be_person else Audience.MEMBERS


class ContactDraft(Draft):
    """A way to contact the organization. With `audience` None, an office contact is public; one that may be a person's is not."""

    role: Text | None = None
    name: Name | None = None
    email: Annotated[str, validate_with(normalize.normalize_email)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    phone_extension: Annotated[str, validate_with(normalize.normalize_phone_extension)] | None = None
    languages: Languages = LIST_FIELD
    audience: Audience | None = None

    @model_validator(mode="before")
    @classmethod
    def _split_extension(cls, submitted: Any) -> Any:
        """Split "(404) 555-0100 x12" into number and extension. An invalid number is reported by its own validator."""
        if not isinstance(submitted, Mapping) or not isinstance(submitted.get("phone"), str) or submitted.get("phone_extension"):
            return submitted
        try:
            number, extension = normalize.normalize_phone(submitted["phone"])
        except BadInput:
            return submitted
        return {**submitted, "phone": number, "phone_extension": extension}

    @field_validator("phone")
    @classmethod
    def _normalize_phone(cls, phone: str | None) -> str | None:
        try:
            return None if phone is None else normalize.normalize_phone(phone)[0]
        except BadInput as refusal:
            raise to_pydantic_error(refusal) from refusal

    @model_validator(mode="after")
    def _require_content(self) -> Self:
        if not (self.name or self.email or self.phone or self.role):
            raise to_pydantic_error(BadInput("A contact needs a name, a role, an e-mail address or a telephone number."))
        if self.phone_extension and not self.phone:
            raise to_pydantic_error(BadInput("An extension needs a telephone number. Add the number or remove the extension."))
        return self

    @property
    def effective_audience(self) -> Audience:
        """The stated audience, or the default: PUBLIC for an office, MEMBERS for a contact that may be a person's."""
        return self.audience or find_default_audience(self.role, self.name, self.email)
