from typing import Any

import pytest
from pydantic import ValidationError

from directory.drafts.draft_parts import ContactDraft, LocationDraft
from directory.drafts.problems import list_problems
from directory.geo import Point
from directory.records import Audience

# ---------------------------------------------------------------- locations


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 33.7},
        {"longitude": -84.4},
        {"latitude": 133, "longitude": 0},
        {"latitude": "nan", "longitude": 0},
        {"latitude": float("inf"), "longitude": 0},
        {"latitude": 33.7, "longitude": -184.4},
        {"latitude": "33°42'", "longitude": 0},
        {"country": "USA"},
        {"country": "US-GA"},
        {"country": "Atlantis"},
        {"disclosure": "NEIGHBOURHOOD"},
        {"postal_code": 2134.0},
        {"street": "1 Main <br>"},
        {"zip": "02134"},
        {"city": "1016 GV Amsterdam", "country": "NL"},
        {"city": "Atlanta ３０３１２"},
        {"known": "STREET"},
        {"latitude": 33.7, "longitude": -84.4, "known": "CITY"},
    ],
)
def test_an_invalid_place_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        LocationDraft.model_validate(wrong)
    assert len(list_problems(refusal.value)) == 1


def test_a_point_needs_both_of_its_coordinates() -> None:
    assert LocationDraft(latitude=33.7, longitude=-84.4).point == Point(33.7, -84.4)
    assert LocationDraft(city="Atlanta").point is None


# ---------------------------------------------------------------- contacts


@pytest.mark.parametrize(
    ("contact", "shown_to"),
    [
        ({"role": "Office", "phone": "(404) 588-9761"}, Audience.PUBLIC),
        ({"role": "Línea de Ayuda", "email": "ayuda@example.org"}, Audience.PUBLIC),
        ({"role": "Front desk", "email": "info@example.org", "phone": "(404) 588-9761"}, Audience.PUBLIC),
        ({"email": "info@example.org"}, Audience.MEMBERS),
        ({"phone": "(404) 588-9761"}, Audience.MEMBERS),
        ({"email": "info@example.org", "phone": "(404) 588-9761"}, Audience.MEMBERS),  # may be a cell phone of a person
        ({"role": "Director Ana Perez", "phone": "(404) 588-9761"}, Audience.MEMBERS),
        ({"role": "Office of Ana Perez", "email": "office@example.org"}, Audience.MEMBERS),
        ({"role": "Office", "email": "a.person@example.org"}, Audience.MEMBERS),
        ({"role": "Office", "name": "A. Person"}, Audience.MEMBERS),
        ({"name": "A. Person", "phone": "(404) 588-9761"}, Audience.MEMBERS),
        ({"name": "A. Person", "email": "info@example.org"}, Audience.MEMBERS),
        ({"email": "a.person@example.org"}, Audience.MEMBERS),  # the address contains a name
        ({"name": "A. Person", "audience": "PUBLIC"}, Audience.PUBLIC),
        ({"email": "info@example.org", "audience": "STAFF"}, Audience.STAFF),
    ],
)
def test_a_contact_that_may_be_a_persons_is_for_members_by_default(contact: dict[str, str], shown_to: Audience) -> None:
    assert ContactDraft.model_validate(contact).effective_audience is shown_to


def test_an_extension_is_split_from_its_number() -> None:
    contact = ContactDraft(phone="(404) 588-9761 ext. 12")
    assert (contact.phone, contact.phone_extension) == ("+14045889761", "12")
    contact = ContactDraft(phone="404-588-9761", phone_extension="x7")
    assert (contact.phone, contact.phone_extension) == ("+14045889761", "7")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"languages": ["es"]},
        {"phone": "588-9761"},
        {"phone": 4045889761},
        {"phone_extension": "12", "role": "Office"},
        {"phone": "404-588-9761", "phone_extension": "front desk"},
        {"email": "nobody"},
        {"name": "A. Person", "languages": ["Spanglish"]},
    ],
)
def test_an_unusable_contact_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        ContactDraft.model_validate(wrong)
    assert len(list_problems(refusal.value)) == 1


def test_a_contact_may_lack_a_number_and_an_address() -> None:
    assert ContactDraft(name="A. Person", role="Co-Executive Director").phone is None
