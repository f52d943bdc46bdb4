"""The pages say what the code does: what is produced is fresh, and what is named is there."""

import re
from pathlib import Path

import click
import pytest

from cli.main import COMMANDS, main
from directory.errors import ErrorCode
from docs import produced_blocks
from docs.produced_blocks import PAGES, renew_page
from schema.limits import Limits
from web.settings import PREFIX, Settings, variable_name

ROOT = Path(__file__).parent.parent
STALE = "A page says what is no longer so. Read what changed, and renew it: python -m docs"
OF_OTHER_PROGRAMS = {
    *("--data-urlencode",),  # curl
    *("--require-hashes", "--no-deps"),  # pip
    *("--system", "--group", "--home", "--no-create-home"),  # adduser
    *("--owner", "--encoding", "--template"),  # createdb
    *("--now",),  # systemctl
    *("--wait",),  # text editors
}
WITH_EXAMPLES = [page for page in PAGES if "```graphql" in page.read_text()]
examples = pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.name)
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def anchors(page: Path) -> set[str]:
    """As web sites that show Markdown make them of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {"#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_produced_from_the_code_as_it_is() -> None:
    for page in PAGES:
        assert renew_page(page.read_text()) == page.read_text(), STALE


@examples
def test_every_example_is_asked_and_its_answer_shown(page: Path) -> None:
    marks = re.findall(r"^```graphql$|^<!-- produced: answer -->$", page.read_text(), re.M)
    assert len(marks) >= 4
    assert marks == ["```graphql", "<!-- produced: answer -->"] * (len(marks) // 2)


@examples
def test_only_the_section_on_errors_has_an_answer_with_errors(page: Path) -> None:
    refused = [section.partition("\n")[0] for section in page.read_text().split("\n## ") if '"errors": [' in section]
    assert refused == (["Errors"] if "\n## Errors\n" in page.read_text() else [])


@pages
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)", page.read_text())
    missing = [link for link, _ in links if not (page.parent / link).exists()]
    astray = [mark for link, mark in links if mark and mark not in anchors(page.parent / link if link else page)]
    assert (missing, astray) == ([], [])


@pages
def test_options_that_are_named_are_there(page: Path) -> None:
    group = click.Context(main)
    commands = [main, *(main.get_command(group, name) for name in main.list_commands(group))]
    known = {option for command in commands if command for one in command.params for option in (*one.opts, *one.secondary_opts)}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page.read_text()))
    assert named <= known | {"--help", "--version"} | OF_OTHER_PROGRAMS


@pages
def test_settings_that_are_named_are_there(page: Path) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", page.read_text()))
    assert named <= {variable_name(setting) for setting in Settings.model_fields}


def test_every_setting_has_a_row() -> None:
    rows = produced_blocks.build_settings_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [variable_name(setting) for setting in Settings.model_fields]
    assert all(row.count(" | ") == 3 for row in rows)


def test_a_stale_answer_and_a_stale_table_are_renewed() -> None:
    page = (
        "Before.\n```graphql\nquery ($code: String!) { region(code: $code) { name } }\n```\n"
        '```json\n{ "code": "US-GA" }\n```\n'
        "<!-- produced: answer -->\nold\n<!-- end -->\n<!-- produced: codes -->\n<!-- end -->\nAfter.\n"
    )
    fresh = renew_page(page)
    assert '{"data": {"region": {"name": "Georgia"}}}' in fresh
    assert f"| `{ErrorCode.BAD_CURSOR}` |" in fresh
    assert "old" not in fresh.partition("codes")[0]
    assert fresh.startswith("Before.\n```graphql\n")
    assert fresh.endswith("<!-- end -->\nAfter.\n")
    assert renew_page(fresh) == fresh


def test_a_mark_of_an_unknown_name_is_no_page() -> None:
    with pytest.raises(KeyError):
        renew_page("<!-- produced: nothing -->\n<!-- end -->\n")


def test_every_code_has_a_meaning_and_every_limit_a_row() -> None:
    meanings = [row.split(" | ")[1] for row in produced_blocks.build_codes_table().splitlines()[2:]]
    assert len(meanings) == len(ErrorCode)
    assert all(meanings)
    assert {f"`{name}`" for name in Limits.__struct_fields__} <= {
        row.split(" | ")[0][2:] for row in produced_blocks.build_limits_table().splitlines()
    }


def test_every_command_tells_of_itself() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    told = [line.removeprefix("## directory ") for line in page.splitlines() if line.startswith("## directory ")]
    assert told == sorted(command for commands in COMMANDS.values() for command in commands)
    assert page.count("Usage: directory ") == len(told) + 1


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [page.name for page in PAGES if f"(docs/{page.name})" not in readme] == []
