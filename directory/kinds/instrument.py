"""Human-rights instruments: declarations, treaties and reviews, and their provisions.

A provision is an article of a declaration or treaty, or a recommendation of a review. Its issue areas lead to the members who
work on what it promises.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from directory.fields import Field, Headings, MergeRule, ValueForm, read_fields
from directory.kinds.kind import IsVisible, Kind, UniqueFields, Violation
from directory.published_places import PublishedPlaces
from directory.published_sources import publish_sources
from directory.records import Audience, PublishedRecord, RecordKind, Reference, Source, StoredRecord
from directory.vocabulary.choices import InstrumentKind
from directory.vocabulary.terms import ISSUE_AREAS

InstrumentId = Annotated[str, Reference(RecordKind.INSTRUMENT)]
LINE_LIMIT = 300
NUMBER_LIMIT = 30


def _describe_line(text: str, means: str, en: str, es: str, limit: int = LINE_LIMIT, searched_in: str | None = None) -> Field:
    return Field(
        text=text,
        means=means,
        form=ValueForm.LINE,
        limit=limit,
        merge=MergeRule.FILL,
        searched_in=searched_in,
        headings=Headings(en=en, es=es),
    )


_ISSUE_AREAS_HEADINGS = Headings(en="issue area(s), issues, themes, theme, topics", es="temas, tema, areas tematicas")


class InstrumentProfile(Struct, frozen=True, gc=False, kw_only=True):
    """The fields of an instrument, which are the same for every audience that sees it."""

    id: str
    slug: str
    name: str
    name_es: Annotated[
        str | None,
        _describe_line("The Spanish name.", "the Spanish name", "spanish name, name in spanish", "nombre en espanol"),
    ] = None
    kind: InstrumentKind = InstrumentKind.TREATY
    acronym: Annotated[
        str | None,
        _describe_line("The acronym, such as UDHR.", "the acronym", "acronym, abbreviation", "sigla, siglas"),
    ] = None
    adopted_on: dt.date | None = None
    url: str | None = None
    summary: Annotated[
        str | None,
        _describe_line("What it is about.", "a one-line summary", "summary, description", "resumen", 500, "SUMMARY"),
    ] = None
    issue_areas: Annotated[
        tuple[str, ...],
        Field(
            text="What the instrument is about.",
            means="what it is about",
            form=ValueForm.TERMS,
            vocabulary=ISSUE_AREAS,
            merge=MergeRule.UNITE,
            headings=_ISSUE_AREAS_HEADINGS,
        ),
    ] = ()


class Instrument(InstrumentProfile, PublishedRecord, frozen=True, gc=False, kw_only=True):
    """An instrument as one audience sees it."""

    sources: tuple[Source, ...] = ()
    updated_at: dt.datetime


class StoredInstrument(InstrumentProfile, StoredRecord, frozen=True, gc=False, kw_only=True):
    """A stored instrument, before publication."""

    audience: Audience = Audience.PUBLIC
    hidden_since: dt.datetime | None = None
    hidden_until: dt.date | None = None
    sources: tuple[Source, ...] = ()


class ProvisionProfile(Struct, frozen=True, gc=False, kw_only=True):
    """The fields that are the same for every audience that sees a provision. `name` is its subject, in a phrase.

    `number` is the official number. `cycle`, `recommending_state` and `response` are those of a recommendation.
    """

    id: str
    slug: str
    name: str
    name_es: Annotated[
        str | None,
        _describe_line(
            "The subject in Spanish.", "the subject in Spanish", "spanish subject, subject in spanish", "tema en espanol"
        ),
    ] = None
    number: Annotated[
        str,
        _describe_line(
            "The official number.",
            "the official number",
            "number, official number, recommendation number, article, no, paragraph",
            "numero, numero oficial, articulo",
            NUMBER_LIMIT,
        ),
    ]
    summary: Annotated[
        str | None,
        _describe_line(
            "What it says, in our own words.",
            "a summary",
            "summary, our summary, description",
            "resumen, descripcion",
            1_000,
            "SUMMARY",
        ),
    ] = None
    cycle: Annotated[
        str | None,
        _describe_line(
            "The cycle of the review.", "the cycle of the review", "cycle, review cycle, session", "ciclo", NUMBER_LIMIT
        ),
    ] = None
    recommending_state: Annotated[
        str | None,
        _describe_line(
            "The state that made the recommendation.",
            "the state that made the recommendation",
            "recommending state, recommending country, state, country, recommended by, made by",
            "estado recomendante, estado que recomienda, pais",
            searched_in="SUMMARY",
        ),
    ] = None
    response: Annotated[
        str | None,
        _describe_line(
            "What the reviewed state answered.",
            "the answer of the reviewed state",
            "response, state response, position, answer, us response",
            "respuesta, posicion",
        ),
    ] = None
    issue_areas: Annotated[
        tuple[str, ...],
        Field(
            text="The issue areas of members who work on what the provision promises.",
            means="what it is about",
            form=ValueForm.TERMS,
            vocabulary=ISSUE_AREAS,
            merge=MergeRule.UNITE,
            headings=_ISSUE_AREAS_HEADINGS,
        ),
    ] = ()


class Provision(ProvisionProfile, PublishedRecord, frozen=True, gc=False, kw_only=True):
    """A provision as one audience sees it. `instrument` is None if the audience does not see the instrument."""

    instrument: str | None = None
    sources: tuple[Source, ...] = ()
    updated_at: dt.datetime


class StoredProvision(ProvisionProfile, StoredRecord, frozen=True, gc=False, kw_only=True):
    """A stored provision, before publication."""

    instrument: InstrumentId
    audience: Audience = Audience.PUBLIC
    hidden_since: dt.datetime | None = None
    hidden_until: dt.date | None = None
    sources: tuple[Source, ...] = ()


def _publish_instrument(
    entry: StoredInstrument, audience: Audience, updated_at: dt.datetime, is_visible: IsVisible, places: PublishedPlaces
) -> Instrument:
    fields = {name: getattr(entry, name) for name in InstrumentProfile.__struct_fields__}
    return Instrument(**fields, sources=publish_sources(entry.sources, audience), updated_at=updated_at)


def _publish_provision(
    entry: StoredProvision, audience: Audience, updated_at: dt.datetime, is_visible: IsVisible, places: PublishedPlaces
) -> Provision:
    return Provision(
        **{name: getattr(entry, name) for name in ProvisionProfile.__struct_fields__},
        instrument=entry.instrument if is_visible(entry.instrument) else None,
        sources=publish_sources(entry.sources, audience),
        updated_at=updated_at,
    )


def _find_provision_violations(record: StoredProvision) -> Iterator[Violation]:
    if not record.number.strip():
        yield "number", "The provision has no number. Enter its official number."


INSTRUMENT = Kind(
    name=RecordKind.INSTRUMENT,
    type_name="Instrument",
    table="instruments",
    stored_type=StoredInstrument,
    published_type=Instrument,
    publish=_publish_instrument,
    fields=read_fields(InstrumentProfile),
)
PROVISION = Kind(
    name=RecordKind.PROVISION,
    type_name="Provision",
    table="provisions",
    stored_type=StoredProvision,
    published_type=Provision,
    publish=_publish_provision,
    fields=read_fields(ProvisionProfile),
    find_violations=_find_provision_violations,
    unique=(
        UniqueFields(
            ("instrument", "cycle", "number"),
            "The number {0} is used by another provision of this instrument and cycle. Correct the number of {1}, or update the "
            "other provision.",
        ),
    ),
)
