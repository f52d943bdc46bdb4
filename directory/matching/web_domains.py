"""Web and e-mail addresses: an organization's own domain, a page on a shared host, or a mailbox at a provider."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct
from publicsuffixlist import PublicSuffixList

HOST_CACHE_SIZE = 1 << 12  # the website and the mailbox of an organization have one host, and providers have many customers

_ADDRESS = re.compile(
    r"(?:[a-z]+://)?(?:[^/@]*@)?(?P<host>[^\s/?#:@.]+(?:\.[^\s/?#:@.]+)+)\.?(?::\d*)?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?"
)
_TABLES = tomllib.loads(Path(__file__).with_name("domains.toml").read_text(encoding="utf-8"))
MAIL_PROVIDERS = frozenset(_TABLES["mail_providers"].split())
SUBDOMAIN_HOSTS = frozenset(_TABLES["subdomain_hosts"].split())
PATH_HOSTS = frozenset(_TABLES["path_hosts"].split())
_FRONT_PAGES = frozenset(_TABLES["front_pages"].split())


class WebAddress(Struct, frozen=True, gc=False):
    """`domain` is the organization's own domain, `page` its page on a shared host; either is None if there is none.

    `path` is the path below `domain`, "" for the front page.
    """

    domain: str | None = None
    page: str | None = None
    path: str = ""


NO_WEB_ADDRESS = WebAddress()


def parse_web_address(address: str) -> WebAddress:
    """Parse a web address with or without a scheme; NO_WEB_ADDRESS if it is unreadable or identifies no organization."""
    parts = _ADDRESS.fullmatch(address.strip().lower())
    if parts is None:
        return NO_WEB_ADDRESS
    host, path, query = parts["host"].removeprefix("www."), parts["path"].strip("/ "), parts["query"]
    path = "" if path in _FRONT_PAGES else path
    if (path_host := _keep_labels(host, 2)) in PATH_HOSTS:
        page = f"{path_host}/{path}" + (f"?{query}" if query and path.endswith(".php") else "")
        return WebAddress(page=page) if path else NO_WEB_ADDRESS
    return WebAddress(_find_own_domain(host), path=path)


def email_domain(address: str) -> str | None:
    """Return the domain of an e-mail address; None if it belongs to a provider or another shared host."""
    host = address.rpartition("@")[2].strip().strip(".").lower()
    domain = _find_own_domain(host) if "." in host else None
    return None if domain in MAIL_PROVIDERS or domain in PATH_HOSTS else domain


def registrable_domain(host: str) -> str:
    """Return the part of a host name that a customer registers: one label below a public suffix such as co.uk.

    A host name that is itself a public suffix is returned as it is. The public suffix list ends at the states of "us";
    below a state, four labels are returned: ci.macon.ga.us (RFC 1480).
    """
    host = host.lower().removeprefix("www.")
    first, _, country = _keep_labels(host, 2).partition(".")
    if country == "us" and len(first) == 2:
        return _keep_labels(host, 4)
    if f"{first}.{country}" in SUBDOMAIN_HOSTS:
        return _keep_labels(host, 3)
    return _load_suffixes().privatesuffix(host) or host


@lru_cache(maxsize=HOST_CACHE_SIZE)
def _find_own_domain(host: str) -> str | None:
    """Return the domain of a host; None if it is shared by many customers."""
    domain = registrable_domain(host)
    return None if _is_shared(domain) else domain


def _is_shared(domain: str) -> bool:
    """Return whether each customer of this domain has a name in front of it."""
    return domain in SUBDOMAIN_HOSTS or _load_suffixes().is_public(domain)


def _keep_labels(host: str, count: int) -> str:
    return ".".join(host.rsplit(".", count)[-count:])


@cache
def _load_suffixes() -> PublicSuffixList:
    return PublicSuffixList()
