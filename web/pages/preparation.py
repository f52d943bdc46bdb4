"""Prepare what pages need, so that no visitor waits for documents, templates and outlines, or pays for them."""

from functools import cache
from importlib import import_module

from schema.execution.prepared_document import prepare_operation, store
from schema.limits import Limits
from web.maps.area_map import load_state_map
from web.maps.atlas import ATLAS
from web.pages.documents import FOLDER, load_document
from web.pages.languages import LANGUAGES
from web.pages.rendering import load_environment

LATE_MODULES = ("phonenumbers", "directory.export.formats")  # that pages import when they need them


@cache
def prepare_pages(limits: Limits) -> None:
    """Prepare everything once in a process. Takes about a second of CPU time."""
    for path in sorted(FOLDER.glob("*.graphql")):
        prepared, text, _ = prepare_operation(load_document(path.stem), None, limits)
        store(prepared, text)
    for code in LANGUAGES:
        environment = load_environment(code)
        for name in environment.list_templates():
            environment.get_template(name)
    for name in LATE_MODULES:
        import_module(name)
    _prepare_maps()


def _prepare_maps() -> None:
    state_map, _counties = load_state_map(), ATLAS.counties
    for shape in state_map.shapes.values() if state_map else ():
        _ = shape.middle
