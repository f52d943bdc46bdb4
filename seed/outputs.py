"""Where an import writes besides the directory: asked for before anything is read, so that nothing is done and then not told."""

from collections.abc import Collection, Mapping
from pathlib import Path

from directory.errors import BadInput

OUTPUT_OPTIONS = {"report": "--report", "corrections": "--corrections", "save_profile": "--save-profile"}


def require_distinct_files(file: Path, outputs: Mapping[str, Path | None]) -> None:
    """Raises BadInput where two of the `wanted` files (by their names in OWN_FILES) are one, or one is the file itself."""
    known = {file.resolve(): str(file)}
    for name, path in outputs.items():
        if path is None:
            continue
        if (other := known.setdefault(path.resolve(), OUTPUT_OPTIONS[name])) != OUTPUT_OPTIONS[name]:
            raise BadInput(f"{OUTPUT_OPTIONS[name]} would write over {other}; name another file.", argument=name)


def require_extension(name: str, path: Path | None, extensions: Collection[str]) -> None:
    """Raises BadInput for a file whose ending is none of these."""
    if path is not None and path.suffix.lower() not in extensions:
        raise BadInput(
            f"{OUTPUT_OPTIONS[name]} takes a file that ends in {', '.join(extensions)}; {path.name} does not.", argument=name
        )
