"""What the code says in the pages: tables, and answers to the examples.

    <!-- produced: codes -->
    ... replaced by the table of that name ...
    <!-- end -->

`answer` stands for the answer to the last block of `graphql` above it, with the block of `json` between them as its variables,
asked of the shipped records over HTTP. `shell` stands for what the last block of `sh` above it prints (shell_examples.py).
`operating/NAME` stands for the file of that name in docs/operating.
"""

import datetime as dt
import inspect
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from starlette.testclient import TestClient

from directory import errors
from directory.errors import Code, DirectoryError
from directory.live import Directory
from directory.question import PAGE_DEFAULT, PAGE_LIMIT
from directory.text_limits import TEXT_LIMITS
from docs.field_prices import field_prices
from docs.help_texts import help_texts
from docs.import_tables import columns, file_limits, formats, kept_out, verdicts
from docs.operating_files import OPERATING_FILES
from docs.shell_examples import Shell, shell
from docs.table import table
from schema.limits import POINTS_A_MINUTE, Limits
from seed.network import seed_network
from web.allowance import REFUSED
from web.app import application
from web.asked import ADDRESS_LIMIT, BODY_LIMIT, SEPARATOR_LIMIT
from web.reconcile import limits as lists
from web.settings import Settings, option, shown_default, variable

PAGES = tuple(sorted(Path(__file__).parent.glob("*.md")))
WIDTH = 110  # characters of a line of JSON
OURS = "http://127.0.0.1"
Ask: TypeAlias = Callable[[str, str], dict[str, Any]]
_BLOCK = re.compile(
    r"^```(?P<language>\w+)(?: (?P<file>\S[^\n]*))?\n(?P<code>.*?)^```$"
    r"|^<!-- produced: (?P<name>\S+) -->\n(?P<old>.*?)^<!-- end -->$",
    re.M | re.S,
)
_BESIDE = re.compile(r"^ {4}(?P<name>\w+)(?:: \w+)? = \S+(?:  # (?P<meaning>.*))?$", re.M)
_PARAMS = re.compile(r"params: (?P<params>.*)", re.S)


def renewed(page: str) -> str:
    """The page with everything produced anew. Raises KeyError for a mark of an unknown name."""
    with ExitStack() as opened:
        asking = cache(lambda: opened.enter_context(_asking()))  # a server, for pages that ask one
        return "".join(_pieces(page, lambda *asked: asking()(*asked), opened.enter_context(shell())))


def _pieces(page: str, ask: Ask, prompt: Shell) -> Iterator[str]:
    last, end = {"json": "{}"}, 0  # the last block of each language
    for block in _BLOCK.finditer(page):
        yield page[end : block.start()]
        end = block.end()
        if block["name"]:
            yield f"<!-- produced: {block['name']} -->\n{_produced(block['name'], last, ask, prompt)}\n<!-- end -->"
            continue
        yield block.group()
        if block["file"]:
            _laid(block["language"], block["file"], block["code"], prompt)
        else:
            last |= {"json": "{}"} if block["language"] == "graphql" else {}
            last[block["language"]] = block["code"]
    yield page[end:]


def _produced(name: str, last: Mapping[str, str], ask: Ask, prompt: Shell) -> str:
    if name == "answer":
        return _fenced(ask(last["graphql"], last["json"]))
    return f"```text\n{prompt.run(last['sh'])}\n```" if name == "shell" else TABLES[name]()


def _laid(language: str, file: str, text: str, prompt: Shell) -> None:
    if language == "diff":
        prompt.correct(file, text)
    else:
        prompt.lay(file, text)


@contextmanager
def _asking() -> Iterator[Ask]:
    with tempfile.TemporaryDirectory() as folder:
        directory = Directory.open(f"sqlite:///{folder}/directory.sqlite3")
        seed_network(directory.store, dt.datetime.now(dt.UTC))
        with TestClient(application(directory, Settings.model_construct()), base_url=OURS) as client:
            yield lambda document, variables: _answered(client, document, variables)


def _answered(client: TestClient, document: str, variables: str) -> dict[str, Any]:
    """Without `extensions`: what a request costs is measured anew from time to time."""
    asked = {"query": document, "variables": json.loads(variables)}
    body: dict[str, Any] = client.post("/graphql", json=asked).json()
    return {name: value for name, value in body.items() if name != "extensions"}


def _fenced(answer: dict[str, Any]) -> str:
    return f"```json\n{_shown(answer)}\n```"


def _shown(value: Any, indent: str = "") -> str:
    """As JSON, each value on one line where it is short enough."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) <= WIDTH:
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_shown(part, inner)}" for key, part in value.items()]
    else:
        parts = [_shown(part, inner) for part in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return f"{left}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{right}"


# The tables


def codes() -> str:
    meanings, params = _beside(Code), _params()
    rows = [(f"`{code}`", meanings[code], params.get(code, "")) for code in Code]
    return table(("code", "it means", "beside it in `extensions`"), rows)


def limits() -> str:
    meanings = _beside(Limits)
    of_requests = [
        ("bytes of a request's body", f"{BODY_LIMIT:,}", ""),
        ("commas and opening brackets of a body", f"{SEPARATOR_LIMIT:,}", "before parsing"),
        ("bytes of an address after the question mark", f"{ADDRESS_LIMIT:,}", "by GET; ask by POST for more"),
        ("`first` or `last` of a page", f"{PAGE_LIMIT}", f"{PAGE_DEFAULT} unless given"),
        *(_of_texts(limit) for limit in sorted(set(TEXT_LIMITS.values()))),
        ("points a minute", f"{POINTS_A_MINUTE:,}", "for one client; a setting may say another number"),
    ]
    of_documents = [(f"`{one.name}`", f"{one.default:,g}", meanings[one.name]) for one in msgspec.structs.fields(Limits)]
    return table(("what", "at most", ""), of_requests + of_documents)


def reconcile_limits() -> str:
    rows = [
        ("bytes of a form", f"{lists.BODY_BYTES:,}"),
        ("bytes of an address after the question mark", f"{ADDRESS_LIMIT:,}"),
        ("queries in a batch", f"{lists.BATCH}; OpenRefine sends {lists.BATCH_ADVISED}, as the service asks it to"),
        ("characters of a name, a value or a prefix", f"{lists.TEXT_LENGTH}"),
        ("properties of a query", f"{lists.STATED}"),
        ("values of one property", f"{lists.VALUES}"),
        ("candidates for a query", f"{lists.LIMIT}; {lists.LIMIT_IN_LARGE} in a batch of more than {lists.LARGE} queries"),
        ("organizations whose properties are fetched", f"{lists.EXTENDED}"),
        ("seconds of work for a batch", f"{lists.BATCH_SECONDS:g}"),
    ]
    return table(("what", "at most"), rows)


def reconcile_costs() -> str:
    rows = [
        ("a query", f"{lists.QUERY_POINTS}"),
        ("each property of each organization, and each organization", f"{lists.VALUE_POINTS}"),
        ("suggestions of organizations", f"{lists.SUGGEST_POINTS}"),
        ("any other answer", f"{lists.SMALL_POINTS}"),
        ("a request that is refused", f"{REFUSED}"),
    ]
    return table(("for", "points"), rows)


def _of_texts(limit: int) -> tuple[str, str, str]:
    names = ", ".join(f"`{name}`" for name, most in TEXT_LIMITS.items() if most == limit)
    return f"characters of a text in {names}", f"{limit:,}", ""


def settings() -> str:
    rows = [
        (f"`{variable(name)}`", f"`{option(name)}`", shown_default(name), str(field.description))
        for name, field in Settings.model_fields.items()
    ]
    return table(("variable", "option", "unless given", "what it is"), rows)


def _beside(shape: type) -> dict[str, str]:
    """The comment beside each member of a class."""
    return {member["name"]: member["meaning"] or "" for member in _BESIDE.finditer(inspect.getsource(shape))}


def _params() -> dict[str, str]:
    """By code, what the docstring of its class says of the parameters."""
    refusals = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DirectoryError)]
    found = {one.code: _PARAMS.search(inspect.getdoc(one) or "") for one in refusals if one is not DirectoryError}
    return {code: " ".join(params["params"].split()).rstrip(".") for code, params in found.items() if params}


TABLES: dict[str, Callable[[], str]] = {
    "codes": codes,
    "columns": columns,
    "commands": help_texts,
    "field-prices": field_prices,
    "file-limits": file_limits,
    "formats": formats,
    "kept-out": kept_out,
    "limits": limits,
    "reconcile-costs": reconcile_costs,
    "reconcile-limits": reconcile_limits,
    "settings": settings,
    "verdicts": verdicts,
    **OPERATING_FILES,
}
