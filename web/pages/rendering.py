"""Render pages with Jinja2. Everything that comes from records or visitors is escaped by the templates."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from web.pages.assets import ASSETS, Assets
from web.pages.languages import LANGUAGES, Language
from web.pages.page import Page, PageRequest
from web.pages.template_values import PageEnvironment

TEMPLATES_FOLDER = Path(__file__).parent / "templates"


def render_page(page: Page, request: PageRequest) -> bytes:
    """Return the HTML in UTF-8."""
    environment = load_environment(request.language.code)
    template = environment.get_template(page.template)
    return template.render(_build_layout_values(request) | page.values).encode("utf-8", errors="replace")


@cache
def load_environment(code: str) -> Environment:
    """Return the templates of the pages with the texts of a language."""
    return build_environment(LANGUAGES[code], ASSETS, TEMPLATES_FOLDER)


def build_environment(language: Language, assets: Assets, *folders: Path) -> PageEnvironment:
    """Return the templates in the folders with the texts of a language. `_` and `trans` escape the values that they insert."""
    environment = PageEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= _build_text_functions(language)
    environment.filters |= {"count": language.format_count, "day": language.format_day, "month": language.format_month}
    environment.globals["asset"] = assets.get_address
    return environment


def _build_text_functions(language: Language) -> dict[str, Callable[..., Markup]]:
    """Return what `_` and `trans` call. Those of Jinja2 take three times as long, and a page has a hundred texts."""

    @cache
    def translate(message: str) -> Markup:
        return Markup(language.gettext(message) % {})  # noqa: S704 - our own text

    def gettext(message: str, /, **values: object) -> Markup:
        return _insert(language.gettext(message), values) if values else translate(message)

    def ngettext(singular: str, plural: str, count: int, /, **values: object) -> Markup:
        return _insert(language.ngettext(singular, plural, count), {"num": count, **values})

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def _insert(text: str, values: Mapping[str, object]) -> Markup:
    return Markup(text % {name: escape(value) for name, value in values.items()})  # noqa: S704 - each value is escaped


def _build_layout_values(request: PageRequest) -> dict[str, Any]:
    others: list[Language] = [language for language in LANGUAGES.values() if language is not request.language]
    return {
        "request": request,
        "link": request.link,
        "root": request.root,
        "site": request.site,
        "language": request.language,
        "other_languages": [(language, request.link_in(language.code)) for language in others],
    }
