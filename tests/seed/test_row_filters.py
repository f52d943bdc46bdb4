"""Import only the rows that a filter keeps: --where "Contact Type = Organization"."""

import pytest

from tests.seed.import_session import ImportSession
from tests.seed.test_people_in_exports import EXPORT, HEADINGS


@pytest.mark.parametrize(
    ("filter_text", "names"),
    [("Contact Type = Organization", ["Southside Center"]), ("contact TYPE=organization", ["Southside Center"])],
)
def test_rows_can_be_filtered(walk: ImportSession, filter_text: str, names: list[str]) -> None:
    done = walk.seed(walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS), "--apply", "--where", filter_text)
    assert f'Left out because of the filter "{filter_text}": 6 rows.' in done.output
    assert list(walk.records) == names


def test_a_filter_of_the_profile_is_used_and_saved(walk: ImportSession) -> None:
    path, profile = walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS), walk.folder / "crm.toml"
    walk.seed(path, "--where", "Contact Type = Organization | Group", "--where", "City != Ajo", "--save-profile", profile)
    done = walk.import_all(path)
    assert "1 row: 1 created" in done.output
    assert 'Left out because of the filter "Contact Type = Organization | Group", "City != Ajo": 6 rows.' in done.output


def test_a_filter_hides_no_record_from_its_source(walk: ImportSession) -> None:
    path = walk.write_csv(
        "members.csv", {"Organization": "Mesa Center", "City": "Mesa"}, {"Organization": "Ajo Center", "City": "Ajo"}
    )
    walk.import_all(path)
    assert "missing" not in walk.seed(path, "--where", "City = Ajo", "--retire-missing", "--apply").output
    assert len(walk.records) == 2


@pytest.mark.parametrize(
    ("filter_text", "message"),
    [
        ("Contact Type", '"Contact Type" is not a filter. Write it like "Contact Type = Organization"'),
        ("= Organization", '"= Organization" is not a filter.'),
        ("Kind = Organization", 'The file has no column "Kind" to filter by. Its columns are "Contact ID", "Contact Type"'),
    ],
)
def test_a_wrong_filter_is_explained(walk: ImportSession, filter_text: str, message: str) -> None:
    done = walk.seed(walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS), "--where", filter_text)
    assert done.exit_code == 2
    assert message in done.output


def test_a_wrong_filter_of_a_profile_names_the_file_and_key(walk: ImportSession) -> None:
    profile = walk.write_file("crm.toml", 'where = ["Contact Type"]\n[columns]\n"Display Name" = "name"\n')
    done = walk.seed(walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS), "--profile", profile)
    assert 'crm.toml: where: "Contact Type" is not a filter.' in done.output
