"""Collect the functions that parse external text: from clients, files and the command line."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from types import ModuleType
from typing import Any

from directory.drafts import free_text, normalize
from directory.gazetteer.gazetteer import get_gazetteer
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS
from seed.clean.values import addresses, areas, online_addresses
from seed.mapping import cell_splitting
from seed.sources import irs_fields
from seed.sources.formats import csv_records, limits
from tests.builders import a_stored_location, a_stored_organization
from tests.linear_text.growth_check import Work
from tests.linear_text.patterns import PACKAGES
from web.http import caching
from web.server import client_address

LRU_CACHE = type(lru_cache(len))
TEXTS = (str, str | None, bytes)
# Every public function of these modules whose only required argument is a text is a parser.
READERS = (
    "directory.gazetteer.gazetteer",
    "directory.matching",
    "directory.filters.origins",
    "directory.filters.filter_parts",
    "directory.filters.query_strings",
    "directory.filters.question_fields",
    "directory.gazetteer.place",
    "directory.gazetteer.place_search",
    "directory.understanding.place_phrases",
    "directory.search.text.analysis",
    "directory.search.text.highlights",
    "directory.search.text.parsed_text",
    "directory.text",
    "directory.understanding.understand",
    "directory.drafts.address_patterns",
    "directory.drafts.normalize",
    "schema.types.global_ids",
    "seed.clean",
    "seed.mapping",
    "seed.sources.dataset_loader",
    "seed.sources",
    "seed.resolve.row_statement",
    "directory.export.formula_escaping",
    "web.http.content_negotiation",
    "web.http.hosts",
    "web.reconcile.suggest",
)
# Their argument is one of our names or a single character, never external text.
EXCLUDED_READERS = {
    "directory.text.is_noncharacter",
    "directory.understanding.place_phrases.is_in_united_states",
    "seed.clean.values.plain_text.find_draft_path",
    "seed.mapping.headings.strip_field_number",
    "seed.mapping.headings.describe_field",
    "seed.mapping.profile_values.accepts_several_values",
    "seed.mapping.cell_splitting.build_splitter",
    "seed.sources.formats.limits.memory_error",
    "seed.sources.formats.limits.unpacked_size_error",
}


def _find_place(text: str) -> object:
    known = a_stored_organization(sites=(a_stored_location("New York", "US-NY"), a_stored_location()))
    return free_text.find_place(text, *free_text.list_place_names(known))


EXPLICIT_PARSERS: dict[str, Work] = {
    "an EIN": partial(normalize.normalize_identifier, "US-EIN"),
    "a city": lambda text: areas.clean_city(text, None),
    "a postal code": lambda text: areas.clean_postal_code(text, None),
    "a point": lambda text: addresses.parse_point(text, ""),
    "a name on a network": partial(online_addresses.parse_profile_links, kind="linkedin"),
    "a name on Mastodon": partial(online_addresses.parse_profile_links, kind="mastodon"),
    "a list of names": lambda text: _split_list("name", text),
    "a list of terms": lambda text: _split_list("issue_areas", text),
    "a list of regions": lambda text: _split_list("service_areas", text),
    "a place in a text": _find_place,
    "a delimiter": lambda text: csv_records.detect_delimiter(text, "list.csv"),
    "a line with quotation marks": lambda text: csv_records.split_broken_line(text, ",", 3),
    "TOML": lambda text: limits.parse_toml(text, "list.toml"),
    "a sort name": lambda text: irs_fields.parse_sort_name(text, "HARBOR TENANTS UNION", in_group=False),
    "an address of the IRS": lambda text: irs_fields.parse_irs_address(text, text, "GA", text),
    "a region": REGIONS.find,
    "a term": lambda text: [vocabulary.find(text) for vocabulary in (ISSUE_AREAS, COMMUNITIES, WORK_AREAS, LANGUAGES)],
    "a city of the gazetteer": lambda text: get_gazetteer().find_city(text, "GA"),
    "If-None-Match": lambda text: caching.is_not_modified('"tag"', text.encode("latin-1", "replace")),
    "X-Forwarded-For": lambda text: client_address.find_client_address(
        _build_forwarded_scope(text), client_address.parse_networks(["127.0.0.1"])
    ),
}


def collect_parsers() -> dict[str, Work]:
    """Return the functions that parse text by name, without their caches."""
    return {**dict(_find_readers()), **{name: _unwrap(parser) for name, parser in EXPLICIT_PARSERS.items()}}


def clear_caches() -> None:
    """Clear the caches of parsed texts. Tables that are built once stay."""
    for cache in _CACHES:
        cache.cache_clear()


def _split_list(field: str, text: str) -> object:
    split = cell_splitting.build_splitter(field, "comma")
    assert split is not None
    return split(text)


def _build_forwarded_scope(text: str) -> dict[str, Any]:
    return {"client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", text.encode("latin-1", "replace"))]}


def _find_readers() -> Iterator[tuple[str, Work]]:
    for module in import_modules():
        if module.__name__.startswith(READERS):
            for name, function in vars(module).items():
                place = f"{module.__name__}.{name}"
                if not name.startswith("_") and place not in EXCLUDED_READERS and _takes_text(function, module):
                    yield place, _wrap_reader(function)


def import_modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for info in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if ".migrations" not in info.name:
                yield importlib.import_module(info.name)


def _takes_text(function: object, module: ModuleType) -> bool:
    """Return whether this is a function of the module whose only required argument is a text."""
    plain = inspect.unwrap(function) if callable(function) else None
    if not inspect.isfunction(plain) or plain.__module__ != module.__name__:
        return False
    parameters = inspect.signature(plain).parameters.values()
    required = [parameter for parameter in parameters if parameter.default is parameter.empty]
    return len(required) == 1 and required[0].annotation in TEXTS


def _wrap_reader(function: Callable[..., Any]) -> Work:
    plain = _unwrap(function)
    (parameter, *_) = inspect.signature(plain).parameters.values()
    read: Work = (lambda text: plain(text.encode("utf-8", "replace"))) if parameter.annotation is bytes else plain
    return (lambda text: list(plain(text))) if inspect.isgeneratorfunction(plain) else read


def _unwrap(function: Callable[..., Any]) -> Callable[..., Any]:
    plain: Callable[..., Any] = inspect.unwrap(function)
    return plain


def _find_lru_caches() -> Iterator[Any]:
    """Yield the caches that hold more than a few values, which grow with the parsed texts."""
    for module in import_modules():
        for value in vars(module).values():
            if isinstance(value, LRU_CACHE) and (value.cache_parameters()["maxsize"] or 0) > 16:
                yield value


_CACHES = list({id(cache): cache for cache in _find_lru_caches()}.values())
