"""What a field depends on, as it is declared and as its function reads it."""

import inspect
import re

import pytest
from graphql import GraphQLObjectType

from schema.fields import RESOLVER_KEY, Dependence, Resolver
from schema.schema import SCHEMA

READS = {"snapshot": Dependence.SNAPSHOT, "now": Dependence.DAY}  # anything else of the context belongs to the request
RESOLVERS: dict[str, Resolver] = {
    f"{kind.name}.{name}": field.extensions[RESOLVER_KEY]
    for kind in SCHEMA.type_map.values()
    if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
    for name, field in kind.fields.items()
}
WITH_INFO = {name: resolver for name, resolver in RESOLVERS.items() if resolver.takes_info}


def find_dependence(resolver: Resolver) -> Dependence:
    """Return the least that a function with `info` can depend on, by the attributes of the context that it reads."""
    source = inspect.getsource(resolver.function)
    reads = re.findall(r"info\.context\.(\w+)", source)
    passes_on = len(re.findall(r"info\b", source)) > len(reads) + len(re.findall(r"info: Info", source))
    return max([Dependence.REQUEST] * passes_on + [READS.get(name, Dependence.REQUEST) for name in reads])


@pytest.mark.parametrize("name", WITH_INFO)
def test_a_field_declares_what_its_function_reads(name: str) -> None:
    assert WITH_INFO[name].depends_on >= find_dependence(WITH_INFO[name])


def test_fields_below_a_record_that_read_other_records_say_so() -> None:
    levels = {name: RESOLVERS[name].depends_on for name in RESOLVERS}
    assert levels["Organization.parent"] == levels["Relation.organization"] == levels["Community.organizationCount"] == 1
    assert levels["Organization.verificationDue"] == Dependence.DAY
    assert levels["Organization.name"] == Dependence.RECORD
    assert levels["IssueArea.organizations"] == levels["Viewer.rateLimit"] == Dependence.REQUEST


def test_only_searches_keep_whole_answers() -> None:
    assert {name for name, resolver in RESOLVERS.items() if resolver.keeps and name.startswith("Query.")} == {
        "Query.organizations"
    }
    assert len(WITH_INFO) > 15
