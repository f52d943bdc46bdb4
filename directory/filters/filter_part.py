"""A part of a question that a page can show and remove, and its label."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.filters import labels
from directory.filters.question_fields import ANY_FIELD
from directory.gazetteer.gazetteer import get_gazetteer
from directory.question import Near, Question, RegionMatch

ALL_FIELD = "all"  # an alternative of several conditions, all of which must hold

NAMING_FIELDS = ("parent", "coalition")
NameLookup: TypeAlias = Callable[[str, str], str | None]  # the name of the record that a field names by id or slug
"""Takes the id of an organization; returns its name, or None if it is unknown."""


class FilterPart(Struct, frozen=True, eq=False):
    """One part of a question: "issueAreas" with "housing", "regions.noneOf" with "US-TX", "near" with "city:US-GA:atlanta".

    A clause with several alternatives is one part, with the field "any". An alternative of several conditions is a part with the
    field "all", and they are its `alternatives`. The value of both is their text in a query string. Parts are equal if field and
    value are equal. The other attributes are only needed for the label.
    """

    field: str
    value: str
    near: Near | None = None  # for the field "near"
    is_additional_term: bool = True  # for "allOf": whether another term of the facet comes before it
    alternatives: tuple["FilterPart", ...] = ()
    question: Question | None = None  # that the part can be removed from, if the part is to be removed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilterPart) and (self.field, self.value) == (other.field, other.value)

    def __hash__(self) -> int:
        return hash((self.field, self.value))

    def label(self, language: str = "en", find_name: NameLookup | None = None) -> str:
        """Return the label in English or, for "es", in Spanish: "within 50 miles of Atlanta, GA".

        `find_name` finds the names of organizations and coalitions. Without it, labels have their ids or slugs.
        """
        return _format_part(self, language, find_name)


def _format_part(
    part: FilterPart, language: str, find_name: NameLookup | None, *, starts_label: bool = True, in_sentence: bool = False
) -> str:
    """Return the label of a part. Inside of another label it starts with a small letter; `in_sentence` is that of labels."""
    if part.field == ANY_FIELD and (near := _find_place_nearby(part)):
        return labels.format_nearby(near, language)
    if part.field in (ANY_FIELD, ALL_FIELD):
        return _format_alternatives(part, language, find_name, starts_label, in_sentence)
    name = find_name(part.field, part.value) if find_name and part.field in NAMING_FIELDS else None
    label = labels.format_label(
        part.field,
        name or part.value,
        part.near,
        language,
        is_additional_term=part.is_additional_term,
        in_sentence=in_sentence,
    )
    return label if starts_label else labels.lower_first_letter(label, part.field, language)


def _format_alternatives(
    part: FilterPart, language: str, find_name: NameLookup | None, starts_label: bool, in_sentence: bool
) -> str:
    region_match = next((one.value for one in part.alternatives if one.field == "regions.by"), None)
    texts: list[str] = []
    is_choice = part.field == ANY_FIELD
    for one in _drop_repeated(part.alternatives, language, find_name) if is_choice else part.alternatives:
        is_matched = region_match is not None and _has_regions(one)
        starts = starts_label and not texts and not is_matched
        text = _format_part(one, language, find_name, starts_label=starts, in_sentence=in_sentence or is_matched)
        if region_match and is_matched:
            text = labels.format_region_match(region_match, text, language)
        elif part.field == ALL_FIELD and one.field == ANY_FIELD and _find_place_nearby(one) is None:
            text = f"({text})"
        texts += [text] if one.field != "regions.by" or not any(map(_has_regions, part.alternatives)) else []
    return labels.join_labels(texts, language, is_choice=is_choice)


def _drop_repeated(parts: tuple[FilterPart, ...], language: str, find_name: NameLookup | None) -> Iterator[FilterPart]:
    """Yield the alternatives whose labels say something new: a theme and a community may be called the same."""
    seen: set[str] = set()
    for one in parts:
        label = "" if one.alternatives else _format_part(one, language, find_name)
        if not label or label.lower() not in seen:
            yield one
        seen.add(label.lower())


def _has_regions(part: FilterPart) -> bool:
    return part.field == "regions" or (part.field == ANY_FIELD and all(one.field == "regions" for one in part.alternatives))


def _find_place_nearby(part: FilterPart) -> Near | None:
    """Return the place, without the radius, if the alternatives are a circle around it and serving a region that contains it."""
    near = next((one.near for one in part.alternatives if one.near is not None), None)
    others = [one for one in part.alternatives if one.near is None]
    place = get_gazetteer().get_place(near.reference) if near is not None and len(part.alternatives) == 2 else None
    if near is None or place is None or not others:
        return None
    values = {(one.field, one.value) for one in others[0].alternatives}
    is_nearby = values in [{("regions", code), ("regions.by", RegionMatch.SERVING)} for code in place.regions]
    return replace(near, radius_km=None) if is_nearby else None
