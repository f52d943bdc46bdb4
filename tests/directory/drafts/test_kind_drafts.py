"""Drafts of coalitions, events, instruments and provisions."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from directory.drafts.coalition_draft import MEMBER_LIMIT, CoalitionDraft, build_stored_coalition, parse_coalition_draft
from directory.drafts.draft_parts import ID_LIMIT, LINE_LIMIT, NAME_LIMIT, Draft
from directory.drafts.event_draft import EventDraft, parse_event_draft
from directory.drafts.instrument_draft import (
    InstrumentDraft,
    ProvisionDraft,
    build_stored_instrument,
    build_stored_provision,
    parse_instrument_draft,
    parse_provision_draft,
)
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.kinds import KINDS
from directory.kinds.coalition import CoalitionMember
from directory.records import Audience, Link, RecordKind, Source
from directory.vocabulary.choices import CoalitionKind, InstrumentKind
from tests.builders import an_id

MEMBER, OTHER = an_id("member"), an_id("other")
PARSERS: Mapping[RecordKind, Callable[[Mapping[str, object]], Draft]] = {
    RecordKind.COALITION: parse_coalition_draft,
    RecordKind.EVENT: parse_event_draft,
    RecordKind.INSTRUMENT: parse_instrument_draft,
    RecordKind.PROVISION: parse_provision_draft,
}
DRAFTS: Mapping[RecordKind, type[Draft]] = {
    RecordKind.COALITION: CoalitionDraft,
    RecordKind.EVENT: EventDraft,
    RecordKind.INSTRUMENT: InstrumentDraft,
    RecordKind.PROVISION: ProvisionDraft,
}
VALID: Mapping[RecordKind, Mapping[str, object]] = {
    RecordKind.COALITION: {"name": "UPR Task Force"},
    RecordKind.EVENT: {"name": "Press conference", "starts_at": "2021-03-17T12:00:00Z"},
    RecordKind.INSTRUMENT: {"name": "Universal Declaration of Human Rights"},
    RecordKind.PROVISION: {"name": "housing", "number": "25", "instrument": an_id("udhr")},
}
each_kind = pytest.mark.parametrize("kind", PARSERS)


def list_problems(kind: RecordKind, /, **fields: object) -> list[Problem]:
    """Return the problems of a valid draft with these fields in place of its own."""
    with pytest.raises(BadInput) as refusal:
        PARSERS[kind]({**VALID[kind], **fields})
    problems: list[Problem] = refusal.value.params["problems"]  # type: ignore[assignment]
    return problems


def find_problem(kind: RecordKind, /, **fields: object) -> tuple[str, str]:
    """Return the path and message of the only problem."""
    (problem,) = list_problems(kind, **fields)
    return problem.path_text, problem.message


# ---------------------------------------------------------------- every kind


@each_kind
def test_a_draft_has_the_fields_of_its_stored_record(kind: RecordKind) -> None:
    stored = {field.name for field in msgspec.structs.fields(KINDS[kind].stored_type)} - {"id", "hidden_since", "hidden_until"}
    own = {"sites": "locations"}
    assert {own.get(field, field) for field in stored} == DRAFTS[kind].model_fields.keys() - {"starts_local", "ends_local"}


@each_kind
def test_all_problems_are_reported_at_once(kind: RecordKind) -> None:
    wrong = {"name": "", "slug": "Not A Slug", "issue_areas": ["housng"], "colour": "green", "summary": "a\x00b"}
    problems = list_problems(kind, **wrong)
    assert {problem.path_text for problem in problems} == {"name", "slug", "issue_areas[0]", "colour", "summary"}
    assert all(problem.message.endswith((".", "?")) for problem in problems)


@each_kind
def test_an_unknown_issue_area_comes_with_suggestions(kind: RecordKind) -> None:
    (problem,) = list_problems(kind, issue_areas=["housing", "housng"])
    assert (problem.path_text, problem.code) == ("issue_areas[1]", ErrorCode.UNKNOWN_TERM)
    assert problem.params["suggestions"] == ["housing"]


@each_kind
def test_every_text_has_a_limit(kind: RecordKind) -> None:
    for name, field in KINDS[kind].fields.items():
        if field.limit:
            assert find_problem(kind, **{name: "x" * (field.limit + 1)})[0] == name
            PARSERS[kind]({**VALID[kind], name: "UTC" if name == "time_zone" else "x" * field.limit})
    assert find_problem(kind, name="x" * (NAME_LIMIT + 1))[0] == "name"
    assert find_problem(kind, slug="x" * 101)[0] == "slug"
    assert find_problem(kind, issue_areas=["x" * 1_000_000])[0] == "issue_areas[0]"
    source = {"field": "x" * 1_000_000, "title": "x" * (LINE_LIMIT + 1), "url": "https://a.example/" + "x" * 2_000_000}
    assert {problem.path_text for problem in list_problems(kind, sources=[source])} == {
        "sources[0].field",
        "sources[0].title",
        "sources[0].url",
    }


@each_kind
def test_a_source_names_a_published_field(kind: RecordKind) -> None:
    path, message = find_problem(kind, sources=[{"field": "slug", "title": "A list"}])
    assert (path, '"slug" is not a field that can have a source' in message) == ("sources", True)
    for field in KINDS[kind].published_type.__struct_fields__:
        if field not in ("id", "slug", "sources", "updated_at"):
            PARSERS[kind]({**VALID[kind], "sources": [{"field": field, "title": "A list"}]})


@each_kind
def test_values_are_normalized(kind: RecordKind) -> None:
    draft: Any = PARSERS[kind]({**VALID[kind], "name": "  The\tname ", "issue_areas": ["housing", "housing"]})
    assert (draft.name, draft.issue_areas, draft.audience) == ("The name", ("housing",), Audience.PUBLIC)


# ---------------------------------------------------------------- coalitions


def test_a_coalition_is_stored_with_all_its_parts() -> None:
    draft = parse_coalition_draft(
        {
            "name": "UPR Task Force",
            "kind": "TASK_FORCE",
            "started_on": "2019-05-01",
            "ended_on": dt.date(2021, 3, 17),
            "website": "https://www.upr2020.org",
            "regions": ["US"],
            "parent": OTHER.upper(),
            "links": [{"kind": "instagram", "url": "https://instagram.example/upr"}],
            "members": [{"organization": MEMBER, "role": "Chair", "since": "2020-01-01", "note": "It wrote."}],
            "sources": [{"field": "members", "title": "Minutes"}],
            "audience": "MEMBERS",
        }
    )
    stored = build_stored_coalition(draft, id=an_id("upr"), slug="upr")
    assert (stored.kind, stored.started_on, stored.ended_on) == (
        CoalitionKind.TASK_FORCE,
        dt.date(2019, 5, 1),
        dt.date(2021, 3, 17),
    )
    assert (stored.website, stored.parent, stored.audience) == ("https://www.upr2020.org/", OTHER, Audience.MEMBERS)
    assert stored.members == (CoalitionMember(MEMBER, "Chair", dt.date(2020, 1, 1), None, "It wrote."),)
    assert stored.links == (Link("instagram", "https://instagram.example/upr"),)
    assert stored.sources == (Source("members", "Minutes"),)


@pytest.mark.parametrize(
    ("wrong", "path", "words"),
    [
        (
            {"members": [{"organization": one} for one in (MEMBER, OTHER, MEMBER.upper())]},
            "members",
            "1 and 3",
        ),
        ({"members": [{"organization": "udhr"}]}, "members[0].organization", "(a UUID)"),
        ({"members": [{"organization": "x" * (ID_LIMIT + 1)}]}, "members[0].organization", f"{ID_LIMIT} characters"),
        ({"members": [{"organization": MEMBER, "role": "x" * (LINE_LIMIT + 1)}]}, "members[0].role", f"{LINE_LIMIT} characters"),
        ({"members": [{"organization": MEMBER, "since": "2021-01-02", "until": "2021-01-01"}]}, "members[0]", "ends before it"),
        ({"members": [{"organization": an_id(str(n))} for n in range(MEMBER_LIMIT + 1)]}, "members", f"{MEMBER_LIMIT} items"),
        ({"started_on": "2021-01-02", "ended_on": "2021-01-01"}, "ended_on", "ends before it starts"),
        ({"started_on": 2021}, "started_on", "a date in full"),
        ({"started_on": "86400"}, "started_on", "a date in full"),
        ({"started_on": "2021-01-02T10:00:00"}, "started_on", "must be a date"),
        ({"regions": ["US-GX"]}, "regions[0]", "US-GA"),
        ({"regions": ["x" * 1_000_000]}, "regions[0]", "too long"),
        ({"kind": "CLUB"}, "kind", "must be one of"),
        ({"website": "upr2020.org"}, "website", "must start with https://"),
    ],
)
def test_a_wrong_coalition_is_refused(wrong: dict[str, object], path: str, words: str) -> None:
    found = find_problem(RecordKind.COALITION, **wrong)
    assert (found[0], words in found[1]) == (path, True), found


def test_a_coalition_is_not_its_own_parent() -> None:
    draft = parse_coalition_draft({"name": "Alliance", "parent": MEMBER})
    with pytest.raises(BadInput, match="cannot be part of itself"):
        build_stored_coalition(draft, id=MEMBER, slug="alliance")


# ---------------------------------------------------------------- instruments and provisions


def test_an_instrument_and_a_provision_are_stored_with_all_their_parts() -> None:
    draft = parse_instrument_draft(
        {
            "name": "Universal Declaration of Human Rights",
            "name_es": "Declaración Universal de Derechos Humanos",
            "kind": "DECLARATION",
            "acronym": "UDHR",
            "adopted_on": "1948-12-10",
            "url": "https://www.un.org/udhr",
            "summary": "The first list.",
        }
    )
    instrument = build_stored_instrument(draft, id=an_id("udhr"), slug="udhr")
    assert (instrument.kind, instrument.adopted_on) == (InstrumentKind.DECLARATION, dt.date(1948, 12, 10))
    stated = {"name": "housing", "number": " 25 ", "instrument": instrument.id, "cycle": "3", "recommending_state": "Norway"}
    provision = build_stored_provision(parse_provision_draft(stated), id=an_id("udhr 25"), slug="udhr-25")
    assert (provision.number, provision.cycle, provision.instrument) == ("25", "3", instrument.id)


@pytest.mark.parametrize(
    ("wrong", "path", "words"),
    [
        ({"number": ""}, "number", "empty"),
        ({"number": "x" * 31}, "number", "30 characters"),
        ({"number": 25}, "number", "must be text"),
        ({"number": None}, "number", "must be text"),
        ({"instrument": "udhr"}, "instrument", "(a UUID)"),
        ({"name": "  "}, "name", "empty"),
        ({"cycle": "x" * 31}, "cycle", "30 characters"),
    ],
)
def test_a_wrong_provision_is_refused(wrong: dict[str, object], path: str, words: str) -> None:
    found = find_problem(RecordKind.PROVISION, **wrong)
    assert (found[0], words in found[1]) == (path, True), found


def test_a_provision_needs_a_number_and_an_instrument() -> None:
    with pytest.raises(BadInput) as refusal:
        parse_provision_draft({"name": "housing"})
    problems: list[Problem] = refusal.value.params["problems"]  # type: ignore[assignment]
    assert {problem.path_text: problem.message for problem in problems} == dict.fromkeys(
        ("instrument", "number"), "This field is required."
    )


@pytest.mark.parametrize("adopted_on", ["1948", 1948, "10 December 1948", "1948-13-10"])
def test_a_wrong_day_is_refused(adopted_on: object) -> None:
    path, message = find_problem(RecordKind.INSTRUMENT, adopted_on=adopted_on)
    assert (path, "2024-05-01" in message) == ("adopted_on", True)
