import pytest

from directory.drafts.normalize import normalize_url
from directory.errors import BadInput
from seed.clean.values.online_addresses import parse_profile_links, parse_web_addresses


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://X.org/a,b", "https://x.org/a,b"),
        ("www.x.org", "https://www.x.org/"),
        ("X.ORG", "https://x.org/"),
        ("http//x.org", "http://x.org/"),
        ("http:/x.org", "http://x.org/"),
        ("http:\\\\www.x.org", "http://www.x.org/"),
        ("http://http://x.org", "http://x.org/"),
        ("https://https//x.org", "https://x.org/"),
        ("htttps://x.org", "https://x.org/"),
        ("https:// www.x.org", "https://www.x.org/"),
        ("see www.x.org (under construction)", "https://www.x.org/"),
        ("(www.x.org).", "https://www.x.org/"),
        ("<a href='https://x.org/a?b=1&amp;c'>Our site</a>", "https://x.org/a?b=1&c"),
        ("https://www.niños.org/x", "https://www.xn--nios-hqa.org/x"),
        ("https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)"),
        ("https://web.archive.org/web/2019/http://x.org/", "https://web.archive.org/web/2019/http://x.org/"),
        ("info@x.org www.x.org", "https://www.x.org/"),
    ],
)
def test_an_address_is_found(text: str, url: str) -> None:
    assert parse_web_addresses(text).value == (url,)


@pytest.mark.parametrize("text", ["https://x.org", "http://x.org/a?b=1&c=2;d", "https://www.x.org/"])
def test_a_complete_address_is_not_a_repair(text: str) -> None:
    assert parse_web_addresses(text).reasons == ()


@pytest.mark.parametrize("text", ["x.org", "HTTPS://x-y.org", "www.a1.b.com/", "http://x.gov"])
def test_the_fast_path_agrees_with_normalization(text: str) -> None:
    whole = text if "://" in text else f"https://{text}"
    assert parse_web_addresses(text).value == (normalize_url(whole),)


@pytest.mark.parametrize("text", ["https://x.org; https://y.org/b", "x.org, y.org/b", "x.org\ny.org/b", "x.org / y.org/b"])
def test_several_addresses_in_a_cell(text: str) -> None:
    assert parse_web_addresses(text).value == ("https://x.org/", "https://y.org/b")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("info@x.org", "e-mail"),
        ("mailto:info@x.org", "e-mail"),
        ("@tenants", "social network"),
        ("Facebook page", "not a web address"),
        ("javascript:alert(1)", "not a web address"),
        ("https://user:word@x.org", "user name"),
        ("http://localhost", "host name"),
    ],
)
def test_text_that_is_not_a_web_address_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        parse_web_addresses(text)


@pytest.mark.parametrize(
    ("kind", "text", "url"),
    [
        ("instagram", "@tenants", "https://www.instagram.com/tenants"),
        ("instagram", "ten.ants", "https://www.instagram.com/ten.ants"),
        ("facebook", "facebook.com/tenants", "https://facebook.com/tenants"),
        ("facebook", "/tenants/", "https://www.facebook.com/tenants"),
        ("twitter", "@tenants", "https://x.com/tenants"),
        ("youtube", "tenants", "https://www.youtube.com/@tenants"),
        ("tiktok", "@tenants", "https://www.tiktok.com/@tenants"),
        ("linkedin", "company/tenants", "https://www.linkedin.com/company/tenants"),
        ("mastodon", "@tenants@social.example.org", "https://social.example.org/@tenants"),
        ("donate", "x.org/give", "https://x.org/give"),
    ],
)
def test_names_on_networks_become_addresses(kind: str, text: str, url: str) -> None:
    assert parse_profile_links(text, kind).value == (url,)


def test_words_are_not_a_name_on_a_network() -> None:
    with pytest.raises(BadInput):
        parse_profile_links("Tenants Union", "facebook")


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("see https://x.org/a", ("words around the address removed",)),
        ("https://x.org/a https://y.org/b", ()),
        ("www.x.org/a", ("https:// added",)),
    ],
)
def test_every_change_is_explained(text: str, reasons: tuple[str, ...]) -> None:
    assert parse_web_addresses(text).reasons == reasons


@pytest.mark.parametrize(
    ("text", "url"), [("tenants.org", "https://tenants.org/"), ("@tenants.org", "https://www.instagram.com/tenants.org")]
)
def test_a_name_that_ends_like_a_host_needs_an_at_sign(text: str, url: str) -> None:
    assert parse_profile_links(text, "instagram").value == (url,)
