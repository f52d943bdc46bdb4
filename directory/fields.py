"""The field registry: every plain field of an organization is declared here, once. Other kinds of records (directory/kinds)
declare theirs in the same way.

A plain field has one value or one list of terms. To add one, add an attribute to `PlainFields` with its type, its default and a
`Field`. Tables, loading, publishing, merging, provenance, drafts, the word index, column mapping, exports and reconciliation read
the registry and need no change, unless an entry names a property of its own in JSON-LD or Murmurations: then the exporter of that
format writes it. What a field still needs elsewhere: a migration that adds its column, a line in the GraphQL type
(schema/types/organization.py), and the pages produced again (`python -m docs`).

The id, the slug, the name and the nested parts (other names, links, identifiers, membership) have no entry, but rules of their
own.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from types import EllipsisType, MappingProxyType
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, replace

from directory.vocabulary.choices import Audience, OrganizationKind, SearchEngines
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary


class ValueForm(StrEnum):
    """What a value looks like. Drafts check it, and cells of tables are read accordingly."""

    LINE = "LINE"
    PARAGRAPHS = "PARAGRAPHS"
    URL = "URL"
    YEAR = "YEAR"
    DATE = "DATE"  # a date and time
    CHOICE = "CHOICE"  # one of an enumeration
    TERMS = "TERMS"  # a list of terms of a vocabulary
    REGIONS = "REGIONS"  # a list of region codes


class MergeRule(StrEnum):
    """What a merge of two records does. The survivor is the record that remains."""

    KEEP = "KEEP"  # the survivor's value
    FILL = "FILL"  # the survivor's value, or the loser's if the survivor states none
    UNITE = "UNITE"  # the survivor's list, then the loser's other values


class Omission(Struct, frozen=True):
    """A format does not hold the field."""

    reason: str


class Loss(Struct, frozen=True):
    """A format holds the field under `name`, but not all of it."""

    name: str
    reason: str


class SchemaNode(Struct, frozen=True):
    """A JSON-LD property whose value is a node of this type, with the text as its description."""

    property: str
    type: str


class Headings(Struct, frozen=True):
    """Phrases, separated by commas, that name the field in tables of others. "(s)" stands for the singular and the plural.

    `vague` phrases say so little that the values in the column must confirm them.
    """

    en: str = ""
    es: str = ""
    vague: str = ""


class Field(Struct, frozen=True, kw_only=True):
    """All facts about a plain field.

    Our own formats (CSV, XLSX, JSON, NDJSON) hold every field under its name. For the others, the entry states the name under
    which the format holds the field, or why it does not.
    """

    text: str  # a sentence that says what the value is, in documentation and in HSDS
    means: str  # the same as the end of a sentence: heading "Slogan" means ...
    form: ValueForm
    merge: MergeRule
    headings: Headings
    json_ld: str | SchemaNode | Loss | Omission = Omission("it holds organizations only")  # a property of schema.org
    murmurations: str | Loss | Omission = Omission("it holds organizations only")
    geojson: Omission | None = None  # None: the property has the field's name
    hsds: str | None = None  # where HSDS holds it; None: in an attribute with the field's name
    audience: Audience = Audience.PUBLIC  # who sees it on a record that they see
    limit: int | None = None  # characters of a text
    vocabulary: Vocabulary | None = None  # of TERMS
    searched_in: str | None = None  # the TextTier that includes the text; None: not searched word by word
    has_sources: bool = True
    refuses_addresses: bool = False  # refuse e-mail addresses, telephone numbers, streets and the record's unpublished places
    reconcile: str | None = None  # the label of the property in OpenRefine; None: not offered there
    is_reconcile_hint: bool = False  # whether a query in OpenRefine may state it
    examples: Mapping[str, tuple[str, ...]] = {}  # texts for the fictional network, by language
    # Taken from the attribute:
    name: str = ""
    default: Any = None
    value_type: Any = None

    @property
    def graphql_name(self) -> str:
        first, *others = self.name.split("_")
        return first + "".join(map(str.capitalize, others))

    @property
    def is_list(self) -> bool:
        return self.form in (ValueForm.TERMS, ValueForm.REGIONS)

    @property
    def is_text(self) -> bool:
        return self.form in (ValueForm.LINE, ValueForm.PARAGRAPHS)


_NOT_IN_MURMURATIONS = Omission("its schema has no property for it")
_NOT_IN_SCHEMA_ORG = Omission("schema.org has no property for it")


class PlainFields(Struct, frozen=True, gc=False, kw_only=True):
    """The plain fields, in the order of all fields in stored JSON. Nested parts get their types in records.Profile."""

    id: str  # a UUID, lower case; never reused
    slug: str
    name: str
    names: tuple[Any, ...] = ()
    kind: Annotated[
        OrganizationKind,
        Field(
            text="The kind of organization.",
            means="the kind of organization",
            form=ValueForm.CHOICE,
            merge=MergeRule.FILL,
            headings=Headings(
                en="kind, organization type, type of organization, organisation type, org type, organization kind, "
                "kind of organization, group type, entity type, agency type, type of group",
                es="tipo de organizacion, clase de organizacion, tipo de entidad",
                vague="type, tipo",
            ),
            json_ld=Loss("@type", "only unions, research organizations and public bodies have a type of their own"),
            murmurations=_NOT_IN_MURMURATIONS,
            reconcile="Kind",
        ),
    ] = OrganizationKind.OTHER
    summary: Annotated[
        str | None,
        Field(
            text="What the organization does, in a sentence or two.",
            means="a one-line summary",
            form=ValueForm.LINE,
            limit=500,
            merge=MergeRule.FILL,
            searched_in="SUMMARY",
            headings=Headings(
                en="summary, short description, tagline, one line description, one liner, blurb, brief description, headline, "
                "slogan, elevator pitch",
                es="resumen, descripcion corta, descripcion breve, lema",
            ),
            json_ld="description or disambiguatingDescription",
            murmurations="description",
            reconcile="Summary",
        ),
    ] = None
    description: Annotated[
        str | None,
        Field(
            text="A description in plain text.",
            means="a description",
            form=ValueForm.PARAGRAPHS,
            limit=10_000,
            merge=MergeRule.FILL,
            searched_in="DESCRIPTION",
            headings=Headings(
                en="description, about, about us, mission, mission statement, our mission, long description, full description, "
                "overview, organization description, profile, who we are, what we do, purpose, bio, about the organization, "
                "about your organization, describe your organization, description of organization, public description",
                es="descripcion, mision, acerca de, quienes somos, descripcion larga, sobre la organizacion, "
                "descripcion de la organizacion, proposito, declaracion de mision",
            ),
            geojson=Omission("maps show the summary, and every location would repeat the text"),
            hsds="organization.description",
            json_ld="description",
            murmurations=Omission("its schema has one description, which is the summary if there is one"),
        ),
    ] = None
    founded: Annotated[
        int | None,
        Field(
            text="The year in which the organization was founded.",
            means="the year in which it was founded",
            form=ValueForm.YEAR,
            merge=MergeRule.FILL,
            headings=Headings(
                en="founded, year founded, founding year, year established, established, date founded, founding date, "
                "date established, year started, year of founding, founded in, year formed, formation year, "
                "year of foundation, when was your organization founded, established in, inception year, start year",
                es="fundada, fundado, fundada en, fundado en, ano de fundacion, fecha de fundacion, ano fundada, ano de creacion",
            ),
            hsds="organization.year_incorporated",
            json_ld="foundingDate",
            murmurations="starts_at",
            reconcile="Founded",
        ),
    ] = None
    website: Annotated[
        str | None,
        Field(
            text="The organization's website.",
            means="the website",
            form=ValueForm.URL,
            merge=MergeRule.FILL,
            headings=Headings(
                en="website, web site, website url, url, web, web address, website address, homepage, home page, site url, link, "
                "web page, webpage, web url, website link, organization website, org url, internet address, main website, "
                "domain name, www, link to website, org website",
                es="sitio web, sitio, pagina web, pagina de internet, pagina, enlace, direccion web, sitio de internet",
            ),
            hsds="organization.website",
            json_ld="url",
            murmurations="primary_url",
            reconcile="Website",
            is_reconcile_hint=True,
        ),
    ] = None
    seeks: Annotated[
        str | None,
        Field(
            text="What the organization looks for in partners.",
            means="what it looks for in partners",
            form=ValueForm.LINE,
            limit=300,
            merge=MergeRule.FILL,
            searched_in="SUMMARY",
            refuses_addresses=True,
            headings=Headings(
                en="seeks, seeking, looking for, what they seek, what we seek, what they are looking for, "
                "what we are looking for, partners sought, partnership needs, what do you look for in partners",
                es="busca, buscan, buscamos, que busca, que buscan, busca en sus aliados, que busca en sus aliados, que necesita",
            ),
            json_ld=SchemaNode("seeks", "Demand"),
            murmurations=_NOT_IN_MURMURATIONS,
            reconcile="Seeks",
            examples={
                "en": (
                    "Partners with a van, and volunteers who can drive.",
                    "Lawyers who can review leases, and interpreters for evening meetings.",
                    "Groups that organize renters, for joint campaigns and shared trainings.",
                    "Researchers who can help to collect and publish data.",
                ),
                "es": (
                    "Abogadas que revisen contratos y personas que interpreten en reuniones.",
                    "Grupos con experiencia en comunicación para campañas conjuntas.",
                ),
            },
        ),
    ] = None
    offers: Annotated[
        str | None,
        Field(
            text="What the organization can give to partners, such as space, training, translation or legal help.",
            means="what it can give to partners",
            form=ValueForm.LINE,
            limit=300,
            merge=MergeRule.FILL,
            searched_in="SUMMARY",
            refuses_addresses=True,
            headings=Headings(
                en="offers, offering, can offer, what they offer, what we offer, what they can offer, what we can offer, "
                "we can offer, resources to share, resources offered, what can you offer partners, "
                "what can you offer to partners",
                es="ofrece, ofrecen, ofrecemos, que ofrece, que ofrecen, que puede ofrecer, que pueden ofrecer, "
                "que ofrece a sus aliados, recursos que ofrece, puede ofrecer",
            ),
            json_ld=SchemaNode("makesOffer", "Offer"),
            murmurations=_NOT_IN_MURMURATIONS,
            reconcile="Offers",
            examples={
                "en": (
                    "Meeting space for up to 40 people, with child care.",
                    "Training for new organizers, in English and Spanish.",
                    "Translation and interpretation for partner groups.",
                    "Legal help for members of partner groups, by appointment.",
                ),
                "es": (
                    "Un salón para reuniones, con cuidado de niños.",
                    "Talleres de derechos laborales y traducción al inglés.",
                ),
            },
        ),
    ] = None
    links: tuple[Any, ...] = ()
    identifiers: tuple[Any, ...] = ()
    languages: Annotated[
        tuple[str, ...],  # BCP 47 tags
        Field(
            text="The languages that the organization works in.",
            means="languages it works in",
            form=ValueForm.TERMS,
            vocabulary=LANGUAGES,
            merge=MergeRule.UNITE,
            headings=Headings(
                en="language(s), language(s) spoken, languages offered, service languages, working languages, languages served, "
                "language access, languages supported",
                es="idioma(s), lenguas, idiomas hablados, idiomas que hablan, lenguajes",
            ),
            hsds="service.languages",
            json_ld="knowsLanguage",
            murmurations=_NOT_IN_MURMURATIONS,
            reconcile="Languages",
        ),
    ] = ()
    issue_areas: Annotated[
        tuple[str, ...],  # slugs, like communities and work areas
        Field(
            text="The topics that the organization works on.",
            means="issue areas",
            form=ValueForm.TERMS,
            vocabulary=ISSUE_AREAS,
            merge=MergeRule.UNITE,
            headings=Headings(
                en="issue area(s), issue(s), issues worked on, focus area(s), area(s) of focus, focus, theme(s), topic(s), "
                "cause(s), cause areas, program area(s), issue focus, priority issues, areas of interest, human rights issues, "
                "rights issues, subject areas, sector(s), issues addressed, primary issue(s), what issues do you work on, "
                "issue areas you work on, what they work on, areas of expertise",
                es="tema(s), area(s) tematica(s), causas, asuntos, area(s) de enfoque, enfoque, ejes tematicos, "
                "temas de trabajo, problematicas, lineas tematicas",
            ),
            hsds="organization.attributes and service.attributes",
            json_ld="knowsAbout",
            murmurations="tags",
            reconcile="Issue areas",
        ),
    ] = ()
    communities: Annotated[
        tuple[str, ...],
        Field(
            text="The communities that the organization serves.",
            means="the communities it serves",
            form=ValueForm.TERMS,
            vocabulary=COMMUNITIES,
            merge=MergeRule.UNITE,
            headings=Headings(
                en="communities, community, communities served, community served, who they serve, who we serve, who you serve, "
                "who do you serve, population(s) served, population(s), target population(s), constituency, constituencies, "
                "constituents, target audience, who is served, people served, beneficiaries, clientele, demographics served, "
                "demographic, communities of focus, target communities, impacted communities, population focus",
                es="comunidades, comunidad, a quien sirven, a quienes sirven, poblacion, poblaciones, poblacion atendida, "
                "comunidades atendidas, poblacion objetivo, beneficiarios, comunidad atendida, quienes sirven",
            ),
            hsds="organization.attributes and service.attributes",
            json_ld="keywords",
            murmurations="tags",
            reconcile="Communities",
        ),
    ] = ()
    work_areas: Annotated[
        tuple[str, ...],
        Field(
            text="The kinds of work that the organization does.",
            means="how it works",
            form=ValueForm.TERMS,
            vocabulary=WORK_AREAS,
            merge=MergeRule.UNITE,
            headings=Headings(
                en="work area(s), strategies, strategy, approach, approaches, methods, tactics, activities, how they work, "
                "how we work, type(s) of work, kind of work, area(s) of work, work type, core strategies, forms of work",
                es="area(s) de trabajo, estrategias, metodos, tacticas, actividades, tipo de trabajo, como trabajan",
            ),
            hsds="organization.attributes and service.attributes",
            json_ld="keywords",
            murmurations="tags",
            reconcile="Work areas",
        ),
    ] = ()
    service_areas: Annotated[
        tuple[str, ...],  # region codes; a country means that the organization works nationwide there
        Field(
            text="The regions that the organization serves.",
            means="the regions that it serves",
            form=ValueForm.REGIONS,
            merge=MergeRule.UNITE,
            headings=Headings(
                en="service area(s), area(s) served, geographic area served, geographic focus, geography, geographic area(s), "
                "region(s) served, counties served, county served, states served, cities served, where they work, "
                "where we work, geographies, coverage, coverage area, geographic coverage, service region, service territory, "
                "places served, states, counties, catchment area, serving, locations served, geographic service area, "
                "service counties, service states",
                es="area(s) de servicio, cobertura, cobertura geografica, zona de servicio, donde trabajan, condados atendidos, "
                "estados atendidos, area geografica, zona geografica, areas atendidas, territorio, alcance geografico",
            ),
            hsds="service.service_areas",
            json_ld="areaServed",
            murmurations=Loss("geographic_scope", "only whether they are local, regional, national or international"),
            reconcile="Service areas",
        ),
    ] = ()
    membership: Any = None
    search_engines: Annotated[
        SearchEngines | None,
        Field(
            text="Whether search engines may list the organization's page: ALLOWED or REFUSED.",
            means="whether search engines may list its page",
            form=ValueForm.CHOICE,
            merge=MergeRule.FILL,  # merge_search_engines lets a refusal win
            headings=Headings(
                en="search engine(s), search engine listing, allow search engines, listed by search engines, "
                "show in search engines, visible in search engines",
                es="buscadores, motores de busqueda, mostrar en buscadores, permitir buscadores, aparecer en buscadores",
            ),
            geojson=Omission("it is about the page of the organization, and a map has no pages"),
            json_ld=_NOT_IN_SCHEMA_ORG,
            murmurations=_NOT_IN_MURMURATIONS,
        ),
    ] = None
    verified_at: Annotated[
        dt.datetime | None,
        Field(
            text="When a person last verified the record.",  # edits do not count
            means="the date on which the record was last verified",
            form=ValueForm.DATE,
            merge=MergeRule.KEEP,  # the facts that the loser adds are not verified
            has_sources=False,
            headings=Headings(
                en="last verified, verified, verified at, verified on, date verified, verification date, last verified date, "
                "last confirmed, confirmed on, last checked, last reviewed, date last verified, last verified on, assured date",
                es="verificado, ultima verificacion, fecha de verificacion, confirmado, verificado el",
            ),
            json_ld=_NOT_IN_SCHEMA_ORG,
            murmurations=_NOT_IN_MURMURATIONS,
        ),
    ] = None


def read_fields(struct: type[Struct]) -> dict[str, Field]:
    """Return the `Field` of each attribute that has one, with the attribute's default and type."""
    fields = {}
    for attribute in msgspec.structs.fields(struct):
        for field in getattr(attribute.type, "__metadata__", ()):
            if isinstance(field, Field):
                fields[attribute.name] = _complete_field(field, attribute)
    return fields


def _complete_field(field: Field, attribute: FieldInfo) -> Field:
    return replace(field, name=attribute.name, default=attribute.default, value_type=get_args(attribute.type)[0])


FIELDS: Mapping[str, Field] = MappingProxyType(read_fields(PlainFields))  # by name, in the order of declaration
TEXT_FIELDS = tuple(name for name, field in FIELDS.items() if field.searched_in)  # searched word by word
LIST_FIELDS = tuple(name for name, field in FIELDS.items() if field.is_list)


def join_tier_names(tier: str, conjunction: str) -> str:
    """Return the names of the texts that belong to a TextTier, as in "summary, seeks and offers"."""
    *others, last = [name for name in TEXT_FIELDS if FIELDS[name].searched_in == tier]
    return f"{', '.join(others)} {conjunction} {last}" if others else last


# In files, lists follow single values. The orders of the lists are older than the registry.
COLUMN_ORDER = (..., "issue_areas", "communities", "work_areas", "languages", "service_areas")
MAP_ORDER = (
    "kind",
    "summary",
    "website",
    "founded",
    ...,
    "issue_areas",
    "communities",
    "work_areas",
    "service_areas",
    "languages",
)


def arrange_fields(order: tuple[str | EllipsisType, ...]) -> dict[str, Field]:
    """Return the fields in this order. Those that it does not name take the place of the ellipsis."""
    others = [name for name in FIELDS if name not in order]
    names = [name for part in order for name in ([part] if isinstance(part, str) else others)]
    return {name: FIELDS[name] for name in names}
