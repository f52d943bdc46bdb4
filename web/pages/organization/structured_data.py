"""What search engines read on the page of an organization: its node of the JSON-LD export.

The node is made of the record as it is published to everyone, so it states nothing that the page does not state.
"""

from collections.abc import Iterator

import msgspec
from markupsafe import Markup

from directory.records import Organization
from web.pages.page import PageRequest

# In a script element, "</script" and "<!--" would end or change it. JSON may write these characters as escapes.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def build_structured_data(request: PageRequest, slug: str, address: str, network: str) -> Markup | None:
    """Return the JSON to insert into a script element. `address` is that of the page, `network` the name of the network."""
    from directory.export.export_info import ExportInfo  # imported late: a server starts sooner without it
    from directory.export.json_ld import CONTEXT, build_node

    snapshot = request.context.snapshot
    organization = snapshot.find_by_slug(slug)
    if organization is None:
        return None
    info = ExportInfo(
        title=network,
        audience=snapshot.audience,
        version=snapshot.version,
        exported_at=request.context.now,
        names={other.id: other.name for other in _iter_related(request, organization)},
        base_url=request.base_url,
        fictional=snapshot.fictional,
    )
    return escape_json({"@context": CONTEXT, **build_node(organization, info), "mainEntityOfPage": address})


def escape_json(value: object) -> Markup:
    """Return JSON that is safe in a script element and means the same."""
    return Markup(msgspec.json.encode(value).decode().translate(_ESCAPES))  # noqa: S704 - cannot end the element


def _iter_related(request: PageRequest, organization: Organization) -> Iterator[Organization]:
    ids = [organization.parent, *(relation.organization for relation in organization.relations)]
    for identity in ids:
        if identity and (other := request.context.snapshot.get_organization(identity)):
            yield other
