from directory.search.text.exact_names import ExactNames, NameHashes


def bearers(names: dict[int, list[str]]) -> NameHashes:
    found = NameHashes()
    for row, own in names.items():
        found.add(row, own)
    return found


def test_a_name_leads_to_all_who_bear_it() -> None:
    exact = ExactNames.build(bearers({3: ["nnirr", "the network"], 9: ["nnirr", "nnirr"], 1: []}))
    assert list(exact.find_rows("nnirr")) == [3, 9]
    assert list(exact.find_rows("the network")) == [3]
    assert not exact.find_rows("network")
    assert not ExactNames.build(NameHashes()).find_rows("nnirr")


def test_a_change_leaves_the_old_ones_as_they_were() -> None:
    exact = ExactNames.build(bearers({1: ["a", "b"], 2: ["b"]}))
    changed = exact.with_changes(bearers({1: ["a", "b"]}), bearers({1: ["a", "c"], 5: ["b"]}))
    assert [list(changed.find_rows(name)) for name in "abc"] == [[1], [2, 5], [1]]
    assert [list(exact.find_rows(name)) for name in "abc"] == [[1], [1, 2], []]
