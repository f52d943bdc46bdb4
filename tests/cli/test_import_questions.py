"""The questions of `directory seed --interactive`: columns, values and tags, answered line by line."""

from pathlib import Path

import pytest

from directory.records import MembershipStatus
from seed.mapping.profile import load_profile
from tests.seed.import_session import ImportSession

LIST = """\
Verein,City,Dues status,Focus areas,State
Harbor Tenants Union,Savannah,Paid,housing; green space,GA
Casa Abierta Center,Macon,Comp'd,green space,GA
Mijente Norte Center,Athens,Paid,kids stuff,GA
Delta Legal Aid,Rome,LAPSED,housing,GA
River Elders Council,Dublin,Paid,housing,GA
"""


@pytest.fixture
def path(walk: ImportSession) -> Path:
    return walk.write_file("verein.csv", LIST)


def test_each_column_is_shown_with_three_values_and_its_guess(walk: ImportSession, path: Path) -> None:
    output = walk.seed(path, "--interactive", stdin="\nactive\nq\n-\n").output
    assert '   1  "Verein": name (the organization\'s name)' in output
    assert "        Harbor Tenants Union · Casa Abierta Center · Mijente Norte Center\n" in output
    assert '   3  "Dues status": membership.status (the membership status)' in output
    assert "        Paid · Comp'd · LAPSED\n" in output


def test_answers_are_remembered_by_the_profile(walk: ImportSession, path: Path) -> None:
    saved = path.with_suffix(".toml")
    answers = ("4 tags", "", "active", "issue_areas:environment", "-", "")
    result = walk.seed(path, "--apply", "--interactive", stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    profile = load_profile(saved)
    assert profile.columns["Focus areas"].field == "tags"
    assert profile.values == {"membership.status": {"Comp'd": "active"}}
    assert profile.terms == {"green space": "issue_areas:environment", "kids stuff": ""}
    assert walk.records["Casa Abierta Center"].issue_areas == ("environment",)
    assert walk.records["Casa Abierta Center"].membership.status is MembershipStatus.ACTIVE
    assert walk.records["Delta Legal Aid"].membership.status is MembershipStatus.LAPSED
    again = walk.import_all(path)
    assert "Profile: verein.toml, from the folder of the file." in again.output
    assert "5 unchanged" in again.output


def test_wrong_answers_are_explained_and_asked_again(walk: ImportSession, path: Path) -> None:
    answers = ("9 city", "city", "1 nonsense", "?", "", "paying", "-", "gardens", "food-water", "7", "q", "-")
    output = walk.seed(path, "--interactive", stdin="\n".join(answers) + "\n").output
    assert output.count("Begin with the number of a column, from 1 to 5.") == 2
    assert 'There is no field "nonsense". Enter ? to see the fields.' in output
    assert "  location.postal_code: a postal code" in output
    assert "A membership is active, prospect, lapsed or none" in output
    assert 'There is no term "gardens". Did you mean' in output
    assert 'There is no term "7".' in output
    assert not path.with_suffix(".toml").exists()


def test_a_field_moves_from_one_column_to_another(walk: ImportSession, path: Path) -> None:
    output = walk.seed(path, "--interactive", stdin="2 name\n3 -\n1 city\n\nq\n-\n").output
    assert '"Verein" is not imported now.' in output
    assert '"City": name (the organization\'s name)' in output
    assert '"Dues status": not imported' in output
    assert '"Verein": location.city (a city)' in output
    assert "verein.csv, row 2: Savannah" in output


def test_without_changes_nothing_is_saved_or_asked_again(walk: ImportSession) -> None:
    path = walk.write_file("plain.csv", "Organization,City\nHarbor Tenants Union,Savannah\n")
    result = walk.seed(path, "--interactive", stdin="\n")
    assert result.exit_code == 0
    assert "Save the answers" not in result.output
    assert [file.name for file in walk.folder.glob("*.toml")] == []


def test_an_existing_profile_is_replaced_only_if_confirmed(walk: ImportSession, path: Path) -> None:
    saved = walk.write_file("p.toml", '# mine\n[columns]\nVerein = "name"\n')
    output = walk.seed(path, "--interactive", stdin="2 city\n\nnew\n\nn\n-\n").output
    assert "Name a file that ends in .toml." in output
    assert saved.read_text().startswith("# mine")
    walk.seed(path, "--interactive", stdin="2 city\n\n\ny\n")
    assert load_profile(saved).columns["City"].field == "location.city"


def test_save_profile_needs_no_question(walk: ImportSession, path: Path) -> None:
    target = walk.folder / "kept.toml"
    output = walk.seed(path, "--interactive", "--save-profile", target, stdin="4 -\n\nactive\n").output
    assert "Save the answers" not in output
    assert load_profile(target).columns["Focus areas"].field == ""


def test_answers_and_the_list_cannot_both_be_standard_input(walk: ImportSession) -> None:
    result = walk.seed("-", "--interactive", stdin=LIST)
    assert result.exit_code == 2
    assert "--interactive reads your answers from standard input." in result.stderr


def test_unknown_tags_are_mapped_in_one_step_for_the_whole_file(walk: ImportSession, path: Path) -> None:
    tags = walk.folder / "tags.csv"
    output = walk.seed(path, "--save-tags", tags).output
    assert f"2 unknown tags to fill in and use with --tags: {tags}" in output
    lines = tags.read_text(encoding="utf-8-sig").splitlines()
    tags.write_text("\n".join([lines[0], lines[1].replace(",,", ",environment,", 1), lines[2].replace(",,", ",-,", 1)]))
    result = walk.seed(path, "--tags", tags, "--save-profile", walk.folder / "kept.toml")
    assert "Unknown tags" not in result.output
    assert load_profile(walk.folder / "kept.toml").terms == {"green space": "environment", "kids stuff": ""}


def test_the_profile_of_a_list_without_headings_has_to_be_named(walk: ImportSession) -> None:
    names = ("Harbor Tenants Union", "Casa Abierta Center", "Elm Legal Aid", "Mesa Workers Center")
    text = "".join(f"{number},{name},Macon,GA,ask Ana\n" for number, name in enumerate(names, start=7))
    path = walk.write_file("old list.csv", text)
    output = walk.seed(path, "--interactive", stdin="1 source_id\n\n\n").output
    saved = path.with_suffix(".toml")
    assert f"A list without headings needs its profile to be named: --profile {saved}" in output
    walk.import_all(path, "--profile", saved)
    renamed = walk.write_file("old list.csv", text.replace("Elm Legal Aid", "Elm Law Project"))
    assert "1 changed, 3 unchanged" in walk.seed(renamed, "--profile", saved).output


def test_enter_leaves_a_row_doubtful_and_q_leaves_the_rest(walk: ImportSession) -> None:
    headings = "Organization,Address,City,State,ZIP\n"
    walk.import_all(walk.write_file("a.csv", f"{headings}Rivertown Bail Fund,88 Canal St,Troy,NY,12180\n"))
    rows = "Rivertown Bial Fund,88 Canal St,Troy,NY,12180\nRivertown Bail Fnud,88 Canal St,Troy,NY,12180\n"
    path = walk.write_file("b.csv", f"{headings}{rows}")
    for answers, questions in (("\n\n\n", 2), ("\nq\n", 1)):
        output = walk.seed(path, "--interactive", stdin=answers).output
        assert output.count("(Enter to decide later, q to end)") == questions
        assert "2 doubtful" in output
