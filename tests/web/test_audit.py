"""Run the GraphQL over HTTP audits of the npm package `graphql-http` against a real server."""

from pathlib import Path

import msgspec
import pytest

from tests.cli.test_main import serving
from tests.conftest import skip_missing
from tests.node import MissingNodeError, install_packages, run_node

AUDITS = 61


@pytest.mark.slow
def test_every_audit_passes(tmp_path: Path) -> None:
    try:
        audit = install_packages(Path(__file__).parent / "audit", tmp_path)
    except MissingNodeError:
        skip_missing("Node with npm and its registry")
    with serving("--fictional", "20", "--database-url", f"sqlite:///{tmp_path / 'directory.sqlite3'}") as (address, _):
        results = msgspec.json.decode(run_node("audit.mjs", f"{address}/graphql", folder=audit))
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == AUDITS
