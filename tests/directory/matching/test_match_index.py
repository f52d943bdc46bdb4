"""Finding the few that may be meant gives what comparing with everybody would."""

from random import Random
from string import ascii_lowercase
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.duplicate_pairs import generate_pairs
from directory.matching.blocking import BlockIndex
from directory.matching.decide import compare_records
from directory.matching.evidence import Verdict
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import MatchAddress, MatchRecord, extract_features
from directory.matching.token_frequency import TokenFrequency
from directory.records import Identifier
from tests.directory.matching.parties import a_party, at, ein


def ids(index: MatchIndex, name: str, *places: MatchAddress, **fields: Any) -> list[str]:
    return [one.id for one in index.find_matches(a_party(name, *places, id="asked", **fields))]


def crowd() -> MatchIndex:
    """A few hundred with words that many have, at one door and elsewhere."""
    towns = ["Macon", "Savannah", "Athens"]
    return MatchIndex(
        a_party(f"Community Center {chr(97 + n % 26)}{n}", at("1 Oak St", towns[n % 3]), id=f"c{n}") for n in range(300)
    )


def test_nobody_is_near_in_an_empty_index() -> None:
    assert ids(MatchIndex(), "Harrowgate Union") == []


@pytest.mark.parametrize(
    "asked",
    [
        "Harrowgate Lantern Union",
        "Union of Harrowgate Lantern",
        "Harowgate Lantren Union",
        "Harrowgatelantern Union",
        "HARROWGATE LANTERN UNION, INC.",
        "Lantern Harrowgate",
    ],
)
def test_one_is_found_in_a_crowd_however_it_is_written(asked: str) -> None:
    index = crowd()
    index.add(a_party("Harrowgate Lantern Union", at("12 Main St"), id="it"))
    assert ids(index, asked, at("12 Main St"))[:1] == ["it"]


def test_found_by_its_acronym_and_an_acronym_by_its_name() -> None:
    index = crowd()
    index.add(a_party("Harrowgate Lantern Tenants Union", at(), id="full"))
    assert ids(index, "HLTU", at()) == ["full"]
    other = crowd()
    other.add(a_party("HLTU", at(), id="short"))
    assert ids(other, "Harrowgate Lantern Tenants Union", at()) == ["short"]


def test_found_by_contacts_where_names_share_nothing() -> None:
    index = crowd()
    index.add(a_party("Harrowgate Union", at(), id="it", phones=("4045550100",), website="https://harrowgate.example"))
    asked = {"phones": ("+14045550100",), "emails": ("office@harrowgate.example",)}
    assert ids(index, "Pier Lantern Guild", **asked) == ["it"]


def test_an_identifier_finds_its_bearer_alone() -> None:
    index = MatchIndex(
        [a_party("Pier Guild", id="it", identifiers=ein("1")), a_party("Harrowgate Union", at("1 Oak St"), id="other")]
    )
    assert ids(index, "Harrowgate Union", at("1 Oak St"), identifiers=ein("1")) == ["it"]
    assert ids(index, "Harrowgate Union", at("1 Oak St"), identifiers=ein("2")) == ["other"]


def test_nobody_is_a_duplicate_of_itself() -> None:
    it = a_party("Harrowgate Union", at("1 Oak St"), id="it", identifiers=ein("1"), phones=("4045550100",))
    twin = replace(it, id="twin", identifiers=())
    assert [one.id for one in MatchIndex([it, twin]).find_matches(it)] == ["twin"]
    assert [one.id for one in MatchIndex([it]).find_matches(it)] == []


def test_who_is_the_same_comes_before_a_branch_with_a_higher_score() -> None:
    contacts: dict[str, Any] = {"phones": ("4045550100",), "website": "https://harrowgate.example"}
    asked = a_party("Harrowgate Quill Union", at("12 Main St"), id="asked", **contacts)
    branch = a_party("Harrowgate Quill Union", at("12 Main St"), id="branch", parent="asked", **contacts)
    same = a_party("Harrowgate Quill Union", at(), id="same")
    found = MatchIndex([branch, same]).find_matches(asked)
    assert [(one.id, one.verdict) for one in found] == [("same", Verdict.SAME), ("branch", Verdict.POSSIBLE)]
    assert found[0].score < found[1].score


def test_whoever_is_taken_out_no_longer_makes_words_and_contacts_common() -> None:
    def chapter(number: int) -> MatchRecord:
        return a_party(f"Quill Chapter {chr(97 + number)}", at(), id=f"c{number}", phones=("4045550100",))

    index = MatchIndex(map(chapter, range(25)))
    asked = a_party("Quill Chapter", at(), id="asked", phones=("4045550100",))
    common = index.find_matches(asked)
    for number in range(1, 25):
        index.discard(f"c{number}")
    assert index.find_matches(asked) == MatchIndex([chapter(0)]).find_matches(asked) != common


def test_bearers_of_other_registered_numbers_are_found_by_contacts_alone() -> None:
    index = MatchIndex([a_party("Harrowgate Quill", at("1 Oak St"), id="it", identifiers=ein("1"), phones=("4045550100",))])
    assert ids(index, "Harrowgate Quill", at("1 Oak St"), identifiers=ein("2")) == []
    assert ids(index, "Harrowgate Quill", at("1 Oak St"), identifiers=ein("2"), phones=("4045550100",)) == ["it"]


def test_who_waited_while_only_bearers_of_numbers_came_is_found_by_whoever_has_none() -> None:
    index = MatchIndex()
    for number in range(9):
        index.add(a_party(f"Harrowgate Quill {chr(65 + number)}", at("1 Oak St"), id=f"p{number}", identifiers=ein(str(number))))
        assert ids(index, "Harrowgate Quill A", at("1 Oak St"), identifiers=ein("other")) == []
    index.discard("p3")
    index.add(a_party("Pier Guild", id="p4", identifiers=ein("4")))
    assert len(index) == 8
    assert ids(index, "Somebody else", identifiers=ein("4")) == ["p4"]
    found = ids(index, "Harrowgate Quill A", at("1 Oak St"))
    assert found[0] == "p0"
    assert not {"p3", "p4"} & set(found)


def test_in_whatever_order_they_come_and_are_asked_for_the_answers_are_those_of_all_at_once() -> None:
    invented = generate_pairs(seed=5, count=60)
    parties = [replace(pair.left, identifiers=ein(str(at)) if at % 3 else ()) for at, pair in enumerate(invented)]
    asked = [replace(pair.right, identifiers=ein(f"other {at}") if at % 2 else ()) for at, pair in enumerate(invented)]
    whole, grown = MatchIndex(parties), MatchIndex()
    for party in parties:
        grown.add(party)
        grown.find_matches(asked[0])
    assert [grown.find_matches(one) for one in asked] == [whole.find_matches(one) for one in asked]


def test_a_sources_own_numbers_do_not_hide_anybody() -> None:
    index = MatchIndex([a_party("Harrowgate Quill", at("1 Oak St"), id="it", identifiers=(Identifier("X-BAPD", "1"),))])
    assert ids(index, "Harrowgate Quill", at("1 Oak St"), identifiers=(Identifier("X-BAPD", "2"),)) == ["it"]


def test_hundreds_of_one_name_are_not_lost() -> None:
    index = MatchIndex(a_party("Harrowgate Chapter", at("1 Oak St"), id=f"c{number}") for number in range(400))
    assert len(ids(index, "Harrowgate Chapter", at("1 Oak St"))) == 5


def test_of_one_name_in_many_towns_the_one_in_town_comes_first() -> None:
    index = MatchIndex(a_party("Community Center", at(None, f"Town {n}"), id=f"t{n}") for n in range(300))
    assert ids(index, "Community Center", at(None, "Town 222"))[0] == "t222"


def test_many_at_one_address_are_not_near() -> None:
    assert ids(crowd(), "Harrowgate Union", at("1 Oak St", "Macon")) == []


def test_what_is_discarded_is_not_found_and_what_is_added_again_is_the_newer() -> None:
    index = crowd()
    size = len(index)
    index.add(a_party("Harrowgate Quill", at(), id="it"))
    index.add(a_party("Pier Lantern Guild", at(), id="it"))
    assert len(index) == size + 1
    assert ids(index, "Harrowgate Quill", at()) == []
    assert ids(index, "Pier Lantern Guild", at()) == ["it"]
    index.discard("it")
    index.discard("nobody")
    assert ids(index, "Pier Lantern Guild", at()) == []
    assert len(index) == size


def test_a_party_is_not_compared_with_itself() -> None:
    index = MatchIndex([a_party("Harrowgate Quill", at(), id="it")])
    assert index.find_matches(a_party("Harrowgate Quill", at(), id="it")) == []


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    index = MatchIndex(a_party("Harrowgate Quill", at("1 Oak St") if n == 7 else at(), id=f"p{n}") for n in range(9))
    found = index.find_matches(a_party("Harrowgate Quill", at("1 Oak St"), id="asked"), limit=3)
    assert found[0].id == "p7"
    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_nearly_all_that_comparing_with_everybody_finds_is_found() -> None:
    invented = generate_pairs(seed=3, count=300)
    index = MatchIndex(pair.left for pair in invented)
    likely = [
        pair
        for pair in invented
        if compare_records(pair.right, pair.left, index.token_frequency).verdict is not Verdict.DIFFERENT
    ]
    found = [pair for pair in likely if any(one.id == pair.left.id for one in index.find_matches(pair.right, limit=30))]
    assert len(likely) > 120
    assert len(found) >= 0.98 * len(likely)


def test_how_many_are_compared_does_not_grow_with_the_index() -> None:
    rng = Random(1)  # noqa: S311

    def several(count: int) -> list[MatchRecord]:
        names = ("".join(rng.choices(ascii_lowercase, k=9)) for _ in range(count))
        return [a_party(f"{name.title()} Community Center", at(), id=name) for name in names]

    asked = several(50)
    compared = []
    for size in (100, 3_000):
        rarity = TokenFrequency()
        block = BlockIndex(rarity)
        for row, party in enumerate(several(size)):
            block.add(row, extract_features(party))
        compared.append(sum(len(block.candidates(extract_features(party))) for party in asked))
    assert compared[1] <= max(compared[0], 50) * 3
