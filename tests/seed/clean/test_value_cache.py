"""Equal values of an import are cleaned once, within a bound."""

import traceback
from collections import Counter

import pytest

from directory.errors import BadInput
from seed.clean import cleaning_log
from seed.clean.cleaning_log import MAX_RESULTS, TRIAL_CALLS, CleaningResult, ValueCache
from seed.clean.row_cleaning import clean_row
from seed.clean.values import areas, terms
from seed.rows import Row


class CountedParser:
    """Returns the text in capitals, refuses "bad", and counts its calls."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def __call__(self, text: str, ending: str = "") -> CleaningResult[str]:
        self.calls[text] += 1
        if text == "bad":
            raise BadInput("This is bad. Write something else.")
        return CleaningResult(text.upper() + ending)


@pytest.fixture
def parse() -> CountedParser:
    return CountedParser()


def test_equal_values_are_parsed_once_and_other_arguments_apart(parse: CountedParser) -> None:
    cache = ValueCache()
    assert [cache.call(parse, text).value for text in ("ga", "ny", "ga", "ga")] == ["GA", "NY", "GA", "GA"]
    assert parse.calls == {"ga": 1, "ny": 1}
    assert cache.call(parse, "ga", "!").value == "GA!"
    assert ValueCache().call(parse, "ga").value == "GA"
    assert parse.calls["ga"] == 3, "another import does not see the values of this one"


def test_a_refusal_is_remembered_and_its_traceback_does_not_grow(parse: CountedParser) -> None:
    cache = ValueCache()
    lengths = []
    for _ in range(4):
        with pytest.raises(BadInput, match="This is bad") as refusal:
            cache.call(parse, "bad")
        lengths.append(len(traceback.extract_tb(refusal.value.__traceback__)))
        assert isinstance(cache.try_call(parse, "bad"), BadInput)
    assert parse.calls == {"bad": 1}
    assert max(lengths[1:]) == min(lengths[1:])


def test_values_that_return_stay_while_others_pass(parse: CountedParser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning_log, "MAX_RESULTS", 20)
    cache = ValueCache()
    for number in range(1_000):
        cache.call(parse, "ga")
        cache.call(parse, str(number))
    assert parse.calls["ga"] == 1
    assert cache.count_results() <= 2 * 20


def test_a_function_whose_values_never_return_is_not_remembered(parse: CountedParser) -> None:
    cache = ValueCache()
    for number in range(3 * TRIAL_CALLS):
        cache.call(parse, f"street {number}")
    assert cache.count_results() <= TRIAL_CALLS + 1 < MAX_RESULTS
    assert cache.call(parse, "street 1").value == "STREET 1"


def test_a_list_with_few_towns_and_tags_cleans_each_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()

    def count(module: object, name: str) -> None:
        function = getattr(module, name)

        def call_and_count(*arguments: object) -> object:
            calls[name] += 1
            return function(*arguments)

        monkeypatch.setattr(module, name, call_and_count)

    for module, name in ((areas, "clean_state"), (areas, "clean_city"), (terms, "find_term")):
        count(module, name)
    towns = [("Atlanta", "Georgia", "GA"), ("Macon", "Georgia", "GA"), ("Albany", "New York", "NY")]
    cache = ValueCache()
    for number in range(300):
        city, state, letters = towns[number % 3]
        fields = {"name": f"Group {number}", "location.city": city, "location.state": state, "tags": ["Housing", "Zebras"]}
        row = clean_row(Row("list.csv", number, fields), values=cache)
        assert row.fields["locations"] == [{"city": city, "state": letters}]
        assert row.fields["issue_areas"] == ["housing"]
        assert list(row.unknown_terms) == ["Zebras"]
    assert calls == {"clean_state": 2, "clean_city": 3, "find_term": 2}
