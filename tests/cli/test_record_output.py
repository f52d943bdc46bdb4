"""The command `show`, and the output of the commands that list records: text and JSON."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli.record_report import MAX_NAMED_MEMBERS
from directory.kinds.event import EventHost
from directory.records import StoredRecord
from tests.builders import a_stored_coalition, a_stored_event, a_stored_organization, a_stored_provision, an_id
from tests.cli.command_runner import Run, make_runner
from tests.cli.records_of_all_kinds import (
    ALLIANCE,
    DECLARATION,
    HARBOR,
    HOUSING,
    NETWORK,
    PRESS,
    RECORDS,
    TASK_FORCE,
    list_slugs,
    read_json,
    read_text,
    write,
)

LONG_NAME = "Adoption of the outcome of the fourth Universal Periodic Review of the United States in Geneva"


@pytest.fixture(scope="module")
def filled_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("records") / "directory.sqlite3"
    write(f"sqlite:///{file}", *RECORDS)
    return f"sqlite:///{file}"


@pytest.fixture
def run(filled_url: str) -> Run:
    return make_runner(filled_url)


# ---------------------------------------------------------------- one record


def test_a_coalition_is_shown_with_its_members(run: Run) -> None:
    text = read_text(run, "show", "coalition:upr-task-force")
    assert text.index("Harbor Tenants") < text.index("River Workers")
    for words in (
        "Kind: Task force",
        "Started on: 2020-01-02",
        "Ended on: 2024-05-06",
        "Part of: coalition:tenants-alliance",
        "Issue areas: Housing",
        "Regions: Georgia",
        "Links: instagram https://instagram.example/upr",
        "Members: 2",
        "2021-03-04 to 2023-05-06",
        "since 2022-01-01",
        "It knows the law of work.",
        "Source: Its page, https://upr.example/about",
        "directory events --coalition upr-task-force",
    ):
        assert words in text, words


def test_an_event_is_shown_as_far_as_its_audience_may_see_it(run: Run) -> None:
    text = read_text(run, "show", "event:press-conference")
    for words in ("When: 2021-03-17 08:00 to 09:30 EDT", "Time zone: America/New_York", "Coalition: coalition:upr-task-force"):
        assert words in text
    assert "Registration: https://upr.example/register" in text
    assert "only-for-members" not in text
    assert "Online: https://upr.example/only-for-members" in read_text(
        run, "show", "event:press-conference", "--audience", "members"
    )
    assert "Coalition: " not in read_text(run, "show", "event:vigil")


def test_an_instrument_is_shown_with_the_number_of_its_provisions(run: Run) -> None:
    text = read_text(run, "show", "instrument:universal-declaration")
    for words in ("Acronym: UD", "In Spanish: Declaración Universal", "Adopted on: 1948-12-10", "Provisions: 3. "):
        assert words in text
    assert "directory provisions --instrument universal-declaration" in text


def test_a_provision_is_shown_with_the_members_who_work_on_it(run: Run) -> None:
    text = read_text(run, "show", "provision:article-25")
    for words in ("Instrument: instrument:universal-declaration", "In Spanish: Vivienda", "Members who work on it: 1."):
        assert words in text
    assert text.count("Harbor Tenants") == 1
    for key in ("provision:article-18", "provision:article-30"):
        assert "No member works on it." in read_text(run, "show", key)
    recommendation = read_text(run, "show", "provision:article-26-133")
    for words in ("Cycle: 3", "Number: 26.133", "Recommending state: Ghana", "Response: Supports"):
        assert words in recommendation


def test_of_many_members_the_first_are_named(sqlite_url: str) -> None:
    count = MAX_NAMED_MEMBERS + 3
    members = [a_stored_organization(f"Union {number:03}", issue_areas=("housing",)) for number in range(count)]
    write(sqlite_url, *members, DECLARATION, HOUSING)
    result = make_runner(sqlite_url)("show", "provision:article-25")
    assert f"Members who work on it: {count}. The first {MAX_NAMED_MEMBERS} are shown; there are 3 more." in result.output
    assert f"Union {MAX_NAMED_MEMBERS - 1:03}" in result.output
    assert f"Union {MAX_NAMED_MEMBERS:03}" not in result.output


@pytest.mark.parametrize("record", [TASK_FORCE, PRESS, DECLARATION, HOUSING])
def test_a_record_is_found_by_its_id(run: Run, record: StoredRecord) -> None:
    assert read_json(run, "show", record.id)["record"]["slug"] == record.slug


def test_a_former_slug_finds_the_record(sqlite_url: str) -> None:
    write(sqlite_url, a_stored_coalition("Alliance", slug="old-alliance"))
    write(sqlite_url, a_stored_coalition("Alliance", slug="new-alliance"))
    assert read_json(make_runner(sqlite_url), "show", "coalition:old-alliance")["record"]["slug"] == "new-alliance"


# ---------------------------------------------------------------- the output

ALL_KEYS = {"id", "slug", "summary", "issueAreas", "sources", "updatedAt"}
JSON_KEYS = {
    "coalition:upr-task-force": "name kind memberCount startedOn endedOn regions parent website links",
    "event:press-conference": "title isCancelled when startsAt endsAt isAllDay timeZone timeAsStated place hosts actors "
    "coalition onlineUrl registrationUrl links",
    "instrument:universal-declaration": "name nameEs acronym kind adoptedOn provisionCount url",
    "provision:article-25": "subject subjectEs instrument cycle number recommendingState response memberCount",
}


@pytest.mark.parametrize("key", JSON_KEYS)
def test_the_keys_of_json_are_stable(run: Run, key: str) -> None:
    report = read_json(run, "show", key)
    assert report.keys() == {"kind", "audience", "version", "fictional", "record", "members"}
    assert report["record"].keys() == ALL_KEYS | set(JSON_KEYS[key].split())
    noun = key.partition(":")[0]
    if noun != "instrument":
        assert report["record"] in read_json(run, f"{noun}s")["records"]


def test_members_in_json(run: Run) -> None:
    members = read_json(run, "show", "coalition:upr-task-force")["members"]
    assert members == [
        {"slug": "harbor-tenants", "name": "Harbor Tenants", "role": "Writer", "since": "2022-01-01", "until": None,
         "note": None},
        {
            "slug": "river-workers", "name": "River Workers", "role": "Chair", "since": "2021-03-04", "until": "2023-05-06",
            "note": "It knows the law of work.",
        },
    ]  # fmt: skip
    staff = run("show", "coalition:upr-task-force", "--audience", "staff", "--format", "json")
    assert [member["name"] for member in json.loads(staff.stdout)["members"]] == [
        "Harbor Tenants",
        "Quiet House",
        "River Workers",
    ]


COMMANDS = [("coalitions",), ("events",), ("provisions",), *(("show", key) for key in JSON_KEYS)]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_the_output_fits_80_columns_except_for_addresses(run: Run, arguments: tuple[str, ...]) -> None:
    lines = read_text(run, *arguments, columns=80).splitlines()
    assert all(cell_len(line.rstrip()) <= 80 or line.strip() == TASK_FORCE.website for line in lines)


@pytest.mark.parametrize("columns", [40, 80])
def test_keys_and_addresses_are_never_broken(sqlite_url: str, columns: int) -> None:
    write(sqlite_url, a_stored_coalition(LONG_NAME, website=TASK_FORCE.website), a_stored_event(LONG_NAME + "!"))
    run, (slug,) = make_runner(sqlite_url), list_slugs(make_runner(sqlite_url), "coalitions")
    assert len(slug) > 90
    for arguments in (("coalitions",), ("events",), ("show", f"coalition:{slug}")):
        text = run(*arguments, columns=columns).output
        assert slug in text.partition(" found.")[0]  # the sentence after a list names it too
        assert "…" not in text
    assert str(TASK_FORCE.website) in text


def test_a_long_number_does_not_break_the_key(sqlite_url: str) -> None:
    slug = "review-of-the-united-states-in-the-2020s-26-13"
    provision = a_stored_provision("26.133." * 4, slug=slug, cycle="3", issue_areas=("housing",), name="A home for everyone " * 8)
    write(sqlite_url, DECLARATION, provision)
    table, _, _ = make_runner(sqlite_url)("provisions", columns=80).output.partition("1 found.")
    assert f"provision:{slug}" in table
    assert all(len(line) <= 80 for line in table.splitlines())


def test_control_characters_are_escaped(sqlite_url: str) -> None:
    bad = "Bad \x1b[31m name"
    write(
        sqlite_url, a_stored_organization(bad, slug="bad"), a_stored_coalition(bad, [bad], id=an_id("c"), slug="bad", summary=bad)
    )
    write(sqlite_url, a_stored_event(bad, id=an_id("e"), slug="bad", time_as_stated=bad, hosts=(EventHost(actor=bad),)))
    run = make_runner(sqlite_url)
    for arguments in (("coalitions",), ("events",), ("show", "coalition:bad"), ("show", "event:bad")):
        output = run(*arguments).output
        assert r"Bad \x1b[31m name" in output
        assert "\x1b" not in output


def test_a_fictional_network_is_marked(sqlite_url: str) -> None:
    write(sqlite_url, NETWORK, ALLIANCE, HARBOR, fictional=True)
    run = make_runner(sqlite_url)
    for arguments in (("coalitions",), ("show", "coalition:tenants-alliance")):
        assert "nothing in it is real" in run(*arguments).output
        assert read_json(run, *arguments)["fictional"] is True
