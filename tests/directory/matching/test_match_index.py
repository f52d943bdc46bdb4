"""The match index finds what comparing all records would find."""

import tracemalloc
from random import Random
from string import ascii_lowercase
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.matching.duplicate_pairs import generate_pairs
from directory.matching.blocking import BlockIndex
from directory.matching.decide import compare_records
from directory.matching.evidence import Verdict
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import MatchAddress, MatchRecord, extract_features
from directory.matching.token_frequency import MisspellingIndex, TokenFrequency
from directory.records import Identifier
from tests.directory.matching.match_records import a_record, an_address, ein


def ids(index: MatchIndex, name: str, *places: MatchAddress, **fields: Any) -> list[str]:
    return [one.id for one in index.find_matches(a_record(name, *places, id="asked", **fields))]


def build_crowd() -> MatchIndex:
    """An index of 300 records that share frequent words, many of them at one address."""
    towns = ["Macon", "Savannah", "Athens"]
    return MatchIndex(
        a_record(f"Community Center {chr(97 + n % 26)}{n}", an_address("1 Oak St", towns[n % 3]), id=f"c{n}") for n in range(300)
    )


def test_an_empty_index_has_no_matches() -> None:
    assert ids(MatchIndex(), "Harrowgate Union") == []


@pytest.mark.parametrize(
    "spelling",
    [
        "Harrowgate Lantern Union",
        "Union of Harrowgate Lantern",
        "Harowgate Lantren Union",
        "Harrowgatelantern Union",
        "HARROWGATE LANTERN UNION, INC.",
        "Lantern Harrowgate",
    ],
)
def test_a_record_is_found_among_many_in_any_spelling(spelling: str) -> None:
    index = build_crowd()
    index.add(a_record("Harrowgate Lantern Union", an_address("12 Main St"), id="it"))
    assert ids(index, spelling, an_address("12 Main St"))[:1] == ["it"]


def test_a_record_is_found_by_its_acronym_and_an_acronym_by_its_name() -> None:
    index = build_crowd()
    index.add(a_record("Harrowgate Lantern Tenants Union", an_address(), id="full"))
    assert ids(index, "HLTU", an_address()) == ["full"]
    other = build_crowd()
    other.add(a_record("HLTU", an_address(), id="short"))
    assert ids(other, "Harrowgate Lantern Tenants Union", an_address()) == ["short"]


def test_a_record_is_found_by_contacts_if_names_share_nothing() -> None:
    index = build_crowd()
    index.add(a_record("Harrowgate Union", an_address(), id="it", phones=("4045550100",), website="https://harrowgate.example"))
    searched = {"phones": ("+14045550100",), "emails": ("office@harrowgate.example",)}
    assert ids(index, "Pier Lantern Guild", **searched) == ["it"]


def test_an_identifier_finds_only_its_record() -> None:
    index = MatchIndex(
        [a_record("Pier Guild", id="it", identifiers=ein("1")), a_record("Harrowgate Union", an_address("1 Oak St"), id="other")]
    )
    assert ids(index, "Pier Guild", an_address("1 Oak St"), identifiers=ein("1")) == ["it"]
    assert ids(index, "Harrowgate Union", an_address("1 Oak St"), identifiers=ein("1")) == ["other", "it"], "its sponsor's number"
    assert ids(index, "Harrowgate Union", an_address("1 Oak St"), identifiers=ein("2")) == ["other"]


def test_a_record_is_not_a_duplicate_of_itself() -> None:
    it = a_record("Harrowgate Union", an_address("1 Oak St"), id="it", identifiers=ein("1"), phones=("4045550100",))
    twin = replace(it, id="twin", identifiers=())
    assert [one.id for one in MatchIndex([it, twin]).find_matches(it)] == ["twin"]
    assert [one.id for one in MatchIndex([it]).find_matches(it)] == []


def test_the_same_organization_comes_before_a_branch_with_a_higher_score() -> None:
    contacts: dict[str, Any] = {"phones": ("4045550100",), "website": "https://harrowgate.example"}
    searched = a_record("Harrowgate Quill Union", an_address("12 Main St"), id="asked", **contacts)
    branch = a_record("Harrowgate Quill Union", an_address("12 Main St"), id="branch", parent="asked", **contacts)
    same = a_record("Harrowgate Quill Union", an_address(), id="same")
    found = MatchIndex([branch, same]).find_matches(searched)
    assert [(one.id, one.verdict) for one in found] == [("same", Verdict.SAME), ("branch", Verdict.POSSIBLE)]
    assert found[0].score < found[1].score


def test_discarded_records_no_longer_make_words_and_contacts_frequent() -> None:
    def chapter(number: int) -> MatchRecord:
        return a_record(f"Quill Chapter {chr(97 + number)}", an_address(), id=f"c{number}", phones=("4045550100",))

    index = MatchIndex(map(chapter, range(25)))
    searched = a_record("Quill Chapter", an_address(), id="asked", phones=("4045550100",))
    common = index.find_matches(searched)
    for number in range(1, 25):
        index.discard(f"c{number}")
    assert index.find_matches(searched) == MatchIndex([chapter(0)]).find_matches(searched) != common


def test_records_with_other_registered_numbers_are_found_by_contacts_only() -> None:
    index = MatchIndex(
        [a_record("Harrowgate Quill", an_address("1 Oak St"), id="it", identifiers=ein("1"), phones=("4045550100",))]
    )
    assert ids(index, "Harrowgate Quill", an_address("1 Oak St"), identifiers=ein("2")) == []
    assert ids(index, "Harrowgate Quill", an_address("1 Oak St"), identifiers=ein("2"), phones=("4045550100",)) == ["it"]


def test_pending_records_with_identifiers_are_found_by_a_record_without() -> None:
    index = MatchIndex()
    for number in range(9):
        index.add(
            a_record(
                f"Harrowgate Quill {chr(65 + number)}", an_address("1 Oak St"), id=f"p{number}", identifiers=ein(str(number))
            )
        )
        assert ids(index, "Harrowgate Quill A", an_address("1 Oak St"), identifiers=ein("other")) == []
    index.discard("p3")
    index.add(a_record("Pier Guild", id="p4", identifiers=ein("4")))
    assert len(index) == 8
    assert ids(index, "Somebody else", identifiers=ein("4")) == ["p4"]
    found = ids(index, "Harrowgate Quill A", an_address("1 Oak St"))
    assert found[0] == "p0"
    assert not {"p3", "p4"} & set(found)


def test_the_order_of_adding_and_searching_does_not_change_results() -> None:
    pairs = generate_pairs(seed=5, count=60)
    records = [replace(pair.left, identifiers=ein(str(number)) if number % 3 else ()) for number, pair in enumerate(pairs)]
    searched = [
        replace(pair.right, identifiers=ein(f"other {number}") if number % 2 else ()) for number, pair in enumerate(pairs)
    ]
    whole, grown = MatchIndex(records), MatchIndex()
    for record in records:
        grown.add(record)
        grown.find_matches(searched[0])
    assert [grown.find_matches(one) for one in searched] == [whole.find_matches(one) for one in searched]


def test_rows_that_are_added_change_no_result() -> None:
    """What is rare is counted before the first search, so the row of an import does not depend on how many came before it."""
    pairs = generate_pairs(seed=9, count=60)
    records = [replace(pair.left, id=f"record {number}") for number, pair in enumerate(pairs)]
    stated = [*(pair.right for pair in pairs), *(pair.left for pair in pairs[:20])]  # the list has some of them twice
    rows = [replace(one, id=f"row {number}") for number, one in enumerate(stated)]
    index = MatchIndex(records, rows)
    before = [index.find_matches(row, limit=30) for row in rows]
    grown = []
    for row in rows:
        grown.append(index.find_matches(row, limit=30))
        index.add(row)
    among_records = [[one for one in found if one.id.startswith("record")] for found in grown]
    assert sum(map(len, before)) > 20
    assert any(len(found) > len(others) for found, others in zip(grown, among_records, strict=True))
    assert among_records == before


def test_a_record_that_is_not_in_the_list_finds_the_same() -> None:
    """Only the keys of the rows are indexed. A search for another record, such as the employer of a person, needs the others."""
    shared = [(pair, (f"404 555 01{number % 20:02}",)) for number, pair in enumerate(generate_pairs(seed=11, count=60))]
    records = [replace(pair.left, id=f"record {number}", phones=phones) for number, (pair, phones) in enumerate(shared)]
    searched = [replace(pair.right, phones=phones) for pair, phones in shared]
    rows, others = searched[:10], searched[10:]
    found = 0
    for other in others:
        expected, restricted = MatchIndex(records, [*rows, other]), MatchIndex(records, rows)
        assert restricted.find_matches(rows[0]) == expected.find_matches(rows[0])
        assert restricted.find_matches(other, limit=30) == expected.find_matches(other, limit=30)
        found += len(expected.find_matches(other))
    assert found > 20


def test_keys_that_no_row_has_take_no_memory() -> None:
    records = [a_record(f"Harrowgate Quill {number}", an_address(f"{number} Oak St"), id=str(number)) for number in range(1000)]
    searched = replace(records[500], id="searched")
    sizes = []
    for rows in ([searched], [replace(record, id="") for record in records]):
        index = MatchIndex(records, rows)
        tracemalloc.start()
        assert index.find_matches(searched)[0].id == "500"
        sizes.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert sizes[0] < sizes[1] / 2


@pytest.mark.parametrize("ids", ["abcdefg", "gfedcba"])
def test_equally_good_matches_are_in_the_order_of_adding(ids: str) -> None:
    index = MatchIndex(a_record("Harrowgate Quill", an_address("1 Oak St"), id=id) for id in ids)
    found = index.find_matches(a_record("Harrowgate Quill", an_address("1 Oak St"), id="asked"))
    assert [one.id for one in found] == list(ids[:5])


def test_only_rows_that_were_added_are_found() -> None:
    first, second = (a_record("Harrowgate Quill", an_address("1 Oak St"), id=id) for id in ("row 1", "row 2"))
    index = MatchIndex((), [first, second])
    assert index.find_matches(first) == []
    index.add(replace(first, id="new"))
    assert [one.id for one in index.find_matches(second)] == ["new"]


def test_namesakes_are_found_at_any_place_but_not_with_other_numbers() -> None:
    index = build_crowd()
    for id, place, number in (("far", "Boston", ()), ("known", "Boston", ein("1"))):
        index.add(a_record("Harrowgate Quill", an_address("1 Oak St", place), id=id, identifiers=number))
    asked = a_record("The Harrowgate Quill, Inc.", an_address("9 Elm St"), id="asked")
    assert [one.id for one in index.find_namesakes(asked)] == ["far", "known"]
    assert [one.id for one in index.find_namesakes(replace(asked, identifiers=ein("2")))] == ["far"]
    assert index.find_namesakes(a_record("Pier Lantern Guild", an_address("9 Elm St"), id="asked")) == []
    assert index.find_namesakes(replace(asked, id="far")) != index.find_namesakes(asked)


def test_a_sources_own_numbers_do_not_hide_records() -> None:
    index = MatchIndex([a_record("Harrowgate Quill", an_address("1 Oak St"), id="it", identifiers=(Identifier("X-BAPD", "1"),))])
    assert ids(index, "Harrowgate Quill", an_address("1 Oak St"), identifiers=(Identifier("X-BAPD", "2"),)) == ["it"]


def test_some_of_hundreds_with_one_name_are_found() -> None:
    index = MatchIndex(a_record("Harrowgate Chapter", an_address("1 Oak St"), id=f"c{number}") for number in range(400))
    assert len(ids(index, "Harrowgate Chapter", an_address("1 Oak St"))) == 5


def test_the_record_in_the_same_town_comes_first_among_many_with_one_name() -> None:
    index = MatchIndex(a_record("Community Center", an_address(None, f"Town {n}"), id=f"t{n}") for n in range(300))
    assert ids(index, "Community Center", an_address(None, "Town 222"))[0] == "t222"


def test_many_records_at_one_address_are_not_candidates() -> None:
    assert ids(build_crowd(), "Harrowgate Union", an_address("1 Oak St", "Macon")) == []


def test_discarded_records_are_not_found_and_added_records_replace_earlier_ones() -> None:
    index = build_crowd()
    size = len(index)
    index.add(a_record("Harrowgate Quill", an_address(), id="it"))
    index.add(a_record("Pier Lantern Guild", an_address(), id="it"))
    assert len(index) == size + 1
    assert ids(index, "Harrowgate Quill", an_address()) == []
    assert ids(index, "Pier Lantern Guild", an_address()) == ["it"]
    index.discard("it")
    index.discard("nobody")
    assert ids(index, "Pier Lantern Guild", an_address()) == []
    assert len(index) == size


def test_a_party_is_not_compared_with_itself() -> None:
    index = MatchIndex([a_record("Harrowgate Quill", an_address(), id="it")])
    assert index.find_matches(a_record("Harrowgate Quill", an_address(), id="it")) == []


def test_the_best_matches_come_first_up_to_the_limit() -> None:
    index = MatchIndex(
        a_record("Harrowgate Quill", an_address("1 Oak St") if n == 7 else an_address(), id=f"p{n}") for n in range(9)
    )
    found = index.find_matches(a_record("Harrowgate Quill", an_address("1 Oak St"), id="asked"), limit=3)
    assert found[0].id == "p7"
    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_nearly_all_matches_of_a_full_comparison_are_found() -> None:
    pairs = generate_pairs(seed=3, count=300)
    index = MatchIndex(pair.left for pair in pairs)
    matching_pairs = [
        pair for pair in pairs if compare_records(pair.right, pair.left, index.token_frequency).verdict is not Verdict.DIFFERENT
    ]
    found = [pair for pair in matching_pairs if any(one.id == pair.left.id for one in index.find_matches(pair.right, limit=30))]
    assert len(matching_pairs) > 120
    assert len(found) >= 0.98 * len(matching_pairs)


def test_the_number_of_comparisons_does_not_grow_with_the_index() -> None:
    rng = Random(1)  # noqa: S311

    def generate(count: int) -> list[MatchRecord]:
        names = ("".join(rng.choices(ascii_lowercase, k=9)) for _ in range(count))
        return [a_record(f"{name.title()} Community Center", an_address(), id=name) for name in names]

    searched = generate(50)
    compared = []
    for size in (100, 3_000):
        frequency = TokenFrequency()
        block = BlockIndex(frequency, MisspellingIndex())
        for row, record in enumerate(generate(size)):
            block.add(row, extract_features(record))
        compared.append(sum(len(block.candidates(extract_features(record))) for record in searched))
    assert compared[1] <= max(compared[0], 50) * 3
