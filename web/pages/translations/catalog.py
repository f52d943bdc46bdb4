"""Collect the texts of the templates and of the code, and write them with their translations to es.po.

The file has one form only: sorted by file and text, without line numbers and dates, so that a change of a page changes few lines.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from web.pages.rendering import load_environment

ROOT = Path(__file__).parents[3]
FOLDERS = (ROOT / "web" / "pages", ROOT / "web" / "review")  # each with a folder of templates
PO_FILE = Path(__file__).parent / "es.po"
LOCALE = "es"
HEADER = """\
# The texts of the pages in Spanish. docs/spanish.md lists the terms. Update: python -m web.pages.translations
msgid ""
msgstr ""
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
LINE_WIDTH = 128
PYTHON_FUNCTIONS: Mapping[str, tuple[int, ...] | None] = {"gettext": None, "mark": None, "ngettext": (1, 2)}

MessageId: TypeAlias = str | tuple[str, ...]  # a text, or its singular and plural


def extract_messages() -> dict[MessageId, set[str]]:
    """Return every text of the pages with the files that use it."""
    files: dict[MessageId, set[str]] = {}
    for path in _list_files("*.py"):
        _collect(files, path, _extract_from_code(path))
    environment = load_environment(LOCALE)
    for path in _list_files("templates/*"):
        _collect(files, path, _extract_from_template(path, environment))
    return files


def _list_files(pattern: str) -> list[Path]:
    return [path for folder in FOLDERS for path in sorted(folder.rglob(pattern)) if path.is_file()]


def _collect(files: dict[MessageId, set[str]], path: Path, messages: Iterator[MessageId]) -> None:
    for message in messages:
        files.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())


def _extract_from_code(path: Path) -> Iterator[MessageId]:
    with path.open("rb") as file:
        yield from (message for _, message, _, _ in extract("python", file, PYTHON_FUNCTIONS))


def _extract_from_template(path: Path, environment: Environment) -> Iterator[MessageId]:
    """Yield what the template asks translations for, as the environment that renders it reads it."""
    source = path.read_text(encoding="utf-8")
    for _, function, arguments in environment.extract_translations(source):  # type: ignore[attr-defined]
        texts: tuple[str, ...] = (arguments,) if isinstance(arguments, str) else arguments
        yield texts[:2] if function == "ngettext" else texts[0]


def read_catalog() -> Catalog:
    with PO_FILE.open("rb") as file:
        return read_po(file, LOCALE)


def merge_translations(files: Mapping[MessageId, set[str]], old: Catalog) -> Catalog:
    """Return the texts in the order of the file, with the translations and comments that `old` has for them.

    A text that is not in `old` gets an empty translation: a similar one may mean something else.
    """
    new = read_po(BytesIO(HEADER.encode()), LOCALE)
    for message_id in sorted(files, key=lambda each: (min(files[each]), each if isinstance(each, str) else each[0])):
        known = old.get(message_id)
        translation = known.string if known else ("" if isinstance(message_id, str) else ("", ""))
        places = [(file, 0) for file in sorted(files[message_id])]
        new.add(message_id, translation, locations=places, user_comments=known.user_comments if known else ())
    return new


def write_catalog(catalog: Catalog) -> bytes:
    """Return the file in UTF-8."""
    file = BytesIO()
    write_po(file, catalog, width=LINE_WIDTH, omit_header=True, include_lineno=False)
    return HEADER.encode() + file.getvalue()
