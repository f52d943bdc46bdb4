"""The plain fields of drafts, built from the field registry of each kind. `PlainFieldsDraft` is that of organizations."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Annotated, Any, get_args

from msgspec import NODEFAULT
from pydantic import AfterValidator, Field, create_model

from directory import fields
from directory.drafts import normalize
from directory.drafts.draft_parts import (
    CODE_LIMIT,
    LIST_FIELD,
    Day,
    Draft,
    Moment,
    Url,
    drop_duplicates,
    normalize_draft_line,
    require_text,
)
from directory.drafts.free_text import refuse_address
from directory.drafts.problems import validate_with
from directory.fields import FIELDS, PlainFields, ValueForm
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import Vocabulary

TERM_CACHE_SIZE = 1 << 10  # terms; an import states the same ones in many rows
EARLIEST_YEAR = 1600
LATEST_YEAR = 2100  # if the current date is not given

Year = Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR)]
RegionCode = Annotated[str, Field(max_length=CODE_LIMIT), validate_with(lambda code: REGIONS.require(code).code)]
# The other fields of a draft, which OrganizationDraft declares. They are here so that problems are listed in the order of fields.
_FIRST_PARTS = ("slug", "name", "names", "links", "identifiers")
_LAST_PARTS = ("locations", "contacts", "membership", "parent", "relations", "sources")


def _list_all_fields() -> list[str]:
    """Return the fields of a draft in their order; those that have no sources, such as the last verification, come last."""
    unsourced = [name for name, field in FIELDS.items() if not field.has_sources]
    names = {*_FIRST_PARTS, *FIELDS.keys()}.difference(unsourced)
    return [*(name for name in PlainFields.__struct_fields__ if name in names), *_LAST_PARTS, *unsourced]


def _build_text_type(field: fields.Field, *normalizers: AfterValidator) -> Any:
    refusal = (validate_with(partial(refuse_address, field)),) if field.refuses_addresses else ()
    return Annotated[str, Field(max_length=field.limit), *normalizers, *refusal]


def _build_list_type(item: Any) -> Any:
    return Annotated[tuple[item, ...], validate_with(drop_duplicates)]


def _build_term_type(vocabulary: Vocabulary | None) -> Any:
    assert vocabulary is not None  # noqa: S101 - every field of TERMS has one
    return Annotated[str, Field(max_length=CODE_LIMIT), validate_with(partial(_require_term, vocabulary))]


@lru_cache(maxsize=TERM_CACHE_SIZE)
def _require_term(vocabulary: Vocabulary, slug: str) -> str:
    """Return the slug of a known term. Refusals are not cached, so there are at most as many entries as terms."""
    return vocabulary.require(slug).slug


def _build_date_type(field: fields.Field) -> Any:
    return Moment if dt.datetime in (field.value_type, *get_args(field.value_type)) else Day


_TYPES: Mapping[ValueForm, Callable[[fields.Field], Any]] = {
    ValueForm.LINE: lambda field: _build_text_type(field, validate_with(normalize_draft_line)),
    ValueForm.PARAGRAPHS: lambda field: _build_text_type(
        field, validate_with(normalize.normalize_paragraphs), validate_with(require_text)
    ),
    ValueForm.URL: lambda field: Url,
    ValueForm.YEAR: lambda field: Year,
    ValueForm.DATE: _build_date_type,
    ValueForm.CHOICE: lambda field: field.value_type,
    ValueForm.TERMS: lambda field: _build_list_type(_build_term_type(field.vocabulary)),
    ValueForm.REGIONS: lambda field: _build_list_type(RegionCode),
}


def _define_field(field: fields.Field) -> tuple[Any, Any]:
    """Return the type and default of a field of a pydantic model."""
    value_type = _TYPES[field.form](field)
    if field.is_list:
        return value_type, LIST_FIELD
    if field.default is NODEFAULT:
        return value_type, ...
    return (value_type | None if field.default is None else value_type), field.default


def build_plain_fields_draft(name: str, registry: Mapping[str, fields.Field], order: Sequence[str]) -> type[Draft]:
    """Return a model with the fields of a registry.

    `order` names all fields of the draft, because problems are listed in the order of its fields. The class that extends the
    model declares those that the registry does not have.
    """
    definitions: dict[str, Any] = {field: _define_field(registry[field]) if field in registry else (Any, None) for field in order}
    return create_model(name, __base__=Draft, __module__=__name__, **definitions)


if TYPE_CHECKING:

    class PlainFieldsDraft(Draft):  # also stands for the models of other kinds
        def __getattr__(self, name: str) -> Any: ...

else:
    PlainFieldsDraft = build_plain_fields_draft("PlainFieldsDraft", FIELDS, _list_all_fields())
