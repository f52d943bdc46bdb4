"""Tables as datasets: known columns, profiles and guesses."""

import io
from pathlib import Path

import pytest

from directory.errors import BadInput
from seed.sources.dataset import DEFAULT_TITLE, Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset
from seed.sources.own_tables import CORRECTION_COLUMNS
from seed.sources.table_dataset import SAMPLE_SIZE
from tests.seed.sample_files import build_irs_file, export_bytes

PEOPLE = "First name,Last name,Email,Organization\nAna,Paz,ana@example.org,Tenants Union\nBo,Li,bo@example.org,Tenants Union\n"
PROFILE = """\
key = "bapd"
title = "The members' own list"
url = "https://example.org/list"
date = 2026-04-30
ignore = ["Notes"]

[columns]
"Kollektiv" = "name"
"Ort" = "location.city"
"Themen" = { field = "tags", split = "comma" }

[constants]
"location.state" = "GA"

[terms]
"huertos" = "environment"
"""
GERMAN = 'Kollektiv,Ort,Themen,Notes,Rest\nHafen,Atlanta,"housing, huertos",n,r\n'


def read(folder: Path, content: str, name: str = "list.csv", **options: object) -> Dataset:
    (folder / name).write_text(content)
    return load_dataset(folder / name, ReadOptions(**options), io.BytesIO())  # type: ignore[arg-type]


def join_notes(dataset: Dataset) -> str:
    return "\n".join(dataset.notes)


class TestPeople:
    def test_a_list_of_people_is_rejected_with_a_way_to_insist(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="--allow-people") as refusal:
            read(tmp_path, PEOPLE)
        assert refusal.value.params["file"] == "list.csv"
        for person in ("Ana", "Paz", "ana@example.org"):
            assert person not in refusal.value.user_message

    def test_a_profile_does_not_allow_a_list_of_people(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text('[columns]\n"Organization" = "name"\n')
        with pytest.raises(BadInput, match="--allow-people"):
            read(tmp_path, PEOPLE)

    def test_a_list_of_people_can_be_allowed(self, tmp_path: Path) -> None:
        rows = list(read(tmp_path, PEOPLE, allow_people=True).rows)
        assert [row.fields["name"] for row in rows] == ["Tenants Union", "Tenants Union"]


class TestProfiles:
    def test_a_profile_beside_the_file_is_found_and_used(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PROFILE)
        dataset = read(tmp_path, GERMAN)
        (row,) = dataset.rows
        assert row.fields["name"] == "Hafen"
        place = row.fields["locations"][0]  # type: ignore[index]
        assert (place["city"], place["state"]) == ("Atlanta", "GA")
        assert set(row.fields["issue_areas"]) == {"environment", "housing"}  # type: ignore[call-overload]
        assert row.unknown_terms == {}
        assert (dataset.key, dataset.title, dataset.url) == ("bapd", "The members' own list", "https://example.org/list")
        assert str(dataset.date) == "2026-04-30"
        assert 'Not imported: "Rest".' in join_notes(dataset)

    def test_a_profile_in_the_folder_profiles_is_found(self, tmp_path: Path) -> None:
        (tmp_path / "profiles").mkdir()
        (tmp_path / "profiles" / "p.toml").write_text(PROFILE)
        assert read(tmp_path, GERMAN).key == "bapd"

    def test_a_profile_that_does_not_fit_is_used_only_if_given(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PROFILE)
        other = "Name,Ort\nHafen,Atlanta\n"
        assert read(tmp_path, other).key == "list"
        given = read(tmp_path, other, profile=tmp_path / "p.toml")
        assert given.key == "bapd"
        assert "that are missing from the file: Kollektiv, Themen" in join_notes(given)

    def test_two_fitting_profiles_are_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PROFILE)
        (tmp_path / "q.toml").write_text(PROFILE)
        with pytest.raises(BadInput, match="--profile"):
            read(tmp_path, GERMAN)
        assert read(tmp_path, GERMAN, profile=tmp_path / "q.toml").key == "bapd"

    def test_a_broken_profile_is_reported(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PROFILE.replace('"name"', '"nam"'))
        with pytest.raises(BadInput, match=r"p[.]toml"):
            read(tmp_path, GERMAN)

    def test_known_columns_need_no_profile(self, tmp_path: Path) -> None:
        for name in ("p.toml", "q.toml"):
            (tmp_path / name).write_text('[columns]\nNAME = "summary"\nname = "summary"\n'.replace("NAME", "CITY"))
        for content in (build_irs_file(), export_bytes("csv")):
            (row, *_) = read(tmp_path, content.decode("utf-8-sig")).rows
            assert row.fields["name"] == "Harbor Tenants Union"

    def test_a_guess_makes_a_profile(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, "Organization,City,Blah\nHafen,Atlanta,x\n")
        assert dataset.profile is not None
        assert {name: rule.field for name, rule in dataset.profile.columns.items()} == {
            "Organization": "name",
            "City": "location.city",
            "Blah": "",
        }


class TestNotes:
    def test_notes_list_mapped_and_unmapped_columns(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, "Organization,Summarry,Blah\nHafen,We house people,x\n")
        assert '  "Organization" is name' in dataset.notes, "one line for each column"
        assert '  "Summarry" is summary (' in join_notes(dataset)
        assert "%: " in join_notes(dataset), "how sure a guess is, and why"
        assert 'Not imported: "Blah".' in join_notes(dataset)

    def test_notes_say_why_a_known_column_is_not_imported(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, "Organization,Email\nHafen,call us\nKai,ask Ana\n")
        assert 'Not imported: "Email".' in join_notes(dataset)
        assert "the values do not match" in join_notes(dataset)

    def test_notes_list_columns_that_we_did_not_export(self, tmp_path: Path) -> None:
        heading, row, *_ = export_bytes("csv").decode("utf-8-sig").splitlines()
        dataset = read(tmp_path, f"Blah,{heading}\nx,{row}\n")
        assert join_notes(dataset) == 'Not imported, because exports of this directory do not have these columns: "Blah".'


def test_rows_beyond_the_sample_are_read_too(tmp_path: Path) -> None:
    names = [f"Union {number}" for number in range(SAMPLE_SIZE * 2)]
    dataset = read(tmp_path, "Organization\n" + "\n".join(names) + "\n")
    assert [row.fields["name"] for row in dataset.rows] == names


def test_a_linked_table_of_hsds_rejects_each_row_and_says_what_to_import(tmp_path: Path) -> None:
    dataset = read(tmp_path, "id,location_id,address_1,city,state_province,postal_code,country\n1,2,x,Atlanta,GA,30303,US\n")
    (row,) = dataset.rows
    assert "organizations.csv" in row.problems[0].message
    assert row.cells["city"] == "Atlanta"


class TestCorrectionsFile:
    BACK = ",".join(("Organization", "State", *CORRECTION_COLUMNS))

    def test_a_heading_counts_though_most_values_are_wrong(self, tmp_path: Path) -> None:
        wrong = "".join(f'Union {number},Georgai,list,,"State"\n' for number in range(5))
        assert not any("locations" in row.fields for row in read(tmp_path, f"Organization,State\n{wrong}").rows)
        rows = list(read(tmp_path, f"{self.BACK}\n{wrong}").rows)
        assert [row.fields["locations"][0]["state"] for row in rows] == ["Georgai"] * 5  # type: ignore[index]

    def test_the_key_is_that_of_the_source(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, f"{self.BACK}\nHafen,GA,bapd,,x\n", "to correct.csv")
        assert (dataset.key, dataset.is_partial) == ("bapd", True)
        assert "came from" not in join_notes(dataset).partition("Not imported")[2]
        said = read(tmp_path, f"{self.BACK}\nHafen,GA,bapd,,x\n", "to correct.csv", key="other")
        assert said.key == "other"

    def test_answers_count_whatever_the_profile_maps(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text('[columns]\nOrganization = "name"\n')
        (row,) = read(tmp_path, f"{self.BACK}\nHafen,GA,bapd,hafen,x\n").rows
        assert row.fields["same_as"] == "hafen"
        (heading, line, *_) = build_irs_file().decode().splitlines()
        added = ",".join(CORRECTION_COLUMNS)
        (row,) = read(tmp_path, f"{heading},{added}\n{line},eo-dc,new,x\n").rows
        assert row.fields["same_as"] == "new"

    def test_corrections_are_not_checked_for_people(self, tmp_path: Path) -> None:
        heading, *lines = PEOPLE.splitlines()
        back = "\n".join([f"{heading},{','.join(CORRECTION_COLUMNS)}", *(f"{line},bapd,,x" for line in lines)])
        assert len(list(read(tmp_path, back).rows)) == 2


def test_a_source_without_a_title_has_a_plain_one(tmp_path: Path) -> None:
    assert read(tmp_path, "Organization\nHafen\n").title == DEFAULT_TITLE
