"""Find the telephone numbers in a cell as people type them: several numbers, labels, notes and extensions.

Nothing is guessed. A part that is not a complete number is left out, and a sentence says so.
"""

import re
from collections.abc import Iterator, Sequence

import phonenumbers
from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.normalize import load_us_numbers
from directory.errors import BadInput
from seed.clean.cleaning_log import CleaningResult
from seed.clean.values.telephone_labels import LabelledText, label_numbers

MAX_LENGTH = 1_000  # characters of a cell
MAX_NUMBERS = 20  # of one cell
MAX_GROUPS = 8  # groups of digits of one number
MAX_DIGITS = 17  # of one number with the digits before its country code
LOCAL_DIGITS = 7  # of a number without its area code
LAST_DIGITS = 4  # of a number of North America, after its area code and exchange
MIN_PART_DIGITS = 3  # fewer digits are part of a note, unless they follow a number: "404-555-0100/01"
MIN_VANITY_LETTERS = 3
BLANK = "\0"  # stands for a character that was recognized; cells have no such character
NORTH_AMERICA = 1  # country calling code of the United States, Canada and the Caribbean
_HOME_REGIONS = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP"})
_SHAPES = frozenset({(3, 3, 4), (10,), (3, 7), (6, 4), (3, 3, 2, 2)})  # lengths of the groups of a ten-digit number

_US_NUMBER = load_us_numbers()
_OTHER_ENDING = re.compile(
    r"(?:\s?\([A-Za-z .]{1,20}\))?\s?(?:/|&|\b(?:or|and|o|y)\b)\s?(?:(?:fax|cell|tty)\s)?(\d{4})(?![\d]|[-.) ]{1,2}\d)",
    re.IGNORECASE | re.ASCII,
)
_TEN_DIGITS = re.compile(r"(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-. ]?(\d{3})[-. ]?(\d{4})", re.ASCII)
_DECIMAL_FRACTION = re.compile(r"(?<![\d.])(\+?\d{7,15})\.0+(?!\d)", re.ASCII)
_SCIENTIFIC_NOTATION = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_DIGITS = re.compile(r"\d+", re.ASCII)
_SOFT_GAP = re.compile(r"[^\S\n]?[.\-–—‐‑·()_]?[^\S\n]?[(]?|/", re.ASCII)  # between two groups of one number
_PLUS = re.compile(r"\+\s?\(?$")
_VANITY = re.compile(
    r"(?<![A-Za-z\d])(\+?1[\s.\-–]{0,3})?\(?([2-9]\d\d)(?:\)[\s.\-–]{0,3}|[\s.\-–]{1,3})"
    r"((?:[A-Za-z\d][\s\-–]?){6}[A-Za-z\d])(?![A-Za-z\d])",
    re.ASCII,
)
_AFTER_DIGITS = re.compile(r"\d[ .\-–()]{0,4}$", re.ASCII)
_VANITY_WORD = re.compile(r"[A-Za-z]+")
_NOT_VANITY = frozenset(
    {"TTY", "TDD", "FAX", "EXT", "CELL", "WORK", "HOME", "TEXT", "MAIN", "CALL", "OFFICE", "MOBILE", "VOICE", "DIRECT", "INTAKE"}
)
_TOLL_FREE = frozenset(["800", "833", "844", "855", "866", "877", "888"])
_REPEATED_IN_DIGITS = re.compile(r"\s*\(([\d\s.\-–()]{4,16})\)", re.ASCII)
_EXTENSION = re.compile(
    r"[\s,;(]{0,3}(?:ext(?:ensi[oó]n|n|s)?\b\.?|ext(?=\d)|x|#|anexo|int\.)[\s.:#]{0,3}"
    r"(\d{1,7}(?![\d]|[-.]\d{3})"
    r"(?:\s{0,2}(?:,|/|&|\bor\b|\band\b|\bo\b|\by\b)\s{0,2}(?:ext\.?|x|#)?\s?\d{1,7}(?![\d]|[-.) ]{1,2}\d{3}))*)\s?\)?",
    re.IGNORECASE | re.ASCII,
)
_TIMES = re.compile(
    r"\b24\s?[/-]\s?7\b|\b\d{1,2}:\d\d\b"
    r"|\b\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m?\.?|h)?\s?(?:-|–|to|a)\s?\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\.?|h)?(?![\d-])",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(rf"{BLANK}\s?[/–-]\s?\(?$")
_SHORT_NUMBERS = re.compile(r"[2-9]11|988|\d{5,6}")

_ROUNDED = "The spreadsheet has rounded this number. Format the column as text and enter the number again, as in (404) 555-0100."
_FORMAT_ADVICE = "Write it like (404) 555-0100; a number outside the United States starts with + and its country code."
_NO_NUMBER = f"This is not a telephone number. {_FORMAT_ADVICE}"


class Telephone(Struct, frozen=True, gc=False):
    """A telephone number in E.164 form, its extension, and what it is for if that is not calling an office, such as "Fax"."""

    number: str
    extension: str | None = None
    label: str | None = None

    def __str__(self) -> str:
        extension = f" ext. {self.extension}" if self.extension else ""
        return f"{self.number}{extension}" + (f" ({self.label})" if self.label else "")


class _Span(Struct, frozen=True, gc=False):
    """A number in a cell, from `start` to `end`. It may have several extensions."""

    start: int
    end: int
    number: str
    extensions: tuple[str, ...] = ()


def parse_telephones(text: str, country: str = "US") -> CleaningResult[tuple[Telephone, ...]]:
    """Return the distinct numbers in the text, in order, and in `problems` a sentence for each part that is not used.

    `country` (ISO 3166-1) is that of numbers without a country code. Raises BadInput if the text has no number that can be used.
    """
    if country == "US" and (telephone := _parse_us_number(text)):
        return CleaningResult((telephone,))
    if len(text) > MAX_LENGTH:
        raise BadInput(f"This text is longer than {MAX_LENGTH:,} characters. Write only the telephone numbers.")
    if _SCIENTIFIC_NOTATION.fullmatch(text.strip()):
        raise BadInput(_ROUNDED)
    cell = _DECIMAL_FRACTION.sub(r"\1", text)
    reasons: list[str] = []
    spans = list(_find_spans(cell, country, reasons))
    problems = list(_describe_unused_digits(cell, spans, country))
    labelled = label_numbers(_list_gaps(cell, spans))
    telephones = _build_telephones(spans, labelled, problems)
    if not telephones:
        raise BadInput(problems[0] if problems else _NO_NUMBER)
    if labelled.has_notes:
        reasons.append("words around the number removed")
    if len(telephones) > MAX_NUMBERS:
        problems.append(f"This cell has {len(telephones)} telephone numbers. Only the first {MAX_NUMBERS} are used.")
    return CleaningResult(tuple(telephones[:MAX_NUMBERS]), tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(problems)))


def _build_telephones(spans: Sequence[_Span], labelled: LabelledText, problems: list[str]) -> list[Telephone]:
    """Return the numbers with their labels. Home numbers, and numbers whose label is unclear, become problems."""
    by_number: dict[tuple[str, str | None], Telephone] = {}
    for span, label in zip(spans, labelled.labels, strict=True):
        if label.problem:
            problems.append(label.problem)
            continue
        for extension in span.extensions or (None,):
            telephone = Telephone(span.number, extension, label.role)
            known = by_number.setdefault((span.number, extension), telephone)
            if known.label != label.role:  # one number for two purposes
                by_number[span.number, extension] = replace(known, label=None)
    return list(by_number.values())


def _parse_us_number(text: str) -> Telephone | None:
    """Parse a plain US number by its pattern alone, which is much faster; None for other texts."""
    digits = "".join(match.groups()) if (match := _TEN_DIGITS.fullmatch(text)) else ""
    return Telephone(f"+1{digits}") if _US_NUMBER.fullmatch(digits) else None


def _find_spans(text: str, country: str, reasons: list[str]) -> Iterator[_Span]:
    """Yield the numbers in their order: those in which letters stand for digits, and all others."""
    vanity = list(_find_vanity_numbers(text))
    if vanity:
        reasons.append("letters converted to digits")
    masked = _blank_out(text, vanity)
    plain = [span for run in _list_runs(masked) for span in _find_numbers_in_run(masked, run, country)]
    for span in sorted([*vanity, *plain], key=lambda span: span.start):
        match = _EXTENSION.match(masked, span.end)
        extensions = tuple(dict.fromkeys(_DIGITS.findall(match[1]))) if match else ()
        yield replace(span, end=match.end() if match else span.end, extensions=extensions)
        if not extensions:
            yield from _find_other_endings(masked, span, reasons)


def _find_other_endings(text: str, span: _Span, reasons: list[str]) -> Iterator[_Span]:
    """Yield the numbers that begin like this one and of which only the last four digits are written: "404-555-0100 / 0101"."""
    end = span.end
    while span.number.startswith("+1") and (match := _OTHER_ENDING.match(text, end)):
        number = _validate(span.number[:-LAST_DIGITS] + match[1])
        if number is None:
            return
        reasons.append("first digits taken from the number before")
        yield _Span(match.start(1), match.end(), number)
        end = match.end()


def _blank_out(text: str, spans: Sequence[_Span]) -> str:
    """Return the text with a blank in place of each character of the spans, so that positions stay the same."""
    for span in spans:
        text = text[: span.start] + BLANK * (span.end - span.start) + text[span.end :]
    return text


def _find_vanity_numbers(text: str) -> Iterator[_Span]:
    """Yield numbers such as 1-800-FLOWERS. The digits that the letters stand for may follow in parentheses."""
    position = 0
    while match := _VANITY.search(text, position):
        is_beginning = match[1] or not _AFTER_DIGITS.search(text[max(0, match.start() - 5) : match.start()])
        number = _parse_vanity_number(match) if is_beginning else None
        repeated = _REPEATED_IN_DIGITS.match(text, match.end())
        digits = "".join(_DIGITS.findall(repeated[1])) if repeated else ""
        position = match.start() + 1  # another number may begin in what is none: "1234 5678 or 1-800-FLOWERS"
        if number and number.endswith(digits):
            position = repeated.end() if repeated and digits else match.end()
            yield _Span(match.start(), position, number)


def _parse_vanity_number(match: re.Match[str]) -> str | None:
    """Return the number; None unless at least three letters stand next to each other, in capitals or in a toll-free number."""
    places = re.sub(r"[\s\-–]", "", match[3])
    words = [*_VANITY_WORD.findall(places), *_VANITY_WORD.findall(match[3])]
    is_name = places.upper() == places or (match[1] and match[2] in _TOLL_FREE)
    if not is_name or max(map(len, words), default=0) < MIN_VANITY_LETTERS or _NOT_VANITY.intersection(map(str.upper, words)):
        return None
    return _validate(f"+1{match[2]}{phonenumbers.convert_alpha_characters_in_number(places.upper())}")


def _list_runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the groups of digits that may belong to one number, because only spaces, hyphens and the like separate them."""
    run: list[re.Match[str]] = []
    for group in _DIGITS.finditer(text):
        if run and not _SOFT_GAP.fullmatch(text, run[-1].end(), group.start()):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _find_numbers_in_run(text: str, run: Sequence[re.Match[str]], country: str) -> Iterator[_Span]:
    """Yield the numbers in a run of groups. At each group, the longest number is taken."""
    position = 0
    while position < len(run):
        start = run[position].start()
        has_plus = _PLUS.search(text, max(0, start - 3), start) is not None
        for length in range(min(MAX_GROUPS, len(run) - position), 0, -1):
            end = run[position + length - 1].end()
            if number := _parse_groups(text[start:end], has_plus, country):
                yield _Span(len(text[:start].rstrip("(+")), end, number)
                position += length - 1
                break
        position += 1


def _parse_groups(text: str, has_plus: bool, country: str) -> str | None:
    """Return the number that the groups of digits form together, in E.164 form; None if they do not form one."""
    groups = _DIGITS.findall(text)
    digits = "".join(groups)
    ten_digits = None if has_plus else _find_ten_digits(groups)
    if ten_digits and (phonenumbers.country_code_for_region(country) == NORTH_AMERICA or len(digits) > 10):
        number = _validate(f"+1{ten_digits}")
        return None if number and len(digits) == 10 and _may_be_mexican(number) else number
    if "/" in text or len(digits) > MAX_DIGITS:  # a slash may stand before another number that is not complete
        return None
    if has_plus or (groups[0] == "52" and len(digits) in (12, 13)):  # Mexico is often written without the plus sign
        return _validate(f"+{digits}")
    if groups[0] in ("00", "011"):
        return _validate(f"+{''.join(groups[1:])}")
    national = groups[1:] if country == "MX" and groups[0] in ("01", "044", "045") else groups  # prefixes until 2019
    return None if phonenumbers.country_code_for_region(country) == NORTH_AMERICA else _validate("".join(national), country)


def _find_ten_digits(groups: Sequence[str]) -> str | None:
    """Return the ten digits of a number of North America, without the 1 before them; None for groups of other lengths."""
    lengths = tuple(map(len, groups))
    if groups[0][0] == "1" and (lengths in ((11,), (4, 3, 4)) or lengths[0] == 1):
        return "".join(groups)[1:] if lengths[0] > 1 or lengths[1:] in _SHAPES else None
    return "".join(groups) if lengths in _SHAPES else None


def _validate(text: str, country: str | None = None) -> str | None:
    """Return the E.164 form of a number that starts with +, or of one in the country; None if there is no such number."""
    if text.startswith("+521") and len(text) == 14:  # until 2019, a 1 stood before numbers of cell phones in Mexico
        text = f"+52{text[4:]}"
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    is_valid = phonenumbers.is_valid_number(number) and not number.extension
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_valid else None


def _may_be_mexican(number: str) -> bool:
    """Whether ten digits are a number of the Caribbean, but may be meant as one of Mexico: 664 is Montserrat and Tijuana."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    return region not in _HOME_REGIONS and _validate(f"+52{number[2:]}") is not None


def _list_gaps(text: str, spans: Sequence[_Span]) -> list[str]:
    """Return the texts before, between and after the numbers: one more than there are numbers."""
    ends = (0, *(span.end for span in spans))
    return [text[end:start] for end, start in zip(ends, (*(span.start for span in spans), len(text)), strict=True)]


def _describe_unused_digits(text: str, spans: Sequence[_Span], country: str) -> Iterator[str]:
    """Yield sentences for each group of digits that looks like a number or a part of one, but cannot be used."""
    rest = _TIMES.sub(lambda match: " " * len(match[0]), _blank_out(text, spans))
    for run in _list_runs(rest):
        groups = [group[0] for group in run]
        start, end = len(text[: run[0].start()].rstrip("(+")), run[-1].end()
        if len("".join(groups)) >= MIN_PART_DIGITS or _AFTER_NUMBER.search(rest, max(0, start - 5), start):
            yield f'"{text[start:end].strip()}" {_describe_digits(groups, country)}'


def _describe_digits(groups: Sequence[str], country: str) -> str:
    digits = "".join(groups)
    if _SHORT_NUMBERS.fullmatch(digits if len(digits) == 3 else groups[0]) and len(groups) in (1, 3):
        return "is a short number. The directory holds full numbers only. Add the full number of the service."
    if len(digits) == 10 and phonenumbers.country_code_for_region(country) == NORTH_AMERICA:
        if _validate(f"+52{digits}"):
            return f"may be a number in Mexico. If it is, write +52 {digits}. Otherwise check its digits."
        return f"has an area code or digits that are not in use, as far as this program knows. Check them. {_FORMAT_ADVICE}"
    if len(digits) <= LOCAL_DIGITS:
        problem = "has no area code" if len(digits) == LOCAL_DIGITS else "is only a part of a telephone number"
        return f"{problem}. Write the number in full, like (404) 555-0100."
    return f"is not a complete telephone number. {_FORMAT_ADVICE}"
