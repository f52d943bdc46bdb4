"""Each kind of file is recognized by its content rather than its name."""

import io
from pathlib import Path

import pytest

from directory.errors import BadInput, DirectoryError, TooLarge
from seed.sources.dataset import DEFAULT_TITLE, OWN_TITLE, Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset
from seed.sources.formats.limits import MAX_FILE_SIZE
from seed.sources.hsds.hsds_reader import HSDS_TITLE
from seed.sources.table_dataset import IRS_TITLE, OSM_TITLE
from tests.seed.sample_files import (
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
    build_irs_file,
    export_bytes,
)
from tests.seed.sources.formats.hsds_samples import TABLES

NOTHING = io.BytesIO()
KINDS: dict[str, tuple[str, bytes, str]] = {  # kind: file name, content, public title
    "csv": ("list.csv", CSV, DEFAULT_TITLE),
    "tsv": ("list.tsv", CSV.replace(b",", b"\t"), DEFAULT_TITLE),
    "csv in UTF-16": ("list.csv", CSV.decode().encode("utf-16"), DEFAULT_TITLE),
    "csv called a text": ("list.txt", CSV, DEFAULT_TITLE),
    "csv called json": ("list.csv.bak", CSV, DEFAULT_TITLE),
    "spreadsheet": ("list.xlsx", SPREADSHEET, DEFAULT_TITLE),
    "spreadsheet called csv": ("list.csv", SPREADSHEET, DEFAULT_TITLE),
    "toml": ("harbor.toml", TOML, OWN_TITLE),
    "json": ("list.json", JSON, OWN_TITLE),
    "json of one": ("one.json", b'{"name": "Harbor Tenants Union"}', OWN_TITLE),
    "json with a mark": ("list.json", b"\xef\xbb\xbf" + JSON, OWN_TITLE),
    "json called txt": ("list.txt", JSON, OWN_TITLE),
    "ndjson": ("list.ndjson", NDJSON, OWN_TITLE),
    "ndjson called json": ("list.json", NDJSON, OWN_TITLE),
    "our csv": ("export.csv", export_bytes("csv"), OWN_TITLE),
    "our xlsx": ("export.xlsx", export_bytes("xlsx"), OWN_TITLE),
    "our ndjson": ("export.ndjson", export_bytes("ndjson"), OWN_TITLE),
    "our json": ("export.json", export_bytes("json"), OWN_TITLE),
    "irs": ("eo_dc.csv", build_irs_file(), IRS_TITLE),
    "hsds": ("organization_full.json", HSDS, HSDS_TITLE),
    "hsds lines": ("hsds.ndjson", HSDS + b"\n" + HSDS.replace(b"7b1de9a4", b"7b1de9a5") + b"\n", HSDS_TITLE),
    "hsds package": ("package.zip", PACKAGE, HSDS_TITLE),
    "hsds table": ("organizations.csv", TABLES["organizations.csv"].encode(), HSDS_TITLE),
    "geojson": ("map.geojson", GEOJSON, DEFAULT_TITLE),
    "geojson called json": ("map.json", GEOJSON, DEFAULT_TITLE),
    "openstreetmap": ("export.geojson", OSM, OSM_TITLE),
}


def read(path: Path, options: ReadOptions | None = None) -> tuple[Dataset, list[str]]:
    dataset = load_dataset(path, options or ReadOptions(), NOTHING)
    rows = list(dataset.rows)
    assert not [problem for row in rows for problem in row.problems]
    return dataset, [str(row.fields["name"]) for row in rows]


@pytest.mark.parametrize("what", KINDS)
def test_a_file_reaches_its_reader(tmp_path: Path, what: str) -> None:
    name, content, title = KINDS[what]
    path = tmp_path / name
    path.write_bytes(content)
    dataset, names = read(path)
    assert names[0] == NAME
    assert (dataset.title, dataset.has_provenance) == (title, title == OWN_TITLE)
    assert dataset.key


@pytest.mark.parametrize("what", [what for what in KINDS if what != "toml"])  # TOML is recognized only by its extension
def test_standard_input_is_read_like_a_file(what: str) -> None:
    _, content, title = KINDS[what]
    dataset = load_dataset(Path("-"), ReadOptions(), io.BytesIO(content))
    assert dataset.title == title
    row = next(iter(dataset.rows))
    assert (row.fields["name"], row.problems) == (NAME, ())
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
def test_a_file_that_is_not_a_list_is_rejected_by_name(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput) as refusal:
        read(path)
    assert name in refusal.value.user_message


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.truncate(MAX_FILE_SIZE + 1)
    with pytest.raises(TooLarge):
        load_dataset(path, ReadOptions(), NOTHING)
    with path.open("rb") as stream, pytest.raises(TooLarge):
        load_dataset(Path("-"), ReadOptions(), stream)


def test_a_broken_line_is_a_row_and_stops_no_other(tmp_path: Path) -> None:
    path = tmp_path / "list.ndjson"
    path.write_bytes(NDJSON + b'{"name": \n[]\n')
    rows = list(load_dataset(path, ReadOptions(), NOTHING).rows)
    assert [(row.number, bool(row.problems)) for row in rows] == [(1, False), (2, False), (3, True), (4, True)]


def test_options_say_how_a_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("Organización~Ciudad\nNiñez Libre~Atlanta\n".encode("cp1252"))
    assert read(path, ReadOptions(encoding="cp1252", delimiter="~"))[1] == ["Niñez Libre"]
    with pytest.raises(DirectoryError):
        read(path, ReadOptions(encoding="klingon"))


def test_options_take_precedence_over_the_profile(tmp_path: Path) -> None:
    path, profile = tmp_path / "list.txt", tmp_path / "elsewhere" / "p.toml"
    profile.parent.mkdir()
    profile.write_text('delimiter = "~"\n[columns]\nO = "name"\n')
    path.write_bytes(b"O~P\nHarbor Tenants Union~x\n")
    assert read(path, ReadOptions(profile=profile))[1] == [NAME]
    path.write_bytes(b"O;P\nHarbor Tenants Union;x\n")
    assert read(path, ReadOptions(profile=profile, delimiter=";"))[1] == [NAME]


def test_a_profile_that_is_found_says_how_to_read_too(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Nombre propio,Name,Lugar\nNiñez Libre,x,Łódź\n".encode("cp1250", "replace").replace(b"Ni?ez", b"Ni\xd3ez"))
    (tmp_path / "p.toml").write_text('encoding = "cp1250"\n[columns]\n"Nombre propio" = "name"\n"Lugar" = "location.city"\n')
    dataset = load_dataset(path, ReadOptions(), NOTHING)
    (row,) = dataset.rows
    assert row.cells["Lugar"] == "Łódź"


def test_only_options_and_content_name_a_source(tmp_path: Path) -> None:
    path = tmp_path / "shelters we hide 2026-04-30.csv"
    path.write_bytes(CSV)
    dataset, _ = read(path, ReadOptions(key="Our list", title="A list of ours"))
    assert (dataset.key, dataset.title, str(dataset.date)) == ("our-list", "A list of ours", "2026-04-30")
