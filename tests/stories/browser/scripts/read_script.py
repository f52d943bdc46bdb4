"""Functions in JavaScript that the tests run in a page."""

from pathlib import Path

FOLDER = Path(__file__).parent


def read_script(name: str) -> str:
    """Return the function in the file `name`.js."""
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
