import json
from typing import Any

import pytest
from msgspec.structs import replace

from directory.export import murmurations
from directory.geo import Precision
from directory.records import Address, Audience, Contact, Link, MembershipStatus, NameKind, Organization
from tests.builders import a_location_at, a_membership, an_alternative_name, an_id, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations
from tests.directory.export.exported_tables import build_test_info, export_bytes

FIELDS = {  # of organizations_schema-v1.0.0, and of the Murmurations library beside it
    *("linked_schemas", "name", "nickname", "primary_url", "tags", "urls", "description", "full_address", "country_iso_3166"),
    *("geolocation", "relationships", "starts_at", "contact_details", "telephone", "geographic_scope", "unique_id"),
    *("locality", "region"),
}


def profile(one: Organization, **facts: Any) -> Any:
    return murmurations.build_profile(one, replace(build_test_info(), **facts))


@pytest.mark.parametrize("audience", Audience)
def test_one_profile_per_line_with_the_required_fields(audience: Audience) -> None:
    organizations = build_difficult_organizations(100, audience)
    profiles = [json.loads(line) for line in export_bytes("murmurations", organizations, audience).splitlines()]
    assert [one["unique_id"] for one in profiles] == [one.id for one in organizations]
    for one in profiles:
        assert one["linked_schemas"] == ["organizations_schema-v1.0.0"]
        assert one["name"]
        assert one.keys() <= FIELDS
        assert len(set(one.get("tags", []))) == len(one.get("tags", []))


def test_names_links_and_the_founding_year() -> None:
    one = an_organization(
        "Union",
        names=(an_alternative_name("HTU", NameKind.ACRONYM),),
        links=(Link("donate", "https://give.example.org/"),),
        founded=1986,
    )
    found = profile(one)
    assert (found["nickname"], found["starts_at"]) == ("HTU", 504921600)
    assert found["urls"] == [{"name": "donate", "url": "https://give.example.org/"}]


@pytest.mark.parametrize("precision", Precision)
def test_only_exact_points_have_a_geolocation(precision: Precision) -> None:
    place = a_location_at(33.7, -84.4, precision=precision, is_primary=True, address=Address("US", "GA", city="Atlanta"))
    found = profile(an_organization("Union", locations=(place,)))
    assert found.get("geolocation") == ({"lat": 33.7, "lon": -84.4} if precision is Precision.EXACT else None)
    assert (found["locality"], found["region"], found["country_iso_3166"]) == ("Atlanta", "GA", "US")
    assert "full_address" not in found


def test_a_published_street_gives_the_full_address() -> None:
    address = Address("US", "GA", city="Atlanta", postal_code="30303", street="1 Main St")
    found = profile(an_organization("Union", locations=(a_location_at(33.7, -84.4, is_primary=True, address=address),)))
    assert found["full_address"] == "1 Main St, Atlanta, GA 30303, US"


def test_contacts_are_exported_for_the_public_only_and_never_of_persons() -> None:
    contacts = (
        Contact(name="Ana", email="ana@example.org"),
        Contact(role="Office", email="info@example.org", phone="+14045889761"),
    )
    one = an_organization("Union", contacts=contacts)
    assert profile(one)["contact_details"] == {"email": "info@example.org"}
    assert profile(one)["telephone"] == "+14045889761"
    assert not {"contact_details", "telephone"} & profile(one, audience=Audience.STAFF).keys()


@pytest.mark.parametrize(
    ("areas", "scope"),
    [
        ((), None),
        (("US-GA-121",), "local"),
        (("US-GA-121", "US-GA"), "regional"),
        (("US", "US-GA"), "national"),
        (("US", "MX"), "international"),
    ],
)
def test_the_scope_depends_on_the_service_areas(areas: tuple[str, ...], scope: str | None) -> None:
    assert profile(an_organization("Union", service_areas=areas)).get("geographic_scope") == scope


def test_only_members_refer_to_the_network() -> None:
    link = [{"predicate_url": "https://schema.org/memberOf", "object_url": "https://network.example.org"}]
    url = "https://network.example.org"
    assert profile(an_organization("Union"), base_url=url)["relationships"] == link
    assert "relationships" not in profile(
        an_organization("Union", membership=a_membership(MembershipStatus.LAPSED)), base_url=url
    )
    assert "relationships" not in profile(an_organization("Union"))


def test_a_fictional_organization_is_tagged() -> None:
    assert profile(an_organization("Union"), fictional=True)["tags"] == ["fictional"]
    assert profile(an_organization("Union"))["unique_id"] == an_id("Union")
