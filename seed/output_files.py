"""Files that are written whole or not at all, and are nobody else's to read where they hold more than the public is told."""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from directory.errors import BadInput

PUBLIC_FILE_MODE = 0o666  # as far as the umask allows
PRIVATE_FILE_MODE = 0o600


@contextmanager
def write_atomically(path: Path, mode: int = PRIVATE_FILE_MODE) -> Iterator[IO[bytes]]:
    """Where to write the file's new content; until that is whole, the file keeps what it has. A pipe is written to as it comes.

    The file has `mode` afterwards, whatever it had. Raises OSError where nothing can be written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            yield out
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


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
