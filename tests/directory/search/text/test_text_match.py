import pytest
from pyroaring import BitMap

from directory.search.text.parsed_text import ParsedText, parse_text
from directory.search.text.text_match import TextMatch, TextTier


def parse(text: str) -> ParsedText:
    parsed_text = parse_text(text)
    assert parsed_text is not None
    return parsed_text


def a_match() -> TextMatch:
    tiers = [BitMap(rows) for rows in ([3], [3, 5], [3, 5], [3, 5, 6, 7, 8], [3, 5, 6, 7, 8], [1, 3, 5, 6, 7, 8])]
    in_names = [BitMap([3, 5, 7, 8, 99]), BitMap([3, 5, 8])]
    return TextMatch(parse("fair housing"), tiers, in_names, {})


def test_buckets_come_best_first_and_cover_the_candidates() -> None:
    buckets = [(key, list(rows)) for key, rows in a_match().split_by_key(BitMap([1, 3, 6, 7, 8, 99]))]
    assert buckets == [((0, -2), [3]), ((3, -2), [8]), ((3, -1), [7]), ((3, 0), [6]), ((5, 0), [1])]


def test_the_key_and_tier_of_a_row_are_those_of_its_bucket() -> None:
    match = a_match()
    for key, rows in match.split_by_key(match.rows):
        assert {match.get_sort_key(row) for row in rows} == {key}
        assert {match.find_tier(row) for row in rows} == {tuple(TextTier)[key[0]]}


def test_a_row_that_does_not_match_has_no_tier() -> None:
    with pytest.raises(KeyError):
        a_match().find_tier(99)
    with pytest.raises(KeyError):
        a_match().get_sort_key(99)


def test_no_candidates_have_no_buckets() -> None:
    assert list(a_match().split_by_key(BitMap())) == []
