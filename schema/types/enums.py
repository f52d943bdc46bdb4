"""GraphQL enums: the enumerations of the core with a description of each value.

A value without a description, or a description without a value, is an error at import.
"""

from enum import Enum, StrEnum

import strawberry

from directory.fields import join_tier_names
from directory.gazetteer.place import PlaceKind
from directory.geo import Precision
from directory.publish import ChangeKind
from directory.question import Nationwide, OrderField, RegionMatch
from directory.records import Audience, MembershipStatus, NameKind, OrganizationKind, RelationKind
from directory.search.region_sets import RegionReason
from directory.search.relaxations import RelaxationKind
from directory.search.text.text_match import TextTier
from directory.suggestions.suggestion import SuggestionKind
from directory.vocabulary.choices import CoalitionKind, CoalitionStatus, InstrumentKind
from directory.vocabulary.region_files import RegionKind


class DistanceUnit(StrEnum):
    KILOMETER = "KILOMETER"
    MILE = "MILE"


class OrderDirection(StrEnum):
    ASCENDING = "ASCENDING"
    DESCENDING = "DESCENDING"


def describe_enum(kind: type[Enum], name: str, description: str, **values: str) -> None:
    """Declare a GraphQL enum. Raises TypeError unless exactly its values are described."""
    if values.keys() != kind.__members__.keys():
        raise TypeError(
            f"the values of {name} and their descriptions differ in {sorted(values.keys() ^ kind.__members__.keys())}"
        )
    strawberry.enum(kind, name=name, description=description)
    for value in kind.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]


describe_enum(
    Audience,
    "Audience",
    "A group of people with the same access. Each audience sees everything that the previous one sees, and more.",
    PUBLIC="Everyone.",
    MEMBERS="People from member organizations of the network.",
    STAFF="People who maintain the directory.",
)
describe_enum(
    CoalitionKind,
    "CoalitionKind",
    "The kind of coalition.",
    CAMPAIGN="Organizations that pursue one goal together, often for a time.",
    TASK_FORCE="A group that prepares or does one piece of work, such as a report.",
    WORKING_GROUP="A group that works on a subject without an end.",
    ALLIANCE="Organizations that have joined for many goals.",
)
describe_enum(
    CoalitionStatus,
    "CoalitionStatus",
    "Whether a coalition has started and ended, by the days that it states.",
    UPCOMING="Its first day is in the future.",
    CURRENT="It has started and not ended, as far as it states its days.",
    ENDED="Its last day is over.",
)
describe_enum(
    InstrumentKind,
    "InstrumentKind",
    "The kind of instrument.",
    DECLARATION="A declaration, which states rights.",
    TREATY="A treaty, which binds the states that join it.",
    REVIEW="A review of what a state does, such as a cycle of the Universal Periodic Review.",
)
describe_enum(
    OrganizationKind,
    "OrganizationKind",
    "The kind of organization.",
    GRASSROOTS_GROUP="A group of people organizing where they live, often without paid staff.",
    COLLECTIVE="A group that makes decisions together, without a hierarchy.",
    WORKER_CENTER="A place where workers outside unions organize and get help.",
    LEGAL_ORGANIZATION="An organization that litigates, defends or gives legal help.",
    SERVICE_PROVIDER="An organization that serves people directly with shelter, food, health care or counseling.",
    ADVOCACY_ORGANIZATION="An organization that works on law, policy and public opinion.",
    NATIONAL_ORGANIZATION="An organization that works across a whole country.",
    NETWORK="A network of organizations, including the one that publishes this directory.",
    CAMPAIGN="A campaign for one demand.",
    FAITH_ORGANIZATION="A congregation or faith-based organization.",
    UNION="A union of workers, tenants or others.",
    RESEARCH="A university department, institute or think tank.",
    ARTS="An organization that works through the arts.",
    FUNDER="An organization that gives money.",
    PUBLIC_BODY="A part of government, such as a human rights commission.",
    OTHER="Another kind of organization, or not stated.",
)
describe_enum(
    NameKind,
    "NameKind",
    "The kind of an additional name.",
    LEGAL="The registered legal name.",
    ACRONYM="An acronym, such as NNIRR.",
    SHORT="A short form of the name.",
    FORMER="A name that is no longer used.",
    TRANSLATED="The name in another language.",
    ALSO_KNOWN_AS="Another name in use.",
)
describe_enum(
    MembershipStatus,
    "MembershipStatus",
    "The status of an organization in the network.",
    ACTIVE="A current member.",
    PROSPECT="Not a member, but might become one.",
    LAPSED="A former member.",
    NONE="Not a member, such as the network itself or a fiscal sponsor.",
)
describe_enum(
    RelationKind,
    "RelationKind",
    "How another organization is related to this one.",
    BRANCH_OF="This organization is a branch or chapter of the other.",
    SUCCESSOR_OF="This organization continues the work of the other.",
    FISCAL_SPONSOR="The other organization receives and administers the money of this one.",
    SISTER="The two share an origin or a name, and neither is part of the other.",
    PARTNER="The two work together.",
    FUNDER="The other organization gives money to this one.",
    HOST="The other organization hosts this one on its premises.",
)
describe_enum(
    Precision,
    "Precision",
    "How precisely a location is published, from most to least precise.",
    EXACT="The exact location.",
    STREET="The street.",
    POSTAL_CODE="The center of a postal code area.",
    CITY="The center of a city.",
    COUNTY="The center of a county.",
    STATE="The center of a state.",
    UNKNOWN="No point is published.",
)
describe_enum(
    ChangeKind,
    "ChangeKind",
    "What happened to an organization, as visible to your audience.",
    ADDED="The organization became visible.",
    CHANGED="Its information changed.",
    REMOVED="The organization is no longer visible.",
)
describe_enum(
    RegionMatch,
    "RegionMatch",
    "How an organization can match a region.",
    LOCATED="It has a published location in the region.",
    SERVING="One of its service areas contains, overlaps or is inside the region. See `Nationwide` for nationwide ones.",
    LOCATED_OR_SERVING="It is located in the region or serves it.",
)
describe_enum(
    Nationwide,
    "Nationwide",
    "Whether an organization that serves the whole country counts as serving each region in it.",
    INCLUDE="Nationwide organizations count.",
    EXCLUDE="Nationwide organizations count only if they match the region in another way.",
    ONLY="Only nationwide organizations count.",
)
describe_enum(
    OrderField,
    "OrganizationOrderField",
    "The property by which organizations are sorted. Ties are broken by name and id; missing values come last.",
    RELEVANCE="Best matches first: by region reason, text tier, distance, then name, as far as the search uses them.",
    NAME="By name, ignoring accents and case.",
    DISTANCE="By distance from the place in `near`.",
    FOUNDED="By the year the organization was founded.",
    JOINED="By the day the organization joined the network.",
    VERIFIED="By the time the record was last confirmed.",
    UPDATED="By the time information visible to you last changed.",
)
describe_enum(
    OrderDirection,
    "OrderDirection",
    "The direction in which a list is sorted.",
    ASCENDING="A to Z, smallest to largest, earliest to latest.",
    DESCENDING="Z to A, largest to smallest, latest to earliest. Missing values still come last.",
)
describe_enum(
    DistanceUnit,
    "DistanceUnit",
    "A unit of distance.",
    KILOMETER="Kilometers.",
    MILE="International miles of 1.609344 kilometers.",
)


def _describe_tier(tier: TextTier) -> str:
    texts = join_tier_names(tier, "and")
    return f"All words are found when the {texts} {'are' if ' and ' in texts else 'is'} included."


describe_enum(
    TextTier,
    "TextTier",
    "Where the words of a search were found, from best to worst. Each tier also uses the texts of the tiers before it.",
    EXACT_NAME="The search text equals a name, acronym or former name.",
    NAMES="All words are in the names.",
    THEMES="All words are found when issue areas and work areas are included.",
    PLACES_AND_COMMUNITIES="All words are found when published places, communities and languages are included.",
    **{tier.value: _describe_tier(tier) for tier in (TextTier.SUMMARY, TextTier.DESCRIPTION)},
)
describe_enum(
    RelaxationKind,
    "RelaxationKind",
    "What a relaxation changes.",
    INSTEAD="It puts something likelier in place of a part, such as Georgia in place of Gabon.",
    SERVES_THE_PLACE="It also finds organizations that serve the place without being there.",
    WIDER_CIRCLE="It looks within a larger distance.",
    BROADER_THEME="It looks for a broader term.",
    NATIONWIDE="It looks for organizations that serve the whole country.",
    DROP="It leaves out parts.",
)
describe_enum(
    RegionReason,
    "RegionReason",
    "The strongest connection of an organization to the places in the filter, from strongest to weakest.",
    LOCATED="It has a published location in the region.",
    WITHIN_DISTANCE="It has a published point within the distance. In the order of results, this is as good as LOCATED.",
    SERVES="One of its service areas contains the region.",
    SERVES_PART="One of its service areas overlaps the region or is inside it.",
    NATIONWIDE="It serves the whole country.",
)
describe_enum(
    RegionKind,
    "RegionKind",
    "The kind of region.",
    COUNTRY="A country.",
    CENSUS_REGION="One of the four regions of the US Census Bureau.",
    CENSUS_DIVISION="One of the nine divisions of the US Census Bureau.",
    STATE="A US state, district or territory, or a state or province of another country.",
    COUNTY="A county or its equivalent in the US Census: a parish, borough, independent city or municipio.",
    TRIBAL_AREA="A reservation or other land of a tribal nation, as the counties that it lies in.",
    METRO_AREA="A metropolitan statistical area of the US Office of Management and Budget, as its counties.",
    CUSTOM="A named group of states and counties, such as the Bay Area.",
)
describe_enum(
    PlaceKind,
    "PlaceKind",
    "The kind of a place in the gazetteer.",
    POSTAL_CODE="A US ZIP code area.",
    CITY="A city or town.",
    COUNTY="A county.",
    STATE="A state, district or territory.",
    REGION="A larger or custom region.",
)
describe_enum(
    SuggestionKind,
    "SuggestionKind",
    "The kind of a suggestion: what its search returns.",
    ORGANIZATION="One organization.",
    ISSUE_AREA="Organizations that work on an issue area.",
    COMMUNITY="Organizations that serve a community.",
    WORK_AREA="Organizations that do a kind of work.",
    REGION="Organizations located in a region or serving it.",
    PLACE="Organizations near a place.",
    COALITION="The members of a coalition.",
    EVENT="The hosts of an event.",
    INSTRUMENT="Members who work on what a human-rights instrument, or one of its articles, promises.",
)
