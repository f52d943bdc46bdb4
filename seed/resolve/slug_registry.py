"""Choose slugs for new records among those that were ever assigned."""

from directory.errors import BadInput
from directory.vocabulary.slugs import SLUG_LIMIT


class SlugRegistry:
    """Every slug ever assigned, with the id of its record.

    `ids` includes slugs of hidden and removed records. `in_use` holds the slugs that a new public record cannot have.
    """

    def __init__(self, ids: dict[str, str], in_use: set[str]) -> None:
        self.ids = ids
        self.in_use = in_use
        self._next_numbers: dict[str, int] = {}  # by slug without its number; thousands of chapters may share a name

    def reserve(self, id: str, suggestion: str, *, is_exact: bool) -> str:
        """Reserve the suggested slug for a public record; unless `is_exact`, with a number if it is in use.

        Raises BadInput if the suggestion is empty and not exact.
        """
        slug = suggestion if is_exact else self._find_free_slug(suggestion)
        self.in_use.add(slug)
        self.ids[slug] = id
        return slug

    def note_private(self, id: str, suggestion: str) -> None:
        """Remember the slug of a record that is not public, for later rows. The store assigns a private slug instead.

        Raises BadInput if the suggestion is empty.
        """
        self.ids.setdefault(_require_slug(suggestion), id)

    def _find_free_slug(self, slug: str) -> str:
        """Return the slug, with a number if it is in use. A name is not extended by its place, which may be hidden."""
        if _require_slug(slug) not in self.in_use:
            return slug
        stem = slug[: SLUG_LIMIT - 5].rstrip("-")
        number = self._next_numbers.get(stem, 2)
        while f"{stem}-{number}" in self.in_use:
            number += 1
        self._next_numbers[stem] = number
        return f"{stem}-{number}"


def _require_slug(slug: str) -> str:
    if not slug:
        raise BadInput("A slug cannot be derived from this name; add a slug.", argument="slug")
    return slug
