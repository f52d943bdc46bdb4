"""Who is looked at: few in a crowd, and all in a small house."""

from directory.matching.blocking import MAX_CANDIDATES, MAX_FOLLOWED_ROWS, MAX_NEIGHBORS, BlockIndex
from directory.matching.match_record import MatchRecord, extract_features
from directory.matching.token_frequency import TokenFrequency
from tests.directory.matching.parties import a_party, at


def letters(number: int) -> str:
    """A word of four letters for each number: digits would say that two names differ."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def near(asked: MatchRecord, *others: MatchRecord) -> dict[int, float]:
    block = BlockIndex(TokenFrequency())
    for row, party in enumerate(others):
        block.add(row, extract_features(party))
    return block.candidates(extract_features(asked))


def test_a_word_that_few_have_is_followed_alone() -> None:
    named = [a_party(f"Quillfeather {letters(number)}") for number in range(MAX_FOLLOWED_ROWS + 1)]
    assert len(near(a_party("Quillfeather"), *named[:MAX_FOLLOWED_ROWS])) == MAX_CANDIDATES
    assert near(a_party("Quillfeather"), *named) == {}


def test_no_more_than_the_most_are_looked_at_and_these_are_the_likest() -> None:
    others = [a_party(f"Quillfeather Lantern {letters(number)}") for number in range(MAX_CANDIDATES)]
    alike = [a_party("Quillfeather Lantern Harrowgate") for _ in range(5)]
    found = near(a_party("Quillfeather Lantern Harrowgate"), *others, *alike)
    assert len(found) == MAX_CANDIDATES
    assert set(range(MAX_CANDIDATES, MAX_CANDIDATES + 5)) <= set(found)


def test_neighbors_are_all_looked_at_unless_they_are_many() -> None:
    neighbors = [a_party(f"Tidewater {letters(number)}", at("12 Main St")) for number in range(MAX_NEIGHBORS + 1)]
    asked = a_party("Harrowgate Quill", at("12 Main St"))
    assert set(near(asked, *neighbors[:MAX_NEIGHBORS])) == set(range(MAX_NEIGHBORS))
    assert near(asked, *neighbors) == {}


def test_of_many_with_one_name_those_of_the_same_town_are_looked_at() -> None:
    here, elsewhere = a_party("Harrowgate Quill", at(None, "Savannah")), a_party("Harrowgate Quill", at(None, "Macon"))
    others = [elsewhere] * (2 * MAX_FOLLOWED_ROWS)
    assert set(near(here, *others, here)) == {2 * MAX_FOLLOWED_ROWS}
    assert len(near(here, *others)) == MAX_CANDIDATES, "where none is of the same town, a few of the others"


def test_of_many_in_a_town_those_at_the_same_door_are_looked_at() -> None:
    here = a_party("Harrowgate Quill", at("12 Main St"))
    others = [a_party("Harrowgate Quill", at(f"{number} Oak Ave")) for number in range(1, 2 * MAX_FOLLOWED_ROWS)]
    found = near(here, *others, here)
    assert set(found) == {len(others)}
