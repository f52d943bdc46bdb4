"""Whose a web or e-mail address is: an organization's own domain, a page at a host of many, or a mailbox at a provider."""

import re
import tomllib
from pathlib import Path

from msgspec import Struct

_ADDRESS = re.compile(
    r"(?:[a-z]+://)?(?:[^/@]*@)?(?P<host>[^\s/?#:@.]+(?:\.[^\s/?#:@.]+)+)\.?(?::\d*)?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?"
)
_TABLES = tomllib.loads(Path(__file__).with_name("domains.toml").read_text(encoding="utf-8"))
MAIL_PROVIDERS = frozenset(_TABLES["mail_providers"].split())
SUBDOMAIN_HOSTS = frozenset(_TABLES["name_in_front"].split())
PATH_HOSTS = frozenset(_TABLES["page_behind"].split())
_SECOND_LEVELS = frozenset(_TABLES["second_levels"].split())
_FRONT_PAGES = frozenset(_TABLES["front_pages"].split())


class WebAddress(Struct, frozen=True, gc=False):
    """`domain` is the organization's own, `page` one at a host of many; `path` where in its domain, "" for the front page."""

    domain: str | None = None
    page: str | None = None
    path: str = ""


def parse_web_address(address: str | None) -> WebAddress:
    """What a web address tells, with or without https://; Web() for one that cannot be read or that tells nothing."""
    if not address:
        return WebAddress()
    parts = _ADDRESS.fullmatch(address.strip().lower())
    if parts is None:
        return WebAddress()
    host, path, query = parts["host"], parts["path"].strip("/ "), parts["query"]
    path = "" if path in _FRONT_PAGES else path
    domain = registrable_domain(host)
    if domain in PATH_HOSTS:
        page = f"{domain}/{path}" + (f"?{query}" if query and path.endswith(".php") else "")
        return WebAddress(page=page) if path else WebAddress()
    return WebAddress(None if domain in SUBDOMAIN_HOSTS else domain, path=path)


def email_domain(address: str) -> str | None:
    """The domain of an e-mail address; None where it is a provider of many."""
    host = address.rpartition("@")[2].strip().strip(".").lower()
    domain = registrable_domain(host) if "." in host else None
    return None if domain in MAIL_PROVIDERS or domain in SUBDOMAIN_HOSTS or domain in PATH_HOSTS else domain


def registrable_domain(host: str) -> str:
    """What somebody registered of a host name, by a rule of thumb instead of the public suffix list.

    The last two labels; three below "co.uk" and its like and at hosts whose customers have a name in front; four below a
    state of "us" (ci.example.ga.us).
    """
    labels = host.lower().removeprefix("www.").split(".")
    if len(labels) < 3:
        return ".".join(labels)
    last, second = labels[-1], labels[-2]
    two = f"{second}.{last}"
    if last == "us" and len(second) == 2:
        return ".".join(labels[-4:])
    if two in SUBDOMAIN_HOSTS or (len(last) == 2 and second in _SECOND_LEVELS):
        return ".".join(labels[-3:])
    return two
