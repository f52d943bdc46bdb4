import re
from collections.abc import Sequence

import pytest

from directory.export.flat_fields import FIELDS, GROUP_FIELDS, FieldKind, find_field_kind
from seed.mapping.guess import MIN_MAPPING_CONFIDENCE, ColumnGuess, guess_columns

ROWS = [
    ["Atlanta Tenants Union", "12 Main St", "Atlanta", "GA", "30303", "(404) 555-0100", "info@atu.example.org", "atu.org"],
    ["Macon Housing Coalition", "P.O. Box 7", "Macon", "GA", "31201", "478-555-0101", "office@mhc.example.org", "www.mhc.org"],
    ["Mijente", "9-11 Elm Ave", "Savannah", "GA", "31401", "912.555.0102 x3", "hola@mijente.example.org", "https://m.org/"],
]


def guess_fields(headings: Sequence[str] | str | None, rows: Sequence[Sequence[str]] = ()) -> list[str | None]:
    heading_list = headings.split(",") if isinstance(headings, str) else headings
    return [one.field for one in guess_columns(heading_list, rows)]


def guess_only_column(heading: str, values: Sequence[str]) -> ColumnGuess:
    return guess_columns([heading], [[value] for value in values])[0]


def test_a_plain_list() -> None:
    headings = "Organization,Address,City,State,Zip,Phone,Email,Website"
    assert guess_fields(headings, ROWS) == [
        "name",
        "location.street",
        "location.city",
        "location.state",
        "location.postal_code",
        "phone",
        "email",
        "website",
    ]


def test_every_column_has_a_confidence_and_a_reason() -> None:
    zip_code, notes, unknown = guess_columns(["Zip", "Notes", "Foo"], [["30303", "call first", "a"]])
    assert zip_code == ColumnGuess(0, "Zip", "location.postal_code", 1.0, 'heading "Zip" means a postal code')
    assert notes == ColumnGuess(
        1, "Notes", None, 0.0, 'heading "Notes": notes may be private and are never used as a description'
    )
    assert unknown == ColumnGuess(2, "Foo", None, 0.0, 'heading "Foo" is unknown')


@pytest.mark.parametrize("field", [field for field in (*FIELDS, *GROUP_FIELDS) if re.search(r"[._]", field)])
def test_the_name_of_a_field_means_it_whatever_the_values(field: str) -> None:
    assert guess_fields([field], [["yes"], ["no"]]) == [field]


@pytest.mark.parametrize("field", [field for field in FIELDS if not re.search(r"[._]", field)])
def test_the_name_of_a_field_means_it_in_our_own_exports(field: str) -> None:
    values = {
        "id": "4d9c3c0c-7b1e-4f0e-9a52-1f7f1a1c2b3d",
        "slug": "a-group",
        "parent": "a-group",
        "kind": "GRASSROOTS_GROUP",
        "audience": "MEMBERS",
        "website": "https://a.org/",
        "email": "office@a.org",
        "phone": "+14045550100",
        "founded": "1999",
        "rest": '{"relations": []}',
    }
    rows = [[values.get(field, "Housing")]] * 3
    assert guess_fields([field], rows) == [field]
    if field not in ("id", "parent", "audience"):
        assert guess_fields([field]) == [field]


def test_a_mailing_address_comes_after_any_other_place() -> None:
    assert guess_fields("Organization,Mailing city,Second city") == ["name", "location2.city", "location.city"]
    assert guess_fields("Organization,Mailing city") == ["name", "location.city"]


# ---------------------------------------------------------------- values


def test_a_reason_quotes_the_start_of_two_values() -> None:
    guess = guess_only_column("State", ["Active", "Active", "C" * 40, "Merged"])
    assert guess.reason.endswith(f'"Active", "{"C" * 30}"')


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("State", ["Active", "Closed"]),
        ("Estado", ["Activo", "Cerrado"]),
        ("Status", ["Active", "Dissolved", "Merged"]),
        ("Type", ["501(c)(3)", "501(c)(4)"]),
        ("Website", ["yes", "no", "yes"]),
        ("Facebook", ["Yes", "No"]),
        ("Email", ["sent", "not sent"]),
        ("Phone", ["yes", "no"]),
        ("Country", ["north", "south"]),
        ("City", ["12", "14"]),
        ("EIN", ["pending", "yes"]),
        ("Parent organization", ["Big Union", "Other Union"]),
        ("Parent ID", ["17", "18"]),
        (
            "Issue areas",
            ["We work on housing for all people in the whole county, and always have done so since the year began."] * 2,
        ),
        ("X", ["x", "x"]),
        ("Audience", ["Older adults", "Families"]),
        ("Founded", ["Jane Doe", "John Roe"]),
        ("Last updated", ["Jane", "John"]),
        ("Zip", ["Jane", "John"]),
    ],
)
def test_values_that_speak_against_the_heading(heading: str, values: list[str]) -> None:
    guesses = guess_only_column(heading, values)
    assert guesses.field is None
    assert guesses.confidence < MIN_MAPPING_CONFIDENCE
    assert "values" in guesses.reason


@pytest.mark.parametrize(
    ("heading", "values", "field"),
    [
        ("State", ["GA", "Georgia", "Ga.", "geo"], "location.state"),
        ("Status", ["Active", "Lapsed", "Prospect"], "membership.status"),
        ("Membership status", ["Active", "gone"], "membership.status"),
        ("Phone", ["call us", "404-555-0100"], "phone"),
        ("Zip", ["303", "3030"], "location.postal_code"),
        ("EIN", ["12-345678", "123456789"], "identifier:US-EIN"),
        ("Website", ["example", "example.org"], "website"),
        ("State", ["Active"], "location.state"),
        ("Instagram", ["@tenants", "macon_aid"], "link:instagram"),
        ("Zip", ["N/A", "unknown"], "location.postal_code"),
    ],
)
def test_wrong_values_leave_the_column_mapped(heading: str, values: list[str], field: str) -> None:
    assert guess_only_column(heading, values).field == field


def test_values_make_a_doubtful_heading_surer() -> None:
    heading = "Supervisor email"
    assert guess_only_column(heading, ["a@x.org", "b@y.org"]).confidence > guess_only_column(heading, []).confidence


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["12 Main St, Atlanta, GA 30303", "14 Elm St, Macon GA 31201"], "location.address"),
        (["Atlanta, GA", "Macon, GA"], "location.address"),
        (["12 Main St\nAtlanta, GA 30303", "9 Elm"], "location.address"),
        (["12 Main St", "PO Box 7"], "location.street"),
        (["Atlanta", "Macon"], "location.city"),
    ],
)
def test_an_address_is_whole_or_a_street(values: list[str], field: str) -> None:
    assert guess_only_column("Address", values).field == field
    assert guess_only_column("Dirección", values).field == field


def test_an_address_without_values_is_a_street_beside_a_city() -> None:
    assert guess_fields("Address") == ["location.address"]
    assert guess_fields("Address,City") == ["location.street", "location.city"]
    assert guess_fields("Address,Mailing City") == ["location.address", "location2.city"]


def test_the_id_of_another_system_is_its_own_number() -> None:
    assert guess_only_column("ID", ["17", "18"]).field == guess_only_column("id", []).field == "source_id"
    assert guess_only_column("id", ["4d9c3c0c-7b1e-4f0e-9a52-1f7f1a1c2b3d"]).field == "id"


def test_an_unknown_column_is_described_but_not_mapped() -> None:
    guesses = guess_only_column("Foo", ["a@x.org", "b@x.org", "c@x.org"])
    assert guesses.field is None
    assert guesses.reason == 'heading "Foo" is unknown; its values look like e-mail addresses'
    assert guess_only_column("Entered by", ["a@x.org", "b@x.org", "c@x.org"]).reason.endswith("not the organizations in it")


# ---------------------------------------------------------------- people beside organizations


def test_a_mailbox_beside_a_contact_person_is_that_persons() -> None:
    guesses = guess_columns(["Organization", "Phone", "Contact", "Title", "Email", "Telephone", "Website"], [])
    assert [one.field for one in guesses] == [
        "name",
        "phone",
        "contact.name",
        "contact.role",
        "contact.email",
        "contact.phone",
        "website",
    ]
    assert "is beside a contact person" in guesses[4].reason


def test_a_mailbox_is_the_organizations_where_the_person_has_one_or_the_heading_says_so() -> None:
    assert guess_fields("Org,Contact Name,Email,Contact Email") == ["name", "contact.name", "email", "contact.email"]
    assert guess_fields("Org,Contact Name,Organization Email") == ["name", "contact.name", "email"]
    assert guess_fields("Org,Contact Name,City,Email") == ["name", "contact.name", "location.city", "email"]


def test_first_and_last_names() -> None:
    assert guess_fields("Org,First name,Last name,Email") == ["name", "contact.first_name", "contact.last_name", "contact.email"]


def test_name_and_title_depend_on_the_other_columns() -> None:
    assert guess_fields("Organization,Name,Title") == ["name", "contact.name", "contact.role"]
    assert guess_fields("Name,City") == ["name", "location.city"]
    assert guess_fields("Name,Organization", [["A Union", "5"], ["B Union", "1"]]) == ["name", None]
    assert guess_fields("Title,City") == ["name", "location.city"]
    assert guess_fields("Name,Contact,Title") == ["name", "contact.name", "contact.role"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["Jane Doe", "John Roe"], "contact.name"),
        (["a@x.org", "b@y.org"], "contact.email"),
        (["404-555-0100", "(404) 555-0101"], "contact.phone"),
        (["Jane Doe, 404-555-0100", "John Roe a@x.org"], None),
    ],
)
def test_a_contact_may_be_a_person_a_mailbox_or_a_number(values: list[str], field: str | None) -> None:
    assert guess_fields("Organization,Contact", [["A", value] for value in values]) == ["name", field]


# ---------------------------------------------------------------- several columns for one field


def test_numbered_columns() -> None:
    headings = "Org,City,City 2,Location 3 City,Contact 2 name,Contact 2 email,Phone 2,Issue 1,Issue 2"
    assert guess_fields(headings) == [
        "name",
        "location.city",
        "location2.city",
        "location3.city",
        "contact2.name",
        "contact2.email",
        "contact2.phone",
        "issue_areas",
        "issue_areas",
    ]


def test_numbered_from_one() -> None:
    headings = "Org,Contact 1,Phone 1,Contact 2,Phone 2"
    assert guess_fields(headings) == ["name", "contact.name", "contact.phone", "contact2.name", "contact2.phone"]


def test_a_mailing_address_is_another_place_or_the_only_one() -> None:
    both = "Org,Mailing Street,Mailing City,Street,City"
    assert guess_fields(both) == ["name", "location2.street", "location2.city", "location.street", "location.city"]
    assert guess_fields("Org,Mailing Street,Mailing City") == ["name", "location.street", "location.city"]


def test_headings_that_repeat_are_another_place() -> None:
    assert guess_fields("Org,City,State,City,State") == [
        "name",
        "location.city",
        "location.state",
        "location2.city",
        "location2.state",
    ]


def test_the_better_of_two_columns_wins() -> None:
    first, second = guess_columns(["Telephone", "Phone"], [["", "404-555-0100"], ["404-555-0101", "404-555-0102"]])
    assert (first.field, second.field) == (None, "phone")
    assert (
        first.reason
        == 'heading "Telephone" means the organization\'s telephone number, but column "Phone" already has that field'
    )
    assert guess_fields("Your zip,Zip") == [None, "location.postal_code"]


def test_a_second_state_alone_is_no_second_place() -> None:
    assert guess_fields("Org,City,State,Province") == ["name", "location.city", "location.state", None]


def test_no_field_is_given_twice_but_for_lists() -> None:
    headings = [*"ABC", *("Name,Org,City,Town,Zip,ZIP,Email,E-mail,Contact,Contact,State,Notes,Phone,Tel" * 3).split(",")]
    generated = [
        field for field in guess_fields(headings) if field and find_field_kind(field) not in (FieldKind.TERMS, FieldKind.REGIONS)
    ]
    assert len(generated) == len(set(generated))
    assert all(find_field_kind(field) for field in generated)


# ---------------------------------------------------------------- ugly tables
