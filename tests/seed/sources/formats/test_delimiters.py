import pytest

from directory.errors import BadInput
from seed.sources.formats.csv_records import NO_DELIMITER, Delimiter, detect_delimiter


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("name\nAcme, Inc\nUnion\n", Delimiter(NO_DELIMITER, 1)),
        ("Acme\n", Delimiter(NO_DELIMITER, 1)),
        ("", Delimiter(NO_DELIMITER, 1)),
        (",,\n", Delimiter(",", 1)),
        ("name,themes\nAcme,art; law; land\nUnion,work; homes; land\n", Delimiter(",", 2)),
        ("name;city;note\nAcme, Inc;Rome;one, two\nUnion;Athens;\n", Delimiter(";", 3)),
        ('"name";"city"\n"a,b";"c,d"\n', Delimiter(";", 2)),
        ("name|phone\nAcme|1,5\n", Delimiter("|", 2)),
        ("Members\nas of May\n\na,b,c\n1,2,3\n4,5,6\n", Delimiter(",", 3)),
        ("a\tb, c\td\n1\t2, 3\t4\n", Delimiter("\t", 3)),
        ("a,b,c\n1,2\n1,2,3,4\n1\n1,2,3,4,5\n", Delimiter(",", 5)),
    ],
)
def test_the_delimiter_that_splits_most_evenly_is_detected(sample: str, expected: Delimiter) -> None:
    assert detect_delimiter(sample, "a.csv") == expected


@pytest.mark.parametrize(("told", "sign"), [("tab", "\t"), ("\\t", "\t"), ("\t", "\t"), ("Pipe", "|"), (":", ":")])
def test_it_can_be_stated(told: str, sign: str) -> None:
    assert detect_delimiter(f"a{sign}b\n", "a.csv", told) == Delimiter(sign, 2)


@pytest.mark.parametrize("told", ["", "::", "a", "1", '"', "'", "\n", "\0"])
def test_an_impossible_delimiter_is_rejected(told: str) -> None:
    with pytest.raises(BadInput) as refusal:
        detect_delimiter("a,b\n", "a.csv", told)
    assert refusal.value.params == {"argument": "delimiter"}
