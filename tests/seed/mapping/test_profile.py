import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import BadInput
from seed.mapping.column_mapping import map_rows
from seed.mapping.guess import guess_columns
from seed.mapping.profile import (
    ColumnRule,
    Profile,
    apply_profile,
    build_profile,
    find_profile_file,
    load_profile,
    save_profile,
)
from seed.rows import Table

WHOLE = Profile(
    columns={"Org Name": ColumnRule("name"), 'Issues, "all"': ColumnRule("issue_areas", "semicolon"), "Owner": ColumnRule("")},
    key="bay-area-list",
    title="A list of the Bay Area",
    url="https://example.org/list",
    date=dt.date(2024, 5, 6),
    encoding="cp1252",
    delimiter="\t",
    header=True,
    sheet="Members",
    ignore=("Notes", "Created\nby"),
    constants={"membership.status": "ACTIVE", "location2.state": "GA"},
    terms={"evictions, rents": "housing", "misc": "", "kids": "communities:youth", "the Bay": "US-CA"},
    values={"membership.status": {"Paid": "ACTIVE", "n/a": ""}, "location.city": {"N.O.": "New Orleans"}},
)


def find_profile(folder: Path, headings: list[str] | None) -> Profile | None:
    found = find_profile_file(folder, headings)
    return found[1] if found else None


def write_profile(tmp_path: Path, text: str, name: str = "list.toml") -> Path:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    save_profile(tmp_path / "list.toml", WHOLE)
    assert load_profile(tmp_path / "list.toml") == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == ["list.toml"]


@pytest.mark.slow
@given(names=st.lists(st.text(min_size=1), unique=True, min_size=1), tags=st.lists(st.text(), unique=True))
def test_whatever_headings_and_tags_are_called(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], tags: list[str]
) -> None:
    path = tmp_path_factory.mktemp("profiles") / "list.toml"
    profile = Profile({name: ColumnRule("tags") for name in names}, terms=dict.fromkeys(tags, "housing"))
    save_profile(path, profile)
    assert load_profile(path) == profile


def test_a_rule_of_splitting_is_saved_and_a_lone_surrogate_does_not_prevent_saving(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    save_profile(path, Profile({"Tags": ColumnRule("tags", "comma"), "x\ud800y": ColumnRule("")}))
    assert dict(load_profile(path).columns) == {"x?y": ColumnRule(""), "Tags": ColumnRule("tags", "comma")}


def test_a_profile_with_rules_in_braces_is_still_read(tmp_path: Path) -> None:
    path = write_profile(tmp_path, '[columns]\n"Tags" = { field = "tags", split = "comma" }\n"Org" = "name"\n')
    assert load_profile(path).columns == {"Tags": ColumnRule("tags", "comma"), "Org": ColumnRule("name")}


def test_an_existing_profile_is_not_overwritten(tmp_path: Path) -> None:
    path = write_profile(tmp_path, "mine")
    with pytest.raises(BadInput, match=r"list.toml already exists"):
        save_profile(path, WHOLE)
    assert path.read_text() == "mine"
    save_profile(path, WHOLE, overwrite=True)
    assert load_profile(path) == WHOLE


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"list.toml cannot be written"):
        save_profile(tmp_path / "none" / "list.toml", WHOLE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = 'x'", "columns: a profile must state its columns"),
        ("columns = 3", r"columns: this must be a table. Write \[columns\]"),
        ("[columns]\nZip = 'location.zip'", r'columns."Zip": there is no field "location.zip". Did you mean location'),
        ("[columns]\nZip = 7", 'columns."Zip": this must be a field in quotation marks'),
        (
            "[columns]\nTags = { field = 'tags', splitt = ',' }",
            r'columns."Tags".splitt: there is no such key. Did you mean split',
        ),
        ("[columns]\nTags = { split = ',' }", 'columns."Tags": this needs a field'),
        ("[columns]\nTags = { field = 'tags', split = '' }", 'columns."Tags": The separator of a split is empty'),
        ("[columns]\nTags = { field = 'tags', split = 1 }", 'columns."Tags": split must be comma'),
        ("[columns]\nA = 'name'\nB = 'name'", r'columns."B": "A" already has name'),
        ("titel = 'x'\n[columns]", "titel: there is no such key. Did you mean title"),
        ("title = 1\n[columns]", "title: this must be text in quotation marks"),
        ("key = 'Bay Area'\n[columns]", "key: this must be lower-case words joined by hyphens"),
        ("key = 'a-name-that-is-much-too-long-for-a-scheme'\n[columns]", "key: this must be lower-case words"),
        ("date = 'May'\n[columns]", "date: this must be a date, such as 2024-05-31"),
        ("header = 'yes'\n[columns]", "header: this must be true, false or the number of the line"),
        ("ignore = 'Notes'\n[columns]", "ignore: this must be a list of headings"),
        ("[columns]\n[constants]\nstat = 'GA'", r'constants."stat": there is no field "stat"'),
        ("[columns]\n[constants]\nname = ''", r'constants."name": this must be text in quotation marks, a number'),
        ("[columns]\n[terms]\nevictions = 'housng'", r'terms."evictions": there is no term "housng". Did you mean housing'),
        ("[columns]\n[terms]\nevictions = 1", 'terms."evictions": this must be the slug of a term'),
        ("[columns\n", "is not well-formed TOML"),
    ],
)
def test_an_error_names_the_file_the_key_and_the_remedy(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInput, match=told) as refusal:
        load_profile(write_profile(tmp_path, text))
    assert refusal.value.user_message.startswith("list.toml")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none.toml cannot be read"):
        load_profile(tmp_path / "none.toml")


def test_what_people_write_by_hand(tmp_path: Path) -> None:
    profile = load_profile(
        write_profile(
            tmp_path,
            """date = 2024-05-06T10:00:00
            [columns]
            1 = "name"
            Tags = { field = "tags", split = "comma" }
            Old = "former_name"
            Older = "former_name"
            Undecided = ""
            Skipped = ""
            [constants]
            founded = 1999
            "membership.joined_on" = 2020-01-01
            issue_areas = ["Housing", "Workers"]
            """,
        )
    )
    assert profile.date == dt.date(2024, 5, 6)
    assert profile.columns["Tags"] == ColumnRule("tags", "comma")
    assert profile.constants == {"founded": "1999", "membership.joined_on": "2020-01-01", "issue_areas": "Housing\nWorkers"}
    assert profile.mapped_columns == ("1", "Tags", "Old", "Older")


# ---------------------------------------------------------------- columns


def test_columns_are_found_by_heading_however_written() -> None:
    profile = Profile({"org name": ColumnRule("name"), "3": ColumnRule("location.city"), "2024": ColumnRule("tags", "comma")})
    mapping, notes = apply_profile(profile, ["ORG_NAME", "2024", "Town"])
    assert [(one.column, one.field, one.split) for one in mapping.columns] == [
        (0, "name", None),
        (1, "tags", "comma"),
        (2, "location.city", None),
    ]
    assert notes == ()


def test_columns_without_headings_are_found_by_position() -> None:
    mapping, _ = apply_profile(Profile({"2": ColumnRule("name"), "column 1": ColumnRule("source_id")}), None, 3)
    assert [one.field for one in mapping.columns] == ["source_id", "name", None]
    assert mapping.unmapped_columns == ("column 3",)


def test_equal_headings_are_told_apart_by_label_or_position() -> None:
    profile = Profile({"City": ColumnRule("location.city"), "City (column 2)": ColumnRule("location2.city")})
    assert [one.field for one in apply_profile(profile, ["City", "City"])[0].columns] == ["location.city", "location2.city"]


def test_a_missing_column_is_noted() -> None:
    profile = Profile({"Name": ColumnRule("name"), "Town": ColumnRule("location.city"), "Fax": ColumnRule("")})
    mapping, notes = apply_profile(profile, ["Name", "Extra"])
    assert notes == ("Columns of the profile that are missing from the file: Town.",)
    assert mapping.unmapped_columns == ("Extra",)


def test_ignored_columns_are_not_listed() -> None:
    profile = Profile({"Name": ColumnRule("name"), "Owner": ColumnRule("")}, ignore=("notes",))
    assert apply_profile(profile, ["Name", "Notes", "Owner"])[0].unmapped_columns == ("Owner",)


def test_tags_with_commas_stay_whole_from_file_to_row(tmp_path: Path) -> None:
    save_profile(tmp_path / "list.toml", Profile({"Tags": ColumnRule("tags")}, terms={"Jobs, wages": "workers"}))
    mapping, _ = apply_profile(load_profile(tmp_path / "list.toml"), ["Tags"])
    row = next(map_rows(Table("a.csv", ("Tags",), [(2, ("Jobs, wages, Housing",))]), mapping))
    assert row.fields == {"tags": ["Jobs, wages", "Housing"]}


# ---------------------------------------------------------------- finding a profile


def test_a_profile_is_found_beside_the_file_and_in_profiles(tmp_path: Path) -> None:
    save_profile(tmp_path / "a.toml", Profile({"Name": ColumnRule("name"), "Gone": ColumnRule("tags")}))
    (tmp_path / "profiles").mkdir()
    wanted = Profile({"Name": ColumnRule("name"), "Town": ColumnRule("location.city"), "Fax": ColumnRule("")})
    save_profile(tmp_path / "profiles" / "b.toml", wanted)
    assert find_profile(tmp_path, ["NAME", "Town", "More"]) == wanted
    assert find_profile(tmp_path, ["Town"]) is None


def test_the_profile_with_most_columns_is_found(tmp_path: Path) -> None:
    save_profile(tmp_path / "a.toml", Profile({"Name": ColumnRule("name")}))
    save_profile(tmp_path / "b.toml", Profile({"Name": ColumnRule("name"), "Town": ColumnRule("location.city")}))
    found = find_profile(tmp_path, ["Name", "Town"])
    assert found is not None
    assert len(found.columns) == 2


def test_two_fitting_profiles_are_an_error(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        save_profile(tmp_path / name, Profile({"Name": ColumnRule("name")}))
    with pytest.raises(BadInput, match=r"a.toml and b.toml both fit"):
        find_profile(tmp_path, ["Name"])


def test_nothing_is_found_without_headings_or_folder(tmp_path: Path) -> None:
    save_profile(tmp_path / "a.toml", Profile({"1": ColumnRule("name")}))
    assert find_profile(tmp_path, None) is None
    assert find_profile(tmp_path / "none", ["Name"]) is None


def test_a_profile_without_fields_is_not_used(tmp_path: Path) -> None:
    save_profile(tmp_path / "a.toml", Profile({"Name": ColumnRule("")}))
    assert find_profile(tmp_path, ["Name"]) is None


def test_other_toml_files_are_skipped_and_broken_profiles_reported(tmp_path: Path) -> None:
    write_profile(tmp_path, "name = 'A record of ours'", "record.toml")
    write_profile(tmp_path, "not toml at all", "broken.toml")
    assert find_profile(tmp_path, ["Name"]) is None
    write_profile(tmp_path, "[columns]\nName = nam", "profile.toml")
    with pytest.raises(BadInput, match=r"profile.toml is not well-formed"):
        find_profile(tmp_path, ["Name"])


@pytest.mark.parametrize("broken", ["[columns]\nGrupo = nam", '[columns]\nGrupo = "nam"', 'kee = 1\n[columns]\nGrupo = "name"'])
def test_a_mistake_in_a_profile_blocks_only_the_import_it_is_for(tmp_path: Path, broken: str) -> None:
    write_profile(tmp_path, broken, "broken.toml")
    save_profile(tmp_path / "good.toml", Profile({"Name": ColumnRule("name")}))
    notes: list[str] = []
    found = find_profile_file(tmp_path, ["Name", "Town"], notes)
    assert found is not None
    assert found[0].name == "good.toml"
    (note,) = notes
    assert note.startswith("A profile for another list has a mistake. broken.toml")
    with pytest.raises(BadInput, match=r"broken.toml"):
        find_profile_file(tmp_path, ["Grupo", "Ciudad"])


def test_a_saved_guess_is_found_again_and_maps_the_same(tmp_path: Path) -> None:
    headings = ["Org Name", "City", "City", "", "Notes", "Focus areas"]
    guesses = guess_columns(headings, [["Mijente", "Macon", "Athens", "?", "call first", "Housing"]])
    save_profile(tmp_path / "list.toml", build_profile(guesses))
    found = find_profile(tmp_path, headings)
    assert found is not None
    mapping, notes = apply_profile(found, headings)
    assert [one.field for one in mapping.columns] == [one.field for one in guesses]
    assert "Notes" in mapping.unmapped_columns
    assert notes == ()
