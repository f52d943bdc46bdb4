from directory.matching.token_frequency import MIN_WEIGHT, TokenFrequency


def test_generic_words_weigh_little_before_anything_is_counted() -> None:
    rarity = TokenFrequency()
    assert rarity.weight("foundation") < rarity.weight("tenant") < rarity.weight("harrowgate") == 1.0


def test_a_word_that_many_have_weighs_next_to_nothing() -> None:
    rarity = TokenFrequency(f"Harrowgate {number}" for number in range(2_000))
    assert rarity.weight("harrowgate") == MIN_WEIGHT
    assert rarity.weight("quillfeather") == 1.0


def test_a_single_name_does_not_make_its_words_common() -> None:
    assert TokenFrequency(["Harrowgate Union"]).weight("harrowgate") == 1.0


def test_a_directory_of_eight_still_tells_rare_words_from_common_ones() -> None:
    rarity = TokenFrequency(
        f"{name} Tenants Foundation" for name in ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel")
    )
    assert rarity.weight("foundation") < 0.2
    assert rarity.weight("cedar") > 0.9


def test_what_was_counted_can_be_taken_back() -> None:
    rarity = TokenFrequency()
    for step in (1, 1, -1, -1):
        rarity.count(["harrowgate"], ["harrowgate.example"], step)
    assert rarity.weight("harrowgate") == 1.0
    assert rarity.count_sharers("harrowgate.example") == 0
    assert not rarity.is_known_word("harrowgate")


def test_two_words_of_the_language_are_no_misspellings_of_each_other() -> None:
    rarity = TokenFrequency()
    assert not rarity.may_be_misspelling("latino", "latina")
    assert rarity.may_be_misspelling("natonal", "national")


def test_an_error_made_again_and_again_is_still_one() -> None:
    rarity = TokenFrequency([*(f"Harrowgate {number}" for number in range(200)), "Harowgate A", "Harowgate B", "Harowgate C"])
    assert rarity.may_be_misspelling("harowgate", "harrowgate")
    evenly = TokenFrequency([*(f"Marlton {number}" for number in range(9)), *(f"Marston {number}" for number in range(9))])
    assert not evenly.may_be_misspelling("marlton", "marston")
