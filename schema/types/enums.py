"""The core's enumerations as GraphQL enums: their names and what each value means.

A value that has no sentence here, or a sentence without a value, is an error at import.
"""

from enum import Enum, StrEnum

import strawberry

from directory.gazetteer.place import PlaceKind
from directory.geo import Precision
from directory.publish import ChangeKind
from directory.question import Nationwide, OrderField, RegionMatch
from directory.records import Audience, MembershipStatus, NameKind, OrganizationKind, RelationKind
from directory.search.region_sets import RegionReason
from directory.search.suggestions import SuggestionKind
from directory.search.text.text_match import TextTier
from directory.vocabulary.region_files import RegionKind


class DistanceUnit(StrEnum):
    KILOMETER = "KILOMETER"
    MILE = "MILE"


class OrderDirection(StrEnum):
    ASCENDING = "ASCENDING"
    DESCENDING = "DESCENDING"


def _describe(kind: type[Enum], name: str, description: str, **values: str) -> None:
    if values.keys() != kind.__members__.keys():
        raise TypeError(f"{name} and its descriptions differ in {sorted(values.keys() ^ kind.__members__.keys())}")
    strawberry.enum(kind, name=name, description=description)
    for value in kind.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]


_describe(
    Audience,
    "Audience",
    "Who is asking. Each audience sees what those before it see, and more.",
    PUBLIC="Anybody.",
    MEMBERS="People of the network's member organizations.",
    STAFF="People who keep the directory.",
)
_describe(
    OrganizationKind,
    "OrganizationKind",
    "What sort of organization it is.",
    GRASSROOTS_GROUP="A group of people organizing where they live, often without paid staff.",
    COLLECTIVE="A group that decides together, without a hierarchy.",
    WORKER_CENTER="A place where workers outside unions organize and get help.",
    LEGAL_ORGANIZATION="It litigates, defends or gives legal help.",
    SERVICE_PROVIDER="It serves people directly: shelter, food, health, counseling.",
    ADVOCACY_ORGANIZATION="It works on law, policy and public opinion.",
    NATIONAL_ORGANIZATION="It works across a whole country.",
    NETWORK="It brings organizations together; the network whose directory this is has this kind too.",
    CAMPAIGN="It exists for one demand.",
    FAITH_ORGANIZATION="A congregation or an organization of a faith.",
    UNION="A union of workers, tenants or others.",
    RESEARCH="A university department, institute or think tank.",
    ARTS="It works through the arts.",
    FUNDER="It gives money.",
    PUBLIC_BODY="A part of government, such as a human rights commission.",
    OTHER="None of the others, or not stated.",
)
_describe(
    NameKind,
    "NameKind",
    "What sort of further name it is.",
    LEGAL="The name it is registered under.",
    ACRONYM="Initials, such as NNIRR.",
    SHORT="A shortened name.",
    FORMER="A name it no longer uses.",
    TRANSLATED="The name in another language.",
    ALSO_KNOWN_AS="Another name it goes by.",
)
_describe(
    MembershipStatus,
    "MembershipStatus",
    "How it belongs to the network.",
    ACTIVE="A member.",
    PROSPECT="Not a member, but might become one.",
    LAPSED="It was a member.",
    NONE="Not a member: the network itself, a fiscal sponsor.",
)
_describe(
    RelationKind,
    "RelationKind",
    "What the other one is to this organization.",
    BRANCH_OF="This organization is a branch or chapter of it.",
    SUCCESSOR_OF="This organization continues its work.",
    FISCAL_SPONSOR="It receives and administers this organization's money.",
    SISTER="They share an origin or a name, and neither is part of the other.",
    PARTNER="They work together.",
    FUNDER="It gives this organization money.",
    HOST="It houses this organization.",
)
_describe(
    Precision,
    "Precision",
    "How exactly a place is told, finest first.",
    EXACT="The place itself.",
    STREET="The street.",
    POSTAL_CODE="The middle of the area of a postal code.",
    CITY="The middle of a city.",
    COUNTY="The middle of a county.",
    STATE="The middle of a state.",
    UNKNOWN="No point is told.",
)
_describe(
    ChangeKind,
    "ChangeKind",
    "What happened to an organization, as this audience sees it.",
    ADDED="It came into view.",
    CHANGED="Something of it changed.",
    REMOVED="It went out of view.",
)
_describe(
    RegionMatch,
    "RegionMatch",
    "In which way an organization has to do with a region.",
    LOCATED="A published location lies in the region.",
    SERVING="A service area contains the region, lies in it or overlaps it; nationwide organizations as `nationwide` says.",
    LOCATED_OR_SERVING="Either of the two.",
)
_describe(
    Nationwide,
    "Nationwide",
    "Whether organizations that serve the whole country count as serving a region of it.",
    INCLUDE="They count.",
    EXCLUDE="They do not count, unless they have to do with the region otherwise.",
    ONLY="They alone count.",
)
_describe(
    OrderField,
    "OrganizationOrderField",
    "What a list of organizations is ordered by. Name and id settle what is equal; what is not stated comes last.",
    RELEVANCE="Region reason, text tier, distance, name, as far as the question brings them.",
    NAME="By name, folded: accents and case do not count.",
    DISTANCE="From the origin that `near` gives, nearest first when ascending.",
    FOUNDED="By the year it was founded.",
    JOINED="By the day it joined the network.",
    VERIFIED="By when somebody last confirmed the record.",
    UPDATED="By when something of it, as this audience sees it, last changed.",
)
_describe(
    OrderDirection,
    "OrderDirection",
    "Which way a list runs.",
    ASCENDING="A before Z, small before large, early before late.",
    DESCENDING="The other way round; what is not stated still comes last.",
)
_describe(
    DistanceUnit,
    "DistanceUnit",
    "What a distance is counted in.",
    KILOMETER="1,000 meters.",
    MILE="The international mile, 1.609344 kilometers.",
)
_describe(
    TextTier,
    "TextTier",
    "Where the words of a question were found, best first.",
    EXACT_NAME="A name, acronym or former name is the text.",
    NAMES="All words are in its names.",
    THEMES="All words are in its names and themes.",
    PLACES_AND_COMMUNITIES="All words are there once published places and communities are counted in.",
    SUMMARY="All words are there once the summary is counted in.",
    DESCRIPTION="All words are there once the description is counted in.",
)
_describe(
    RegionReason,
    "RegionReason",
    "The strongest tie of an organization to the regions asked for, strongest first.",
    LOCATED="A published location lies there.",
    SERVES="A service area contains the region.",
    SERVES_PART="A service area lies in the region or overlaps it.",
    NATIONWIDE="It serves the whole country.",
)
_describe(
    RegionKind,
    "RegionKind",
    "What sort of region it is.",
    COUNTRY="A country.",
    CENSUS_REGION="One of the four regions of the US Census Bureau.",
    CENSUS_DIVISION="One of the nine divisions of the US Census Bureau.",
    STATE="A state, district or territory; elsewhere a province or state.",
    COUNTY="A county, or what the Census counts as one: a parish, borough, independent city or municipio.",
    CUSTOM="A union of states and counties that people speak of, such as the Bay Area.",
)
_describe(
    PlaceKind,
    "PlaceKind",
    "What sort of place the gazetteer found.",
    POSTAL_CODE="The area of a US ZIP code.",
    CITY="A city or town.",
    COUNTY="A county.",
    STATE="A state, district or territory.",
    REGION="Any larger or custom region.",
)
_describe(
    SuggestionKind,
    "SuggestionKind",
    "What a suggestion leads to.",
    ORGANIZATION="One organization.",
    ISSUE_AREA="Organizations that work on an issue area.",
    COMMUNITY="Organizations that serve a community.",
    WORK_AREA="Organizations that work in a certain way.",
    REGION="Organizations in or serving a region.",
    PLACE="Organizations near a place.",
)
