"""The themes, languages and service areas of a row: tags to terms and region codes, unknown ones told with the nearest."""

from collections.abc import Iterable, Mapping

from directory.errors import BadInput
from seed.clean import service_areas, terms
from seed.clean.cells import Texts
from seed.clean.findings import Findings
from seed.clean.terms import Meaning

_FIELDS = (*terms.THEMES, "languages", "tags")


def themes(texts: Texts, said: Mapping[str, str], findings: Findings) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The terms by draft field: those that the row states, and those that turned up in another field's column.

    A column of tags states all the fields its tags belong to. `said` is what the profile says that tags mean. A column of which
    nothing is known states nothing, so that it clears nothing.
    """
    found: dict[str, list[str]] = {field: [] for field in terms.VOCABULARIES if field in texts and texts[field] is None}
    strays: dict[str, list[str]] = {}
    for field in _FIELDS:
        if value := texts.get(field):
            for tag, meant in _meanings(field, value, said, findings):
                _tell(field, tag, meant, findings)
                for own, slug in meant.terms:
                    (found if own == field or field == "tags" else strays).setdefault(own, []).append(slug)
    for field in found.keys() & strays.keys():
        found[field] += strays.pop(field)
    return _each_once(found), _each_once(strays)


def serving(texts: Texts, said: Mapping[str, str], state: str | None, findings: Findings) -> dict[str, list[str]]:
    """The region codes as `service_areas`; {} where the row states none that is known. `state` as in service_areas.region."""
    field = service_areas.FIELD
    value = texts.get(field)
    if not value:
        return {field: []} if field in texts else {}
    findings.place((field,), field)
    found: list[str] = []
    for area in service_areas.areas(value):
        meant = service_areas.mapped(area, said) or service_areas.region(area, state)
        _tell(field, area, meant, findings)
        found += [code for _, code in meant.terms]
    return {field: list(dict.fromkeys(found))} if found else {}


def _meanings(field: str, value: str | Iterable[str], said: Mapping[str, str], findings: Findings) -> list[tuple[str, Meaning]]:
    findings.place((field,), field)
    try:
        tags = terms.tags(value, field)
    except BadInput as refusal:
        findings.refuse((field,), refusal)
        return []
    if not said:
        return [(tag, terms.meaning(tag, field)) for tag in tags]
    return [(tag, terms.mapped(tag, field, said) or terms.meaning(tag, field)) for tag in tags]


def _tell(field: str, tag: str, meant: Meaning, findings: Findings) -> None:
    if meant.is_unknown:
        findings.unknown_term(tag, meant.nearest)
    if meant.reason:
        findings.repair(field, tag, ", ".join(slug for _, slug in meant.terms), (meant.reason,))
    for own, _ in meant.terms:
        if own != field:
            findings.place((own,), field)


def _each_once(found: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {field: list(dict.fromkeys(slugs)) for field, slugs in found.items()}
