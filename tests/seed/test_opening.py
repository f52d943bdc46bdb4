"""Each kind of file reaches the reader that knows it, by what it holds rather than by its name."""

import io
from pathlib import Path

import pytest

from directory.errors import BadInput, DirectoryError, TooLarge
from seed.dataset import Dataset
from seed.instructions import Instructions
from seed.opening import opened
from seed.opening_tables import IRS_TITLE, LISTED, OSM_TITLE, OWN
from seed.readers.hsds_dataset import TITLE as HSDS_TITLE
from seed.readers.limits import FILE
from tests.seed.files import (
    CSV,
    GEOJSON,
    HSDS,
    JSON,
    NAME,
    NDJSON,
    OSM,
    PACKAGE,
    SPREADSHEET,
    TOML,
    exported,
    irs,
)
from tests.seed.readers.hsds_samples import TABLES

NOTHING = io.BytesIO()
KINDS: dict[str, tuple[str, bytes, str]] = {  # what: file, content, what everybody is told of the source
    "csv": ("list.csv", CSV, LISTED),
    "tsv": ("list.tsv", CSV.replace(b",", b"\t"), LISTED),
    "csv in UTF-16": ("list.csv", CSV.decode().encode("utf-16"), LISTED),
    "csv called a text": ("list.txt", CSV, LISTED),
    "csv called json": ("list.csv.bak", CSV, LISTED),
    "spreadsheet": ("list.xlsx", SPREADSHEET, LISTED),
    "spreadsheet called csv": ("list.csv", SPREADSHEET, LISTED),
    "toml": ("harbor.toml", TOML, OWN),
    "json": ("list.json", JSON, OWN),
    "json of one": ("one.json", b'{"name": "Harbor Tenants Union"}', OWN),
    "json with a mark": ("list.json", b"\xef\xbb\xbf" + JSON, OWN),
    "json called txt": ("list.txt", JSON, OWN),
    "ndjson": ("list.ndjson", NDJSON, OWN),
    "ndjson called json": ("list.json", NDJSON, OWN),
    "our csv": ("export.csv", exported("csv"), OWN),
    "our xlsx": ("export.xlsx", exported("xlsx"), OWN),
    "our ndjson": ("export.ndjson", exported("ndjson"), OWN),
    "our json": ("export.json", exported("json"), OWN),
    "irs": ("eo_dc.csv", irs(), IRS_TITLE),
    "hsds": ("organization_full.json", HSDS, HSDS_TITLE),
    "hsds lines": ("hsds.ndjson", HSDS + b"\n" + HSDS.replace(b"7b1de9a4", b"7b1de9a5") + b"\n", HSDS_TITLE),
    "hsds package": ("package.zip", PACKAGE, HSDS_TITLE),
    "hsds table": ("organizations.csv", TABLES["organizations.csv"].encode(), HSDS_TITLE),
    "geojson": ("map.geojson", GEOJSON, LISTED),
    "geojson called json": ("map.json", GEOJSON, LISTED),
    "openstreetmap": ("export.geojson", OSM, OSM_TITLE),
}


def read(path: Path, how: Instructions | None = None) -> tuple[Dataset, list[str]]:
    dataset = opened(path, how or Instructions(), NOTHING)
    rows = list(dataset.rows)
    assert not [problem for row in rows for problem in row.problems]
    return dataset, [str(row.stated["name"]) for row in rows]


@pytest.mark.parametrize("what", KINDS)
def test_a_file_reaches_its_reader(tmp_path: Path, what: str) -> None:
    name, content, title = KINDS[what]
    path = tmp_path / name
    path.write_bytes(content)
    dataset, names = read(path)
    assert names[0] == NAME
    assert (dataset.title, dataset.states_sources) == (title, title == OWN)
    assert dataset.key


@pytest.mark.parametrize("what", [what for what in KINDS if what != "toml"])  # TOML is told by its ending alone
def test_standard_input_is_read_like_a_file(what: str) -> None:
    _, content, title = KINDS[what]
    dataset = opened(Path("-"), Instructions(), io.BytesIO(content))
    assert dataset.title == title
    row = next(iter(dataset.rows))
    assert (row.stated["name"], row.problems) == (NAME, ())
    if title != HSDS_TITLE:
        assert row.file == "standard input"


def test_a_folder_is_one_of_hsds(tmp_path: Path) -> None:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text)
    dataset, names = read(tmp_path)
    assert (dataset.title, names) == (HSDS_TITLE, [NAME, "River Workers"])
    (tmp_path / "organizations.csv").unlink()
    with pytest.raises(BadInput, match=r"organizations[.]csv"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.csv", None),
        ("empty.csv", b""),
        ("broken.json", b'{"organizations": [{"name": "A"'),
        ("deep.json", b'{"organizations":' + b"[" * 100_000),
        ("other.json", b'{"organizations": [], "people": []}'),
        ("broken.toml", b"name = "),
        ("list.pdf", b"%PDF-1.7"),
        ("page.csv", b"<!doctype html><table></table>"),
        ("archive.zip", PACKAGE[:200]),
    ],
)
def test_what_is_no_list_is_refused_with_the_files_name(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput) as refusal:
        read(path)
    assert name in refusal.value.sentence


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.truncate(FILE + 1)
    with pytest.raises(TooLarge):
        opened(path, Instructions(), NOTHING)
    with path.open("rb") as stream, pytest.raises(TooLarge):
        opened(Path("-"), Instructions(), stream)


def test_a_broken_line_is_a_row_and_stops_no_other(tmp_path: Path) -> None:
    path = tmp_path / "list.ndjson"
    path.write_bytes(NDJSON + b'{"name": \n[]\n')
    rows = list(opened(path, Instructions(), NOTHING).rows)
    assert [(row.number, bool(row.problems)) for row in rows] == [(1, False), (2, False), (3, True), (4, True)]


def test_instructions_say_how_a_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("Organización~Ciudad\nNiñez Libre~Atlanta\n".encode("cp1252"))
    assert read(path, Instructions(encoding="cp1252", delimiter="~"))[1] == ["Niñez Libre"]
    with pytest.raises(DirectoryError):
        read(path, Instructions(encoding="klingon"))


def test_what_is_said_goes_before_what_the_profile_says(tmp_path: Path) -> None:
    path, profile = tmp_path / "list.txt", tmp_path / "elsewhere" / "p.toml"
    profile.parent.mkdir()
    profile.write_text('delimiter = "~"\n[columns]\nO = "name"\n')
    path.write_bytes(b"O~P\nHarbor Tenants Union~x\n")
    assert read(path, Instructions(profile=profile))[1] == [NAME]
    path.write_bytes(b"O;P\nHarbor Tenants Union;x\n")
    assert read(path, Instructions(profile=profile, delimiter=";"))[1] == [NAME]


def test_a_profile_that_is_found_says_how_to_read_too(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Nombre propio,Name,Lugar\nNiñez Libre,x,Łódź\n".encode("cp1250", "replace").replace(b"Ni?ez", b"Ni\xd3ez"))
    (tmp_path / "p.toml").write_text('encoding = "cp1250"\n[columns]\n"Nombre propio" = "name"\n"Lugar" = "location.city"\n')
    dataset = opened(path, Instructions(), NOTHING)
    (row,) = dataset.rows
    assert row.cells["Lugar"] == "Łódź"


def test_only_instructions_and_content_name_a_source(tmp_path: Path) -> None:
    path = tmp_path / "shelters we hide 2026-04-30.csv"
    path.write_bytes(CSV)
    dataset, _ = read(path, Instructions(key="Our list", title="A list of ours"))
    assert (dataset.key, dataset.title, str(dataset.date)) == ("our-list", "A list of ours", "2026-04-30")
