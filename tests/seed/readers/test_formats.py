import pytest

from directory.errors import BadInput
from seed.readers.formats import Format, recognise
from tests.seed.readers.workbooks import ods, xls, xlsx, zipped

CSV = b"name,city\nAcme,Rome\n"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a", "-"])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (xlsx([["name"]]), Format.SPREADSHEET),
        (ods(""), Format.SPREADSHEET),
        (xls({(0, 0): "name"}), Format.SPREADSHEET),
        (b'{"organizations": []}', Format.JSON),
        (b'\xef\xbb\xbf [\n {"name": "Acme"}]', Format.JSON),
        (b'{"name": "A"}\n{"name": "B"}\n', Format.NDJSON),
        (CSV, Format.DELIMITED),
        (b"[Acme],Rome", Format.DELIMITED),
        (b"", Format.DELIMITED),
        ("name\tcity".encode("utf-16"), Format.DELIMITED),
    ],
)
def test_content_decides_whatever_the_name_says(name: str, data: bytes, expected: Format) -> None:
    assert recognise(name, data) is expected


def test_the_ending_decides_what_content_leaves_open() -> None:
    assert recognise("a.TOML", b'name = "Acme"') is Format.TOML
    assert recognise("a.ndjson", b'{"name": "A"}\n') is Format.NDJSON
    assert recognise("a.jsonl", b"") is Format.NDJSON
    assert recognise("a.json", b"") is Format.JSON
    archive = zipped({"organizations.csv": CSV})
    assert recognise("a.zip", archive) is Format.ZIP
    assert recognise("a.xlsx", archive[:30]) is Format.SPREADSHEET


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<!DOCTYPE html><html><table><tr><td>Acme", "web page"),
        (b'\xef\xbb\xbf\n<html xmlns:x="urn:excel"><body>', "web page"),
        ('<?xml version="1.0"?><Workbook>'.encode("utf-16"), "XML"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"{\\rtf1", "RTF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\x00", "database"),
        (b"BEGIN:VCARD", "contacts"),
        (zipped({"word/document.xml": b""}), "Word"),
        (zipped({"ppt/presentation.xml": b""}), "presentation"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (zipped({"Index/Document.iwa": b""}), "Numbers"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word"),
    ],
)
def test_what_is_not_read_is_told_by_its_kind(data: bytes, what: str) -> None:
    with pytest.raises(BadInput, match=what) as refusal:
        recognise("a.xls", data)
    assert refusal.value.params == {"file": "a.xls"}


def test_a_spreadsheets_ending_on_something_binary_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        recognise("a.xls", bytes(range(32)))
    assert recognise("a.xls", CSV) is Format.DELIMITED
