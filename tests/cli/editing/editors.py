"""Real text editors for tests: programs that change the text as a person would."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

_SCRIPT = """import os, pathlib, stat, sys
folder = pathlib.Path({folder!r})
steps = {steps!r}
path = pathlib.Path(sys.argv[-1])
number = len(list(folder.glob("seen-*")))
text = path.read_text()
(folder / f"seen-{{number}}.toml").write_text(text)
modes = [stat.S_IMODE(os.stat(one).st_mode) for one in (path, path.parent)]
(folder / f"modes-{{number}}").write_text(" ".join(map(oct, modes)))
exec(steps[min(number, len(steps) - 1)])
path.write_text(text)
"""


def make_editor(folder: Path, *steps: str) -> str:
    """Return the command of an editor with an argument. Each time it is opened, it runs the next step on the variable `text`.

    What it was shown is in `seen-0.toml` and so on in the folder, and the modes of the file and its folder in `modes-0`.
    """
    script = folder / "editor.py"
    script.write_text(_SCRIPT.format(folder=str(folder), steps=steps))
    return f'"{sys.executable}" "{script}" --wait'


def replace_line(start: str, new: str) -> str:
    """Return a step that replaces the first line that starts with `start`."""
    return (
        "lines = text.split('\\n'); "
        f"number = next(number for number, line in enumerate(lines) if line.startswith({start!r})); "
        f"lines[number] = {new!r}; text = '\\n'.join(lines)"
    )


RENAME = replace_line("name =", 'name = "Alder Grove"')


def list_kept(folder: Path) -> list[Path]:
    """Return the texts that the command kept in its private folders."""
    return list(folder.rglob("*.toml"))


def read_seen(folder: Path, number: int = 0) -> str:
    return (folder / f"seen-{number}.toml").read_text()


def wait_for(folder: Path, action: Callable[[], None]) -> str:
    """Return a step in which the editor waits until the test has run `action`, once."""
    opened, done = folder / "opened", folder / "done"
    os.mkfifo(opened)
    os.mkfifo(done)

    def act() -> None:
        opened.read_text()  # until the editor is open
        action()
        done.write_text("done")

    threading.Thread(target=act, daemon=True).start()
    return f"pathlib.Path({str(opened)!r}).write_text('open'); pathlib.Path({str(done)!r}).read_text()"
