"""The example files of docs/operating, as docs/operating.md shows them. tests/docs/test_operating.py tries each of them."""

from functools import partial
from pathlib import Path

FOLDER = Path(__file__).parent / "operating"
LANGUAGES = {".env": "ini", ".service": "ini", ".timer": "ini", ".sh": "sh", ".conf": "nginx", "": "text"}


def fence_file(file: Path) -> str:
    """The file as a block of code."""
    return f"```{LANGUAGES[file.suffix]}\n{file.read_text(encoding='utf-8').strip()}\n```"


OPERATING_FILES = {f"operating/{file.name}": partial(fence_file, file) for file in sorted(FOLDER.iterdir())}
