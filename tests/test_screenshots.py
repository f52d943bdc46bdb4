"""Screenshots show every page, and the examples that they and other tests use are complete."""

import re
from pathlib import Path

import pytest
from starlette.routing import compile_path

from benchmarks.fictional_networks import SEED
from benchmarks.pages.example_pages import list_example_pages
from benchmarks.pages.screenshots import INDEX, main
from tests.conftest import skip_missing
from web.pages.routes import PAGES

FILE = re.compile(r"\.\w+$|^/feed$")  # a page with an extension is a file, not a document, and so is a feed
WITHOUT_LAYOUT = {"/embed"}  # its size and accessibility are tested in frames (stories/browser/test_embeds.py)


@pytest.mark.parametrize("route", [route for route in PAGES if not FILE.search(route) and route not in WITHOUT_LAYOUT])
def test_every_page_has_an_example(route: str) -> None:
    pattern = compile_path(route)[0]
    paths = [path.partition("?")[0] for path in list_example_pages(SEED).values()]
    assert any(pattern.fullmatch(path) for path in paths), f"Add an example of {route} to benchmarks/pages/example_pages.py."


def test_examples_can_have_a_language() -> None:
    assert list_example_pages(SEED, "es")["themes"] == "/es/themes"


@pytest.mark.slow
def test_a_page_is_shown_in_all_widths_languages_and_schemes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if main([str(tmp_path), "--page", "about"]):
        skip_missing("Chromium")
    names = {
        f"about-{language}-{width}-{scheme}.png"
        for language in ("en", "es")
        for width in (360, 768, 1440)
        for scheme in ("light", "dark")
    }
    assert {path.name for path in tmp_path.iterdir()} == {*names, INDEX}
    assert all(f'src="{name}"' in (tmp_path / INDEX).read_text() for name in names)
    assert "12 screenshots" in capsys.readouterr().out


def test_an_unknown_page_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(["--page", "nope"])
    assert refusal.value.code == 2
    assert "there is no page nope. The pages are: home, " in capsys.readouterr().err
