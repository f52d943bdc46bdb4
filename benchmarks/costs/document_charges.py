"""Compare what the documents of docs/front-end.md are charged with what they use: `python -m benchmarks costs`.

Each document is sent to a real server, one request at a time over a new connection, with pauses: the CPU time includes everything
that the server does for one visitor who arrives alone. The first request, which prepares the document, is left out.
"""

import asyncio
import json
import re
import statistics
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks import targets
from benchmarks.costs.cost_fuzzer import RequestMeter
from benchmarks.costs.request_generator import GeneratedRequest
from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.http.server_processes import start_metered_server
from benchmarks.tables import Table, format_milliseconds

PAGE = Path(__file__).parents[2] / "docs" / "front-end.md"
TURNS = 9
LEAST_SECONDS = 1e-6  # a smaller CPU time is an error of the clock
TITLE_LENGTH = 70
_BLOCK = re.compile(r"^```(graphql|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)


class DocumentCharge(Struct, frozen=True):
    """The CPU seconds that one document used and was charged for, at the median."""

    title: str
    used_seconds: float
    charged_seconds: float

    @property
    def ratio(self) -> float:
        return self.charged_seconds / max(self.used_seconds, LEAST_SECONDS)


def measure_charges(network: NetworkDatabase) -> list[DocumentCharge]:
    """Measure every document of the page."""

    async def measure_all() -> list[DocumentCharge]:
        await meter.prepare()
        return [await _measure_document(meter, document, variables) for document, variables in list_documents()]

    with start_metered_server(network.url) as (server, port):
        meter = RequestMeter(server, port)
        return asyncio.run(measure_all())


async def _measure_document(meter: RequestMeter, document: str, variables: dict[str, object]) -> DocumentCharge:
    request = GeneratedRequest("page", "/graphql", msgspec.json.encode({"query": document, "variables": variables}))
    _, *measured = [await meter.measure(request) for _ in range(TURNS + 1)]
    used = statistics.median(each.used_seconds for each in measured)
    charged = statistics.median(each.charged_seconds for each in measured)
    return DocumentCharge(" ".join(document.split())[:TITLE_LENGTH], used, charged)


def list_documents() -> list[tuple[str, dict[str, object]]]:
    """Return the GraphQL examples of the page, each with the variables in the JSON block between it and its answer."""
    documents: list[tuple[str, dict[str, object]]] = []
    for language, text in _BLOCK.findall(PAGE.read_text()):
        if language == "graphql":
            documents.append((text, {}))
        elif documents and "data" not in (block := json.loads(text)) and "errors" not in block:
            documents[-1] = documents[-1][0], block
    return documents


def build_table(size: int, charges: list[DocumentCharge]) -> Table:
    least, most = targets.CHARGED_SHARE
    middle = statistics.median(charge.ratio for charge in charges)
    verdict = "met" if least <= middle <= most else "**missed**"
    rows = [_format_row(charge.title, charge.used_seconds, charge.charged_seconds, charge.ratio) for charge in charges]
    total = ("median", "", "", f"{middle:.2f}", f"{least:g} to {most:g}", verdict)
    columns = ("document", "CPU", "charged", "charged / CPU", "target", "")
    return Table(f"Documents of docs/front-end.md ({size:,} organizations)", columns, [*rows, total])


def _format_row(title: str, used: float, charged: float, ratio: float) -> tuple[str, ...]:
    return f"`{title}`", format_milliseconds(used), format_milliseconds(charged), f"{ratio:.2f}", "", ""
