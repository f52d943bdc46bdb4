"""The languages of the pages: which one a request gets, its texts, and how it writes dates, numbers and distances.

Texts are in English in the code and the templates; translations/es.po has them in Spanish. docs/spanish.md lists the terms.
"""

import gettext
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from directory.understanding.text_language import guess_text_language
from web.http.content_negotiation import parse_weighted_values

TRANSLATIONS_FOLDER = Path(__file__).parent / "translations"
DEFAULT_CODE = "en"
KM_PER_MILE = 1.609344
DAYS_PER_MONTH = 365.25 / 12
FIRST_GROUPED = 1000  # the smallest number that is written with a separator
_FEW_MILES = 10.0  # distances below it are written with one decimal


def mark(message: str) -> str:
    """Return the message as it is. Marks a text for translation that is translated somewhere else."""
    return message


class Language:
    """One language of the pages. `code` is also the first part of its addresses: "/es/"."""

    def __init__(self, code: str, locale: str, own_name: str) -> None:
        self.code, self.own_name = code, own_name
        self.locale = Locale.parse(locale)

    @cached_property
    def translations(self) -> gettext.NullTranslations:
        path = TRANSLATIONS_FOLDER / f"{self.code}.po"
        if not path.exists():
            return gettext.NullTranslations()
        compiled = BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, self.code))
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)

    @cached_property
    def gettext(self) -> Callable[[str], str]:
        return self.translations.gettext

    @cached_property
    def ngettext(self) -> Callable[[str, str, int], str]:
        return self.translations.ngettext

    def get_language_name(self, tag: str | None) -> str | None:
        """Return the name of the language with this BCP 47 tag: "Spanish" or "español". None if it is not known."""
        return self.locale.languages.get(tag.partition("-")[0].lower()) if tag else None

    def find_other(self, text: str | None) -> str | None:
        """Return the code of the language of a text of a record, None if it is not known or is this language."""
        code = guess_text_language(text) if text else None
        return None if code == self.code else code

    def format_count(self, number: int) -> str:
        """Return "1,234"."""
        if 0 <= number < FIRST_GROUPED:
            return str(number)  # most are, and a map of counties has hundreds of them
        return str(format_decimal(number, locale=self.locale))

    def format_day(self, day: date | datetime) -> str:
        """Return "March 11, 2025" or "11 de marzo de 2025"."""
        return str(format_date(day, "long", locale=self.locale))

    def format_weekday(self, day: date) -> str:
        """Return "Wednesday, March 17, 2021" or "miércoles, 17 de marzo de 2021"."""
        return str(format_date(day, "full", locale=self.locale))

    def format_time(self, moment: datetime) -> str:
        """Return the time of day, "8:30 AM" or "8:30 a.m.", with a space at which lines do not break."""
        return str(format_time(moment.timetz(), "short", locale=self.locale)).replace("\u202f", "\u00a0")

    def format_zone(self, moment: datetime) -> str:
        """Return the time zone of a moment in words: "Eastern Daylight Time" or "hora de verano oriental"."""
        return str(get_timezone_name(moment, "long", locale=self.locale))

    def format_month(self, day: date | datetime) -> str:
        """Return "March 2025" or "marzo de 2025"."""
        return _format_month(day.year, day.month, self.locale)

    def format_distance(self, kilometers: float, unit: str) -> str:
        """Return "about 151 miles" or, if `unit` is "km", "about 243 km"; in Spanish "a unas 151 millas".

        What is nearer than one of them is "less than 1 mile away".
        """
        amount = kilometers if unit == "km" else kilometers / KM_PER_MILE
        rounded = round(amount, 1) if amount < _FEW_MILES else round(amount)
        if rounded < 1:
            nearest = mark("less than 1 km away") if unit == "km" else mark("less than 1 mile away")
            return self.gettext(nearest)
        text = format_decimal(rounded, locale=self.locale)
        if unit == "km":
            return self.gettext("about %(number)s km") % {"number": text}
        return self.ngettext("about %(number)s mile", "about %(number)s miles", 1 if rounded == 1 else 2) % {"number": text}

    def format_age(self, then: date, today: date) -> str:
        """Return "today", "5 days ago", "3 months ago" or "2 years ago"."""
        days = max(0, (today - then).days)
        if days == 0:
            return self.gettext("today")
        if days < 60:
            return self.ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
        months = int(days / DAYS_PER_MONTH)
        if months < 24:
            return self.ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
        return self.ngettext("%(count)d year ago", "%(count)d years ago", months // 12) % {"count": months // 12}


@lru_cache(maxsize=1_000)
def _format_month(year: int, month: int, locale: Locale) -> str:
    return str(format_skeleton("yMMMM", date(year, month, 1), locale=locale))


LANGUAGES = {language.code: language for language in (Language("en", "en_US", "English"), Language("es", "es_US", "Español"))}


def negotiate_language(accept_language: str) -> Language:
    """Return the language of ours with the most weight in the header; English if it names neither."""
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for value in parse_weighted_values(accept_language):
        code = value.name.partition("-")[0]
        if code in weights:
            weights[code] = max(weights[code], value.weight)
    best = max(weights, key=lambda code: (weights[code], code == DEFAULT_CODE))
    return LANGUAGES[best]
