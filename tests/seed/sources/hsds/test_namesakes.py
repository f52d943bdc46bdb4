"""Organizations of one HSDS file that have the same name are never created as two without saying so."""

import datetime as dt
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.terminal_report import format_plan
from directory.store.store import Store
from seed.plan.import_plan import plan_import
from seed.plan.planned_row import OrganizationPlan, RowAction
from seed.plan_report import build_plan_report
from seed.sources.dataset import ReadOptions
from seed.sources.dataset_loader import load_dataset

TODAY = dt.date(2026, 6, 1)
MACON, SAVANNAH = ("Macon", "GA", "31201"), ("Savannah", "GA", "31401")
BOSTON = ("Boston", "MA", "02134")


def an_hsds_organization(
    id: str, name: str, place: tuple[str, str, str], street: str = "", **fields: object
) -> dict[str, object]:
    city, state, postal_code = place
    address = {"address_1": street, "city": city, "state_province": state, "postal_code": postal_code, "country": "US"}
    location = {"id": f"{id}-place", "location_type": "physical", "addresses": [{"id": f"{id}-address", **address}]}
    texts = {"description": f"{name} helps people.", "legal_status": "Nonprofit"}
    return {"id": id, "name": name, **texts, "locations": [location], **fields}


def plan_organizations(store: Store, folder: Path, *organizations: Mapping[str, object]) -> OrganizationPlan:
    file = folder / "organizations.json"
    file.write_text(json.dumps(organizations))
    return plan_import(load_dataset(file, ReadOptions(today=TODAY), io.BytesIO()), store, today=TODAY)


WEBSITE = {"website": "https://harborfood.example"}
PHONE = {"phones": [{"id": "phone", "number": "478-555-0143"}]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            an_hsds_organization("a", "Harbor Food Pantry", MACON, "12 Main St", **WEBSITE),
            an_hsds_organization("b", "Harbor Food Pantry", SAVANNAH, "9 Oak St", **WEBSITE),
        ),
        (
            an_hsds_organization("a", "Family Services", MACON, **WEBSITE),
            an_hsds_organization("b", "Family Services", BOSTON, website="https://harborfood.example/boston"),
        ),
        (
            an_hsds_organization("a", "Quillfeather Clinic", MACON, "1 Pine St", **PHONE),
            an_hsds_organization("b", "Quillfeather Clinic", SAVANNAH, "7 Elm St", **PHONE),
        ),
        (
            an_hsds_organization("a", "Lantern Shelter", MACON, "3 Pine St"),
            an_hsds_organization("b", "Lantern Shelter", MACON, "88 Cherry St"),
        ),
    ],
    ids=["website", "page of a website", "telephone", "town"],
)
def test_two_with_one_name_and_something_in_common_are_possible_duplicates(
    store: Store, tmp_path: Path, first: Mapping[str, object], second: Mapping[str, object]
) -> None:
    plan = plan_organizations(store, tmp_path, first, second)
    assert [item.action for item in plan.items] == [RowAction.CREATE, RowAction.REVIEW]
    assert [candidate.name for candidate in plan.items[1].candidates] == [first["name"]]


def test_two_with_one_name_at_different_places_are_created_and_listed(store: Store, tmp_path: Path) -> None:
    plan = plan_organizations(
        store,
        tmp_path,
        an_hsds_organization("a", "Tidewater Legal Aid", MACON, "5 Pine St"),
        an_hsds_organization("b", "Tidewater Legal Aid", SAVANNAH, "6 Bull St"),
        an_hsds_organization("c", "Harrowgate Kitchen", SAVANNAH, "6 Bull St"),
    )
    assert [item.action for item in plan.items] == [RowAction.CREATE] * 3
    assert [[one.slug for one in item.namesakes] for item in plan.items] == [[], ["tidewater-legal-aid"], []]
    (evidence,) = build_plan_report(plan).items[1].evidence
    assert evidence.is_namesake
    assert any("different cities" in reason for reason in evidence.because)
    lines = list(format_plan(plan))
    start = lines.index("\nCreated, although another organization has this name (1)")
    assert lines[start + 1] == "  organizations.json, row 2: Tidewater Legal Aid"
    assert lines[start + 2].startswith("    Tidewater Legal Aid (tidewater-legal-aid): another organization with the same name")
