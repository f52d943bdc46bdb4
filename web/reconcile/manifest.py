"""The manifest of the service: what it offers, and where (Reconciliation Service API 0.2, section 3.1)."""

from typing import Any

from directory.search.snapshot import Snapshot
from web.reconcile.limits import ADVISED_BATCH_SIZE
from web.reconcile.properties import TYPES

PATH = "/reconcile"
VERSIONS = ("0.2",)
SCHEMA_SPACE = "https://schema.org/Organization"
SUGGEST_TYPES = ("entity", "property", "type")


def build_manifest(snapshot: Snapshot, base: str) -> dict[str, Any]:
    """`base` is the address of the directory as the client knows it, without a slash at its end."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    service = f"{base}{PATH}"
    return {
        "versions": VERSIONS,
        "name": f"{network.name if network else 'Network'}: membership directory",
        "identifierSpace": f"{service}/organizations/",
        "schemaSpace": SCHEMA_SPACE,
        "defaultTypes": [TYPES[0]],
        "view": {"url": f"{service}/organizations/{{{{id}}}}"},
        "suggest": {one: {"service_url": service, "service_path": f"/suggest/{one}"} for one in SUGGEST_TYPES},
        "extend": {"propose_properties": {"service_url": service, "service_path": "/properties"}, "property_settings": []},
        "batchSize": ADVISED_BATCH_SIZE,
    }
