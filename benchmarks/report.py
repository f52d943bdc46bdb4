"""RESULTS.md: every figure with its target, whether it was met, and the command that makes it."""

import datetime as dt
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.tables import Table

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = (
    "numpy",
    "pyroaring",
    "msgspec",
    "sqlalchemy",
    "strawberry-graphql",
    "graphql-core",
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
)

OPENING = """# How fast, how large, how it grows

Made by `./dev bench`; nothing here is written by hand. Absolute times hold for the machine below and whatever else ran on it at
the time; ratios hold further. Targets are what is promised at the number of records beside them; an empty cell promises nothing.
The records are fictional networks (`directory fictional`), the same in every run.
"""

SECTION_TEXTS = {
    "in-process": """## In process

The search alone, without GraphQL and HTTP. Each question is asked with different variables every time, so that no kept answer
serves; what is kept on purpose for as long as the directory does not change shows in the last question, whose first answer has a
line of its own. Questions are the same at every size. Times are medians over the different questions, each asked once. Of growth,
part is that a small directory does not fill every page.
""",
    "http": """## Through HTTP

One worker as `directory serve` starts it, asked by a process of its own over kept-alive connections with fixed documents and
different variables. The ceiling is a bare Starlette endpoint on the same uvicorn that reads the same request and sends the same
bytes; each batch goes to one and then to the other, and the ratio is the median of these pairs. CPU is what the scheduler counted
for the server's process. Of growth, part is that a small directory does not fill every page: the repeated question, whose page is
full at both sizes, shows the rest.
""",
    "start": """## Start, memory and seeding

Each figure is of a fresh process over a database that is there already; memory is the resident set.
""",
    "matching": """## Matching

Whether two records are one organization. The pairs are invented, half of them one organization in two lists, and the kinds are
chosen to be hard; `./dev bench matching --labelled FILE` does the same with anybody's. Said same, an import changes the record;
said doubtful, a person is asked. Rows are matched without identifiers, which would settle it at once. Times are the processor's.
""",
    "seeding": """## Seeding

Lists from the file to a directory in SQLite, as `directory seed FILE --apply` takes them, without the terminal: opened, cleaned,
located by the gazetteer, matched and compared, then written in one transaction. Each step is a process of its own, so that
nothing is remembered from the one before, and its time is what a person waits. The lists are invented; their towns are real.
`./dev bench seeding --file FILE` does the same with anybody's. Memory is what Python's allocator gave out, measured apart.
""",
    "edit": """## One edit

Written by one process, which then looks for it; and by one process while another, the server as it is, follows the ledger.
Parts are indented under what they belong to.
""",
}


def format_opening(arguments: Sequence[str]) -> str:
    """What the page begins with; `arguments` are those that the run was given."""
    return f"{OPENING}\n{describe_machine(' '.join(('./dev bench', *arguments)))}"


def format_summary(parts: Mapping[str, Sequence[Table]]) -> str:
    """How many targets are met, and each that is missed."""
    rows = [row for tables in parts.values() for table in tables for row in table.rows]
    met, missed = sum("met" in row for row in rows), [row for row in rows if "**missed**" in row]
    told = "".join(f"- {' · '.join(cell for cell in row if cell)}\n" for row in missed)
    return f"Of {met + len(missed)} targets {met} are met and {len(missed)} missed{':' if missed else '.'}\n\n{told}"


def format_section(part: str, tables: Sequence[Table]) -> str:
    return "\n".join((SECTION_TEXTS[part], f"Command: `./dev bench {part}`\n", *(table.to_markdown() for table in tables)))


def describe_machine(command: str) -> str:
    """What it was measured on; no names, no paths."""
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    rows = [
        ("date", f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"),
        ("command", f"`{command}`"),
        ("processor", f"{_find_processor_name()}, {os.cpu_count()} cores"),
        ("memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"),
        ("system", f"{platform.system()} {platform.release().partition('-')[0]}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("packages", packages),
        ("load before the run", f"{os.getloadavg()[2]:.1f} processes in the last quarter of an hour"),
    ]
    return Table("Machine", ("", ""), rows).to_markdown()


def _find_processor_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
