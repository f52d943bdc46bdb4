from seed.mapping.headings import column_labels


def test_headings_are_their_own_labels() -> None:
    assert column_labels(["Name", " Org\n Name "]) == ("Name", "Org Name")


def test_columns_without_a_heading_are_called_by_position() -> None:
    assert column_labels(["Name", "", "  "]) == ("Name", "column 2", "column 3")
    assert column_labels(None, 2) == ("column 1", "column 2")
    assert column_labels(["Name"], 3) == ("Name", "column 2", "column 3")


def test_equal_headings_are_told_apart() -> None:
    labels = column_labels(["City", "city", "CITY", "City (column 2)"])
    assert labels[:3] == ("City", "city (column 2)", "CITY (column 3)")
    assert len(set(labels)) == 4
