from directory.matching.blocking import KeyPostings


def test_rows_come_and_go() -> None:
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


def test_a_row_is_there_once() -> None:
    postings = KeyPostings()
    postings.add(["word", "word"], 0)
    postings.add(["word"], 0)
    assert list(postings.find_rows("word")) == [0]


def test_nothing_happens_when_nothing_is_there() -> None:
    postings = KeyPostings()
    postings.add(["word"], 3)
    postings.discard(["word", "other"], 4)
    assert list(postings.find_rows("word")) == [3]
    assert not postings.find_rows("other")
