"""Notes beside a name: former names and memberships are read, and no part of the name."""

import datetime as dt

import pytest

from directory.records import MembershipStatus, NameKind
from seed.clean.row_cleaning import clean_row
from seed.resolve.row_statement import parse_statement
from seed.rows import Row

TODAY = dt.date(2026, 6, 1)


def clean_name(name: str, **fields: object) -> Row:
    return clean_row(Row("members.csv", 2, {"name": name, **fields}, columns={"name": "Group"}), today=TODAY)


@pytest.mark.parametrize(
    ("text", "name", "former_name"),
    [
        ("Tenants United (formerly Renters Union)", "Tenants United", "Renters Union"),
        ("Tenants United (Formerly known as: Renters Union)", "Tenants United", "Renters Union"),
        ("Center (f/k/a Old Center)", "Center", "Old Center"),
        ("Center (FKA Old Center) of Georgia", "Center of Georgia", "Old Center"),
        ("Grupo Sol (antes Luna Nueva)", "Grupo Sol", "Luna Nueva"),
        ("Grupo Sol (anteriormente conocido como Luna Nueva)", "Grupo Sol", "Luna Nueva"),
        ("TENANTS UNITED (FORMERLY RENTERS UNION)", "Tenants United", "Renters Union"),
    ],
)
def test_a_former_name_in_parentheses_is_a_name_of_its_own(text: str, name: str, former_name: str) -> None:
    row = clean_name(text)
    assert (row.fields["name"], row.fields["names"]) == (name, [{"name": former_name, "kind": NameKind.FORMER}])
    assert row.repairs[0].before == text
    assert row.repairs[0].column == "Group"
    assert row.columns["names[0]"] == "Group"


def test_a_former_name_with_a_column_of_its_own_is_stated_once() -> None:
    row = clean_name("Tenants United (formerly Renters Union)", former_name="Renters Union; Rent Strike")
    assert [name["name"] for name in row.fields["names"]] == ["Renters Union", "Rent Strike"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("★ Mesa Verde Collective*", "Mesa Verde Collective"),
        ("• Barrio Unido †", "Barrio Unido"),
        ("Casa Sol **", "Casa Sol"),
        *((same, same) for same in ("Support Trans*", "M*A*S*H Veterans", "*", "★", "#MeToo Georgia", "Wom*n Rising")),
    ],
)
def test_marks_around_a_name_are_removed(text: str, name: str) -> None:
    row = clean_name(text)
    assert row.fields.get("name", text) == name
    assert [repair.reason for repair in row.repairs] == ([] if text == name else ["marks around the name removed"])


def test_a_note_in_brackets_is_read_like_one_in_parentheses() -> None:
    row = clean_name("★ Acequia Guardians [inactive]")
    assert row.fields == {"name": "Acequia Guardians"}
    assert row.fallback_fields["membership"] == {"status": MembershipStatus.LAPSED}
    assert clean_name("Acequia Guardians [Taos]").fields == {"name": "Acequia Guardians [Taos]"}


@pytest.mark.parametrize(
    ("note", "status"),
    [
        *(("ally", MembershipStatus.NONE), ("Non-member", MembershipStatus.NONE), ("inactive", MembershipStatus.LAPSED)),
        *(("former member", MembershipStatus.LAPSED), ("pending", MembershipStatus.PROSPECT), ("Aliada", MembershipStatus.NONE)),
        *(("member", None), ("Active Member", None), ("miembro", None)),
    ],
)
def test_a_note_on_the_membership_is_no_part_of_the_name(note: str, status: MembershipStatus | None) -> None:
    row = clean_name(f"Tenants United ({note})")
    assert row.fields == {"name": "Tenants United"}
    assert row.fallback_fields.get("membership") == ({"status": status} if status else None)
    assert [repair.reason for repair in row.repairs] == ["note on the membership is no part of the name"]
    statement = parse_statement(row, key="list", today=TODAY)
    assert statement.record.membership.status is (status or MembershipStatus.ACTIVE)


def test_a_column_of_the_membership_precedes_a_note() -> None:
    row = clean_name("Tenants United (inactive)", **{"membership.status": "active"})
    assert parse_statement(row, key="list", today=TODAY).record.membership.status is MembershipStatus.ACTIVE


@pytest.mark.parametrize(
    "name",
    [
        *("Leadership for All (LEAD)", "Alliance of Young Women (ALLY)", "Tenants United (Georgia)", "Radio (501(c)(3))"),
        *("(Ally)", "Group (an ally of all)", "Formerly Incarcerated Women", "Antes (antes)", "Members Only (x)", "Group ()"),
        *("Group (ally", "A" * 50 + " (" + "member " * 10 + ")"),
    ],
)
def test_other_texts_in_parentheses_belong_to_the_name(name: str) -> None:
    row = clean_name(name)
    assert row.fields == {"name": name}
    assert (row.repairs, row.fallback_fields) == ((), {})


def test_a_person_in_care_of_line_is_not_repeated_in_the_repair_of_a_note() -> None:
    row = clean_name("Tenants United % Jane Doe (ally)")
    assert row.fields["name"] == "Tenants United"
    assert "Jane" not in str(row.repairs)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *(("ana.ejemplo@gmail.com", "e-mail address"), ("Casa Sol info@casasol.example", "e-mail address")),
        *(("404-555-0100", "telephone number"), ("+1 404 555 0100", "telephone number"), ("4045550100", "telephone number")),
        *(("Casa Sol (404) 555-0100", "telephone number"), ("Casa Sol - Ana 404.555.0100", "telephone number")),
        *(("c/o Ana Ejemplo", "takes the mail"), ("Attn: Ana Ejemplo", "takes the mail")),
    ],
)
def test_an_address_a_number_or_a_care_of_line_is_no_name(text: str, reason: str) -> None:
    row = clean_name(text, also_known_as=text)
    assert row.fields == {}
    assert [problem.path for problem in row.problems] == [("name",), ("names", 0, "name")]
    assert all(reason in problem.message for problem in row.problems)
    assert row.columns["name"] == "Group"


@pytest.mark.parametrize(
    "name",
    [
        "Youth@Work",
        "THE@DISTRICT",
        "Line 3",
        "350.org",
        "1199",
        "1231-1235 Good Hope Road",
        "Fund DTD 12-24-1986",
        "Trust 0028878 A",
    ],
)
def test_names_with_signs_and_digits_stay(name: str) -> None:
    row = clean_name(name, also_known_as=f"{name} East")
    assert not row.problems
    assert len(row.fields["names"]) == 1  # type: ignore[arg-type]


def test_an_alias_that_is_no_name_does_not_reject_the_row() -> None:
    row = clean_name("Casa Sol", also_known_as="c/o Ana Ejemplo; Casa Luna; 404-555-0100")
    statement = parse_statement(row, key="list", today=TODAY)
    assert [name.name for name in statement.record.names] == ["Casa Luna"]
    assert len(statement.left_out) == 2
