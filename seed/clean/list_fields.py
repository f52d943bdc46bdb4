"""The places and contacts of a row, gathered from its numbered columns."""

from collections.abc import Iterable, Mapping

from directory.errors import BadInput
from seed.clean import contact_parser, location_parser
from seed.clean.cells import FlatTexts, get_group_field, join_text
from seed.clean.cleaning_log import CleaningLog
from seed.clean.values import terms
from seed.clean.values.areas import HOME_COUNTRY
from seed.clean.values.terms import TagMeaning

_OFFICE_FIELDS = {"email": "email", "phone": "phone"}  # what is the organization's own of a contact, and its flat field


def parse_locations(cells: FlatTexts, log: CleaningLog) -> dict[str, object]:
    """`locations`, in the order of their numbers, those without anything left out; {} where there are none."""
    found: list[dict[str, object]] = []
    for number, flat in _group_texts(cells, "location").items():
        if any(text is not None for text in flat.values()):
            place = location_parser.parse_location(flat, _group_prefix("location", number), ("locations", len(found)), log)
            found += [place] if any(value is not None for value in place.values()) else []
    return {"locations": found} if found else {}


def parse_contacts(cells: FlatTexts, country: str, log: CleaningLog) -> dict[str, object]:
    """`contacts`: the organization's own, then persons by their numbers, then further addresses and numbers of these."""
    own: dict[str, str | None] = {part: join_text(cells[part]) or None for part in _OFFICE_FIELDS if part in cells}
    read = contact_parser.parse_office_contact(own, _OFFICE_FIELDS, ("contacts", 0), log, country) if any(own.values()) else []
    found, more, sources = read[:1], read[1:], [_OFFICE_FIELDS] * len(read[1:])
    for number, flat in _group_texts(cells, "contact").items():
        fields = {part: f"{_group_prefix('contact', number)}.{part}" for part in flat}
        read = contact_parser.parse_contact(flat, fields, ("contacts", len(found)), log, country) if any(flat.values()) else []
        found += read[:1]
        more += read[1:]
        sources += [fields] * len(read[1:])
    for position, (contact, source) in enumerate(zip(more, sources, strict=True), start=len(found)):
        for part in contact.keys() & source.keys():
            log.set_path_heading(("contacts", position, part), source[part])
    return {"contacts": [*found, *more]} if found else {}


def find_country_and_state(draft_fields: Mapping[str, object]) -> tuple[str, str | None]:
    """The country and the state (region code) of the first place: where numbers are dialled and what "statewide" means."""
    locations = draft_fields.get("locations")
    if not (isinstance(locations, list) and locations):
        return HOME_COUNTRY, None
    country = locations[0].get("country")
    return country if isinstance(country, str) and len(country) == 2 else HOME_COUNTRY, location_parser.find_state_code(
        locations[0]
    )


def _group_texts(cells: FlatTexts, group: str) -> dict[int, dict[str, str | None]]:
    """The texts of a group's fields, by its number and the field within it, in order."""
    found: dict[int, dict[str, str | None]] = {}
    for field, value in cells.items():
        part = get_group_field(field)
        if part and part[0] == group:
            found.setdefault(part[1], {})[part[2]] = None if value is None else join_text(value)
    return dict(sorted(found.items()))


def _group_prefix(group: str, number: int) -> str:
    return f"{group}{number + 1}" if number else group


_TERM_FIELDS = (*terms.THEME_FIELDS, "languages", "tags")


def parse_terms(
    texts: FlatTexts, term_overrides: Mapping[str, str], log: CleaningLog
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The terms by draft field: those that the row states, and those that turned up in another field's column.

    A column of tags states all the fields its tags belong to. `said` is what the profile says that tags mean. A column of which
    nothing is known states nothing, so that it clears nothing.
    """
    found: dict[str, list[str]] = {field: [] for field in terms.VOCABULARIES if field in texts and texts[field] is None}
    strays: dict[str, list[str]] = {}
    for field in _TERM_FIELDS:
        if value := texts.get(field):
            for tag, meant in _find_meanings(field, value, term_overrides, log):
                _record_meaning(field, tag, meant, log)
                for own, slug in meant.terms:
                    (found if own == field or field == "tags" else strays).setdefault(own, []).append(slug)
    for field in found.keys() & strays.keys():
        found[field] += strays.pop(field)
    return _deduplicate(found), _deduplicate(strays)


def parse_service_areas(
    texts: FlatTexts, term_overrides: Mapping[str, str], state: str | None, log: CleaningLog
) -> dict[str, list[str]]:
    """The region codes as `service_areas`; {} where the row states none that is known. `state` as in service_areas.region."""
    field = terms.SERVICE_AREAS_FIELD
    value = texts.get(field)
    if not value:
        return {field: []} if field in texts else {}
    log.set_path_heading((field,), field)
    found: list[str] = []
    for area in terms.split_areas(value):
        meant = terms.find_mapped_region(area, term_overrides) or terms.find_region(area, state)
        _record_meaning(field, area, meant, log)
        found += [code for _, code in meant.terms]
    return {field: list(dict.fromkeys(found))} if found else {}


def _find_meanings(
    field: str, value: str | Iterable[str], term_overrides: Mapping[str, str], log: CleaningLog
) -> list[tuple[str, TagMeaning]]:
    log.set_path_heading((field,), field)
    try:
        tags = terms.split_tags(value, field)
    except BadInput as refusal:
        log.add_problem((field,), refusal)
        return []
    if not term_overrides:
        return [(tag, terms.find_term(tag, field)) for tag in tags]
    return [(tag, terms.find_mapped_term(tag, field, term_overrides) or terms.find_term(tag, field)) for tag in tags]


def _record_meaning(field: str, tag: str, term_meaning: TagMeaning, log: CleaningLog) -> None:
    if term_meaning.is_unknown:
        log.add_unknown_term(tag, term_meaning.suggestions)
    if term_meaning.reason:
        log.add_repair(field, tag, ", ".join(slug for _, slug in term_meaning.terms), (term_meaning.reason,))
    for own, _ in term_meaning.terms:
        if own != field:
            log.set_path_heading((own,), field)


def _deduplicate(slugs_by_field: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {field: list(dict.fromkeys(slugs)) for field, slugs in slugs_by_field.items()}
