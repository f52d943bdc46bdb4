"""Relation: how one organization stands to another, or to somebody who has no record here."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from directory import records
from directory.records import RelationKind
from schema.context import Info
from schema.fields import COMPUTED_POINTS, attribute_field, computed_field
from schema.scalars import URL

if TYPE_CHECKING:
    from schema.organization import Organization


def _resolve_related_organization(root: records.Relation, info: Info) -> records.Organization | None:
    return info.context.snapshot.get_organization(root.organization) if root.organization else None


@strawberry.type(description="How an organization stands to another. Either `organization` or `actor` is given.")
class Relation:
    kind: RelationKind = attribute_field("What the other one is to it.")
    organization: Annotated["Organization", strawberry.lazy("schema.organization")] | None = computed_field(
        _resolve_related_organization, "The other one, where it has a record here.", cost=COMPUTED_POINTS
    )
    actor: str | None = attribute_field("The other one's name, where it has no record here.")
    note: str | None = attribute_field("More about it.")
    url: URL | None = attribute_field("Where to read about it.")
