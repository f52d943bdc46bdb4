import datetime as dt

import pytest

from directory.drafts.draft_parts import IdentifierDraft
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.records import MembershipStatus
from seed.resolve.row_statement import MAX_SCHEME_LENGTH, STATUS_FIELD, derive_identifier_scheme, list_problems, parse_statement
from seed.rows import Row

TODAY = dt.date(2024, 5, 1)


def stated_fields(row: Row) -> frozenset[str]:
    return parse_statement(row, key="a-list", today=TODAY).stated_fields


def a_row(number: str | None = None, **fields: object) -> Row:
    return Row("f", 1, {"name": "Tenants Union", **fields}, source_id=number)


def test_only_what_a_row_states_counts() -> None:
    assert stated_fields(a_row()) == {"name"}
    assert stated_fields(a_row(website=None, issue_areas=[], locations=[])) == {"name", "website", "issue_areas", "sites"}
    assert stated_fields(a_row(id="22222222-2222-4222-8222-222222222222", slug="tu", same_as="new")) == {"name"}


def test_none_clears_lists_and_resets_fields_with_defaults() -> None:
    record = parse_statement(
        a_row(issue_areas=None, links=None, kind=None, membership=None, audience=None), key="k", today=TODAY
    ).record
    assert (record.issue_areas, record.links) == ((), ())


def test_stated_fields_take_precedence_over_fallback_fields() -> None:
    row = Row("f", 1, {"name": "A", "issue_areas": ["housing"]}, fallback_fields={"issue_areas": ["workers"], "founded": 1986})
    statement = parse_statement(row, key="k", today=TODAY)
    assert statement.fallback_fields == {"founded"}
    assert (statement.record.issue_areas, statement.record.founded) == (("housing",), 1986)


def test_problems_of_cleaning_and_of_the_draft_are_reported_together() -> None:
    before = Problem(("contacts", 0, "email"), ErrorCode.BAD_INPUT, "No.")
    row = Row("f", 1, {"name": "A", "founded": 3000, "locations": [{"state": "Georgai"}], "id": "x"}, problems=(before,))
    with pytest.raises(BadInput) as error:
        parse_statement(row, key="k", today=TODAY)
    paths = {problem.path for problem in list_problems(error.value)}
    assert {("contacts", 0, "email"), ("founded",), ("id",)} <= paths
    bad_place = Row("f", 1, {"name": "A", "locations": [{"state": "Georgai"}], "id": "x"})
    with pytest.raises(BadInput) as error:
        parse_statement(bad_place, key="k", today=TODAY)
    assert {problem.path for problem in list_problems(error.value)} == {("locations", 0, "state"), ("id",)}


def test_an_error_without_problems_is_one_problem() -> None:
    (problem,) = list_problems(BadInput("No.", argument="state"), ("locations", 2))
    assert (problem.path, problem.message) == (("locations", 2, "state"), "No.")
    assert list_problems(BadInput("No."))[0].path == ()


class TestSourceIds:
    def test_it_is_added_to_the_identifiers(self) -> None:
        record = parse_statement(
            a_row("rec7", identifiers=[{"scheme": "US-EIN", "value": "52-1633883"}]), key="a-list", today=TODAY
        ).record
        assert [(one.scheme, one.value) for one in record.identifiers] == [("US-EIN", "52-1633883"), ("X-A-LIST", "rec7")]
        assert stated_fields(a_row("rec7")) == {"name", "identifiers"}

    @pytest.mark.parametrize("key", ["bapd", "irs-eo-bmf-dc", "a" * 28, "a" * 29, "a-" * 40 + "b", "会員", "año-nuevo", "1"])
    def test_every_key_has_its_own_scheme(self, key: str) -> None:
        scheme = derive_identifier_scheme(key)
        assert IdentifierDraft(scheme=scheme, value="7").scheme == scheme
        assert len(scheme) <= MAX_SCHEME_LENGTH
        assert scheme == derive_identifier_scheme(key) != derive_identifier_scheme(f"{key}x")

    def test_a_short_key_is_the_scheme(self) -> None:
        assert derive_identifier_scheme("irs-eo-bmf-dc") == "X-IRS-EO-BMF-DC"

    def test_an_invalid_list_of_identifiers_is_left_for_the_draft_to_refuse(self) -> None:
        with pytest.raises(BadInput) as error:
            parse_statement(a_row("7", identifiers="52-1633883"), key="k", today=TODAY, is_strict=True)
        assert list_problems(error.value)[0].path[0] == "identifiers"


def test_a_membership_without_status_gets_the_fallback_status() -> None:
    fallback = {"membership": {"status": "LAPSED"}}
    row = Row("f", 1, {"name": "A", "membership": {"joined_on": "2019-05-01"}}, fallback_fields=fallback)
    statement = parse_statement(row, key="k", today=TODAY)
    assert statement.record.membership.status is MembershipStatus.LAPSED
    assert STATUS_FIELD in statement.fallback_fields
    stated = Row("f", 1, {"name": "A", "membership": {"status": "ACTIVE"}}, fallback_fields=fallback)
    statement = parse_statement(stated, key="k", today=TODAY)
    assert statement.record.membership.status is MembershipStatus.ACTIVE
    assert STATUS_FIELD not in statement.fallback_fields
