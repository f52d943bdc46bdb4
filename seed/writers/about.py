"""What a writer is told of the export besides the records themselves."""

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from directory.records import Audience


class ExportInfo(Struct, frozen=True, kw_only=True):
    """`version` is that of the snapshot the records come from: opaque, and other when this audience may see something else.

    `names` leads from the id of an organization to its name, for all that this audience sees: parents and relations may lead to
    records that are not in the export. `base_url` is where people find the directory, without a slash at its end; None where it
    is nowhere. Of a `fictional` directory every format that can says so.
    """

    title: str
    audience: Audience
    version: str
    exported_at: dt.datetime  # with its time zone
    names: Mapping[str, str] = {}
    base_url: str | None = None
    fictional: bool = False
