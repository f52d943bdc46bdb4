"""What a dataset is called, and of what day it is: as somebody says, as its profile says, or as its name tells."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from seed.dataset import Dataset
from seed.instructions import Instructions
from seed.provenance import key_of

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
UNDATED = "of no certain day, so that what people edited goes before it (--date YYYY-MM-DD says one)"
_DIGITS = re.compile(r"[\W\d_]+")


def named(dataset: Dataset, path: Path, how: Instructions) -> Dataset:
    """The dataset with its key, title, address and day; the instructions go before what it says itself."""
    day = how.date or dataset.date or day_of(path.stem)
    key = key_of(how.key) if how.key else dataset.key or key_of(_DIGITS.sub(" ", path.stem))
    notes = tuple(_notes(dataset, key, day))
    return replace(
        dataset,
        key=key,
        title=how.title or dataset.title,
        url=how.url or dataset.url,
        date=day,
        notes=(*dataset.notes, *notes),
    )


def day_of(name: str) -> dt.date | None:
    """The day in a file's name ("members 2026-04-30", "bmf_2026-04": the first of the month); None where there is none."""
    found = _DAY.search(name)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def _notes(dataset: Dataset, key: str, day: dt.date | None) -> Iterator[str]:
    if dataset.states_sources:
        return
    told = f"state of {day}" if day else UNDATED
    yield f'The source is called "{key}", {told}. Everybody is told: {dataset.title}.'
