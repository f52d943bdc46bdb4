"""The GraphQL documents of the pages. A page has no other source of data.

Those in documents/browser are requested by the script of the pages, by an id such as "pages/suggestions". Fragments that several
documents use are in documents/fragments, in files with their names.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from schema.context import Context
from schema.execution.execute import answer_document

FOLDER = Path(__file__).parent / "documents"
BROWSER_FOLDER, FRAGMENTS_FOLDER = FOLDER / "browser", FOLDER / "fragments"
_SPREAD = re.compile(r"\.\.\.(\w+)")  # "... on Region" has a space
_decode = msgspec.json.Decoder().decode


class DocumentData(Struct, frozen=True):
    """The answer to a document. `data` is {} if there is none; `errors` are as a client gets them."""

    data: dict[str, Any]
    errors: list[dict[str, Any]]
    points: int


def run_document(name: str, variables: dict[str, Any], context: Context) -> DocumentData:
    """Execute the document in the file `name`.graphql. Never raises for what a visitor sent."""
    answer = answer_document(load_document(name), variables, None, context)
    return DocumentData((_decode(answer.data) if answer.data else None) or {}, list(answer.errors), answer.points)


def load_browser_documents() -> dict[str, str]:
    """Return the documents of the script by id."""
    return {f"pages/{path.stem}": path.read_text(encoding="utf-8") for path in sorted(BROWSER_FOLDER.glob("*.graphql"))}


@cache
def load_document(name: str) -> str:
    """Return the document with the shared fragments that it uses."""
    text = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    return "\n".join((text, *_find_fragments(text).values()))


def _find_fragments(text: str) -> dict[str, str]:
    """Return the shared fragments that a text uses, by name, with those that they use."""
    found: dict[str, str] = {}
    for name in sorted(set(_SPREAD.findall(text))):
        path = FRAGMENTS_FOLDER / f"{name}.graphql"
        if path.exists():
            fragment = path.read_text(encoding="utf-8")
            found |= {name: fragment, **_find_fragments(fragment)}
    return found
