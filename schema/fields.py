"""How a field of a GraphQL type is declared: its type, where its value comes from, and what it means.

The value is an attribute of the record, or a plain function of (record, info, arguments). Neither awaits nor does I/O, so that
whole selections can later be compiled.
"""

from collections.abc import Callable
from typing import Any

import strawberry


def attribute(description: str) -> Any:
    """The record's attribute of the same name."""
    return strawberry.field(description=description)


def computed(resolver: Callable[..., Any], description: str) -> Any:
    """What `resolver` makes of the record, which it takes as `root`."""
    return strawberry.field(resolver=resolver, description=description)


def given(description: str, **default: Any) -> Any:
    """A field of an input; without `default` it must be given."""
    return strawberry.field(description=description, **default)


def camel(name: str) -> str:
    """A record's field name as GraphQL writes it: issue_areas, issueAreas."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
