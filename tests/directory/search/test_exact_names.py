from directory.search.exact_names import Bearers, ExactNames


def bearers(names: dict[int, list[str]]) -> Bearers:
    found = Bearers()
    for row, own in names.items():
        found.add(row, own)
    return found


def test_a_name_leads_to_all_who_bear_it() -> None:
    exact = ExactNames.of(bearers({3: ["nnirr", "the network"], 9: ["nnirr", "nnirr"], 1: []}))
    assert list(exact.bearers("nnirr")) == [3, 9]
    assert list(exact.bearers("the network")) == [3]
    assert not exact.bearers("network")
    assert not ExactNames.of(Bearers()).bearers("nnirr")


def test_a_change_leaves_the_old_ones_as_they_were() -> None:
    exact = ExactNames.of(bearers({1: ["a", "b"], 2: ["b"]}))
    changed = exact.changed(bearers({1: ["a", "b"]}), bearers({1: ["a", "c"], 5: ["b"]}))
    assert [list(changed.bearers(name)) for name in "abc"] == [[1], [2, 5], [1]]
    assert [list(exact.bearers(name)) for name in "abc"] == [[1], [1, 2], []]
