"""Cache the postal code columns in the user's cache folder, because deriving them takes a second.

If the file or the folder cannot be used for any reason, the columns are derived again without a message. Each version of the
package and of the code that derives the columns has its own file.
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
FINGERPRINTED_FILES = (  # the columns depend on these files and the package
    *(Path(str(module.__file__)) for module in (postal_columns, place, text)),
    DATA / "states.csv",
    DATA / "counties.csv",
)


def load_columns() -> PostalColumns:
    """Return the columns from the cache, or derive and cache them."""
    file = _find_cache_file()
    columns = _read_cache(file) if file else None
    if columns is None:
        columns = derive_columns()
        if file:
            _write_cache(file, columns)
    return columns


def _find_cache_file() -> Path | None:
    """None if the user has no cache folder."""
    with suppress(OSError, RuntimeError):  # RuntimeError: the user has no home directory
        return (
            find_user_cache_folder()
            / CACHE_FOLDER_NAME
            / f"postal-codes-{zipcodes.__version__}-{sys.byteorder}-{_compute_fingerprint()}.msgpack"
        )
    return None


def find_user_cache_folder() -> Path:
    """Return the folder for cached files on this platform. Raises RuntimeError if the user has no home directory."""
    xdg_folder = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if xdg_folder.is_absolute():  # the XDG specification ignores relative paths
        return xdg_folder
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
        content = file.read_bytes()
        body = content[DIGEST_BYTES:]
        if content[:DIGEST_BYTES] == _compute_digest(body):
            return msgspec.msgpack.decode(body, type=PostalColumns)
    return None


def _write_cache(file: Path, columns: PostalColumns) -> None:
    body = msgspec.msgpack.encode(columns)
    temporary = file.with_name(f".{token_hex(8)}")  # renamed when complete, so that no process reads a partial file
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            temporary.write_bytes(_compute_digest(body) + body)
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)
