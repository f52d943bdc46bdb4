import pytest

from seed.mapping.people_lists import describes_people

ACTION_NETWORK = "first_name,last_name,email,zip_code,can2_user_tags,can2_subscription_status,can2_phone"
MOBILIZE = "id,given_name,family_name,e-mail address,phone number,postal code,event id,event title,timeslot start,attended"
VOTERS = "Voter ID,Last Name,First Name,Date of Birth,Gender,Precinct,Address,City,Zip"
PEOPLE = {
    "action network": (ACTION_NETWORK, [["Ana", "Paz", "ana@example.org", "30303", "tenants", "subscribed", ""]]),
    "action network with employers": (
        ACTION_NETWORK + ",Employer",
        [
            ["Ana", "Paz", "ana@example.org", "30303", "", "", "", "Tenants Union"],
            ["Bo", "Li", "bo@example.org", "30303", "", "", "", "City Clinic"],
        ],
    ),
    "activists who wrote their own names for an organization's": (
        ACTION_NETWORK + ",Organization",
        [
            ["Ana", "Paz", "ana@example.org", "30303", "", "", "", "Ana Paz"],
            ["Bo", "Li", "bo@example.org", "30303", "", "", "", "bo li"],
        ],
    ),
    "an organization named by few": (
        "First name,Last name,Email,Organization",
        [["A", "P", "a@x.org", ""], ["B", "L", "b@x.org", ""], ["C", "M", "c@x.org", "Tenants Union"]],
    ),
    "members of one organization": (
        "First name,Last name,Email,Organization",
        [[letter, "P", "a@x.org", "Tenants Union"] for letter in "ABCDEFGH"],
    ),
    "mobilize": (MOBILIZE, []),
    "event sign-up": (
        "Timestamp,Name,Email,Did you RSVP?,Dietary restrictions",
        [["1/2/2024", "Xochitl Baca", "x@example.org", "Yes", ""]],
    ),
    "voter file": (VOTERS, [["123", "Doe", "Jane", "1970-01-01", "F", "12A", "1 Main St", "Macon", "31201"]]),
    "voter file without names": ("VANID,Precinct,Party,Age", [["1", "2", "D", "44"]]),
    "first and last names": ("First Name,Last Name,Phone", [["Ana", "Paz", "404-555-0100"]]),
    "camel case": ("firstName,lastName,email", [["Ana", "Paz", "ana@example.org"]]),
    "spanish": ("Nombres,Apellidos,Correo electrónico,Teléfono", [["Ana", "Paz", "ana@example.org", ""]]),
    "full names": ("Full Name,Email,City", [["Ana Paz", "ana@example.org", "Macon"]]),
    "names of persons under Name": (
        "Name,Email,Phone",
        [["Maria Paz", "m@example.org", ""], ["John Roe", "j@example.org", ""], ["Xochitl Baca", "x@example.org", ""]],
    ),
    "mailboxes made of the names": (
        "Name,Phone,Email",
        [["Nguyet Tran", "", "ntran@example.org"], ["Oyelaran Ade", "", "oyelaran.ade@example.org"], ["Wren Poe", "", ""]],
    ),
    "staff": ("Name,Title,Email", [["Nguyet Tran", "Organizer", "office@example.org"], ["Oyelaran Ade", "Director", ""]]),
    "staff of organizations": ("organization_id,name,title,email", [["1", "Nguyet Tran", "Organizer", "office@example.org"]]),
    "attendees": ("Attendee Name,Attendee Email,Ticket Type,Order ID", [["Ana Paz", "a@example.org", "Free", "1"]]),
}

ORGS = ["Atlanta Tenants Union", "Mijente", "Causa Justa", "Project South"]
ORGANIZATIONS = {
    "with a contact person": (
        "Organization Name,First Name,Last Name,Email,Phone",
        [[name, "Jane", "Doe", "jane@example.org", "404-555-0100"] for name in ORGS],
    ),
    "the contact before the organization": (
        "First Name,Last Name,Email,Organization",
        [["Jane", "Doe", "jane@example.org", name] for name in ORGS],
    ),
    "company of a CRM": (
        "Account Name,First Name,Last Name,Title,Email",
        [[name, "J", "D", "Organizer", "j@example.org"] for name in ORGS],
    ),
    "mailboxes made of the organizations' names": (
        "Name,Email",
        [
            ["Mijente Georgia", "mijente@example.org"],
            ["Project South", "projectsouth@example.org"],
            ["Causa Justa", "info@causa.org"],
        ],
    ),
    "roles of contact persons": (
        "Name,Contact,Title,Email",
        [[name, "Ana Paz", "Organizer", "apaz@example.org"] for name in ORGS],
    ),
    "only Name": ("Name,City,State,Phone", [[name, "Macon", "GA", ""] for name in ORGS]),
    "names after persons": (
        "Organization,First name,Last name,Email",
        [[name, "Ana", "Paz", "a@example.org"] for name in ("Martha's Table", "Joseph House", "Ruth Ellis Center", "Mijente")],
    ),
    "ticks for issues": ("Name,Gender,Race,Age,Housing", [[name, "x", "", "x", ""] for name in ORGS]),
    "an unknown heading over names": (
        "Grassroots partner,First name,Last name,Email",
        [[name, "A", "P", "a@example.org"] for name in ("Tenants Union", "Macon Housing Coalition", "Mijente")],
    ),
    "spanish": ("Nombre de la organización,Nombres,Apellidos,Correo", [[name, "Ana", "Paz", "a@example.org"] for name in ORGS]),
    "one row": ("Organization,Contact Name,Contact Email", [["Mijente", "Ana Paz", "a@example.org"]]),
    "no rows": ("Organization,First name,Last name,Email", []),
    "contacts by EIN": ("EIN,First name,Last name,Email", [["12-3456789", "Ana", "Paz", "a@example.org"]]),
    "delegates to a meeting": ("Organization,First name,Last name,RSVP", [[name, "Ana", "Paz", "yes"] for name in ORGS]),
    "blank headings": (",,", [["a", "b", "c"]]),
    "own fields": (
        "name,location.city,contact.first_name,contact.last_name,contact.email",
        [[ORGS[0], "Macon", "A", "P", "a@x.org"]],
    ),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_a_list_of_people_is_explained_by_its_columns(case: str) -> None:
    headings, rows = PEOPLE[case]
    sentence = describes_people(headings.split(","), rows)
    assert sentence is not None
    assert sentence.startswith("This looks like a list of people")
    assert any(f'"{heading}"' in sentence for heading in headings.split(","))


@pytest.mark.parametrize("case", ORGANIZATIONS)
def test_a_list_of_organizations_is_never_taken_for_people(case: str) -> None:
    headings, rows = ORGANIZATIONS[case]
    assert describes_people(headings.split(","), rows) is None


def test_a_table_without_headings_is_not_judged() -> None:
    assert describes_people(None, [["Ana", "Paz", "ana@example.org"]]) is None
    assert describes_people((), []) is None


def test_rows_may_be_shorter_than_the_headings() -> None:
    assert describes_people(["Organization", "First name", "Last name"], [["Mijente"], [], ["Causa Justa", "Ana"]]) is None


def test_no_person_is_named_in_the_sentence() -> None:
    sentence = describes_people(VOTERS.split(","), PEOPLE["voter file"][1])
    assert sentence is not None
    assert "Jane" not in sentence
    assert "Doe" not in sentence
