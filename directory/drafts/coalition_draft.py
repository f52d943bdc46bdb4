"""`CoalitionDraft`: a coalition as submitted, validated and normalized when it is created. All problems are reported at once."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from directory.drafts.draft_checks import list_sourced_fields, require_sourced_fields, require_valid_record
from directory.drafts.draft_parts import LIST_FIELD, Day, Draft, Id, LinkDraft, Name, Slug, SourceDraft, Text
from directory.drafts.plain_fields import build_plain_fields_draft
from directory.drafts.problems import to_pydantic_error, validate_draft, validate_with
from directory.errors import BadInput
from directory.kinds.coalition import COALITION, CoalitionMember, StoredCoalition
from directory.records import Audience, Link, Source

MEMBER_LIMIT = 1_000

_COPIED_FIELDS = ("name", *COALITION.fields, "parent", "audience")

if TYPE_CHECKING:
    from directory.drafts.plain_fields import PlainFieldsDraft as CoalitionFieldsDraft
else:
    _ORDER = ("slug", "name", *COALITION.fields, "links", "parent", "members", "sources", "audience")
    CoalitionFieldsDraft = build_plain_fields_draft("CoalitionFieldsDraft", COALITION.fields, _ORDER)


class MemberDraft(Draft):
    """An organization in the coalition, by its id."""

    organization: Id
    role: Text | None = None
    since: Day | None = None
    until: Day | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _check_date_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise to_pydantic_error(BadInput("The membership ends before it starts. Check both dates."))
        return self


def _require_distinct(members: tuple[MemberDraft, ...]) -> tuple[MemberDraft, ...]:
    counts = Counter(member.organization for member in members)
    repeated = next((organization for organization, count in counts.items() if count > 1), None)
    if repeated is None:
        return members
    positions = [str(number) for number, member in enumerate(members, start=1) if member.organization == repeated]
    raise BadInput(
        f"The organization {repeated} is listed {len(positions)} times, as members {' and '.join(positions)}. Keep one of them."
    )


class CoalitionDraft(CoalitionFieldsDraft):
    """A coalition as submitted: its parts, and the plain fields of its registry. `parent` is the id of another coalition."""

    slug: Slug | None = None
    name: Name
    links: tuple[LinkDraft, ...] = LIST_FIELD
    parent: Id | None = None
    members: Annotated[tuple[MemberDraft, ...], validate_with(_require_distinct)] = Field(default=(), max_length=MEMBER_LIMIT)
    sources: Annotated[
        tuple[SourceDraft, ...], validate_with(partial(require_sourced_fields, list_sourced_fields(COALITION)))
    ] = LIST_FIELD
    audience: Audience = Audience.PUBLIC

    @field_validator("ended_on")
    @classmethod
    def _check_date_order(cls, ended_on: Day | None, info: ValidationInfo) -> Day | None:
        started_on = info.data.get("started_on")
        if ended_on and started_on and ended_on < started_on:
            raise to_pydantic_error(BadInput("The coalition ends before it starts. Check both dates."))
        return ended_on


def parse_coalition_draft(submitted: Mapping[str, object]) -> CoalitionDraft:
    """Return the draft of submitted data. Raises BadInput with all problems in its param `problems`, a list of Problem."""
    return validate_draft(CoalitionDraft, submitted)


def build_stored_coalition(draft: CoalitionDraft, *, id: str, slug: str) -> StoredCoalition:
    """Return the draft as a stored record. Raises BadInput for a coalition that is its own parent."""
    return require_valid_record(
        StoredCoalition(
            id=id,
            slug=slug,
            links=tuple(Link(**vars(link)) for link in draft.links),
            members=tuple(CoalitionMember(**vars(member)) for member in draft.members),
            sources=tuple(Source(**vars(source)) for source in draft.sources),
            **{field: getattr(draft, field) for field in _COPIED_FIELDS},
        )
    )
