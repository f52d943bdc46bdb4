"""Invented lists to import: one in the form of the IRS's, and one as people keep it in a spreadsheet. Towns are real, no more."""

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

from benchmarks.fictional_names import HEAD_WORDS, THEME_WORDS, TOWNS, invent_phone, invent_street
from cli.fictional.places import draw_home_place
from directory.gazetteer.place import Place
from directory.vocabulary.terms import ISSUE_AREAS

Cells = dict[str, str]
Rows = Iterable[Cells]

IRS_ROWS = 14_121  # as many as the IRS's list of one city has
IRS_POSTAL_CODES = 1_000  # as many as a state has; the IRS gives its list by states
SPREADSHEET_ROWS = 10_000
SHARE_IN_ONE_HOUSE = 586 / 14_121  # the most that share an address there
CHANGE_INTERVAL = 10  # every so many-th

_WORDS = tomllib.loads(Path(__file__).with_name("fictional_lists.toml").read_text(encoding="utf-8"))
_BEGINNINGS, _MIDDLES, _ENDINGS = (_WORDS[part].split() for part in ("beginnings", "middles", "endings"))
_IRS: Cells = _WORDS["irs"]


def generate_irs_rows(rng: Random, count: int) -> Iterator[Cells]:
    """Rows in capitals with a number each, that is nobody's; some hundreds in ten thousand are in one house."""
    house, at = f"{invent_street(rng)} STE 900".upper(), draw_home_place(rng)
    towns = [draw_home_place(rng) for _ in range(IRS_POSTAL_CODES)]
    for number in range(1, count + 1):
        in_house = rng.random() < SHARE_IN_ONE_HOUSE
        yield _build_irs_row(rng, f"00{number:07}", at if in_house else rng.choice(towns), house if in_house else "")


def generate_spreadsheet_rows(rng: Random, count: int) -> Iterator[Cells]:
    """Rows as a network's office has them, without any number by which they could be found again."""
    areas = [term.label() for term in ISSUE_AREAS]
    return (_build_spreadsheet_row(rng, draw_home_place(rng), areas) for _ in range(count))


def change_streets(rows: Rows, street: str) -> Iterator[Cells]:
    """The rows, every tenth with an office in another street; `street` is the column that has it."""
    for number, row in enumerate(rows, start=1):
        yield {**row, street: f"{number} Resettled Way"} if number % CHANGE_INTERVAL == 0 else row


def write_csv(file: Path, rows: Rows) -> None:
    rows = iter(rows)
    first = next(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


LIST_KINDS: dict[
    str, tuple[Callable[[Random, int], Iterator[Cells]], str, int]
] = {  # with the column of streets, and how many rows
    "irs": (generate_irs_rows, "STREET", IRS_ROWS),
    "spreadsheet": (generate_spreadsheet_rows, "Street", SPREADSHEET_ROWS),
}


def _build_irs_row(rng: Random, number: str, place: Place, street: str) -> Cells:
    name = _invent_name(rng, place).upper()
    said = {
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
    return {**_IRS, **said}


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
    """One of four thousand words that hardly anybody has in a name: real lists have thousands of these."""
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
