import pytest

from directory.export.flat_fields import FIELDS, GROUP_FIELDS, parse_group_field
from seed.mapping.heading_meaning import interpret_heading
from seed.mapping.headings import add_field_number, strip_field_number

MEANT = {
    "name": "Org Name|Organization|Organización|Nombre de la organización|orgName|What is the name of your organization?",
    "website": "Website URL|Sitio web|Web site|URL|Organization Website|Webiste|WEBSITE|Your organization's website",
    "location.postal_code": "Zip|ZIP Code|zip_code|Zip/Postal Code|Código postal|Codigo Postal|Postal|CP",
    "location.state": "State|Estado|State/Province|Provincia|Which state are you in?|Organization State|State (HQ)",
    "location.city": "City|Ciudad|City/Town|Municipio|City (from Locations)|Physical Address - City",
    "location.street": "Street|Calle|Street Address|Address Line 1|Address 1|Calle y número",
    "location.street2": "Address 2|Address Line 2|Suite|Apt/Suite",
    "location.county": "County|Condado",
    "location.country": "Country|País",
    "location.latitude": "Lat|Latitude|Latitud",
    "location.longitude": "Lng|Longitude|Longitud|Lon",
    "phone": "Phone Number|Teléfono|Office phone|Org. Phone #|Tel.",
    "email": "E-mail:|Correo electrónico|Organization email|General Email|Correo electrónico de la organización",
    "issue_areas": "Issue Areas|Temas|Focus areas|Issues|Issue Areas (select all that apply)|Which issue areas do you work on?",
    "communities": "Who they serve|Communities served|Population served|Comunidades|A quién sirven",
    "work_areas": "Strategies|How they work|Áreas de trabajo",
    "service_areas": "Counties served|Service area|Áreas de servicio|Geographic focus",
    "languages": "Languages spoken|Idiomas",
    "identifier:US-EIN": "EIN|Tax ID|Federal Tax ID|EIN / Tax ID",
    "link:facebook": "Facebook|Facebook page|facebook_url",
    "link:instagram": "Instagram|Instagram handle|IG",
    "link:twitter": "Twitter/X|Twitter|X (formerly Twitter)",
    "link:linkedin": "LinkedIn",
    "link:youtube": "YouTube",
    "contact.name": "Contact Name|Primary contact|Contacto principal|Persona de contacto|Executive Director",
    "contact.first_name": "First name|Contact First Name|Primer nombre",
    "contact.last_name": "Last name|Apellidos",
    "contact.email": "Primary contact email|Contact e-mail|Correo de contacto|Executive Director Email",
    "contact.phone": "Contact phone|Cell phone|Celular|Supervisor phone",
    "founded": "Year founded|Año de fundación|Founded|Date established",
    "membership.joined_on": "Member since|Join date|Miembro desde",
    "former_name": "Former name|Formerly known as|Nombre anterior",
    "also_known_as": "AKA|DBA|Also known as|Doing Business As (DBA)",
    "acronym": "Acronym|Siglas",
    "verified_at": "Last verified|Date verified|Última verificación",
    "source_id": "Record ID|Airtable ID|Member ID",
    "as_of": "Last updated|Last Modified|Última actualización",
    "description": "Description|Mission|Misión|About|Descripción",
    "tags": "Tags|Etiquetas|Categories",
    "parent": "Parent organization",
    "membership.status": "Membership status|Estado de membresía",
}
NOT_MEANT = (
    "Email opt-in|Email type|Phone verified|State of incorporation|City council district|Website last updated|Phone/Email",
    "Number of members|Date of birth|Fiscal sponsor|Notes|Internal notes|Comments|Notas|Home address|Personal email",
    "Last modified by|Region|Fax|Sate|Legal status|Organization notes|Budget|Emergency contact phone|Voter status|#|-|Foo bar",
    "Description/Notes|City (internal)|Billing City|Created by|Entered by|Internal Notes (staff only)|Tipo de correo",
)


@pytest.mark.parametrize(("field", "headings"), MEANT.items())
def test_headings_in_english_and_spanish(field: str, headings: str) -> None:
    for heading in headings.split("|"):
        meant = interpret_heading(heading).meanings
        assert [one.field for one in meant if one.confidence >= 0.6][:1] == [field], heading


@pytest.mark.parametrize("heading", [heading for line in NOT_MEANT for heading in line.split("|")])
def test_headings_that_hold_something_else(heading: str) -> None:
    assert interpret_heading(heading).meanings == ()


@pytest.mark.parametrize(
    "field", [*FIELDS, *GROUP_FIELDS, "location2.city", "contact11.email", "link:mastodon", "identifier:GB-COH"]
)
def test_every_fields_own_name_means_it(field: str) -> None:
    meant = interpret_heading(f" {field} ").meanings[0]
    group = parse_group_field(field)
    assert meant.confidence == 1
    assert (add_field_number(meant.field, meant.number) if group else meant.field) == field
    assert strip_field_number(field) == meant.field


def test_notes_are_excluded_with_the_reason() -> None:
    assert interpret_heading("Notes").exclusion_reason == "notes may be private and are never used as a description"
    assert (
        interpret_heading("Organization notes").exclusion_reason
        == interpret_heading("NOTAS").exclusion_reason
        == interpret_heading("Notes").exclusion_reason
    )


@pytest.mark.parametrize("heading", ["Since", "DESDE", "Sort Name"])
def test_a_heading_that_may_mean_something_else_than_it_seems_is_excluded(heading: str) -> None:
    meaning = interpret_heading(heading)
    assert meaning.meanings == ()
    assert meaning.exclusion_reason


@pytest.mark.parametrize(
    ("heading", "field", "whose", "number"),
    [
        ("City 2", "location.city", "own", 2),
        ("City2", "location.city", "own", 2),
        ("Location 2 City", "location.city", "own", 2),
        ("2nd location - city", "location.city", "own", 2),
        ("Mailing Zip", "location.postal_code", "mailing", 0),
        ("Mailing Address Line 2", "location.street2", "mailing", 0),
        ("Second address city", "location.city", "second", 0),
        ("Contact 3 e-mail", "contact.email", "own", 3),
        ("Contact #2 First Name", "contact.first_name", "own", 2),
        ("Secondary contact phone", "contact.phone", "second", 0),
        ("Executive Director", "contact.name", "director", 0),
        ("Issue area 2", "issue_areas", "own", 2),
        ("Ciudad 2", "location.city", "own", 2),
    ],
)
def test_numbers_and_words_that_say_whose(heading: str, field: str, whose: str, number: int) -> None:
    meant = interpret_heading(heading).meanings[0]
    assert (meant.field, meant.owner, meant.number) == (field, whose, number)


def test_headings_that_several_fields_share() -> None:
    assert {one.field for one in interpret_heading("Address").meanings} == {"location.address", "location.street"}
    assert {one.field for one in interpret_heading("Nombre / Name").meanings} == {"name", "contact.name"}
    assert {one.field for one in interpret_heading("Mailing address").meanings} == {"location.address", "location.street"}


def test_the_looser_the_reading_the_less_sure() -> None:
    confidences = [
        interpret_heading(heading).meanings[0].confidence for heading in ("Zip", "Zip (HQ)", "Your zip", "Supervisor zip")
    ]
    assert confidences == sorted(confidences, reverse=True)
    assert len(set(confidences)) == len(confidences)


def test_a_number_with_unknown_words_is_a_persons() -> None:
    assert interpret_heading("Bookkeeper phone").meanings[0].field == "contact.phone"
    assert interpret_heading("Telephne").meanings[0].field == "phone"
