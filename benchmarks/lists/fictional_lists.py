"""Generate fictional lists to import: one in the format of the IRS, and one like an office spreadsheet. Only towns are real."""

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

from benchmarks.lists.fictional_names import HEAD_WORDS, THEME_WORDS, TOWNS, invent_phone, invent_street
from cli.fictional.places import draw_home_place
from directory.gazetteer.place import Place
from directory.vocabulary.terms import ISSUE_AREAS

Cells = dict[str, str]
Rows = Iterable[Cells]

IRS_ROWS = 14_121  # the size of the IRS list for one city
IRS_POSTAL_CODES = 1_000  # as in one state; the IRS publishes its list by state
SPREADSHEET_ROWS = 10_000
SHARE_IN_ONE_HOUSE = 586 / 14_121  # the most organizations that share one address in that list
CHANGE_INTERVAL = 10  # one row in ten is changed

_WORDS = tomllib.loads(Path(__file__).with_name("fictional_lists.toml").read_text(encoding="utf-8"))
_BEGINNINGS, _MIDDLES, _ENDINGS = (_WORDS[part].split() for part in ("beginnings", "middles", "endings"))
_IRS: Cells = _WORDS["irs"]


def generate_irs_rows(rng: Random, count: int) -> Iterator[Cells]:
    """Yield rows in capitals, each with a number that is not in use. Some hundreds in ten thousand share one address."""
    shared_street, shared_town = f"{invent_street(rng)} STE 900".upper(), draw_home_place(rng)
    towns = [draw_home_place(rng) for _ in range(IRS_POSTAL_CODES)]
    for number in range(1, count + 1):
        in_house = rng.random() < SHARE_IN_ONE_HOUSE
        town, street = (shared_town, shared_street) if in_house else (rng.choice(towns), "")
        yield _build_irs_row(rng, f"00{number:07}", town, street)


def generate_spreadsheet_rows(rng: Random, count: int) -> Iterator[Cells]:
    """Yield rows as the office of a network has them, without numbers that identify an organization."""
    areas = [term.label() for term in ISSUE_AREAS]
    return (_build_spreadsheet_row(rng, draw_home_place(rng), areas) for _ in range(count))


def change_streets(rows: Rows, street: str) -> Iterator[Cells]:
    """Yield the rows, every tenth with another street. `street` is the name of its column."""
    for number, row in enumerate(rows, start=1):
        yield {**row, street: f"{number} Resettled Way"} if number % CHANGE_INTERVAL == 0 else row


def write_csv(file: Path, rows: Rows) -> None:
    rows = iter(rows)
    first = next(rows)
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.DictWriter(output, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


# Kind -> the generator of its rows, the column of streets, and the number of rows.
LIST_KINDS: dict[str, tuple[Callable[[Random, int], Iterator[Cells]], str, int]] = {
    "irs": (generate_irs_rows, "STREET", IRS_ROWS),
    "spreadsheet": (generate_spreadsheet_rows, "Street", SPREADSHEET_ROWS),
}


def _build_irs_row(rng: Random, number: str, place: Place, street: str) -> Cells:
    name = _invent_name(rng, place).upper()
    values = {
        "EIN": number,
        "NAME": f"{name} INC" if rng.random() < 0.4 else name,
        "ICO": f"% {_coin_word(rng)} {_coin_word(rng)}".upper() if rng.random() < 0.5 else "",
        "STREET": street or _invent_street_line(rng),
        "CITY": (place.city or "").upper(),
        "STATE": _state_letters(place),
        "ZIP": f"{_postal_code(place)}-{rng.randrange(1, 10_000):04}",
        "RULING": f"{rng.randrange(1940, 2026)}{rng.randrange(1, 13):02}",
        "NTEE_CD": rng.choice(_WORDS["ntee_codes"]),
        "SORT_NAME": _invent_second_name(rng) if rng.random() < 0.2 else "",
    }
    return {**_IRS, **values}


def _build_spreadsheet_row(rng: Random, place: Place, areas: list[str]) -> Cells:
    name = _invent_name(rng, place)
    domain = "".join(word for word in name.lower().split() if word.isalpha())[:30] + ".org"
    return {
        "Organization": name,
        "Street": "" if rng.random() < 0.2 else invent_street(rng),
        "City": place.city or "",
        "State": _state_letters(place),
        "ZIP": _postal_code(place),
        "Phone": "" if rng.random() < 0.3 else invent_phone(rng, rng.choice(TOWNS)[2]),
        "Email": "" if rng.random() < 0.3 else f"info@{domain}",
        "Website": "" if rng.random() < 0.3 else f"www.{domain}",
        "Issue areas": "; ".join(rng.sample(areas, rng.randrange(1, 4))),
        "Contact": f"{_coin_word(rng)} {_coin_word(rng)}",
    }


def _invent_name(rng: Random, place: Place) -> str:
    theme, other, head = *rng.sample(THEME_WORDS, 2), rng.choice(HEAD_WORDS)
    forms = (
        f"{_coin_word(rng)} {theme} {head}",
        f"{_coin_word(rng)} {theme} and {other} {head}",
        f"{place.city} {_coin_word(rng)} {head}",
        f"{_coin_word(rng)} {_coin_word(rng)} {head}",
        f"{head} for {theme} of {_coin_word(rng)}",
    )
    return rng.choice(forms)


def _coin_word(rng: Random) -> str:
    """Return one of four thousand rare words. Real lists have thousands of names with such words."""
    return f"{rng.choice(_BEGINNINGS)}{rng.choice(_MIDDLES)}{rng.choice(_ENDINGS)}"


def _invent_second_name(rng: Random) -> str:
    return rng.choice(
        (f"CHAPTER {rng.randrange(1, 900)}", f"{_coin_word(rng)} {rng.choice(HEAD_WORDS)}".upper(), _coin_word(rng).upper())
    )


def _invent_street_line(rng: Random) -> str:
    if rng.random() < 0.12:
        return f"PO BOX {rng.randrange(1, 99_000)}"
    suite = f" STE {rng.randrange(1, 1_200)}" if rng.random() < 0.3 else ""
    return f"{invent_street(rng)}{suite}".upper()


def _state_letters(place: Place) -> str:
    return (place.state or "").removeprefix("US-")


def _postal_code(place: Place) -> str:
    return place.id.removeprefix("zip:")
