"""A first question, asked when the directory starts: who works on housing, in or serving Georgia, nearest Atlanta first?"""

from datetime import datetime
from textwrap import indent
from typing import Any

import msgspec

from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.execute import answer_document

QUESTION = "who works on housing, in or serving Georgia, nearest Atlanta first"
DOCUMENT = """\
{
  organizations(
    filter: {
      issueAreas: { anyOf: ["housing"] }
      regions: { anyOf: ["US-GA"] }
      near: { place: { name: "Atlanta" } }
    }
    orderBy: { field: DISTANCE }
    first: 3
  ) {
    totalCount
    edges { node { name } distance(unit: MILE) match { regionReason } }
  }
}"""

NEXT_STEPS = """\
To try next
  within 50 miles:     near: { place: { name: "Atlanta" }, radius: 50, unit: MILE }
  in words:            organizations(query: "tenants") { nodes { name } }
  what there is:       { issueAreas { nodes { slug label organizationCount } } }
  the whole schema:    directory schema
  other settings:      directory serve --help
"""


def run_example(snapshot: Snapshot, now: datetime) -> dict[str, Any]:
    """The body that the endpoint answers the example with."""
    return answer_document(DOCUMENT, None, None, Context(snapshot, now)).body


def format_example(snapshot: Snapshot, now: datetime) -> str:
    """The example and its answer, for a terminal."""
    told = msgspec.json.format(msgspec.json.encode(run_example(snapshot, now)), indent=2).decode()
    return f"For example, {QUESTION}:\n\n{indent(DOCUMENT, '  ')}\n\nanswers\n\n{indent(told, '  ')}\n"
