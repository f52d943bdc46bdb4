"""Words for what the core names by codes and field names, in the language of a page.

sentences.py has the sentences of the import about single values: problems and repairs.
"""

import re
from collections.abc import Mapping

from directory.export.tables import load_spanish_headings
from directory.fields import FIELDS
from directory.vocabulary.choice_labels import CHOICES
from seed.clean.values.terms import VOCABULARIES
from seed.field_changes import STREET_DIFFERS
from seed.mapping.headings import describe_field, strip_field_number
from web.pages.languages import Language, mark

FIELD_LABELS: Mapping[str, str] = {  # of the fields of a record
    "name": mark("Name"),
    "names": mark("Other names"),
    "kind": mark("Kind of organization"),
    "summary": mark("Summary"),
    "description": mark("Description"),
    "founded": mark("Founded"),
    "website": mark("Website"),
    "seeks": mark("Looking for"),
    "offers": mark("Offers"),
    "links": mark("Links"),
    "identifiers": mark("Registration numbers"),
    "languages": mark("Languages"),
    "issue_areas": mark("Issue areas"),
    "communities": mark("Communities"),
    "work_areas": mark("Ways of working"),
    "service_areas": mark("Regions that it serves"),
    "membership": mark("Membership"),
    "search_engines": mark("Search engines"),
    "verified_at": mark("Last verified"),
    "verification_method": mark("How it was verified"),
    "audience": mark("Who may see the record"),
    "locations": mark("Places"),
    "contacts": mark("Contacts"),
    "parent": mark("Parent organization"),
    "relations": mark("Relations"),
}
VISIBILITY_LABELS: Mapping[str, str] = {  # of decisions on who may see what, with their reasons
    "everyone": mark("everyone"),
    "members only": mark("members only"),
    "staff only": mark("staff only"),
    "place shown with its street": mark("place shown with its street"),
    "place shown as its ZIP code": mark("place shown as its ZIP code"),
    "place shown as its city": mark("place shown as its city"),
    "place shown as its county": mark("place shown as its county"),
    "place shown as its state": mark("place shown as its state"),
    "place hidden": mark("place hidden"),
    "the whole record": mark("the whole record"),
    "the list or the profile says so": mark("the list or the profile says so"),
    "the list, the profile or an earlier edit says so": mark("the list, the profile or an earlier edit says so"),
    "an office's number or address": mark("an office's phone or e-mail"),
    "a named person's": mark("a named person's"),
    "the address may be a person's": mark("the e-mail may be a person's"),
    "nothing says that it is an office's": mark("nothing says that it is an office's"),
    "the list or the organization says so": mark("the list or the organization says so"),
    "an issue area requires it": mark("an issue area requires it"),
    "the default": mark("the rule for all places"),
    "a smaller area would reveal it": mark("a smaller area would reveal the place"),
}
DISCLOSURE_LABELS: Mapping[str, str] = {
    "EXACT": mark("shown with its street"),
    "POSTAL_CODE": mark("shown as its ZIP code"),
    "CITY": mark("shown as its city"),
    "COUNTY": mark("shown as its county"),
    "STATE": mark("shown as its state"),
    "HIDDEN": mark("hidden"),
}
PART_LABELS: Mapping[str, str] = {  # of what an import made public, or kept private
    "records": mark("records"),
    "places with their street": mark("places with their street"),
    "places with their exact point": mark("places with their exact point"),
    "places as their ZIP code": mark("places as their ZIP code"),
    "places as their city": mark("places as their city"),
    "places as their county": mark("places as their county"),
    "places as their state": mark("places as their state"),
    "places as their state or country only": mark("places as their state or country only"),
    "contacts of named people": mark("contacts of named people"),
    "contacts of offices": mark("contacts of offices"),
    "contacts for members only": mark("contacts for members only"),
    "contacts for staff only": mark("contacts for staff only"),
    "records for members only": mark("records for members only"),
    "records for staff only": mark("records for staff only"),
    "streets and exact points": mark("streets and exact points"),
}
_COLUMN_LABELS = {"email": mark("E-mail"), "phone": mark("Phone"), "tags": mark("Tags")}  # exports have no such columns
STREET_LABEL = mark("street differs")
_CHOICES_BY_FIELD = {"kind": "OrganizationKind", "audience": "Audience", "membership": "MembershipStatus"}
_MARK = re.compile(r"\[([A-Z_]+)\]")  # of an audience or a disclosure, after a contact or a place
SEPARATOR = "; "


def label_field(field: str, language: Language) -> str:
    """Return the label of a field of a record, or its name if it has none."""
    return language.gettext(FIELD_LABELS[field]) if field in FIELD_LABELS else field


def label_value(field: str, text: str, language: Language) -> str:
    """Return the text of a value with labels instead of codes and slugs."""
    if field in _CHOICES_BY_FIELD and text:
        code, space, rest = text.partition(" ")
        return _label_choice(_CHOICES_BY_FIELD[field], code, language) + space + rest
    vocabulary = FIELDS[field].vocabulary if field in FIELDS else None
    if vocabulary is not None:
        terms = (vocabulary.get(slug) or slug for slug in text.split(SEPARATOR))
        return SEPARATOR.join(term if isinstance(term, str) else term.label(language.code) for term in terms)
    text = text.replace(f"({STREET_DIFFERS})", f"({language.gettext(STREET_LABEL)})")
    return _MARK.sub(lambda match: f"({_label_mark(match[1], language)})", text)


def label_visibility(text: str, language: Language) -> str:
    """Return who may see a value, or the reason, in the language of the page."""
    return language.gettext(VISIBILITY_LABELS[text]) if text in VISIBILITY_LABELS else text


def label_part(text: str, language: Language) -> str:
    """Return the label of a part of a summary; of a part that is a field, the label of the field."""
    return language.gettext(PART_LABELS[text]) if text in PART_LABELS else label_field(text.replace(" ", "_"), language)


def label_flat_field(field: str, language: Language) -> str:
    """Return what a column holds: "a postal code", "lugar: código postal"."""
    if language.code != "es":
        return describe_field(field)
    spanish = load_spanish_headings().get(strip_field_number(field))
    return spanish or (language.gettext(_COLUMN_LABELS[field]).lower() if field in _COLUMN_LABELS else describe_field(field))


def label_term(term: str, language: Language) -> str:
    """Return the label of a term such as "issue_areas:housing", with its vocabulary; the text itself if it has another form.

    A slug without its vocabulary, such as "housing", stands for the term of its column: all terms with this slug are named.
    """
    name, _, slug = term.rpartition(":")
    found = {owner: vocabulary.get(slug) for owner, vocabulary in VOCABULARIES.items() if name in ("", owner)}
    labels = [f"{each.label(language.code)} ({label_field(owner, language)})" for owner, each in found.items() if each]
    return " / ".join(labels) or term


def _label_choice(name: str, code: str, language: Language) -> str:
    return next((choice.label(language.code) for choice in CHOICES[name] if choice.value == code), code)


def _label_mark(code: str, language: Language) -> str:
    if code in DISCLOSURE_LABELS:
        return language.gettext(DISCLOSURE_LABELS[code])
    return _label_choice("Audience", code, language).lower()
