import pytest

from directory.errors import BadInput
from seed.sources.formats.file_format import FileFormat, detect_format
from tests.seed.sources.formats.workbooks import build_zip, ods, xls, xlsx

CSV = b"name,city\nAcme,Rome\n"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a", "-"])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (xlsx([["name"]]), FileFormat.SPREADSHEET),
        (ods(""), FileFormat.SPREADSHEET),
        (xls({(0, 0): "name"}), FileFormat.SPREADSHEET),
        (b'{"organizations": []}', FileFormat.JSON),
        (b'\xef\xbb\xbf [\n {"name": "Acme"}]', FileFormat.JSON),
        (b'{"name": "A"}\n{"name": "B"}\n', FileFormat.NDJSON),
        (CSV, FileFormat.DELIMITED),
        (b"[Acme],Rome", FileFormat.DELIMITED),
        (b"", FileFormat.DELIMITED),
        ("name\tcity".encode("utf-16"), FileFormat.DELIMITED),
    ],
)
def test_content_decides_whatever_the_name_says(name: str, data: bytes, expected: FileFormat) -> None:
    assert detect_format(name, data) is expected


def test_the_ending_decides_what_content_leaves_open() -> None:
    assert detect_format("a.TOML", b'name = "Acme"') is FileFormat.TOML
    assert detect_format("a.ndjson", b'{"name": "A"}\n') is FileFormat.NDJSON
    assert detect_format("a.jsonl", b"") is FileFormat.NDJSON
    assert detect_format("a.json", b"") is FileFormat.JSON
    archive = build_zip({"organizations.csv": CSV})
    assert detect_format("a.zip", archive) is FileFormat.ZIP
    assert detect_format("a.xlsx", archive[:30]) is FileFormat.SPREADSHEET


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
        (build_zip({"word/document.xml": b""}), "Word"),
        (build_zip({"ppt/presentation.xml": b""}), "presentation"),
        (build_zip({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (build_zip({"Index/Document.iwa": b""}), "Numbers"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word"),
    ],
)
def test_an_unsupported_format_is_named(data: bytes, what: str) -> None:
    with pytest.raises(BadInput, match=what) as refusal:
        detect_format("a.xls", data)
    assert refusal.value.params == {"file": "a.xls"}


def test_a_spreadsheets_ending_on_something_binary_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        detect_format("a.xls", bytes(range(32)))
    assert detect_format("a.xls", CSV) is FileFormat.DELIMITED
