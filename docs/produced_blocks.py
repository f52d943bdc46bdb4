"""Generate blocks of the documentation from the code: tables, and answers to the examples.

    <!-- produced: codes -->
    ... replaced by the table of that name ...
    <!-- end -->

`answer` is the response to the last `graphql` block above it, with a `json` block between them as its variables. The query goes
over HTTP to a directory of the shipped records. `shell` is the output of the last `sh` block above it (shell_examples.py).
`operating/NAME` is the file of that name in docs/operating.
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
from directory.errors import DirectoryError, ErrorCode
from directory.live import Directory
from directory.partners.allies.request import AllyWeights
from directory.question import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, TEXT_LIMITS
from directory.records import Audience
from directory.understanding.understand import understand
from docs.field_prices import build_field_prices_table
from docs.import_tables import (
    build_columns_table,
    build_excluded_columns_table,
    build_field_formats_table,
    build_file_limits_table,
    build_formats_table,
    build_verdicts_table,
)
from docs.markdown import OPERATING_FILES, format_help_texts, format_table
from docs.page_costs import build_page_costs_table
from docs.search_keys import build_search_keys_table
from docs.shell_examples import ExampleShell, open_shell
from schema.fields import to_camel_case
from schema.limits import POINTS_A_MINUTE, Limits
from seed.network_records import seed_network
from web.app import create_app
from web.http.graphql_request import BODY_LIMIT, SEPARATOR_LIMIT
from web.http.request_parsing import QUERY_STRING_LIMIT
from web.reconcile import limits as lists
from web.server.rate_limit import REFUSAL_POINTS
from web.settings import Settings, format_default, option_name, variable_name

PAGES = tuple(sorted(Path(__file__).parent.glob("*.md")))
WIDTH = 110  # characters of a line of JSON
SERVER_URL = "http://127.0.0.1"
Ask: TypeAlias = Callable[[str, str], dict[str, Any]]
_BLOCK = re.compile(
    r"^```(?P<language>\w+)(?: (?P<file>\S[^\n]*))?\n(?P<code>.*?)^```$"
    r"|^<!-- produced: (?P<name>\S+) -->\n(?P<old>.*?)^<!-- end -->$",
    re.M | re.S,
)
_MEMBER_COMMENT = re.compile(r"^ {4}(?P<name>\w+)(?:: \w+)? = \S+(?:  # (?P<meaning>.*))?$", re.M)
_PARAMS = re.compile(r"params: (?P<params>.*)", re.S)


def renew_page(page: str) -> str:
    """The page with everything produced anew. Raises KeyError for a mark of an unknown name."""
    with ExitStack() as opened:
        asking = cache(lambda: opened.enter_context(_serve_directory()))  # a server, for pages that ask one
        return "".join(_renew_blocks(page, lambda *asked: asking()(*asked), opened.enter_context(open_shell())))


def _renew_blocks(page: str, ask: Ask, prompt: ExampleShell) -> Iterator[str]:
    last, end = {"json": "{}"}, 0  # the last block of each language
    for block in _BLOCK.finditer(page):
        yield page[end : block.start()]
        end = block.end()
        if block["name"]:
            yield f"<!-- produced: {block['name']} -->\n{_produce_block(block['name'], last, ask, prompt)}\n<!-- end -->"
            continue
        yield block.group()
        if block["file"]:
            _write_file(block["language"], block["file"], block["code"], prompt)
        else:
            last |= {"json": "{}"} if block["language"] == "graphql" else {}
            last[block["language"]] = block["code"]
    yield page[end:]


def _produce_block(name: str, last: Mapping[str, str], ask: Ask, prompt: ExampleShell) -> str:
    if name == "answer":
        return _fence_json(ask(last["graphql"], last["json"]))
    return f"```text\n{prompt.run_commands(last['sh'])}\n```" if name == "shell" else PRODUCERS[name]()


def _write_file(language: str, file: str, text: str, prompt: ExampleShell) -> None:
    if language == "diff":
        prompt.apply_diff(file, text)
    else:
        prompt.write_file(file, text)


@contextmanager
def _serve_directory() -> Iterator[Ask]:
    with tempfile.TemporaryDirectory() as folder:
        directory = Directory.open(f"sqlite:///{folder}/directory.sqlite3")
        seed_network(directory, dt.datetime.now(dt.UTC))
        understand("evicton near Atlnta", directory.get_snapshot(Audience.PUBLIC))  # a server loads its tables before
        # These requests take some milliseconds, but in a process with much else, collecting its garbage counts as their time.
        settings = Settings.model_construct(limits=("cpu_seconds=5", "seconds=10"))
        with TestClient(create_app(directory, settings), base_url=SERVER_URL) as client:
            yield lambda document, variables: _ask_graphql(client, document, variables)


def _ask_graphql(client: TestClient, document: str, variables: str) -> dict[str, Any]:
    """Without `extensions`: what a request costs is measured anew from time to time."""
    asked = {"query": document, "variables": json.loads(variables)}
    body: dict[str, Any] = client.post("/graphql", json=asked).json()
    return {name: value for name, value in body.items() if name != "extensions"}


def _fence_json(answer: dict[str, Any]) -> str:
    return f"```json\n{_format_json(answer)}\n```"


def _format_json(value: Any, indent: str = "") -> str:
    """As JSON, each value on one line where it is short enough."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) <= WIDTH:
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_format_json(part, inner)}" for key, part in value.items()]
    else:
        parts = [_format_json(part, inner) for part in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return f"{left}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{right}"


# The tables


def build_codes_table() -> str:
    meanings, params = _read_member_comments(ErrorCode), _read_error_params()
    rows = [(f"`{code}`", meanings[code], params.get(code, "")) for code in ErrorCode]
    return format_table(("code", "meaning", "other keys in `extensions`"), rows)


def build_limits_table() -> str:
    meanings = _read_member_comments(Limits)
    of_requests = [
        ("bytes of a request's body", f"{BODY_LIMIT:,}", ""),
        ("commas and opening brackets of a body", f"{SEPARATOR_LIMIT:,}", "before parsing"),
        ("bytes of a query string", f"{QUERY_STRING_LIMIT:,}", "for GET; send longer requests by POST"),
        ("`first` or `last` of a page", f"{MAX_PAGE_SIZE}", f"{DEFAULT_PAGE_SIZE} by default"),
        *(_build_text_limit_row(limit) for limit in sorted(set(TEXT_LIMITS.values()))),
        ("points per minute", f"{POINTS_A_MINUTE:,}", "per client; the operator can change this number"),
    ]
    of_documents = [(f"`{one.name}`", _format_limit(one.default), meanings[one.name]) for one in msgspec.structs.fields(Limits)]
    return format_table(("what is limited", "maximum", "notes"), of_requests + of_documents)


def _format_limit(limit: float) -> str:
    return f"{limit:,}" if isinstance(limit, int) else f"{limit:g}"


def build_reconcile_limits_table() -> str:
    rows = [
        ("bytes of a form", f"{lists.BODY_BYTES:,}"),
        ("bytes of a query string", f"{QUERY_STRING_LIMIT:,}"),
        ("queries in a batch", f"{lists.BATCH_LIMIT}; OpenRefine sends {lists.ADVISED_BATCH_SIZE}, as the service advises"),
        ("characters of a name, a value or a prefix", f"{lists.TEXT_LENGTH}"),
        ("properties of a query", f"{lists.QUERY_PROPERTIES_LIMIT}"),
        ("values of one property", f"{lists.VALUES_LIMIT}"),
        (
            "candidates for a query",
            f"{lists.CANDIDATE_LIMIT}; {lists.LARGE_BATCH_CANDIDATE_LIMIT} in a batch of more than {lists.LARGE_BATCH} queries",
        ),
        ("organizations whose properties are fetched", f"{lists.EXTENSION_LIMIT}"),
        ("seconds of work for a batch", f"{lists.BATCH_SECONDS:g}"),
    ]
    return format_table(("what is limited", "maximum"), rows)


def build_reconcile_costs_table() -> str:
    rows = [
        ("a query", f"{lists.QUERY_POINTS}"),
        ("each property of each organization, and each organization", f"{lists.VALUE_POINTS}"),
        ("suggestions of organizations", f"{lists.SUGGEST_POINTS}"),
        ("any other answer", f"{lists.LOOKUP_POINTS}"),
        ("a request that is rejected", f"{REFUSAL_POINTS}"),
    ]
    return format_table(("for", "points"), rows)


def _build_text_limit_row(limit: int) -> tuple[str, str, str]:
    names = ", ".join(f"`{name}`" for name, most in TEXT_LIMITS.items() if most == limit)
    return f"characters of a text in {names}", f"{limit:,}", ""


def build_settings_table() -> str:
    rows = [
        (f"`{variable_name(name)}`", f"`{option_name(name)}`", format_default(name), str(field.description))
        for name, field in Settings.model_fields.items()
    ]
    return format_table(("variable", "option", "default", "meaning"), rows)


def _read_member_comments(shape: type) -> dict[str, str]:
    """The comment beside each member of a class."""
    return {member["name"]: member["meaning"] or "" for member in _MEMBER_COMMENT.finditer(inspect.getsource(shape))}


def _read_error_params() -> dict[str, str]:
    """By code, what the docstring of its class says of the parameters."""
    refusals = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DirectoryError)]
    found = {one.code: _PARAMS.search(inspect.getdoc(one) or "") for one in refusals if one is not DirectoryError}
    return {code: " ".join(params["params"].split()).rstrip(".") for code, params in found.items() if params}


def _build_ally_weights_table() -> str:
    comments, defaults = _read_member_comments(AllyWeights), AllyWeights()
    rows = [(to_camel_case(name), f"{getattr(defaults, name):g}", comments[name]) for name in AllyWeights.__struct_fields__]
    return format_table(("weight", "default", "for"), rows)


PRODUCERS: dict[str, Callable[[], str]] = {
    "ally-weights": _build_ally_weights_table,
    "codes": build_codes_table,
    "columns": build_columns_table,
    "commands": format_help_texts,
    "field-formats": build_field_formats_table,
    "field-prices": build_field_prices_table,
    "page-costs": build_page_costs_table,
    "file-limits": build_file_limits_table,
    "formats": build_formats_table,
    "kept-out": build_excluded_columns_table,
    "limits": build_limits_table,
    "reconcile-costs": build_reconcile_costs_table,
    "reconcile-limits": build_reconcile_limits_table,
    "search-keys": build_search_keys_table,
    "settings": build_settings_table,
    "verdicts": build_verdicts_table,
    **OPERATING_FILES,
}
