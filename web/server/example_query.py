"""The example that is printed with its answer when the server starts."""

from datetime import datetime
from textwrap import indent

import msgspec

from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.execute import answer_document

DESCRIPTION = "organizations that work on housing in Georgia, nearest to Atlanta first"
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
Try next
  within 50 miles:     near: { place: { name: "Atlanta" }, radius: 50, unit: MILE }
  in plain words:      { organizations(words: "who fights evictions near Chicago?") { nodes { name } } }
  issue areas:         { issueAreas { nodes { slug label organizationCount } } }
  the whole schema:    directory schema
  other settings:      directory serve --help
"""


def run_example(snapshot: Snapshot, now: datetime) -> bytes:
    """Return the body of the answer to the example."""
    return answer_document(DOCUMENT, None, None, Context(snapshot, now)).body


def format_example(snapshot: Snapshot, now: datetime) -> str:
    """Return the example and its answer for a terminal."""
    answer = msgspec.json.format(run_example(snapshot, now), indent=2).decode()
    return f"For example, {DESCRIPTION}:\n\n{indent(DOCUMENT, '  ')}\n\nThe answer:\n\n{indent(answer, '  ')}\n"
