"""Organizations as a kind of records. Their structs are in records.py, their plain fields in fields.py."""

from directory.fields import FIELDS
from directory.kinds.kind import Kind
from directory.publish import publish
from directory.records import Organization, RecordKind, StoredOrganization

ORGANIZATION = Kind(
    name=RecordKind.ORGANIZATION,
    type_name="Organization",
    table="organizations",
    stored_type=StoredOrganization,
    published_type=Organization,
    publish=publish,
    fields=FIELDS,
    acyclic_field="parent",
)
