"""The arguments of the fields of Query that no other type has."""

from typing import Annotated

import strawberry

from directory.vocabulary.region_files import RegionKind
from schema.fields import input_field

NODES_LIMIT = 100
MATCHES_LIMIT = 20  # places or suggestions at once


@strawberry.input(description="The number of an organization in a public register.")
class IdentifierInput:
    scheme: str = input_field('The code of the register in the org-id.guide list, such as "US-EIN".')
    value: str = input_field('The number as the register writes it, such as "52-1633883".')


@strawberry.input(one_of=True, description="Identifies one organization. Pass exactly one of these fields.")
class OrganizationBy:
    id: strawberry.ID | None = input_field("The id of the organization.", default=strawberry.UNSET)
    slug: str | None = input_field(
        "The slug of the organization. Former slugs also work, including those of records merged into it.",
        default=strawberry.UNSET,
    )
    identifier: IdentifierInput | None = input_field("A number in a public register.", default=strawberry.UNSET)


IdArgument = Annotated[strawberry.ID, strawberry.argument(name="id", description="An id returned by this API.")]
IdsArgument = Annotated[list[strawberry.ID], strawberry.argument(description=f"Up to {NODES_LIMIT} ids returned by this API.")]
OrganizationByArgument = Annotated[OrganizationBy, strawberry.argument(description="The id, slug or register number to look up.")]
IssueAreaSlugArgument = Annotated[str, strawberry.argument(description="The slug of the issue area.")]
PrefixArgument = Annotated[
    str | None,
    strawberry.argument(description="Words to find in names, labels and alternative names. The beginning of a word is enough."),
]
BroaderArgument = Annotated[
    str | None, strawberry.argument(description="The slug of an issue area: return only those below it, at any level.")
]
RegionCodeArgument = Annotated[
    str, strawberry.argument(description='The code of the region, such as "US-GA". "GA" is the code of the country Gabon.')
]
RegionKindArgument = Annotated[RegionKind | None, strawberry.argument(description="Return only regions of this kind.")]
WithinArgument = Annotated[
    str | None, strawberry.argument(description="The code of a region: return only regions that it contains.")
]
PlaceQueryArgument = Annotated[
    str, strawberry.argument(description='The text typed by the user, such as "atlanta", "30312" or "Fulton County".')
]
SuggestQueryArgument = Annotated[str, strawberry.argument(description="The text typed so far.")]
UnderstandQueryArgument = Annotated[
    str, strawberry.argument(description='A search in plain words, such as "tenant groups near Atlanta".')
]
MatchLimitArgument = Annotated[
    int | None, strawberry.argument(description=f"The maximum number of results, 1 to {MATCHES_LIMIT}.")
]
