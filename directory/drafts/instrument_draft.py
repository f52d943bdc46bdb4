"""`InstrumentDraft` and `ProvisionDraft`: human-rights instruments and their articles or recommendations, as submitted.

They are validated and normalized when they are created. All problems are reported at once.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated

from directory.drafts.draft_checks import list_sourced_fields, require_sourced_fields, require_valid_record
from directory.drafts.draft_parts import LIST_FIELD, Day, Id, Name, Slug, SourceDraft, Url
from directory.drafts.plain_fields import build_plain_fields_draft
from directory.drafts.problems import validate_draft, validate_with
from directory.kinds.instrument import INSTRUMENT, PROVISION, StoredInstrument, StoredProvision
from directory.records import Audience, Source
from directory.vocabulary.choices import InstrumentKind

if TYPE_CHECKING:
    from directory.drafts.plain_fields import PlainFieldsDraft as InstrumentFieldsDraft
    from directory.drafts.plain_fields import PlainFieldsDraft as ProvisionFieldsDraft
else:
    _INSTRUMENT_ORDER = ("slug", "name", *INSTRUMENT.fields, "kind", "adopted_on", "url", "sources", "audience")
    _PROVISION_ORDER = ("slug", "instrument", "cycle", "number", "name", *PROVISION.fields, "sources", "audience")
    InstrumentFieldsDraft = build_plain_fields_draft("InstrumentFieldsDraft", INSTRUMENT.fields, _INSTRUMENT_ORDER)
    ProvisionFieldsDraft = build_plain_fields_draft("ProvisionFieldsDraft", PROVISION.fields, _PROVISION_ORDER)


class InstrumentDraft(InstrumentFieldsDraft):
    """An instrument as submitted: its parts, and the plain fields of its registry."""

    slug: Slug | None = None
    name: Name
    kind: InstrumentKind = InstrumentKind.TREATY
    adopted_on: Day | None = None
    url: Url | None = None
    sources: Annotated[
        tuple[SourceDraft, ...], validate_with(partial(require_sourced_fields, list_sourced_fields(INSTRUMENT)))
    ] = LIST_FIELD
    audience: Audience = Audience.PUBLIC


class ProvisionDraft(ProvisionFieldsDraft):
    """A provision as submitted. `instrument` is the id of its instrument, `name` its subject."""

    slug: Slug | None = None
    instrument: Id
    name: Name
    sources: Annotated[
        tuple[SourceDraft, ...], validate_with(partial(require_sourced_fields, list_sourced_fields(PROVISION)))
    ] = LIST_FIELD
    audience: Audience = Audience.PUBLIC


def parse_instrument_draft(submitted: Mapping[str, object]) -> InstrumentDraft:
    """Return the draft of submitted data. Raises BadInput with all problems in its param `problems`, a list of Problem."""
    return validate_draft(InstrumentDraft, submitted)


def parse_provision_draft(submitted: Mapping[str, object]) -> ProvisionDraft:
    """Return the draft of submitted data. Raises BadInput with all problems in its param `problems`, a list of Problem."""
    return validate_draft(ProvisionDraft, submitted)


def build_stored_instrument(draft: InstrumentDraft, *, id: str, slug: str) -> StoredInstrument:
    """Return the draft as a stored record."""
    copied = ("name", *INSTRUMENT.fields, "kind", "adopted_on", "url", "audience")
    sources = tuple(Source(**vars(source)) for source in draft.sources)
    return require_valid_record(
        StoredInstrument(id=id, slug=slug, sources=sources, **{field: getattr(draft, field) for field in copied})
    )


def build_stored_provision(draft: ProvisionDraft, *, id: str, slug: str) -> StoredProvision:
    """Return the draft as a stored record."""
    copied = ("name", *PROVISION.fields, "instrument", "audience")
    sources = tuple(Source(**vars(source)) for source in draft.sources)
    return require_valid_record(
        StoredProvision(id=id, slug=slug, sources=sources, **{field: getattr(draft, field) for field in copied})
    )
