"""Allies: the fields of the root and of an organization, every field of their types, pages, refusals, and what is hidden."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from directory.live import Directory
from directory.records import Audience, Relation, StoredOrganization
from directory.vocabulary.choices import RelationKind
from tests.builders import NOW, a_stored_coalition, a_stored_location, a_stored_organization, an_id
from tests.schema.conftest import Ask
from tests.schema.types.record_lists import make_ask, make_global_id, read_data, read_refusal, write_records

FIELDS: dict[str, Any] = {"issue_areas": ("tenants",), "communities": ("women",), "work_areas": ("litigation",)}


def in_atlanta(name: str) -> dict[str, Any]:
    return {"sites": (a_stored_location(id=an_id(f"place of {name}")),), "service_areas": ("US-GA",)}


HARBOR = a_stored_organization(
    "Harbor Tenants",
    seeks="litigation",
    offers="a van",
    relations=(Relation(RelationKind.PARTNER, organization=an_id("Old Partner"), note="Since 2020"),),
    **FIELDS,
    **in_atlanta("Harbor"),
)
PARTNER = a_stored_organization("Old Partner", **FIELDS)
RIVER = a_stored_organization("River Workers", seeks="vans", offers="Litigation for members", **FIELDS, **in_atlanta("RIVER"))
NEIGHBOR = a_stored_organization("Near Neighbor", issue_areas=("incarceration",), **in_atlanta("NEIGHBOR"))
BROADER = a_stored_organization("Broader Themes", issue_areas=("homelessness",), communities=("youth",))
SECRET = a_stored_organization(
    "Secret House", hidden_since=NOW, seeks="a van", offers="litigation", **FIELDS, **in_atlanta("SECRET")
)
FOR_STAFF = a_stored_organization("Staff Only", audience=Audience.STAFF, parent=HARBOR.id, **FIELDS, **in_atlanta("FOR_STAFF"))
OTHERS = [a_stored_organization(f"Other {number}") for number in range(6)]
COALITION = a_stored_coalition("UPR Task Force", ["Harbor Tenants", "River Workers", "Secret House"])
VISIBLE = (HARBOR, PARTNER, RIVER, NEIGHBOR, BROADER, *OTHERS)
HARBOR_ID, RIVER_ID, SECRET_ID = (make_global_id("Organization", one) for one in (HARBOR, RIVER, SECRET))
REASON = """kind contribution text es: text(language: "es") issueArea { slug } community { slug } workArea { slug }
  region { code } coalition { slug }"""
PAGE = f"""totalCount nodes {{ slug }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  edges {{ cursor score distance miles: distance(unit: MILE) reasonCount node {{ slug }} reasons(first: 50) {{ {REASON} }} }}
  ties {{ kind isStatedByIt organization {{ slug }} knownBy {{ slug }} relation {{ kind note }} }}"""
MODES = ("SAME_THEMES", "SAME_PLACE_OTHER_THEMES", "SEEKS_AND_OFFERS")


def open_directory(file: Path, *records: Any) -> Directory:
    directory = Directory.open(f"sqlite:///{file}")
    write_records(directory, *records)
    return directory


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    file: Path = tmp_path_factory.mktemp("allies") / "directory.sqlite3"
    with closing(open_directory(file, *VISIBLE, SECRET, FOR_STAFF, COALITION)) as directory:
        yield directory


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return make_ask(directory)


def read_allies(ask: Ask, arguments: str = f'organizations: ["{HARBOR_ID}"]', selection: str = PAGE) -> dict[str, Any]:
    allies: dict[str, Any] = read_data(ask, f"{{ allies({arguments}) {{ {selection} }} }}")["allies"]
    return allies


def find_edge(page: dict[str, Any], record: StoredOrganization) -> dict[str, Any]:
    edge: dict[str, Any] = next(edge for edge in page["edges"] if edge["node"]["slug"] == record.slug)
    return edge


# ---------------------------------------------------------------- fields


def test_each_ally_has_a_score_a_distance_and_reasons_that_add_up(ask: Ask) -> None:
    page = read_allies(ask)
    assert [node["slug"] for node in page["nodes"]] == ["river-workers", "broader-themes"]
    assert page["totalCount"] == 2
    for edge in page["edges"]:
        assert sum(reason["contribution"] for reason in edge["reasons"]) == pytest.approx(edge["score"], abs=1e-9)
        assert len(edge["reasons"]) == edge["reasonCount"]
        contributions = [reason["contribution"] for reason in edge["reasons"]]
        assert contributions == sorted(contributions, reverse=True)
    river, broader = page["edges"]
    assert (river["distance"], river["miles"]) == (0, 0)
    assert (broader["distance"], broader["miles"]) == (None, None)


EMPTY = dict.fromkeys(("issueArea", "community", "workArea", "region", "coalition"))


def test_each_reason_names_what_is_shared(ask: Ask) -> None:
    page = read_allies(ask)
    shared = {reason["kind"]: reason for edge in page["edges"] for reason in reversed(edge["reasons"])}
    subjects = {kind: {name: reason[name] for name in EMPTY if reason[name]} for kind, reason in shared.items()}
    assert subjects == {
        "SHARED_ISSUE_AREA": {"issueArea": {"slug": "tenants"}},
        "SHARED_BROADER_ISSUE_AREA": {"issueArea": {"slug": "housing"}},
        "SHARED_COMMUNITY": {"community": {"slug": "women"}},
        "SHARED_WORK_AREA": {"workArea": {"slug": "litigation"}},
        "SHARED_COALITION": {"coalition": {"slug": "upr-task-force"}},
        "SAME_REGION": {"region": subjects["SAME_REGION"]["region"]},
        "SERVES_SAME_REGION": {"region": {"code": "US-GA"}},
        "NEARBY": {},
    }
    assert shared["SHARED_COALITION"]["text"] == "Both belong to UPR Task Force, as 2 of 11 members do."
    assert shared["SHARED_COALITION"]["es"] == "Ambas pertenecen a UPR Task Force, como 2 de 11 miembros."


def test_four_reasons_are_shown_unless_more_are_asked_for(ask: Ask) -> None:
    selection = (
        "edges { node { slug } reasonCount reasons { kind } one: reasons(first: 1) { kind } null: reasons(first: null) { kind } }"
    )
    edge = find_edge(read_allies(ask, selection=selection), RIVER)
    assert (len(edge["reasons"]), len(edge["one"]), len(edge["null"])) == (4, 1, 4)
    assert edge["reasonCount"] > 4
    for first in (0, 101, -1):
        document = f'{{ allies(organizations: ["{HARBOR_ID}"]) {{ edges {{ reasons(first: {first}) {{ kind }} }} }} }}'
        errors = ask(document)["errors"]
        assert {error["extensions"]["code"] for error in errors} == {"BAD_INPUT"}
        assert "from 1 to" in errors[0]["message"]


def test_known_organizations_are_ties(ask: Ask) -> None:
    assert read_allies(ask)["ties"] == [
        {
            "kind": "RELATION", "isStatedByIt": False, "organization": {"slug": "old-partner"},
            "knownBy": {"slug": "harbor-tenants"},
            "relation": {"kind": "PARTNER", "note": "Since 2020"},
        }
    ]  # fmt: skip
    (tie,) = read_allies(ask, f'organizations: ["{make_global_id("Organization", PARTNER)}"]')["ties"]
    assert (tie["kind"], tie["isStatedByIt"], tie["knownBy"]) == ("RELATION", True, {"slug": "old-partner"})


@pytest.mark.parametrize(
    ("mode", "kinds"),
    [
        ("SAME_PLACE_OTHER_THEMES", {"SAME_REGION", "SERVES_SAME_REGION", "NEARBY", "COMPLEMENTS"}),
        ("SEEKS_AND_OFFERS", {"OFFERS_WHAT_IT_SEEKS", "SEEKS_WHAT_IT_OFFERS"}),
    ],
)
def test_the_other_modes(ask: Ask, mode: str, kinds: set[str]) -> None:
    page = read_allies(ask, f'organizations: ["{HARBOR_ID}"], mode: {mode}')
    assert {reason["kind"] for edge in page["edges"] for reason in edge["reasons"]} == kinds


@pytest.mark.parametrize("mode", MODES)
def test_a_group_of_one_has_the_allies_of_the_organization(ask: Ask, mode: str) -> None:
    own = read_data(ask, f'{{ organization(by: {{ id: "{HARBOR_ID}" }}) {{ allies(mode: {mode}) {{ {PAGE} }} }} }}')
    assert own["organization"]["allies"] == read_allies(ask, f'organizations: ["{HARBOR_ID}"], mode: {mode}')
    assert own["organization"]["allies"]["totalCount"] > 0


# ---------------------------------------------------------------- arguments


def test_weights_that_are_not_set_keep_their_default(ask: Ask) -> None:
    selection = f"edges {{ node {{ slug }} score reasons(first: 50) {{ {REASON} }} }}"
    default = find_edge(read_allies(ask, selection=selection), RIVER)
    names = ("issueArea", "broaderIssueArea", "community", "workArea", "coalition", "region", "distance", "seeksAndOffers")
    values = (1, 0.25, 0.6, 0.3, 0.8, 0.5, 0.5, 1)
    same = ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    for weights in ("", "issueArea: null", same):
        arguments = f'organizations: ["{HARBOR_ID}"], weights: {{ {weights} }}'
        assert find_edge(read_allies(ask, arguments, selection), RIVER) == default
    halved = find_edge(read_allies(ask, f'organizations: ["{HARBOR_ID}"], weights: {{ coalition: 0.4 }}', selection), RIVER)
    assert halved["score"] < default["score"]


DRAFTS = [
    'issueAreas: ["tenants"]',
    'communities: ["women"]',
    'workAreas: ["litigation"]',
    'words: "a tenants\' group in Atlanta"',
    'issueAreas: ["housing"], regions: ["US-GA"], place: { name: "Atlanta, GA" }, seeks: "litigation", offers: "a van"',
]


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_group_that_is_not_listed_finds_allies(ask: Ask, draft: str) -> None:
    page = read_allies(ask, f"draft: {{ {draft} }}")
    assert "river-workers" in [node["slug"] for node in page["nodes"]]
    assert page["ties"] == []
    assert "harbor-tenants" not in [
        node["slug"] for node in read_allies(ask, f'organizations: ["{HARBOR_ID}"], draft: {{ {draft} }}')["nodes"]
    ]


def test_conditions_limit_who_is_suggested(ask: Ask) -> None:
    def list_slugs(arguments: str) -> list[str]:
        return [node["slug"] for node in read_allies(ask, f'organizations: ["{HARBOR_ID}"], {arguments}')["nodes"]]

    assert list_slugs('filter: { issueAreas: { anyOf: ["homelessness"] } }') == ["broader-themes"]
    assert list_slugs('near: { place: { name: "Savannah, GA" }, radius: 10 }') == []
    assert list_slugs('near: { place: { name: "Savannah, GA" }, radius: 500 }') == ["river-workers"]
    far = read_allies(ask, f'organizations: ["{HARBOR_ID}"], near: {{ place: {{ name: "Savannah, GA" }} }}')
    assert 300 < find_edge(far, RIVER)["distance"] < 400
    assert find_edge(far, RIVER)["score"] == find_edge(read_allies(ask), RIVER)["score"]


def test_pages_go_in_both_directions_and_cursors_belong_to_one_request(ask: Ask) -> None:
    group = f'organizations: ["{HARBOR_ID}"]'
    first = read_allies(ask, f"{group}, first: 1")
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    cursor = first["pageInfo"]["endCursor"]
    second = read_allies(ask, f'{group}, first: 1, after: "{cursor}"')
    assert [node["slug"] for node in second["nodes"]] == ["broader-themes"]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)
    back = read_allies(ask, f'{group}, last: 1, before: "{second["pageInfo"]["startCursor"]}"')
    assert back["edges"] == first["edges"]
    for other in (f"{group}, mode: SEEKS_AND_OFFERS", f'organizations: ["{RIVER_ID}"]', f"{group}, weights: {{ region: 1 }}"):
        refusal = read_refusal(ask, f'{{ allies({other}, after: "{cursor}") {{ totalCount }} }}')
        assert (refusal["code"], refusal["reason"]) == ("BAD_CURSOR", "OTHER_QUESTION")
    assert read_refusal(ask, f'{{ organizations(after: "{cursor}") {{ totalCount }} }}')["code"] == "BAD_CURSOR"


MANY = ", ".join(f'"{make_global_id("Organization", a_stored_organization(str(number)))}"' for number in range(21))
REFUSED: list[tuple[str, str, str]] = [
    ("", "BAD_INPUT", "Say who looks for allies"),
    ("organizations: []", "BAD_INPUT", "Say who looks for allies"),
    (f'organizations: ["{HARBOR_ID}", "{HARBOR_ID}"]', "BAD_INPUT", "listed twice"),
    (f"organizations: [{MANY}]", "BAD_INPUT", "At most 20"),
    (f'organizations: ["{SECRET_ID}"]', "BAD_INPUT", "There is no organization with the id"),
    ('organizations: ["nonsense"]', "BAD_INPUT", ""),
    (f'organizations: ["{make_global_id("Coalition", COALITION)}"]', "BAD_INPUT", ""),
    (f'organizations: ["{HARBOR_ID}"], weights: {{ region: -1 }}', "BAD_INPUT", "from 0 to 100"),
    (f'organizations: ["{HARBOR_ID}"], weights: {{ region: 101 }}', "BAD_INPUT", "from 0 to 100"),
    (f'organizations: ["{HARBOR_ID}"], mode: SEEKS_AND_OFFERS, weights: {{ seeksAndOffers: 0 }}', "BAD_INPUT", "no reason left"),
    ("draft: {}", "BAD_INPUT", "Nothing in this description"),
    ('draft: { issueAreas: ["hosing"] }', "UNKNOWN_TERM", "Did you mean housing"),
    ('draft: { communities: ["nobody"] }', "UNKNOWN_TERM", ""),
    ('draft: { regions: ["US-XX"] }', "UNKNOWN_REGION", ""),
    ('draft: { place: { name: "Nowhere at all" } }', "UNKNOWN_PLACE", ""),
    ('draft: { words: "tenants in Chicago", place: { name: "Atlanta, GA" } }', "BAD_INPUT", "Name its place only once"),
    (f'organizations: ["{HARBOR_ID}"], filter: {{ near: {{ place: {{ name: "Atlanta, GA" }} }} }}, '
     'near: { place: { name: "Decatur, GA" } }', "BAD_INPUT", "not in both"),
    (f'organizations: ["{HARBOR_ID}"], filter: {{ issueAreas: {{ anyOf: ["hosing"] }} }}', "UNKNOWN_TERM", "housing"),
    (f'organizations: ["{HARBOR_ID}"], first: 101', "BAD_INPUT", ""),
    (f'organizations: ["{HARBOR_ID}"], first: 1, last: 1', "BAD_INPUT", ""),
    (f'organizations: ["{HARBOR_ID}"], after: "nonsense"', "BAD_CURSOR", ""),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "code", "sentence"), REFUSED)
def test_requests_that_cannot_be_used_are_refused(ask: Ask, arguments: str, code: str, sentence: str) -> None:
    call = f"allies({arguments})" if arguments else "allies"
    refusal = read_refusal(ask, f"{{ {call} {{ totalCount }} }}")
    assert refusal["code"] == code
    assert sentence in refusal["message"]


# ---------------------------------------------------------------- what an audience does not see


def test_hidden_records_change_nothing(ask: Ask, tmp_path: Path) -> None:
    """Neither scores, which depend on how many members share something, nor texts, ties, order and cursors."""
    groups = [
        f'organizations: ["{HARBOR_ID}"]',
        f'organizations: ["{HARBOR_ID}", "{RIVER_ID}"]',
        *(f"draft: {{ {one} }}" for one in DRAFTS),
    ]
    coalition = a_stored_coalition("UPR Task Force", ["Harbor Tenants", "River Workers"])
    with closing(open_directory(tmp_path / "without.sqlite3", *VISIBLE, coalition)) as without:
        for group in groups:
            for mode in MODES:
                document = f"{{ allies({group}, mode: {mode}) {{ {PAGE} }} }}"
                assert ask(document) == make_ask(without)(document)


def test_hidden_and_missing_organizations_are_refused_alike(ask: Ask) -> None:
    missing = make_global_id("Organization", a_stored_organization("Nobody at all"))
    document = '{ allies(organizations: ["%s"]) { totalCount } }'
    hidden, absent = (read_refusal(ask, document % identity) for identity in (SECRET_ID, missing))
    assert hidden["message"].replace(SECRET_ID, missing) == absent["message"]
    assert {**hidden, "value": "", "message": ""} == {**absent, "value": "", "message": ""}


def test_staff_see_their_own_ties(directory: Directory) -> None:
    staff = read_allies(make_ask(directory, Audience.STAFF))
    assert [tie["organization"]["slug"].split("-")[0] for tie in staff["ties"]] == ["old", "staff"]
    assert [tie["kind"] for tie in staff["ties"]] == ["RELATION", "BRANCH"]
