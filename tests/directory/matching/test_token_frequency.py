import pytest

from directory.matching.match_record import MatchFeatures, extract_features
from directory.matching.token_frequency import MIN_WEIGHT, MisspellingIndex, TokenFrequency
from tests.directory.matching.match_records import a_record


def test_generic_words_have_a_low_weight_before_anything_is_counted() -> None:
    frequency = TokenFrequency()
    assert frequency.weight("foundation") < frequency.weight("tenant") < frequency.weight("harrowgate") == 1.0


def test_a_frequent_word_has_the_lowest_weight() -> None:
    frequency = TokenFrequency(f"Harrowgate {number}" for number in range(2_000))
    assert frequency.weight("harrowgate") == MIN_WEIGHT
    assert frequency.weight("quillfeather") == 1.0


def test_a_single_name_does_not_make_its_words_common() -> None:
    assert TokenFrequency(["Harrowgate Union"]).weight("harrowgate") == 1.0


def test_rare_words_weigh_more_in_a_directory_of_eight() -> None:
    frequency = TokenFrequency(
        f"{name} Tenants Foundation" for name in ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel")
    )
    assert frequency.weight("foundation") < 0.2
    assert frequency.weight("cedar") > 0.9


def test_counts_can_be_subtracted() -> None:
    frequency = TokenFrequency()
    for step in (1, 1, -1, -1):
        frequency.count(["harrowgate"], ["harrowgate.example"], step)
    assert frequency.weight("harrowgate") == 1.0
    assert frequency.count_sharers("harrowgate.example") == 0
    assert not frequency.is_known_word("harrowgate")


def test_two_known_words_are_not_misspellings_of_each_other() -> None:
    frequency = TokenFrequency()
    assert not frequency.may_be_misspelling("latino", "latina")
    assert frequency.may_be_misspelling("natonal", "national")


def test_a_repeated_misspelling_is_still_a_misspelling() -> None:
    frequency = TokenFrequency([*(f"Harrowgate {number}" for number in range(200)), "Harowgate A", "Harowgate B", "Harowgate C"])
    assert frequency.may_be_misspelling("harowgate", "harrowgate")
    equally_frequent = TokenFrequency(
        [*(f"Marlton {number}" for number in range(9)), *(f"Marston {number}" for number in range(9))]
    )
    assert not equally_frequent.may_be_misspelling("marlton", "marston")


def list_features(*names: str) -> list[MatchFeatures]:
    return [extract_features(a_record(name, phones=("4045550100",))) for name in names]


def test_a_row_that_repeats_a_record_does_not_make_its_words_and_contacts_more_frequent() -> None:
    names = [f"Harrowgate {chr(97 + number)}" for number in range(5)]
    alone, imported_again, imported_first = TokenFrequency(), TokenFrequency(), TokenFrequency()
    alone.count_all(list_features(*names), ())
    imported_again.count_all(list_features(*names), list_features(*names))
    imported_first.count_all((), list_features(*names))
    assert alone.weight("harrowgate") == imported_again.weight("harrowgate") < 1.0
    assert alone.weight("harrowgate") < imported_first.weight("harrowgate") < 1.0  # the row itself is not counted
    assert [one.count_sharers("4045550100") for one in (alone, imported_again, imported_first)] == [5, 5, 4]


def test_the_words_of_two_rows_about_one_organization_stay_rare() -> None:
    frequency = TokenFrequency()
    frequency.count_all((), list_features("Harrowgate Union", "Harrowgate Union"))
    assert frequency.weight("harrowgate") == 1.0
    assert not frequency.is_known_word("harrowgate")


def test_similar_words_of_a_misspelled_word() -> None:
    index = MisspellingIndex()
    index.add(["harrowgate", "harrow", "quillfeather", "tenant", "12345"])
    assert index.find_similar("harowgate") == ("harrowgate",)
    assert index.find_similar("tennant") == ("tenant",)
    assert index.find_similar("harrowgate") == ()
    assert index.find_similar("12346") == ()
    assert index.find_similar("ash") == ()
    assert index.find_similar("") == ()


def test_searching_for_many_words_at_once_finds_the_same() -> None:
    words = ["harrowgate", "harowgate", "harrowgates", "tenant", "tennant", "tenants", "quillfeather", "ash", "12345"]
    together, alone = MisspellingIndex(), MisspellingIndex()
    together.add(words)
    alone.add(reversed(words))
    together.search([*words, "harrowgade"])
    found = {word: together.find_similar(word) for word in (*words, "harrowgade")}
    assert found["harrowgade"] == ("harrowgate", "harowgate", "harrowgates")
    assert found == {word: alone.find_similar(word) for word in found}


@pytest.mark.parametrize("word", ["harrowgate", "harowgate", "harrrowgate"])
def test_words_that_are_added_later_are_found(word: str) -> None:
    """Results that may change are computed again, whether the new word is shorter, as long or longer."""
    index = MisspellingIndex()
    assert index.find_similar("harrowgade") == index.find_similar("tenants") == ()
    index.add([word])
    assert index.find_similar("harrowgade") == (word,)
    assert index.find_similar("tenants") == ()
