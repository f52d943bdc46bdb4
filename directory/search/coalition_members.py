"""Find the members of the coalition that a filter names."""

from rapidfuzz import fuzz, process

from directory.errors import BadInput
from directory.kinds.coalition import Coalition
from directory.search.record_view import RecordView

SUGGESTION_CUTOFF = 65  # rapidfuzz ratio, 0 to 100; less similar slugs are not suggested
MAX_SUGGESTIONS = 3


def find_members(coalitions: RecordView, slug: str) -> tuple[str, ...]:
    """Return the ids of the members of a coalition that the audience sees.

    Raises BadInput, with the nearest slugs as `suggestions`, if there is no such coalition for this audience.
    """
    coalition = coalitions.get(coalitions.slugs.find(slug))
    if isinstance(coalition, Coalition):
        return coalition.member_ids
    nearest = find_nearest_slugs(coalitions, slug)
    advice = f"Did you mean {nearest[0]}?" if nearest else "Use the slug of a coalition that `coalitions` lists."
    raise BadInput(f'There is no coalition "{slug}". {advice}', argument="coalition", value=slug, suggestions=nearest)


def find_nearest_slugs(view: RecordView, slug: str) -> list[str]:
    """Return the current slugs of records that the audience sees which are spelled most like a slug; [] if none is similar."""
    slugs = sorted(record.slug for _, record in view.index.rows.number_records())  # rows would show the order of hidden changes
    matches = process.extract(slug, slugs, scorer=fuzz.ratio, limit=MAX_SUGGESTIONS, score_cutoff=SUGGESTION_CUTOFF)
    return [match for match, _, _ in matches]
