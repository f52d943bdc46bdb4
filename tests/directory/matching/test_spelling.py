from directory.matching.spelling import Spelling


def test_words_that_a_misspelled_one_may_stand_for() -> None:
    spelling = Spelling()
    spelling.add(["harrowgate", "harrow", "quillfeather", "tenant", "12345"])
    assert spelling.near("harowgate") == ("harrowgate",)
    assert spelling.near("tennant") == ("tenant",)
    assert spelling.near("harrowgate") == ()
    assert spelling.near("12346") == ()
    assert spelling.near("ash") == ()
    assert spelling.near("") == ()


def test_words_that_come_later_are_found() -> None:
    spelling = Spelling()
    assert spelling.near("harowgate") == ()
    spelling.add(["harrowgate"])
    assert spelling.near("harowgate") == ("harrowgate",)
