"""Whose columns a table has, or what each of them holds: as a profile says, or as they are guessed."""

import io
from pathlib import Path

import pytest

from directory.errors import BadInput
from seed.sources.corrections_file import CORRECTION_COLUMNS
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset
from seed.sources.table_dataset import DEFAULT_TITLE, SAMPLE_SIZE
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


def read(folder: Path, content: str, name: str = "list.csv", **how: object) -> Dataset:
    (folder / name).write_text(content)
    return load_dataset(folder / name, ReadOptions(**how), io.BytesIO())  # type: ignore[arg-type]


def told(dataset: Dataset) -> str:
    return "\n".join(dataset.notes)


class TestPeople:
    def test_a_list_of_people_is_refused_and_how_to_insist_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="--allow-people") as refusal:
            read(tmp_path, PEOPLE)
        assert refusal.value.params["file"] == "list.csv"
        for person in ("Ana", "Paz", "ana@example.org"):
            assert person not in refusal.value.user_message

    def test_a_profile_is_no_way_around(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text('[columns]\n"Organization" = "name"\n')
        with pytest.raises(BadInput, match="--allow-people"):
            read(tmp_path, PEOPLE)

    def test_somebody_may_insist(self, tmp_path: Path) -> None:
        rows = list(read(tmp_path, PEOPLE, allow_people=True).rows)
        assert [row.fields["name"] for row in rows] == ["Tenants Union", "Tenants Union"]


class TestProfiles:
    def test_one_beside_the_file_is_found_and_obeyed(self, tmp_path: Path) -> None:
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
        assert 'Not taken: "Rest".' in told(dataset)

    def test_one_in_the_folder_of_profiles_is_found(self, tmp_path: Path) -> None:
        (tmp_path / "profiles").mkdir()
        (tmp_path / "profiles" / "p.toml").write_text(PROFILE)
        assert read(tmp_path, GERMAN).key == "bapd"

    def test_one_that_does_not_fit_is_left_alone_and_one_that_is_given_is_not(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PROFILE)
        other = "Name,Ort\nHafen,Atlanta\n"
        assert read(tmp_path, other).key == "list"
        given = read(tmp_path, other, profile=tmp_path / "p.toml")
        assert given.key == "bapd"
        assert "names columns that are not there: Kollektiv, Themen" in told(given)

    def test_two_that_fit_alike_have_to_be_told_apart(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PROFILE)
        (tmp_path / "q.toml").write_text(PROFILE)
        with pytest.raises(BadInput, match="--profile"):
            read(tmp_path, GERMAN)
        assert read(tmp_path, GERMAN, profile=tmp_path / "q.toml").key == "bapd"

    def test_a_broken_one_is_told_rather_than_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PROFILE.replace('"name"', '"nam"'))
        with pytest.raises(BadInput, match=r"p[.]toml"):
            read(tmp_path, GERMAN)

    def test_none_is_asked_for_formats_whose_columns_are_known(self, tmp_path: Path) -> None:
        for name in ("p.toml", "q.toml"):
            (tmp_path / name).write_text('[columns]\nNAME = "summary"\nname = "summary"\n'.replace("NAME", "CITY"))
        for content in (build_irs_file(), export_bytes("csv")):
            (row, *_) = read(tmp_path, content.decode("utf-8-sig")).rows
            assert row.fields["name"] == "Harbor Tenants Union"

    def test_without_one_the_guess_makes_one(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, "Organization,City,Blah\nHafen,Atlanta,x\n")
        assert dataset.profile is not None
        assert {name: rule.field for name, rule in dataset.profile.columns.items()} == {
            "Organization": "name",
            "City": "location.city",
            "Blah": "",
        }


class TestTelling:
    def test_what_is_taken_and_what_is_not_is_told(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, "Organization,Summarry,Blah\nHafen,We house people,x\n")
        assert '"Organization" is name, "Summarry" is summary (' in told(dataset)
        assert "%: " in told(dataset), "how sure a guess is, and why"
        assert 'Not taken: "Blah".' in told(dataset)

    def test_why_a_column_that_is_known_is_not_taken_is_told(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, "Organization,Email\nHafen,call us\nKai,ask Ana\n")
        assert 'Not taken: "Email".' in told(dataset)
        assert "the values do not look it" in told(dataset)

    def test_columns_that_we_did_not_write_are_told(self, tmp_path: Path) -> None:
        heading, row, *_ = export_bytes("csv").decode("utf-8-sig").splitlines()
        dataset = read(tmp_path, f"Blah,{heading}\nx,{row}\n")
        assert told(dataset) == 'Not taken, as this directory did not write them: "Blah".'


def test_rows_beyond_the_sample_are_read_too(tmp_path: Path) -> None:
    names = [f"Union {number}" for number in range(SAMPLE_SIZE * 2)]
    dataset = read(tmp_path, "Organization\n" + "\n".join(names) + "\n")
    assert [row.fields["name"] for row in dataset.rows] == names


def test_a_table_of_hsds_without_organizations_refuses_each_row_and_says_what_to_feed(tmp_path: Path) -> None:
    dataset = read(tmp_path, "id,location_id,address_1,city,state_province,postal_code,country\n1,2,x,Atlanta,GA,30303,US\n")
    (row,) = dataset.rows
    assert "organizations.csv" in row.problems[0].message
    assert row.cells["city"] == "Atlanta"


class TestRowsThatCameBack:
    BACK = ",".join(("Organization", "State", *CORRECTION_COLUMNS))

    def test_a_heading_counts_though_most_values_are_wrong(self, tmp_path: Path) -> None:
        wrong = "".join(f'Union {number},Georgai,list,,"State"\n' for number in range(5))
        assert not any("locations" in row.fields for row in read(tmp_path, f"Organization,State\n{wrong}").rows)
        rows = list(read(tmp_path, f"{self.BACK}\n{wrong}").rows)
        assert [row.fields["locations"][0]["state"] for row in rows] == ["Georgai"] * 5  # type: ignore[index]

    def test_they_have_the_key_of_their_source(self, tmp_path: Path) -> None:
        dataset = read(tmp_path, f"{self.BACK}\nHafen,GA,bapd,,x\n", "to correct.csv")
        assert (dataset.key, dataset.is_partial) == ("bapd", True)
        assert "came from" not in told(dataset).partition("Not taken")[2]
        said = read(tmp_path, f"{self.BACK}\nHafen,GA,bapd,,x\n", "to correct.csv", key="other")
        assert said.key == "other"

    def test_their_answers_count_whatever_the_profile_takes(self, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text('[columns]\nOrganization = "name"\n')
        (row,) = read(tmp_path, f"{self.BACK}\nHafen,GA,bapd,hafen,x\n").rows
        assert row.fields["same_as"] == "hafen"
        (heading, line, *_) = build_irs_file().decode().splitlines()
        added = ",".join(CORRECTION_COLUMNS)
        (row,) = read(tmp_path, f"{heading},{added}\n{line},eo-dc,new,x\n").rows
        assert row.fields["same_as"] == "new"

    def test_they_were_no_list_of_people_before(self, tmp_path: Path) -> None:
        heading, *lines = PEOPLE.splitlines()
        back = "\n".join([f"{heading},{','.join(CORRECTION_COLUMNS)}", *(f"{line},bapd,,x" for line in lines)])
        assert len(list(read(tmp_path, back).rows)) == 2


def test_everybody_is_told_a_plain_title_where_nobody_gave_one(tmp_path: Path) -> None:
    assert read(tmp_path, "Organization\nHafen\n").title == DEFAULT_TITLE
