import pytest

from directory.matching.web_domains import NO_WEB_ADDRESS, WebAddress, email_domain, parse_web_address, registrable_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.org", "example.org"),
        ("www.example.org", "example.org"),
        ("news.site.example.org", "example.org"),
        ("www.charity.co.uk", "charity.co.uk"),
        ("a.charity.org.au", "charity.org.au"),
        ("harbor.wordpress.com", "harbor.wordpress.com"),
        ("www.harbor.wordpress.com", "harbor.wordpress.com"),
        ("www.ci.macon.ga.us", "ci.macon.ga.us"),
        ("co.uk", "co.uk"),
        ("www.harbor.github.io", "harbor.github.io"),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    "address", ["https://www.Example.org/", "http://example.org", "example.org/index.html", "www.example.org", "EXAMPLE.ORG."]
)
def test_a_domain_is_found_in_any_form_of_address(address: str) -> None:
    assert parse_web_address(address) == WebAddress("example.org")


@pytest.mark.parametrize("address", ["", "none", "n/a", "https://", "not a site", "://x", "http://[", "a" * 40_000])
def test_unreadable_addresses_are_empty(address: str) -> None:
    assert parse_web_address(address) == NO_WEB_ADDRESS == WebAddress()


def test_pages_on_shared_hosts_are_identified_by_their_paths() -> None:
    assert parse_web_address("https://www.facebook.com/HarborTenants/") == WebAddress(page="facebook.com/harbortenants")
    assert parse_web_address("https://facebook.com/") == WebAddress()
    assert parse_web_address("https://m.facebook.com/profile.php?id=7").page == "facebook.com/profile.php?id=7"
    assert parse_web_address("https://sites.google.com/view/harbor").page == "google.com/view/harbor"


def test_a_shared_host_belongs_to_no_organization() -> None:
    assert parse_web_address("https://wordpress.com/harbor").domain is None
    assert parse_web_address("https://github.io/").domain is None
    assert parse_web_address("https://harbor.wordpress.com/about") == WebAddress("harbor.wordpress.com", path="about")


@pytest.mark.parametrize("address", ["a@gmail.com", "a@Yahoo.com", "a@riseup.net", "a@comcast.net", "a@", "a", "a@localhost"])
def test_a_mailbox_at_a_provider_has_no_domain(address: str) -> None:
    assert email_domain(address) is None


def test_a_mailbox_of_an_organization_has_its_domain() -> None:
    assert email_domain("office@mail.Harbor.example") == "harbor.example"
