"""Every cached function is known, with what bounds its entries: requests cannot make the process grow without limit."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import schema.schema  # noqa: F401 - before the modules of its types
from directory.gazetteer.gazetteer import get_gazetteer

PACKAGES = ("directory", "schema", "web")
# Every cached function with arguments, and what bounds the size of its entries. Add new caches here.
RECORDS = "texts of records, limited by drafts"
NAMES = "compared names of records and of /reconcile, which limits them"
BOUNDS = {
    "directory.gazetteer.gazetteer._list_regions": "region codes",
    "directory.drafts.free_text._list_site_names": RECORDS,
    "directory.export.calendar_times._list_clock_changes": "time zones and years of events",
    "directory.export.draft_fields._gazetteer_county": RECORDS,
    "directory.export.hsds.profile.term_id": "codes of terms",
    "directory.drafts.free_text._name_places": RECORDS,
    "directory.drafts.draft_parts._check_country": "codes of countries",
    "directory.drafts.plain_fields._require_term": "slugs of terms",
    "directory.drafts.geocoding._resolve_area": RECORDS,
    "directory.drafts.geocoding._resolve_state": RECORDS,
    "directory.matching.match_record._normalize_city": NAMES,
    "directory.matching.match_record._list_place_words": NAMES,
    "directory.matching.normalized_name.normalize_word": NAMES,
    "directory.matching.web_domains._find_own_domain": "web and e-mail addresses of records and of /reconcile, which limits them",
    "directory.matching.normalized_name.is_number": NAMES,
    "directory.matching.normalized_name.is_deriving_word": NAMES,
    "directory.partners.coverage.matrix._group_by_country": "kinds of regions",
    "directory.partners.allies.shared_themes._add_ancestors": "terms of records, and of drafts, which are limited",
    "directory.partners.allies.evidence.compute_rarity": "numbers of members",
    "directory.published_sources._intern_source": RECORDS,
    "directory.published_sources._intern_list": RECORDS,
    "directory.published_places._coarsen_to_publishable": "region codes",
    "directory.published_places.get_default_disclosure": RECORDS,
    "directory.published_places._build_hidden_area": RECORDS,
    "directory.published_places._find_area": RECORDS,
    "directory.records.find_verification_cutoff": "days of requests",
    "directory.search.text.analysis._stem_cached": "words of at most MAX_STEMMED_LENGTH letters",
    "directory.search.text.indexed_fields._fold_place_lines": RECORDS,
    "directory.search.text.highlights._find_spans_cached": "words of records of at most MAX_CACHED_LENGTH characters",
    "directory.search.text.highlights._is_joining_character": "single characters",
    "directory.text._stem_word_cached": "words of at most MAX_STEMMED_LENGTH letters",
    "directory.understanding.text_language._guess": "texts of records of at most MAX_LENGTH characters",
    "directory.vocabulary.region_phrases.format_in_sentence": "regions",
    "directory.suggestions.terms._list_term_phrases": "names of facets",
    "directory.drafts.normalize.normalize_email": RECORDS,
    "directory.drafts.normalize.normalize_phone": RECORDS,
    "directory.store.records.columns._split_words": RECORDS,
    "directory.store.records.columns._share": RECORDS,
    "schema.execution.input_types._build_object_converter": "types of the schema",
    "schema.types.region._find_bounds": "region codes",
    "web.http.content_negotiation._negotiate": "headers of at most MAX_ACCEPT_LENGTH characters",
    "web.http.fast_path._format_headers": "headers of our own responses",
    "web.maps.area_map.load_county_map": "region codes",
    "web.maps.context.draw_area": "region codes and views of published places",
    "web.maps.context.draw_borders": "region codes and views of published places",
    "web.maps.context.draw_states": "views of published places",
    "web.maps.context.find_region_bounds": "region codes",
    "web.maps.context.list_name_spots": "views of published places",
    "web.maps.place_map.build_place_map": "published places",
    "web.pages.languages._format_month": "months of verifications",
    "web.http.caching._without_times": "the limits of a server",
    "web.pages.search.state_map._place_number": "areas of maps, and digits",
    "web.pages.search.state_map._fold_label": "labels of regions",
}
UNBOUNDED = {  # keys come only from our own code
    "directory.curation.revision_summary._list_defaults": "kinds of records",
    "directory.partners.allies.seeks_and_offers._list_names": "terms of the vocabularies",
    "directory.export.hsds.profile.taxonomy_id": "names of vocabularies",
    "directory.export.hsds.profile.profile_term": "codes of terms",
    "directory.export.hsds.profile.vocabulary_term": "codes of terms",
    "directory.vocabulary.phrases.load_everyday_phrases": "languages",
    "directory.understanding.function_words._read_words": "languages",
    "directory.understanding.function_words.list_small_words": "languages",
    "directory.understanding.function_words.load_ordinary_words": "languages",
    "directory.understanding.terms.meanings.get_language_names": "with or without `bare`",
    "directory.understanding.terms.meanings.get_meanings": "languages",
    "directory.understanding.terms.meanings._list_stems": "languages",
    "directory.understanding.terms.meanings.list_written_words": "languages",
    "directory.understanding.spelling._list_known_words": "languages",
    "directory.understanding.spelling._weigh_words": "languages",
    "directory.understanding.spelling.get_spelling_index": "languages",
    "directory.kinds.kind.list_part_types": "record types",
    "directory.kinds.kind.list_reference_fields": "record types",
    "directory.kinds.references._list_required_references": "record types",
    "directory.store.records.columns.list_plain_fields": "record types",
    "directory.store.records.columns.list_word_fields": "record types",
    "directory.store.records.columns._build_encoder": "record types",
    "directory.store.ledger.state_digest._list_fields": "record types",
    "web.pages.documents.load_document": "documents of pages",
    "web.pages.rendering.load_environment": "languages",
    "web.review.review_request.load_review_environment": "languages",
    "web.pages.preparation.prepare_pages": "the limits of a server",
}


def find_caches() -> Iterator[tuple[str, Any]]:
    """Yield the name and function of every cached function with arguments in a module."""
    for package in PACKAGES:
        for info in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if "migrations" not in info.name:
                for name, value in vars(importlib.import_module(info.name)).items():
                    is_cache = hasattr(value, "cache_parameters") and value.__module__ == info.name
                    if is_cache and inspect.signature(value).parameters:
                        yield f"{info.name}.{name}", value


def test_every_cache_has_a_known_bound() -> None:
    caches = dict(find_caches())
    assert caches.keys() == BOUNDS.keys() | UNBOUNDED.keys()
    sizes = {name: cache.cache_parameters()["maxsize"] for name, cache in caches.items()}
    assert {name for name, size in sizes.items() if size is None} == UNBOUNDED.keys()
    assert max(size for size in sizes.values() if size) <= 1 << 16
    gazetteer_caches = [value for value in vars(get_gazetteer()).values() if hasattr(value, "cache_parameters")]
    assert len(gazetteer_caches) > 3
    assert all(cache.cache_parameters()["maxsize"] for cache in gazetteer_caches)
