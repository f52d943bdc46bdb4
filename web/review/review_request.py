"""A request for a page of the review, and how the page is rendered."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from jinja2 import Environment
from msgspec import Struct

from web.pages.assets import BUILT_FOLDER, OWN_FOLDER, Assets
from web.pages.languages import LANGUAGES, Language
from web.pages.page import Download, Page
from web.pages.rendering import TEMPLATES_FOLDER, build_environment
from web.review.review_session import ReviewSession

FOLDER = Path(__file__).parent
REVIEW_ASSETS = Assets(OWN_FOLDER, BUILT_FOLDER, FOLDER / "assets")
Form: TypeAlias = Mapping[str, str]


class Step(NamedTuple):
    """Another page of the review to go to, by its path: "/columns". `message` says there what has happened, None for nothing."""

    path: str
    search: str = ""
    message: str | None = None


class Notice(Struct, frozen=True):
    """A sentence above a page: what has happened, or what is wrong. `language` is that of the text."""

    text: str
    is_error: bool = False
    language: str = "en"


class ReviewRequest(Struct, frozen=True):
    """`root` is before the path of every page, `path` is without language: "/columns". `form` is {} unless it was sent."""

    session: ReviewSession
    language: Language
    root: str
    csrf: str
    path: str
    parameters: Mapping[str, str]
    form: Form = {}

    def link(self, path: str, search: str = "") -> str:
        """Return the address of a page in the language of this one."""
        return f"{self.root}/{self.language.code}{path}" + (f"?{search}" if search else "")

    def translate(self, message: str, **values: object) -> str:
        """Return a marked message in the language of the page, with these values."""
        return self.language.gettext(message) % values


Answer: TypeAlias = Page | Step | Download


@cache
def load_review_environment(code: str) -> Environment:
    """Return the templates of the review, and those of the other pages whose components it uses."""
    return build_environment(LANGUAGES[code], REVIEW_ASSETS, FOLDER / "templates", TEMPLATES_FOLDER)


def render_review_page(page: Page, request: ReviewRequest, notices: tuple[Notice, ...] = ()) -> bytes:
    """Return the HTML in UTF-8."""
    template = load_review_environment(request.language.code).get_template(page.template)
    return template.render(_build_layout_values(request, notices) | page.values).encode("utf-8", errors="replace")


def _build_layout_values(request: ReviewRequest, notices: tuple[Notice, ...]) -> dict[str, Any]:
    others = [language for language in LANGUAGES.values() if language is not request.language]
    return {
        "request": request,
        "link": request.link,
        "language": request.language,
        "other_languages": [(language, f"{request.root}/{language.code}{request.path}") for language in others],
        "csrf": request.csrf,
        "file": request.session.steps.file.name,
        "has_columns": bool(request.session.profile and request.session.dataset.columns),
        "question_count": request.session.question_count,
        "is_applied": request.session.applied is not None,
        "notices": notices,
    }
