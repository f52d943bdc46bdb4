"""Postal codes as they were derived, kept in the user's cache folder: deriving them anew takes a second of each start.

Whatever is wrong with the file or the folder, the postal codes are derived, and nobody is told. A file holds what one version of
the package and of the deriving code gives; another version has a file of its own.
"""

import os
import sys
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

import msgspec
import zipcodes

from directory import text
from directory.gazetteer import place, postal_columns
from directory.gazetteer.postal_columns import PostalColumns, derive_columns
from directory.vocabulary.region_files import DATA

CACHE_FOLDER_NAME = "membership-directory"
DIGEST_BYTES = 16
FINGERPRINTED_FILES = (  # what the columns depend on, beside the package
    *(Path(str(module.__file__)) for module in (postal_columns, place, text)),
    DATA / "states.csv",
    DATA / "counties.csv",
)


def load_columns() -> PostalColumns:
    """What `derive` gives."""
    file = _find_cache_file()
    known = _read_cache(file) if file else None
    if known is None:
        known = derive_columns()
        if file:
            _write_cache(file, known)
    return known


def _find_cache_file() -> Path | None:
    """None where there is no folder for it."""
    with suppress(OSError, RuntimeError):  # RuntimeError: a user without a home
        return (
            find_user_cache_folder()
            / CACHE_FOLDER_NAME
            / f"postal-codes-{zipcodes.__version__}-{sys.byteorder}-{_compute_fingerprint()}.msgpack"
        )
    return None


def find_user_cache_folder() -> Path:
    """Where the user's programs keep what they can make again. Raises RuntimeError for a user without a home."""
    stated = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if stated.is_absolute():  # the specification passes over any other
        return stated
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


@cache
def _compute_fingerprint() -> str:
    return blake2b(
        b"".join(blake2b(path.read_bytes()).digest() for path in FINGERPRINTED_FILES), digest_size=DIGEST_BYTES
    ).hexdigest()


def _compute_digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=DIGEST_BYTES).digest()


def _read_cache(file: Path) -> PostalColumns | None:
    with suppress(OSError, msgspec.MsgspecError):
        kept = file.read_bytes()
        body = kept[DIGEST_BYTES:]
        if kept[:DIGEST_BYTES] == _compute_digest(body):
            return msgspec.msgpack.decode(body, type=PostalColumns)
    return None


def _write_cache(file: Path, columns: PostalColumns) -> None:
    body = msgspec.msgpack.encode(columns)
    whole = file.with_name(f".{token_hex(8)}")  # moved to its name once it is whole, so that nobody reads a part
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            whole.write_bytes(_compute_digest(body) + body)
            whole.replace(file)
        finally:
            whole.unlink(missing_ok=True)
