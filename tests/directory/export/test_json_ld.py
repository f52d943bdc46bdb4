import io
import json
from typing import Any

import pytest
from msgspec.structs import replace

from directory.export import json_ld
from directory.geo import Precision
from directory.records import (
    Audience,
    Contact,
    Identifier,
    MembershipStatus,
    NameKind,
    Organization,
    OrganizationKind,
    Relation,
    RelationKind,
)
from tests.builders import a_location, a_location_at, a_membership, an_alternative_name, an_id, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations
from tests.directory.export.exported_tables import build_test_info, export_bytes


def node(one: Organization, **facts: Any) -> Any:
    return json_ld.build_node(one, replace(build_test_info(), **facts))


def test_names_identifiers_and_terms_use_schema_org() -> None:
    one = an_organization(
        "Union",
        names=(an_alternative_name("Union Inc", NameKind.LEGAL), an_alternative_name("HTU", NameKind.ACRONYM)),
        founded=1986,
        identifiers=(Identifier("US-EIN", "52-1633883"),),
        issue_areas=("housing",),
        work_areas=("organizing",),
        service_areas=("US-GA", "US", "US-GA-121"),
    )
    found = node(one)
    assert (found["@type"], found["@id"]) == ("NGO", f"urn:uuid:{an_id('Union')}")
    assert (found["legalName"], found["alternateName"], found["foundingDate"]) == ("Union Inc", ["HTU"], "1986")
    assert (found["taxID"], found["knowsAbout"], found["keywords"]) == ("52-1633883", ["Housing"], ["Organizing"])
    assert [area["@type"] for area in found["areaServed"]] == ["State", "Country", "AdministrativeArea"]


@pytest.mark.parametrize("precision", Precision)
def test_only_exact_points_have_geo(precision: Precision) -> None:
    (place,) = node(an_organization("Union", locations=(a_location_at(33.7, -84.4, precision=precision),)))["location"]
    assert ("geo" in place) == (precision is Precision.EXACT)


def test_an_address_has_only_what_is_published() -> None:
    (place,) = node(an_organization("Union", locations=(a_location("Atlanta, GA"),)))["location"]
    assert place == {"@type": "Place"}


def test_a_contact_has_its_extension() -> None:
    office, hotline = (Contact(role="Office", phone="+14045889761", phone_extension=number) for number in ("12", None))
    points = node(an_organization("Union", contacts=(office, hotline)))["contactPoint"]
    assert [point["telephone"] for point in points] == ["+14045889761;ext=12", "+14045889761"]


def test_related_organizations_have_names_that_the_audience_knows() -> None:
    relations = (
        Relation(RelationKind.FISCAL_SPONSOR, organization=an_id("Sponsor")),
        Relation(RelationKind.FUNDER, actor="A foundation"),
        Relation(RelationKind.SISTER, actor="A sister"),
    )
    found = node(an_organization("Union", parent=an_id("Parent"), relations=relations), names={an_id("Sponsor"): "Sponsor"})
    assert found["sponsor"] == [{"@type": "Organization", "@id": f"urn:uuid:{an_id('Sponsor')}", "name": "Sponsor"}]
    assert found["funder"] == [{"@type": "Organization", "name": "A foundation"}]
    assert found["parentOrganization"] == [{"@type": "Organization", "@id": f"urn:uuid:{an_id('Parent')}"}]


def test_only_members_are_members_of_the_network() -> None:
    assert node(an_organization("Union"))["memberOf"] == {"@type": "Organization", "name": "A network"}
    assert "memberOf" not in node(an_organization("Union", membership=a_membership(MembershipStatus.PROSPECT)))
    assert "memberOf" not in node(an_organization("Network", kind=OrganizationKind.NETWORK))


@pytest.mark.parametrize("audience", Audience)
def test_an_export_is_one_graph(audience: Audience) -> None:
    organizations = build_difficult_organizations(100, audience)
    found = json.loads(export_bytes("json-ld", organizations, audience))
    assert found["@context"] == "https://schema.org"
    head, *nodes = found["@graph"]
    assert head["@type"] == "Dataset"
    assert [one["@id"] for one in nodes] == [f"urn:uuid:{one.id}" for one in organizations]


def test_a_fictional_network_is_marked() -> None:
    out = io.BytesIO()
    json_ld.write([], out, replace(build_test_info(), fictional=True))
    assert "made up" in json.loads(out.getvalue())["@graph"][0]["description"]
