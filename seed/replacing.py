"""Files that are written whole or not at all, and are nobody else's to read where they hold more than the public is told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

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
