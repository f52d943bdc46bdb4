"""Candidates: a limited number among many records, and all records in a small building."""

from directory.matching.blocking import MAX_CANDIDATES, MAX_FOLLOWED_ROWS, MAX_NEIGHBORS, BlockIndex, KeyPostings
from directory.matching.match_record import MatchRecord, extract_features
from directory.matching.token_frequency import MisspellingIndex, TokenFrequency
from tests.directory.matching.match_records import a_record, an_address


def spell_in_letters(number: int) -> str:
    """Return a word of four letters for a number; with digits, the names would contradict each other."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def find_candidates(record: MatchRecord, *others: MatchRecord) -> dict[int, float]:
    block = BlockIndex(TokenFrequency(), MisspellingIndex())
    for row, other in enumerate(others):
        block.add(row, extract_features(other))
    return block.candidates(extract_features(record))


def test_a_rare_word_alone_leads_to_candidates() -> None:
    records = [a_record(f"Quillfeather {spell_in_letters(number)}") for number in range(MAX_FOLLOWED_ROWS + 1)]
    assert len(find_candidates(a_record("Quillfeather"), *records[:MAX_FOLLOWED_ROWS])) == MAX_CANDIDATES
    assert find_candidates(a_record("Quillfeather"), *records) == {}


def test_in_one_town_fewer_shared_words_lead_to_candidates() -> None:
    longer = "Harrowgate Quill Lantern Tidewater Pelican"
    near, far = (a_record("Harrowgate Quill", an_address(None, town)) for town in ("Macon", "Savannah"))
    assert set(find_candidates(a_record(longer, an_address()), near, far)) == {0}
    assert find_candidates(a_record("Harrowgate Otter Lantern Tidewater Pelican", an_address()), near) == {}


def test_the_number_of_candidates_is_limited_to_the_most_similar() -> None:
    others = [a_record(f"Quillfeather Lantern {spell_in_letters(number)}") for number in range(MAX_CANDIDATES)]
    alike = [a_record("Quillfeather Lantern Harrowgate") for _ in range(5)]
    candidates = find_candidates(a_record("Quillfeather Lantern Harrowgate"), *others, *alike)
    assert len(candidates) == MAX_CANDIDATES
    assert set(range(MAX_CANDIDATES, MAX_CANDIDATES + 5)) <= set(candidates)


def test_all_neighbors_are_candidates_unless_there_are_many() -> None:
    neighbors = [
        a_record(f"Tidewater {spell_in_letters(number)}", an_address("12 Main St")) for number in range(MAX_NEIGHBORS + 1)
    ]
    searched = a_record("Harrowgate Quill", an_address("12 Main St"))
    assert set(find_candidates(searched, *neighbors[:MAX_NEIGHBORS])) == set(range(MAX_NEIGHBORS))
    assert find_candidates(searched, *neighbors) == {}


def test_records_of_the_same_town_are_preferred_among_many_with_one_name() -> None:
    record, elsewhere = (
        a_record("Harrowgate Quill", an_address(None, "Savannah")),
        a_record("Harrowgate Quill", an_address(None, "Macon")),
    )
    others = [elsewhere] * (2 * MAX_FOLLOWED_ROWS)
    assert set(find_candidates(record, *others, record)) == {2 * MAX_FOLLOWED_ROWS}
    assert len(find_candidates(record, *others)) == MAX_CANDIDATES, "with none in the same town, some of the others"


def test_records_at_the_same_address_are_preferred_among_many_in_one_town() -> None:
    record = a_record("Harrowgate Quill", an_address("12 Main St"))
    others = [a_record("Harrowgate Quill", an_address(f"{number} Oak Ave")) for number in range(1, 2 * MAX_FOLLOWED_ROWS)]
    candidates = find_candidates(record, *others, record)
    assert set(candidates) == {len(others)}


def test_rows_are_added_and_discarded() -> None:
    postings = KeyPostings()
    for row in (0, 1, 2):
        postings.add(["common", f"own {row}"], row)
    assert list(postings.find_rows("common")) == [0, 1, 2]
    assert list(postings.find_rows("own 0")) == [0]
    for row in (0, 2, 1):
        postings.discard(["common", f"own {row}"], row)
    assert not postings.find_rows("common")
    assert "common" not in postings
    assert "own 0" not in postings


def test_a_row_is_stored_once() -> None:
    postings = KeyPostings()
    postings.add(["word", "word"], 0)
    postings.add(["word"], 0)
    assert list(postings.find_rows("word")) == [0]


def test_discarding_an_unknown_row_changes_nothing() -> None:
    postings = KeyPostings()
    postings.add(["word"], 3)
    postings.discard(["word", "other"], 4)
    assert list(postings.find_rows("word")) == [3]
    assert not postings.find_rows("other")
