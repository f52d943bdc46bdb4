"""Work out the record that an edited text describes. The text is the whole record; only the fields that differ are changed."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cli.editing.edited_text import read_draft_fields
from cli.editing.record_fields import TIME_FIELDS, Fields, ReferenceNames, location_fields, to_fields
from directory.drafts.draft_parts import LocationDraft
from directory.drafts.free_text import find_new_text_problems
from directory.drafts.geocoding import locate, make_location_id
from directory.drafts.organization_draft import build_stored_organization, parse_draft
from directory.drafts.problems import Problem
from directory.drafts.record_drafts import build_record
from directory.errors import BadInput, ErrorCode
from directory.geo import Disclosure, Precision
from directory.kinds import get_kind
from directory.records import PrivatePlace, StoredLocation, StoredOrganization, StoredRecord
from directory.store.ledger.change_log import replace_parts
from directory.store.read_transaction import ReadTransaction
from seed.resolve.record_keys import ReferenceResolver
from seed.resolve.row_statement import list_problems

NO_PRIVATE_PLACE = PrivatePlace()  # removes a stored street and point
_STORED_NAMES = {"locations": "sites", "starts_local": "starts_at", "ends_local": "ends_at"}  # of fields of a draft
ALWAYS_STATED = ("kind", "membership", "audience", "online_audience", "is_all_day", "is_cancelled")
_AREA_FIELDS = ("country", "state", "county", "city", "postal_code")
_PRIVATE_FIELDS = ("street", "latitude", "longitude", "known")
OTHER_ID = "The id of a record never changes. Write it as it was: {}."
UNSHOWN_PLACE = (
    "This place has a street or a point that is not shown here. To publish the place exactly, write its street. To remove the "
    'stored one, write street = "".'
)


class StoredState(Struct, frozen=True):
    """A stored record as the person saw it: the record, its last revision, and the fields of its text."""

    record: StoredRecord
    revision: int
    fields: Fields
    references: ReferenceNames


def complete_fields(state: StoredState, fields: Fields) -> Fields:
    """Return the fields with the stored kind, membership and audience if the text leaves them out: they always have a value."""
    kept = {name: state.fields[name] for name in ALWAYS_STATED if name in state.fields and name not in fields}
    membership, stored = fields.get("membership"), state.fields.get("membership")
    if isinstance(membership, dict) and isinstance(stored, dict) and "status" in stored:
        kept["membership"] = {"status": stored["status"], **membership}
    return {**fields, **kept}


def list_changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the fields of the text that differ, in the order of the new text. Times of an event change together."""
    changed = [name for name in (*after, *(before.keys() - after.keys())) if before.get(name) != after.get(name)]
    return [*changed, *TIME_FIELDS] if set(changed) & set(TIME_FIELDS) else changed


def build_edited_record(state: StoredState, fields: Fields, reading: ReadTransaction, today: dt.date) -> StoredRecord:
    """Return the record as the fields describe it. What no text shows, such as private streets, stays as it is stored.

    Raises BadInput with all problems in its param `problems`, a list of Problem.
    """
    before, problems = state.record, list[Problem]()
    if fields.get("id", before.id) != before.id:
        problems.append(Problem(("id",), ErrorCode.BAD_INPUT, OTHER_ID.format(before.id)))
    submitted = {name: value for name, value in read_draft_fields(_without_empty_streets(fields)).items() if name != "id"}
    submitted = ReferenceResolver(reading).resolve(get_kind(before).name, submitted, problems)
    changed = list_changed_fields(state.fields, fields)
    built = _build_tolerantly(before, submitted, changed, today, problems)
    if built is None or problems:
        raise BadInput("The record has problems.", problems=problems)
    after = _replace_changed(before, built, changed)
    if "locations" in changed:
        after = replace_parts(after, sites=_match_sites(before, built.sites, fields.get("locations", []), reading))
    _require_consistent(after, before)
    return after


def _without_empty_streets(fields: Fields) -> Fields:
    """Return the fields without streets that are "": they remove the stored street, and are no streets."""
    locations = fields.get("locations")
    if not isinstance(locations, list):
        return fields
    kept = [
        {name: value for name, value in place.items() if (name, value) != ("street", "")} if isinstance(place, dict) else place
        for place in locations
    ]
    return {**fields, "locations": kept}


def _build_tolerantly(
    before: StoredRecord, submitted: Mapping[str, Any], changed: Collection[str], today: dt.date, problems: list[Problem]
) -> StoredRecord | None:
    """Return the record that a draft of the fields makes; None if it has problems, which are added to `problems`.

    A stored value that today's rules refuse does not prevent an edit of other fields: it is left out, and stays stored.
    """
    try:
        return _build(before, submitted, today)
    except BadInput as error:
        found = list_problems(error)
    own = [problem for problem in found if not problem.path or problem.path[0] in changed]
    rest = {name: value for name, value in submitted.items() if all(problem.path[:1] != (name,) for problem in found)}
    try:
        if not own:
            return _build(before, rest, today)
    except BadInput as error:
        own = list(list_problems(error))
    reported = {problem.path for problem in problems}
    problems += [problem for problem in own if problem.path not in reported]
    return None


def _build(before: StoredRecord, submitted: Mapping[str, Any], today: dt.date) -> StoredRecord:
    slug = submitted.get("slug")
    own_slug = slug if isinstance(slug, str) and slug else before.slug
    if isinstance(before, StoredOrganization):
        return _build_organization(before.id, own_slug, submitted, today)
    return build_record(get_kind(before).name, submitted, id=before.id, slug=own_slug)


def _build_organization(id: str, slug: str, submitted: Mapping[str, Any], today: dt.date) -> StoredOrganization:
    draft = parse_draft(submitted, today=today)
    problems: list[Problem] = []
    sites = tuple(_locate_all(draft.locations, id, problems))
    if problems:
        raise BadInput("The record has problems.", problems=problems)
    return build_stored_organization(draft, id=id, slug=slug, sites=sites, is_whole=False)


def _locate_all(drafts: Sequence[LocationDraft], id: str, problems: list[Problem]) -> Iterator[StoredLocation]:
    for position, draft in enumerate(drafts):
        try:
            yield locate(draft, id=make_location_id(id, position))
        except BadInput as error:
            problems += list_problems(error, ("locations", position))


def _replace_changed(before: StoredRecord, built: StoredRecord, changed: Sequence[str]) -> StoredRecord:
    names = {_STORED_NAMES.get(name, name) for name in changed} & set(before.__struct_fields__)
    return replace(before, **{name: getattr(built, name) for name in names - {"id", "sites"}})


def _require_consistent(after: StoredRecord, before: StoredRecord) -> None:
    found = (*get_kind(after).find_violations(after), *find_new_text_problems(after, before))
    if found:
        problems = [Problem((field,), ErrorCode.BAD_INPUT, message) for field, message in found]
        raise BadInput("The record has problems.", problems=problems)


# ---------------------------------------------------------------- places


def _match_sites(
    before: StoredRecord, built: Sequence[StoredLocation], texts: Sequence[Fields], reading: ReadTransaction
) -> tuple[StoredLocation, ...]:
    """Return the edited places, each with the id and the private part of the stored place that it was.

    An unedited place stays as it is. Others are matched by their area; the last one on both sides has moved.
    """
    matches = _match_positions(before.sites, built, texts)
    old_ids = {site.id for site in before.sites}
    free_ids = (id for number in range(len(old_ids) + len(texts)) if (id := make_location_id(before.id, number)) not in old_ids)
    sites, problems = list[StoredLocation](), list[Problem]()
    for position, site in enumerate(built):
        old, is_edited = matches.get(position, (None, True))
        try:
            sites.append(
                _edit_site(old, site, texts[position], reading) if old and is_edited else old or replace(site, id=next(free_ids))
            )
        except BadInput as error:
            problems += list_problems(error, ("locations", position))
    if problems:
        raise BadInput("The record has problems.", problems=problems)
    return (replace(sites[0], is_primary=True),) if len(sites) == 1 else tuple(sites)


def _match_positions(
    stored: Sequence[StoredLocation], built: Sequence[StoredLocation], texts: Sequence[Fields]
) -> dict[int, tuple[StoredLocation, bool]]:
    """Return the stored place that each edited one was, by position, and whether it was edited."""
    free, matches = list(stored), dict[int, tuple[StoredLocation, bool]]()
    tests: list[Callable[[StoredLocation, int], bool]] = [
        lambda old, position: location_fields(old, has_several=len(stored) > 1) == texts[position],
        lambda old, position: _is_same_area(old, built[position]),
        lambda old, position: len(free) == 1 and len(matches) == len(built) - 1,
    ]
    for number, is_match in enumerate(tests):
        for position in range(len(built)):
            old = next((one for one in free if is_match(one, position)), None) if position not in matches else None
            if old:
                free.remove(old)
                matches[position] = (old, number > 0)
    return matches


def _pair_areas(first: StoredLocation, second: StoredLocation) -> list[tuple[str, str]]:
    """Return the areas that both places state, coarsest first, in lower case."""
    pairs = [(getattr(first, name), getattr(second, name)) for name in _AREA_FIELDS]
    return [(one.casefold(), other.casefold()) for one, other in pairs if one is not None and other is not None]


def _is_same_area(first: StoredLocation, second: StoredLocation) -> bool:
    """Whether the places agree in every area that both state, and in more than the country."""
    pairs = _pair_areas(first, second)
    return len(pairs) > 1 and all(one == other for one, other in pairs)


def _edit_site(old: StoredLocation, new: StoredLocation, text: Fields, reading: ReadTransaction) -> StoredLocation:
    """Return the new place with the id of the old one and, unless the text decides about it, its private street and point.

    Raises BadInput if the place would be published exactly, but the text cannot say what is published.
    """
    new = replace(new, id=old.id)
    if old.disclosure is Disclosure.EXACT:  # the text showed everything
        return replace(new, private=new.private or NO_PRIVATE_PLACE)
    if any(name in text for name in _PRIVATE_FIELDS):
        is_same = new.private is not None and not reading.find_differing_places({old.id: new.private})
        return _keep_private_place(old, new) if is_same else replace(new, private=new.private or NO_PRIVATE_PLACE)
    if not reading.find_differing_places({old.id: NO_PRIVATE_PLACE}):
        return new
    if any(one != other for one, other in _pair_areas(old, new)):  # it moved, and its street is elsewhere
        return replace(new, private=NO_PRIVATE_PLACE)
    if new.disclosure is Disclosure.EXACT:
        raise BadInput(UNSHOWN_PLACE, argument="disclosure")
    return _keep_private_place(old, new)


def _keep_private_place(old: StoredLocation, new: StoredLocation) -> StoredLocation:
    has_point = old.known in (Precision.EXACT, Precision.STREET)
    return replace(new, private=None, known=old.known if has_point else new.known)


# ---------------------------------------------------------------- conflicts


def rebase(text_fields: Fields, old: StoredState, new: StoredState) -> tuple[Fields, list[str]]:
    """Return the fields of the new state with the changes that a person made to the old one, and the fields that both changed."""
    own = list_changed_fields(old.fields, text_fields)
    others = set(list_changed_fields(old.fields, new.fields))
    fields = {name: value for name, value in new.fields.items() if name not in own}
    fields |= {name: text_fields[name] for name in own if name in text_fields and name != "id"}
    return fields, [name for name in dict.fromkeys(own) if name in others and text_fields.get(name) != new.fields.get(name)]


def describe_state(record: StoredRecord, revision: int, references: ReferenceNames) -> StoredState:
    return StoredState(record, revision, to_fields(record, references), references)
