"""Find the records that options and arguments name by slug, or say which slugs are similar."""

from collections.abc import Sequence

from directory.errors import BadInput
from directory.filters.labels import join_labels
from directory.records import Organization, PublishedRecord, RecordKind
from directory.search.coalition_members import find_nearest_slugs
from directory.search.snapshot import Snapshot


def require_record(
    snapshot: Snapshot, kind: RecordKind, slug: str, option: str, advice: str = "Check the spelling of the slug."
) -> PublishedRecord:
    """Return the record with a current or former slug, or an id.

    Raises BadInput, with the nearest slugs or else the advice, if the audience sees none.
    """
    record = snapshot.find_record_by_slug(kind, slug) or snapshot.find_record(kind, slug)
    if record is None:
        nearest = suggest_slugs(find_nearest_slugs(snapshot.views[kind], slug))
        raise BadInput(f'There is no {kind.noun} "{slug}". {nearest or advice}', argument=option, value=slug)
    return record


def require_organization(snapshot: Snapshot, slug: str, option: str, advice: str = "Check its spelling.") -> Organization:
    """Return the organization with a slug or an id, as `require_record` does."""
    record = require_record(snapshot, RecordKind.ORGANIZATION, slug, option, advice)
    assert isinstance(record, Organization)  # noqa: S101 - for mypy
    return record


def suggest_slugs(slugs: Sequence[str]) -> str:
    """Return a question that names these slugs or keys; "" if there are none."""
    return f"Did you mean {join_labels(slugs, 'en', is_choice=True)}?" if slugs else ""
