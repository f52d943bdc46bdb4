"""A word that only hidden records or hidden fields contain behaves, for everyone else, like a word of no record."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from pyroaring import BitMap

from directory.records import Audience, Organization
from directory.search.search_index import RecordChanges, SearchIndex
from directory.search.searched_fields import ORGANIZATION_FIELDS
from directory.search.text.highlights import Highlighter
from directory.search.text.indexed_fields import INDEXED_FIELDS
from directory.search.text.parsed_text import Phrase, Word
from directory.search.text.word_index import WordIndex
from tests.builders import an_alternative_name, an_organization

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF
SEEN = (
    an_organization("Harbor Garden", summary="Evictions stop here.", description="Tenants and neighbors together."),
    an_organization("Garden Workers", names=(an_alternative_name("Clinics"),), description="A weekly kitchen."),
    an_organization("Alder", summary="harbor", description="harbor garden"),
)
# Each of these words occurs in no record of SEEN. Most are one typo away from one that does, extend it, or share its stem.
HIDDEN_WORDS = ("quillwort", "evictiins", "gardenia", "harbors", "clinicz", "neighbos", "zumba", "workerx", "garden")
HIDDEN = (
    an_organization("Quillwort Evictiins", names=(an_alternative_name("zumba"),), description="gardenia harbors"),
    an_organization("Clinicz", summary="neighbos workerx quillwort", description="garden"),
    an_organization("Kitchn", description="zumba zumba"),
)
TEXTS = (
    *HIDDEN_WORDS,
    *("quillwrt", "evictins", "evictions", "gard", "gardeni", "harbor", "clinics", "clinicx", "kitchen", "kitchan", "zum", "q"),
    *('"quillwort evictiins"', '"harbor garden"', '"zumba zumba"', "garden quillwort", "harbor evictiins", "tenants neighbos"),
)
_DESCRIPTION = replace(INDEXED_FIELDS["description"], audience=STAFF)
STAFF_FIELDS = replace(ORGANIZATION_FIELDS, texts={**INDEXED_FIELDS, "description": _DESCRIPTION})


def hide_descriptions(records: Iterable[Organization]) -> list[Organization]:
    return [replace(record, description=None) for record in records]


def narrow_by_row(audience: Audience) -> tuple[SearchIndex, SearchIndex]:
    """Return the audience's index of SEEN, from an index that has HIDDEN too, and one that never had it."""
    return SearchIndex.build((*SEEN, *HIDDEN)).narrow(audience, SEEN), SearchIndex.build(SEEN)


def narrow_by_field(audience: Audience) -> tuple[SearchIndex, SearchIndex]:
    """Return indexes of SEEN and HIDDEN: one in which only staff see descriptions, and one that never had descriptions."""
    everything = (*SEEN, *HIDDEN)
    index = SearchIndex.build(everything, STAFF_FIELDS).narrow(audience, hide_descriptions(everything))
    return index, SearchIndex.build(hide_descriptions(everything))


def hide_later(audience: Audience) -> tuple[SearchIndex, SearchIndex]:
    """Return the audience's index after it stopped seeing HIDDEN, and one that never had it."""
    wide = SearchIndex.build((*SEEN, *HIDDEN))
    index = wide.narrow(audience, (*SEEN, *HIDDEN))
    return index.follow(wide, audience, RecordChanges([record.id for record in HIDDEN])), SearchIndex.build(SEEN)


def add_later(audience: Audience) -> tuple[SearchIndex, SearchIndex]:
    """Return the audience's index after HIDDEN was added for others and SEEN was added again, and one that never had HIDDEN."""
    wide = SearchIndex.build(SEEN[:1])
    index = wide.narrow(audience, SEEN[:1])
    for hidden, visible in zip(HIDDEN, (*SEEN[1:], SEEN[0]), strict=True):
        wide = wide.with_changes(RecordChanges((), (hidden, visible)))
        index = index.follow(wide, audience, RecordChanges((), (visible,)))
    return index, SearchIndex.build(SEEN)


Build = Callable[[Audience], tuple[SearchIndex, SearchIndex]]
BUILDERS: Sequence[Build] = (narrow_by_row, narrow_by_field, hide_later, add_later)
EVERY_WAY = pytest.mark.parametrize(
    ("build", "audience"), [(build, audience) for build in BUILDERS for audience in (PUBLIC, MEMBERS)]
)


def match(index: SearchIndex, text: str) -> tuple[dict[str, tuple[int, int]], dict[str, Any]]:
    """Return sort keys and highlights of the matching records, by name."""
    found = index.words.match(text, index.find_rows_with_term)
    assert found is not None
    names = {row: index.rows[row].name for row in found.rows}
    keys = {names[row]: found.get_sort_key(row) for row in found.rows}
    highlighter = Highlighter([found.highlights])
    return keys, {names[row]: highlighter.highlight(index.rows[row]) for row in found.rows}


def find_in_names(index: SearchIndex, text: str) -> list[set[str]]:
    return [{index.rows[row].name for row in rows} for rows in index.words.find_in_names(text.split())]


def count_rows(rows_by_field: Mapping[str, BitMap]) -> dict[str, int]:
    return {name: len(rows) for name, rows in rows_by_field.items() if rows}


def count_work(words: WordIndex, text: str) -> tuple[object, ...]:
    """Return how many words and rows a text touches after masking: accepted words, compared typos, rows by field, exact names."""
    counts: list[object] = []
    text = text.strip('"')
    for word in (Word(text), Word(text, is_prefix=True), Word(text, allows_typo=True)):
        accepted = words._find_accepted(word)
        candidates = words._shared.lexicon._typo_index.find_candidates(text, words._visible_words)
        counts.append((len(accepted), len(candidates), count_rows(words._find_word(word))))
    phrase = Phrase(tuple(text.split()))
    return *counts, count_rows(words._find_phrase(phrase)), len(words._find_exact_names(text))


@EVERY_WAY
def test_hidden_words_change_no_match(build: Build, audience: Audience) -> None:
    index, plain = build(audience)
    for text in TEXTS:
        assert match(index, text) == match(plain, text), text
        assert find_in_names(index, text) == find_in_names(plain, text), text


@EVERY_WAY
def test_hidden_words_change_no_amount_of_work(build: Build, audience: Audience) -> None:
    index, plain = build(audience)
    for text in TEXTS:
        assert count_work(index.words, text) == count_work(plain.words, text), text


def test_the_hidden_words_would_make_a_difference() -> None:
    """Otherwise, the tests above could not fail."""
    everything, seen = SearchIndex.build((*SEEN, *HIDDEN)), SearchIndex.build(SEEN)
    differing = {text for text in TEXTS if match(everything, text) != match(seen, text)}
    assert {"quillwort", "evictiins", "gardeni", "evictins", "clinicz", '"zumba zumba"', "zum"} <= differing
    assert match(everything, "evictiins")[0].keys() == {"Quillwort Evictiins"}  # no typo is allowed if the word is known
    assert match(seen, "evictiins")[0].keys() == {"Harbor Garden"}


def test_staff_find_the_words_of_their_fields() -> None:
    staff = SearchIndex.build((*SEEN, *HIDDEN), STAFF_FIELDS)
    members = staff.narrow(MEMBERS, hide_descriptions((*SEEN, *HIDDEN)))
    assert match(staff, "zumba")[0].keys() == {"Kitchn", "Quillwort Evictiins"}
    assert match(members, "zumba")[0].keys() == {"Quillwort Evictiins"}
    assert not match(members, "neighbors together")[0]


def test_a_hidden_field_stays_hidden_when_records_change() -> None:
    staff = SearchIndex.build(SEEN, STAFF_FIELDS)
    public = staff.narrow(PUBLIC, hide_descriptions(SEEN))
    changed = replace(SEEN[2], summary="library", description="quillwort")
    staff = staff.with_changes(RecordChanges((), (changed,)))
    public = public.follow(staff, PUBLIC, RecordChanges((), hide_descriptions([changed])))
    assert match(staff, "quillwort")[0].keys() == {"Alder"}
    assert not match(public, "quillwort")[0]
    assert match(public, "library")[0].keys() == {"Alder"}
    plain = SearchIndex.build(hide_descriptions([*SEEN[:2], changed]))
    for text in (*TEXTS, "quillwort", "library"):
        assert match(public, text) == match(plain, text)
        assert count_work(public.words, text) == count_work(plain.words, text)


def test_random_views_match_what_an_index_of_their_own_matches() -> None:
    rng = Random(11)  # noqa: S311
    words = [*HIDDEN_WORDS, "harbor", "evictions", "clinics", "tenants", "kitchen"]
    records = [
        an_organization(" ".join(rng.sample(words, 2)) + f" {number}", summary=" ".join(rng.choices(words, k=3)))
        for number in range(60)
    ]
    wide = SearchIndex.build(records)
    for _ in range(10):
        seen = rng.sample(records, 12)
        view, own = wide.narrow(PUBLIC, seen), SearchIndex.build(seen)
        for text in TEXTS:
            assert match(view, text) == match(own, text)
            assert count_work(view.words, text) == count_work(own.words, text)
