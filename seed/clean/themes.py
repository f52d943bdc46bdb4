"""The themes, languages and service areas of a row: tags to terms and region codes, unknown ones told with the nearest."""

from collections.abc import Iterable, Mapping

from directory.errors import BadInput
from seed.clean import service_areas, terms
from seed.clean.cells import FlatTexts
from seed.clean.findings import CleaningLog
from seed.clean.terms import TagMeaning

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
    field = service_areas.SERVICE_AREAS_FIELD
    value = texts.get(field)
    if not value:
        return {field: []} if field in texts else {}
    log.set_path_heading((field,), field)
    found: list[str] = []
    for area in service_areas.split_areas(value):
        meant = service_areas.find_mapped_region(area, term_overrides) or service_areas.find_region(area, state)
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
