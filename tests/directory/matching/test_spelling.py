from directory.matching.token_pairs import MisspellingIndex


def test_words_that_a_misspelled_one_may_stand_for() -> None:
    spelling = MisspellingIndex()
    spelling.add(["harrowgate", "harrow", "quillfeather", "tenant", "12345"])
    assert spelling.find_similar("harowgate") == ("harrowgate",)
    assert spelling.find_similar("tennant") == ("tenant",)
    assert spelling.find_similar("harrowgate") == ()
    assert spelling.find_similar("12346") == ()
    assert spelling.find_similar("ash") == ()
    assert spelling.find_similar("") == ()


def test_words_that_come_later_are_found() -> None:
    spelling = MisspellingIndex()
    assert spelling.find_similar("harowgate") == ()
    spelling.add(["harrowgate"])
    assert spelling.find_similar("harowgate") == ("harrowgate",)
