"""The manifest: what the service offers and at which addresses (Reconciliation Service API 0.2, section 3.1)."""

from typing import Any

from directory.search.snapshot import Snapshot
from web.reconcile.limits import ADVISED_BATCH_SIZE
from web.reconcile.properties import TYPES

PATH = "/reconcile"
VERSIONS = ("0.2",)
SCHEMA_SPACE = "https://schema.org/Organization"
SUGGEST_TYPES = ("entity", "property", "type")


def build_manifest(snapshot: Snapshot, base: str) -> dict[str, Any]:
    """Return the manifest. `base` is the public address of the directory without a slash at the end."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    service = f"{base}{PATH}"
    return {
        "versions": VERSIONS,
        "name": f"{network.name if network else 'Network'}: membership directory",
        "identifierSpace": f"{service}/organizations/",
        "schemaSpace": SCHEMA_SPACE,
        "defaultTypes": [TYPES[0]],
        "view": {"url": f"{service}/organizations/{{{{id}}}}"},
        "suggest": {kind: {"service_url": service, "service_path": f"/suggest/{kind}"} for kind in SUGGEST_TYPES},
        "extend": {"propose_properties": {"service_url": service, "service_path": "/properties"}, "property_settings": []},
        "batchSize": ADVISED_BATCH_SIZE,
    }
