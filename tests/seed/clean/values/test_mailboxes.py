import pytest

from directory.drafts.normalize import normalize_email
from directory.errors import BadInput
from seed.clean.values.online_addresses import Mailbox, parse_mailboxes


@pytest.mark.parametrize(
    ("text", "mailboxes"),
    [
        ("office@x.org", [Mailbox("office@x.org")]),
        ("Office@X.ORG", [Mailbox("Office@x.org")]),
        ("mailto:office@x.org?subject=Hi", [Mailbox("office@x.org")]),
        ("Email: office@x.org.", [Mailbox("office@x.org")]),
        ("Ana López <ana@x.org>", [Mailbox("ana@x.org", "Ana López")]),
        ('"López, Ana" <ana@x.org>; Bo <bo@x.org>', [Mailbox("ana@x.org", "López, Ana"), Mailbox("bo@x.org", "Bo")]),
        ("a@x.org, b@x.org / a@x.org", [Mailbox("a@x.org"), Mailbox("b@x.org")]),
        ("a@x.org b@x.org", [Mailbox("a@x.org"), Mailbox("b@x.org")]),
        ("<a href='mailto:a@x.org'>a@x.org</a>", [Mailbox("a@x.org")]),
        ("a@x.org (mornings)", [Mailbox("a@x.org")]),
        ("a@x.org or call", [Mailbox("a@x.org")]),
        ("a@x.org - mornings only", [Mailbox("a@x.org")]),
        ("info[at]x.org", [Mailbox("info@x.org")]),
        ("info (at) x (dot) org", [Mailbox("info@x.org")]),
        ("ana at x dot org", [Mailbox("ana@x.org")]),
        ("Maria maria@x.org", [Mailbox("maria@x.org")]),
        ("a@x.org b@x.org and office c@x.org", [Mailbox("a@x.org"), Mailbox("b@x.org"), Mailbox("c@x.org")]),
    ],
)
def test_addresses_are_found(text: str, mailboxes: list[Mailbox]) -> None:
    assert list(parse_mailboxes(text).value) == mailboxes


@pytest.mark.parametrize(
    "text", ["ana at x.org", "a@x", "a@@x.org", "a b@x.org", "Ana lopez@x.org", "info@x.co m", "www.x.org", "a@x.org/b", ""]
)
def test_text_from_which_no_address_is_certain_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="e-mail"):
        parse_mailboxes(text)


@pytest.mark.parametrize(("text", "unused"), [("a@x.org; www.x.org", "www.x.org"), ("x@y, a@x.org", "x@y")])
def test_parts_that_are_not_used_are_reported(text: str, unused: str) -> None:
    result = parse_mailboxes(text)
    assert result.value == (Mailbox("a@x.org"),)
    assert [sentence.partition(":")[0] for sentence in result.problems] == [f'"{unused}"']


def test_an_address_of_letters_and_signs_says_so() -> None:
    assert parse_mailboxes("info[at]x.org").reasons == ("@ and dot written as signs",)


@pytest.mark.parametrize(
    "text", ["a@x.org", "a.b-c_d@X-y.ORG", "A1@sub.x.edu", "a@1.org", "-a@x.org", "a..b@x.org", "a@x--y.org", "a@x.test"]
)
def test_the_fast_path_agrees_with_full_validation(text: str) -> None:
    def outcome(parse: object) -> str:
        try:
            return str(parse(text))  # type: ignore[operator]
        except BadInput:
            return "refused"

    assert outcome(lambda cell: parse_mailboxes(cell).value[0].email) == outcome(normalize_email)
