"""The description of a group that is not listed, by values or in a sentence, as a profile that can look for allies."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.partners.allies.request import PartnerProfile
from directory.question import FACETS, Near, RegionMatch, check_length
from directory.search.snapshot import Snapshot
from directory.understanding.understand import understand
from directory.vocabulary.regions import REGIONS

MAX_DRAFT_VALUES = 50  # terms of one facet, or regions


class GroupDraft(Struct, frozen=True, kw_only=True):
    """What a group says of itself: slugs of terms, codes of the regions it serves, its place, and texts.

    `words` is a sentence in English or Spanish, which is understood as a search would be: "a tenants' group in Chicago".
    """

    issue_areas: Sequence[str] = ()
    communities: Sequence[str] = ()
    work_areas: Sequence[str] = ()
    regions: Sequence[str] = ()
    place: Near | None = None
    seeks: str = ""
    offers: str = ""
    words: str = ""


class UnderstoodDraft(GroupDraft, frozen=True, kw_only=True):
    """What a sentence says of a group. `location_regions` are the regions in which the group may be, not only serve."""

    location_regions: Sequence[str] = ()


def describe_draft(draft: GroupDraft, snapshot: Snapshot) -> PartnerProfile:
    """Return the profile of a group. `snapshot` knows the words of the records that the asker may see.

    Raises BadInput for an empty description, too many values or texts that are too long, UnknownTerm and UnknownRegion.
    """
    _check_limits(draft)
    understood = _understand(draft.words, snapshot) if draft.words.strip() else UnderstoodDraft()
    place = _choose_place(draft.place, understood.place)
    regions = _unite(draft.regions, understood.regions)
    for code in regions:
        REGIONS.require(code)
    profile = PartnerProfile(
        issue_areas=_require_terms("issue_areas", draft, understood),
        communities=_require_terms("communities", draft, understood),
        work_areas=_require_terms("work_areas", draft, understood),
        service_areas=regions,
        location_regions=_list_regions(place) if place else _add_containing(understood.location_regions),
        points=(place.point,) if place and _is_precise(place) else (),
        seeks=draft.seeks,
        offers=draft.offers,
    )
    if profile == PartnerProfile():
        sentence = "Nothing in this description was understood. Name a theme, a community, a place, or what you seek or offer."
        raise BadInput(sentence, argument="draft")
    return profile


def _check_limits(draft: GroupDraft) -> None:
    for name in ("issue_areas", "communities", "work_areas", "regions"):
        if len(getattr(draft, name)) > MAX_DRAFT_VALUES:
            sentence = f"A group can be described with at most {MAX_DRAFT_VALUES} {name.replace('_', ' ')}. Name the main ones."
            raise BadInput(sentence, argument="draft", limit=MAX_DRAFT_VALUES)
    for argument in ("seeks", "offers", "words"):
        check_length(argument, getattr(draft, argument))


def _understand(words: str, snapshot: Snapshot) -> UnderstoodDraft:
    """Return what a sentence says of a group: its terms, its place, and the regions it names."""
    filters = understand(words, snapshot).question.list_filters()
    return UnderstoodDraft(
        issue_areas=_unite(*(one.issue_areas.any_of + one.issue_areas.all_of for one in filters)),
        communities=_unite(*(one.communities.any_of + one.communities.all_of for one in filters)),
        work_areas=_unite(*(one.work_areas.any_of + one.work_areas.all_of for one in filters)),
        regions=_unite(*(one.regions.any_of for one in filters)),
        location_regions=_unite(*(one.regions.any_of for one in filters if one.regions.by is not RegionMatch.SERVING)),
        place=next((one.near for one in filters if one.near is not None), None),
    )


def _choose_place(place: Near | None, understood: Near | None) -> Near | None:
    """Raises BadInput if a group is at one place, and its sentence names another one."""
    if place and understood and place.point != understood.point:
        label = understood.label or "another place"
        sentence = f"The group is at one place, but `words` names another one: {label}. Name its place only once."
        raise BadInput(sentence, argument="draft")
    return place or understood


def _require_terms(facet: str, *drafts: GroupDraft) -> tuple[str, ...]:
    slugs = _unite(*(getattr(draft, facet) for draft in drafts))
    return tuple(FACETS[facet].require(slug).slug for slug in slugs)


def _unite(*values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in values for value in group))


def _add_containing(codes: Iterable[str]) -> tuple[str, ...]:
    return _unite(*((code, *REGIONS.containing_codes(code)) for code in codes))


def _list_regions(place: Near | None) -> tuple[str, ...]:
    """Return the codes of the regions that contain a place; () for a point without a name."""
    known = get_gazetteer().get_place(place.reference) if place else None
    return known.regions if known else ()


def _is_precise(place: Near) -> bool:
    """Whether distances from the place mean something: not from the middle of a state or of a larger region."""
    return not place.reference.startswith(("state:", "region:"))
