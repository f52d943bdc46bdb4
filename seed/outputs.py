"""Where an import writes besides the directory: asked for before anything is read, so that nothing is done and then not told."""

from collections.abc import Collection, Mapping
from pathlib import Path

from directory.errors import BadInput

OWN_FILES = {"report": "--report", "corrections": "--corrections", "save_profile": "--save-profile"}


def require_apart(file: Path, wanted: Mapping[str, Path | None]) -> None:
    """Raises BadInput where two of the `wanted` files (by their names in OWN_FILES) are one, or one is the file itself."""
    known = {file.resolve(): str(file)}
    for name, path in wanted.items():
        if path is None:
            continue
        if (other := known.setdefault(path.resolve(), OWN_FILES[name])) != OWN_FILES[name]:
            raise BadInput(f"{OWN_FILES[name]} would write over {other}; name another file.", argument=name)


def require_ending(name: str, path: Path | None, endings: Collection[str]) -> None:
    """Raises BadInput for a file whose ending is none of these."""
    if path is not None and path.suffix.lower() not in endings:
        raise BadInput(f"{OWN_FILES[name]} takes a file that ends in {', '.join(endings)}; {path.name} does not.", argument=name)
