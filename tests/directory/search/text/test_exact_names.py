from directory.search.text.exact_names import ExactNames, NameHashes


def hash_names(names: dict[int, list[str]]) -> NameHashes:
    found = NameHashes()
    for row, own in names.items():
        found.add(row, own)
    return found


def test_a_name_leads_to_all_rows_that_have_it() -> None:
    exact = ExactNames.build(hash_names({3: ["nnirr", "the network"], 9: ["nnirr", "nnirr"], 1: []}))
    assert list(exact.find_rows("nnirr")) == [3, 9]
    assert list(exact.find_rows("the network")) == [3]
    assert not exact.find_rows("network")
    assert not ExactNames.build(NameHashes()).find_rows("nnirr")


def test_a_change_does_not_modify_the_old_names() -> None:
    exact = ExactNames.build(hash_names({1: ["a", "b"], 2: ["b"]}))
    changed = exact.with_changes(hash_names({1: ["a", "b"]}), hash_names({1: ["a", "c"], 5: ["b"]}))
    assert [list(changed.find_rows(name)) for name in "abc"] == [[1], [2, 5], [1]]
    assert [list(exact.find_rows(name)) for name in "abc"] == [[1], [1, 2], []]
