"""Reference implementation of text matching: checks one record after the other, without an index."""

from collections.abc import Mapping

from pyroaring import BitMap

from directory.fields import FIELDS, TEXT_FIELDS
from directory.question import FACETS
from directory.records import Address, Organization
from directory.search.text.analysis import STOP_WORDS
from directory.search.text.concepts import Concept, load_concept_index
from directory.search.text.parsed_text import ParsedText, Phrase, Word, parse_text
from directory.search.text.text_match import TextMatch, TextTier
from directory.text import fold
from directory.vocabulary.regions import REGIONS

Records = Mapping[int, Organization]
Key = tuple[int, int]


class ReferenceTermRows:
    """Finds the rows that have a term or a narrower one."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __call__(self, facet: str, slug: str) -> BitMap:
        return BitMap([row for row, one in self._records.items() if slug in _expand_terms(one, facet)])


def find_sort_keys(text: str, records: Records) -> dict[int, Key] | None:
    """Return the sort key of each row that matches; None for a text without words."""
    parsed_text = parse_text(text)
    if parsed_text is None:
        return None
    found = _find_keys(parsed_text, records)
    with_typos = parsed_text.with_typos_allowed()
    return found if found or with_typos is None else _find_keys(with_typos, records)


def find_rows_with_word(text: str, records: Records) -> set[int]:
    """Return the rows that have an optional word anywhere, or a term it stands for."""
    word = Word(text)
    terms = load_concept_index().find_concepts([word])
    return {
        row
        for row, one in records.items()
        if text not in STOP_WORDS
        and (any(_holds(word, field) for field in _list_fields(one)) or _leads_to_term(word, terms, one, set(FACETS)))
    }


def needs_typos_allowed(text: str, records: Records) -> bool:
    """Return whether no record matches unless typos are allowed."""
    parsed_text = parse_text(text)
    return parsed_text is not None and not _find_keys(parsed_text, records)


def list_sort_keys(match: TextMatch | None) -> dict[int, Key] | None:
    """Return the sort keys of a match of an index, in the same form as find_sort_keys."""
    return None if match is None else {row: match.get_sort_key(row) for row in match.rows}


def _find_keys(parsed_text: ParsedText, records: Records) -> dict[int, Key]:
    terms: dict[Word, set[Concept]] = {}
    for run in parsed_text.runs:
        for word, concepts in load_concept_index().find_concepts(run).items():
            terms.setdefault(word, set()).update(concepts)
    found = {row: _find_key(parsed_text, terms, one) for row, one in records.items()}
    return {row: key for row, key in found.items() if key is not None}


def _find_key(parsed_text: ParsedText, terms: Mapping[Word, set[Concept]], one: Organization) -> Key | None:
    fields = _list_fields(one)
    names = fields[0]
    themes = (set[str](), {"issue_areas", "work_areas"}, {"communities", "languages"}, set[str](), set[str]())
    tiers = [
        min((at for at in range(5) if _holds(part, fields[at]) or _leads_to_term(part, terms, one, themes[at])), default=9)
        for part in parsed_text.required_parts
    ]
    if parsed_text.folded_text in names:
        return 0, -len(tiers)
    worst = max(tiers)
    return None if worst == 9 else (worst + 1, -sum(_holds(part, names) for part in parsed_text.required_parts))


def _list_fields(one: Organization) -> list[list[str]]:
    """Return the passages of each tier; none of themes."""
    names = [fold(name) for name in (one.name, *(other.name for other in one.names))]
    texts = (_list_texts(one, tier) for tier in (TextTier.SUMMARY, TextTier.DESCRIPTION))
    return [names, [], _list_place_lines(one), *texts]


def _list_texts(one: Organization, tier: TextTier) -> list[str]:
    return [fold(getattr(one, name) or "") for name in TEXT_FIELDS if FIELDS[name].searched_in == tier]


def _holds(part: Word | Phrase, passages: list[str]) -> bool:
    if isinstance(part, Phrase):
        return any(f" {' '.join(part.words)} " in f" {passage} " for passage in passages)
    return any(part.accepts(token) for passage in passages for token in passage.split())


def _leads_to_term(part: Word | Phrase, terms: Mapping[Word, set[Concept]], one: Organization, facets: set[str]) -> bool:
    concepts = terms.get(part, set()) if isinstance(part, Word) else set()
    return any(facet in facets and slug in _expand_terms(one, facet) for facet, slug in concepts)


def _expand_terms(one: Organization, facet: str) -> set[str]:
    own: tuple[str, ...] = getattr(one, facet)
    return {slug for term in own for slug in (term, *FACETS[facet].ancestors(term))}


def _list_place_lines(one: Organization) -> list[str]:
    return [line for location in one.locations if location.address for line in _list_address_lines(location.address)]


def _list_address_lines(address: Address) -> list[str]:
    region = REGIONS.get(f"{address.country}-{address.state}")
    states = [address.state or "", region.name if region else "", (region.name_es or "") if region else ""]
    areas = [area for area in (address.city, address.county) if area]
    return [fold(f"{area} {state}") for area in areas or [""] for state in states]
