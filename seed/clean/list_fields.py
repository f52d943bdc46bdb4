"""Parse the list fields of a row: locations, contacts, terms and service areas."""

from collections.abc import Iterable, Mapping

from directory.errors import BadInput
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS
from seed.clean import contact_parser, location_parser
from seed.clean.cleaning_log import CleaningLog
from seed.clean.values import service_areas, terms
from seed.clean.values.plain_text import FlatTexts, get_group_field, join_text
from seed.clean.values.terms import TagMeaning

_OFFICE_FIELDS = {"email": "email", "phone": "phone"}  # contact field to flat field, for the organization's own contact
_AREA_PARTS = ("city", "county", "state", "country")
_TERM_FIELDS = (*terms.THEME_FIELDS, "languages", "tags")


def move_wide_areas(cells: FlatTexts, log: CleaningLog) -> None:
    """Remove words from location cells that name no place: "Statewide" is an area that it serves, and "Various" nothing."""
    for field, value in list(cells.items()):
        part = get_group_field(field)
        if not part or part[0] != "location" or part[2] not in _AREA_PARTS or not isinstance(value, str):
            continue
        if service_areas.is_no_place(value):
            path = ("locations", part[1], part[2])
            log.set_path_heading(path, field)
            log.add_problem(path, BadInput(f"This is not a {part[2]}. Write where the organization is, or nothing."))
            del cells[field]
        elif service_areas.is_wide_area(value):
            log.add_repair(field, value, "", ("read as the area that it serves",))
            del cells[field]
            if not cells.get(service_areas.SERVICE_AREAS_FIELD):
                cells[service_areas.SERVICE_AREAS_FIELD] = value
                log.columns[service_areas.SERVICE_AREAS_FIELD] = log.find_heading(field)


def parse_locations(cells: FlatTexts, log: CleaningLog) -> dict[str, object]:
    """Return `locations` in the order of their numbers, without empty ones; {} if there are none."""
    locations: list[dict[str, object]] = []
    for number, flat in _group_texts(cells, "location").items():
        if any(text is not None for text in flat.values()):
            path = ("locations", len(locations))
            location = location_parser.parse_location(flat, _group_prefix("location", number), path, log)
            locations += [location] if any(value is not None for value in location.values()) else []
    return {"locations": locations} if locations else {}


def parse_contacts(cells: FlatTexts, country: str, log: CleaningLog) -> dict[str, object]:
    """Return `contacts`; {} if there are none.

    The organization's own contact comes first, then the numbered contacts, then further addresses and numbers of these.
    """
    own: dict[str, str | None] = {part: join_text(cells[part]) or None for part in _OFFICE_FIELDS if part in cells}
    parsed = contact_parser.parse_office_contact(own, _OFFICE_FIELDS, ("contacts", 0), log, country) if any(own.values()) else []
    contacts, further, sources = parsed[:1], parsed[1:], [_OFFICE_FIELDS] * len(parsed[1:])
    for number, flat in _group_texts(cells, "contact").items():
        fields = {part: f"{_group_prefix('contact', number)}.{part}" for part in flat}
        path = ("contacts", len(contacts))
        parsed = contact_parser.parse_contact(flat, fields, path, log, country) if any(flat.values()) else []
        contacts += parsed[:1]
        further += parsed[1:]
        sources += [fields] * len(parsed[1:])
    for position, (contact, source) in enumerate(zip(further, sources, strict=True), start=len(contacts)):
        for part in contact.keys() & source.keys():
            log.set_path_heading(("contacts", position, part), source[part])
    return {"contacts": [*contacts, *further]} if contacts else {}


def find_country_and_state(draft_fields: Mapping[str, object]) -> tuple[str, str | None]:
    """Return the country and the state (region code or None) of the first location.

    The country is that of telephone numbers without a country code; the state is what "statewide" means.
    """
    locations = draft_fields.get("locations")
    if not (isinstance(locations, list) and locations):
        return HOME_COUNTRY, None
    country = locations[0].get("country")
    is_code = isinstance(country, str) and len(country) == 2
    return country if is_code else HOME_COUNTRY, location_parser.find_state_code(locations[0])


def _group_texts(cells: FlatTexts, group: str) -> dict[int, dict[str, str | None]]:
    """Return the texts of a group by its number (from 0) and the field within it, ordered by number."""
    texts: dict[int, dict[str, str | None]] = {}
    for field, value in cells.items():
        part = get_group_field(field)
        if part and part[0] == group:
            texts.setdefault(part[1], {})[part[2]] = None if value is None else join_text(value)
    return dict(sorted(texts.items()))


def _group_prefix(group: str, number: int) -> str:
    return f"{group}{number + 1}" if number else group


def parse_terms(
    texts: FlatTexts, term_overrides: Mapping[str, str], log: CleaningLog
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return terms by draft field: those in the field's own column, and those found in the column of another field.

    A column of tags counts as the own column of each of its terms. `term_overrides` is the profile's mapping of tags. A column
    without any known term states nothing, so it clears nothing.
    """
    own_terms: dict[str, list[str]] = {field: [] for field in terms.VOCABULARIES if field in texts and texts[field] is None}
    stray_terms: dict[str, list[str]] = {}
    for field in _TERM_FIELDS:
        if value := texts.get(field):
            for tag, meaning in _find_meanings(field, value, term_overrides, log):
                _record_meaning(field, tag, meaning, log)
                for term_field, slug in meaning.terms:
                    is_own = term_field == field or field == "tags"
                    (own_terms if is_own else stray_terms).setdefault(term_field, []).append(slug)
    for field in own_terms.keys() & stray_terms.keys():
        own_terms[field] += stray_terms.pop(field)
    return _deduplicate(own_terms), _deduplicate(stray_terms)


def parse_service_areas(
    texts: FlatTexts, term_overrides: Mapping[str, str], state: str | None, log: CleaningLog
) -> dict[str, list[str]]:
    """Return the region codes as `service_areas`; {} if the row states no known region.

    `state` is the region code of the organization's state, if known.
    """
    field = service_areas.SERVICE_AREAS_FIELD
    value = texts.get(field)
    if not value:
        return {field: []} if field in texts else {}
    log.set_path_heading((field,), field)
    codes: list[str] = []
    for area in service_areas.split_areas(value):
        meaning = service_areas.find_mapped_region(area, term_overrides) or service_areas.find_region(area, state)
        _record_meaning(field, area, meaning, log)
        codes += [code for _, code in meaning.terms]
    return {field: list(dict.fromkeys(codes))} if codes else {}


def _find_meanings(
    field: str, value: str | Iterable[str], term_overrides: Mapping[str, str], log: CleaningLog
) -> list[tuple[str, TagMeaning]]:
    log.set_path_heading((field,), field)
    try:
        tags = terms.split_tags(value, field)
    except BadInput as error:
        log.add_problem((field,), error)
        return []
    if not term_overrides:
        return [(tag, terms.find_term(tag, field)) for tag in tags]
    return [(tag, terms.find_mapped_term(tag, field, term_overrides) or terms.find_term(tag, field)) for tag in tags]


def _record_meaning(field: str, tag: str, term_meaning: TagMeaning, log: CleaningLog) -> None:
    if term_meaning.is_unknown:
        log.add_unknown_term(tag, term_meaning.suggestions)
    if term_meaning.reason:
        names = [region.name if (region := REGIONS.get(slug)) else slug for _, slug in term_meaning.terms]
        log.add_repair(field, tag, ", ".join(names), (term_meaning.reason,))
    for term_field, _ in term_meaning.terms:
        if term_field != field:
            log.set_path_heading((term_field,), field)


def _deduplicate(slugs_by_field: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {field: list(dict.fromkeys(slugs)) for field, slugs in slugs_by_field.items()}
