"""A full HSDS organization, and similar data as linked tables. All of it is invented."""

import copy
from typing import Any

from seed.rows import Row
from seed.sources.dataset import Dataset
from seed.sources.hsds import hsds_reader

ORGANIZATION_ID = "7b1de9a4-4d8e-4b0c-9a5f-0f2a0c1d2e3f"
PHONE = {
    "id": "0a4e3f1c-1111-4c1c-8a11-000000000001",
    "number": '"+1 404 588 9761"',
    "extension": 12,
    "type": "voice",
    "description": "Weekdays until five",
    "languages": [{"id": "0a4e3f1c-1111-4c1c-8a11-000000000002", "name": "Haitian Creole", "code": "ht", "note": "On Mondays"}],
}
PERSON = {
    "id": "0a4e3f1c-1111-4c1c-8a11-000000000003",
    "name": "Ana Ejemplo",
    "title": "Coordinator",
    "department": "Intake",
    "email": "ana@tenants.example.org",
    "phones": [PHONE],
}
SCHEDULE = {"id": "0a4e3f1c-1111-4c1c-8a11-000000000004", "freq": "WEEKLY", "byday": "TH,FR", "opens_at": "10:00"}
LOCATION = {
    "id": "0a4e3f1c-1111-4c1c-8a11-000000000005",
    "location_type": "physical",
    "name": "Harbor House",
    "description": "Brick building beside the canal",
    "latitude": 33.749,
    "longitude": -84.388,
    "languages": [{"id": "0a4e3f1c-1111-4c1c-8a11-000000000006", "name": "Spanish", "code": "es"}],
    "addresses": [
        {
            "id": "0a4e3f1c-1111-4c1c-8a11-000000000007",
            "attention": "Front desk",
            "address_1": "100 Peachtree St",
            "address_2": "Suite 5",
            "city": "Atlanta",
            "state_province": "Georgia",
            "postal_code": "30303-1234",
            "country": "US",
            "address_type": "physical",
        }
    ],
    "accessibility": [{"id": "0a4e3f1c-1111-4c1c-8a11-000000000008", "description": "Ramp at the side door"}],
    "schedules": [SCHEDULE],
    "phones": [PHONE],
    "contacts": [PERSON],
}
SERVICE = {
    "id": "0a4e3f1c-1111-4c1c-8a11-000000000009",
    "name": "Eviction hotline",
    "description": "Advice for tenants",
    "status": "active",
    "email": "hotline@tenants.example.org",
    "fees_description": "Free of charge",
    "assured_date": "2024-05-01",
    "last_modified": "2025-02-03T10:30:45.123Z",
    "service_areas": [{"id": "0a4e3f1c-1111-4c1c-8a11-00000000000a", "name": "Fulton County, GA", "extent_type": "text"}],
    "service_at_locations": [{"id": "0a4e3f1c-1111-4c1c-8a11-00000000000b", "location": LOCATION}],
    "languages": [{"id": "0a4e3f1c-1111-4c1c-8a11-000000000006", "name": "Spanish", "code": "es"}],
    "schedules": [SCHEDULE],
    "phones": [{"id": "0a4e3f1c-1111-4c1c-8a11-00000000000c", "number": "(404) 588-0000", "type": "hotline"}],
    "attributes": [
        {
            "id": "0a4e3f1c-1111-4c1c-8a11-00000000000d",
            "taxonomy_term": {"id": "0a4e3f1c-1111-4c1c-8a11-00000000000e", "name": "Evictions", "description": "Losing a home"},
        },
        {
            "id": "0a4e3f1c-1111-4c1c-8a11-00000000000f",
            "taxonomy_term": {"id": "0a4e3f1c-1111-4c1c-8a11-000000000010", "name": "Basket weaving", "description": "A craft"},
        },
    ],
}
FULL: dict[str, Any] = {
    "id": ORGANIZATION_ID,
    "name": "Harbor Tenants Union",
    "alternate_name": "Harbor Tenants",
    "description": "Tenants who organize.\n\nSince the flood.",
    "email": "info@tenants.example.org",
    "website": "tenants.example.org",
    "additional_websites": [
        {"id": "0a4e3f1c-1111-4c1c-8a11-000000000011", "label": "Donate", "url": "https://give.example.org/tenants"}
    ],
    "year_incorporated": 1987,
    "legal_status": "Nonprofit corporation",
    "logo": "https://tenants.example.org/logo.png",
    "uri": "https://register.example.org/77",
    "parent_organization_id": "7b1de9a4-4d8e-4b0c-9a5f-0f2a0c1d2e40",
    "funding": [{"id": "0a4e3f1c-1111-4c1c-8a11-000000000012", "source": "Dues and a fish fry"}],
    "contacts": [PERSON],
    "phones": [PHONE],
    "locations": [LOCATION],
    "programs": [{"id": "0a4e3f1c-1111-4c1c-8a11-000000000013", "name": "Rent school", "description": "Evening classes"}],
    "organization_identifiers": [
        {
            "id": "0a4e3f1c-1111-4c1c-8a11-000000000014",
            "identifier_scheme": "US-EIN",
            "identifier_type": "EIN",
            "identifier": "521633883",
        }
    ],
    "services": [SERVICE],
}
TABLES: dict[str, str] = {
    "organizations.csv": "id,name,alternate_name,description,email,website,tax_id,year_incorporated,legal_status\n"
    "1,Harbor Tenants Union,,Tenants who organize,info@tenants.example.org,,52-1633883,1987,\n"
    '2,River Workers,,"Workers, together",,http://river.example.org,,,Cooperative\n',
    "locations.csv": "id,organization_id,name,latitude,longitude,virtual\n"
    "10,1,Harbor House,33.749,-84.388,false\n"
    "11,2,Online,,,true\n"
    "12,77,Nobody's,33.7,-84.3,false\n",
    "addresses.csv": "id,location_id,address_1,address_2,city,state_province,postal_code,country\n"
    "1,10,100 Peachtree St,Suite 5,Atlanta,GA,30303,US\n",
    "mail_addresses.csv": "id,location_id,attention,address_1,city,state_province,postal_code,country\n"
    "1,10,Ana,PO Box 7,Macon,GA,31201,US\n",
    "services.csv": "id,location_id,name,keywords,service_areas,status,taxonomy_ids,fees\n"
    '5,10,Eviction hotline,"tenants, Basket weaving","Fulton County, DeKalb County",active,"101, 102",Free\n',
    "contacts.csv": "id,location_id,organization_id,service_id,name,title,email,department\n3,10,,,Ana Ejemplo,Coordinator,,\n",
    "phones.csv": "id,contact_id,location_id,organization_id,service_id,country_prefix,department,extension,number,number_type\n"
    "1,,10,,,,Front desk,,404 588-9761,voice\n2,,10,,,,,,404 588-9762,fax\n3,3,,,,,,7,(404) 588-9763,voice\n",
    "taxonomy.csv": "taxonomy_id,name,parent_id,parent_name\n101,Housing,,\n102,Youth,101,Housing\n",
}


def the_only_row(dataset: Dataset) -> Row:
    (row,) = dataset.rows
    return row


def a_full_row(**changes: Any) -> Row:
    return the_only_row(hsds_reader.read_document([{**copy.deepcopy(FULL), **changes}], "full.json"))


def list_places(row: Row) -> list[dict[str, Any]]:
    locations = row.fields["locations"]
    assert isinstance(locations, list)
    return locations
