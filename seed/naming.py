"""What a dataset is called, and of what day it is: as somebody says, as its profile says, or as its name tells."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from seed.dataset import Dataset
from seed.instructions import ReadOptions
from seed.provenance import derive_dataset_key

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
UNDATED_NOTE = "of no certain day, so that what people edited goes before it (--date YYYY-MM-DD says one)"
_NON_LETTERS = re.compile(r"[\W\d_]+")


def name_dataset(dataset: Dataset, path: Path, options: ReadOptions) -> Dataset:
    """The dataset with its key, title, address and day; the instructions go before what it says itself."""
    day = options.date or dataset.date or find_date(path.stem)
    key = derive_dataset_key(options.key) if options.key else dataset.key or derive_dataset_key(_NON_LETTERS.sub(" ", path.stem))
    notes = tuple(_describe_source(dataset, key, day))
    return replace(
        dataset,
        key=key,
        title=options.title or dataset.title,
        url=options.url or dataset.url,
        date=day,
        notes=(*dataset.notes, *notes),
    )


def find_date(name: str) -> dt.date | None:
    """The day in a file's name ("members 2026-04-30", "bmf_2026-04": the first of the month); None where there is none."""
    found = _DATE.search(name)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def _describe_source(dataset: Dataset, key: str, day: dt.date | None) -> Iterator[str]:
    if dataset.has_provenance:
        return
    told = f"state of {day}" if day else UNDATED_NOTE
    yield f'The source is called "{key}", {told}. Everybody is told: {dataset.title}.'
