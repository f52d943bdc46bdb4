"""The sentences that state the reasons of allies, in English and Spanish."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from directory.filters.labels import join_labels, lower_first_letter
from directory.geo import KM_PER_MILE
from directory.partners.allies.evidence import EXCHANGE_KINDS, AllyReasonKind
from directory.partners.allies.shared_themes import FACET_BY_KIND
from directory.question import FACETS
from directory.vocabulary.choice_labels import choose_label_language
from directory.vocabulary.region_phrases import format_in_sentence
from directory.vocabulary.regions import REGIONS

MAX_NAMES = 3  # of members of the group in a sentence; more are counted
Translations: TypeAlias = tuple[str, str]  # English, Spanish
Kind: TypeAlias = AllyReasonKind

# For one organization that looks for allies, then for several. Of what is sought and offered, by how many share it.
_PATTERNS: Mapping[Kind, tuple[Translations, Translations]] = {
    Kind.SHARED_ISSUE_AREA: (
        ("Both work on {subject}, {which}.", "Ambas trabajan en el tema de {subject}, {which}."),
        ("Works on {subject}, like {names}; {which}.", "Trabaja en el tema de {subject}, igual que {names}; {which}."),
    ),
    Kind.SHARED_BROADER_ISSUE_AREA: (
        ("Both work on topics within {subject}, {which}.", "Ambas trabajan en temas de {subject}, {which}."),
        (
            "Works on topics within {subject}, like {names}; {which}.",
            "Trabaja en temas de {subject}, igual que {names}; {which}.",
        ),
    ),
    Kind.SHARED_COMMUNITY: (
        ("Both serve {subject}, {which}.", "Ambas atienden a {subject}, {which}."),
        ("Serves {subject}, like {names}; {which}.", "Atiende a {subject}, igual que {names}; {which}."),
    ),
    Kind.SHARED_BROADER_COMMUNITY: (
        ("Both serve communities that belong to {subject}, {which}.", "Ambas atienden a comunidades de {subject}, {which}."),
        (
            "Serves communities that belong to {subject}, like {names}; {which}.",
            "Atiende a comunidades de {subject}, igual que {names}; {which}.",
        ),
    ),
    Kind.SHARED_WORK_AREA: (
        ("Both do this kind of work: {subject}, {which}.", "Ambas hacen este tipo de trabajo: {subject}, {which}."),
        (
            "Does this kind of work, like {names}: {subject}; {which}.",
            "Hace este tipo de trabajo, igual que {names}: {subject}; {which}.",
        ),
    ),
    Kind.SHARED_BROADER_WORK_AREA: (
        ("Both do work that belongs to {subject}, {which}.", "Ambas hacen trabajo de {subject}, {which}."),
        ("Does work that belongs to {subject}, like {names}; {which}.", "Hace trabajo de {subject}, igual que {names}; {which}."),
    ),
    Kind.SHARED_COALITION: (
        ("Both belong to {subject}, {which}.", "Ambas pertenecen a {subject}, {which}."),
        ("Belongs to {subject}, like {names}; {which}.", "Pertenece a {subject}, igual que {names}; {which}."),
    ),
    Kind.SAME_REGION: (
        ("Both are in {subject}, {which}.", "Ambas están en {subject}, {which}."),
        ("Is in {subject}, like {names}; {which}.", "Está en {subject}, igual que {names}; {which}."),
    ),
    Kind.SERVES_SAME_REGION: (
        ("Both serve people in {subject}, {which}.", "Ambas atienden a personas en {subject}, {which}."),
        ("Serves people in {subject}, like {names}; {which}.", "Atiende a personas en {subject}, igual que {names}; {which}."),
    ),
    Kind.NEARBY: (
        ("Their published places are {distance} apart.", "Sus lugares publicados están a {distance} de distancia."),
        (
            "Its published place is {distance} from that of {names}.",
            "Su lugar publicado está a {distance} de distancia del de {names}.",
        ),
    ),
    Kind.COMPLEMENTS: (
        ("Works on {subject}, on which {names} does not.", "Trabaja en temas de {subject}, a diferencia de {names}."),
        (
            "Works on {subject}, on which none of the {count} does.",
            "Trabaja en temas de {subject}; ninguna de las {count} lo hace.",
        ),
    ),
    Kind.OFFERS_WHAT_IT_SEEKS: (
        ("Offers or does what {names} seeks: {subject}.", "Ofrece o hace lo que busca {names}: {subject}."),
        ("Offers or does what {names} seek: {subject}.", "Ofrece o hace lo que buscan {names}: {subject}."),
    ),
    Kind.SEEKS_WHAT_IT_OFFERS: (
        ("Seeks what {names} offers: {subject}.", "Busca lo que ofrece {names}: {subject}."),
        ("Seeks what {names} offer: {subject}.", "Busca lo que ofrecen {names}: {subject}."),
    ),
}
_SAME_PLACE: tuple[Translations, Translations] = (
    ("Both are published at the same place.", "Ambas se publican en el mismo lugar."),
    ("Is published at the same place as {names}.", "Se publica en el mismo lugar que {names}."),
)
SAME_PLACE_KM = 0.05  # organizations of one city are published at its center, wherever in it they are
_YOUR_GROUP: Translations = ("your group", "su grupo")
_OTHERS: Translations = ("{count} of the {size}", "{count} de las {size}")
# What members do, as a verb in the singular and the plural: in English, in Spanish. Then the same for where they are.
_VERBS = ((("does", "do"), ("lo hace", "lo hacen")), (("is", "are"), ("está ahí", "están ahí")))
_WORD: Translations = ("“{}”", "«{}»")


class ReasonFacts(Struct, frozen=True):
    """What a sentence says: of what, who in a group of `group_size` shares it, and how many of all members do.

    `subjects` are slugs, codes, a name or, for what is sought and offered, a facet and a key: "work_areas:legal-services". The
    name of a group that is not listed is "". `km` is a distance, None if the sentence has none.
    """

    subjects: tuple[str, ...]
    sharers: tuple[str, ...]
    group_size: int
    members: int
    total: int
    km: float | None = None


def format_reason(kind: AllyReasonKind, facts: ReasonFacts, language: str) -> str:
    """Return the sentence of a reason, in Spanish for "es" and "es-MX", otherwise in English."""
    spanish = choose_label_language(language) == "es"
    language = "es" if spanish else "en"
    is_plural = len(facts.sharers) > 1 if kind in EXCHANGE_KINDS else facts.group_size > 1
    is_same_place = facts.km is not None and facts.km < SAME_PLACE_KM
    pattern = (_SAME_PLACE if is_same_place else _PATTERNS[kind])[is_plural][spanish]
    subjects = [_label_subject(kind, subject, language) for subject in facts.subjects]
    return pattern.format(
        subject=join_labels(subjects, language, is_choice=False) if subjects else "",
        names=_join_names(facts, language),
        which=_format_which(kind, facts, spanish),
        distance="" if facts.km is None else _format_distance(facts.km, spanish),
        count=facts.group_size,
    )


def _format_which(kind: AllyReasonKind, facts: ReasonFacts, spanish: bool) -> str:
    """Return "as 4 of 312 members do" for the end of a sentence about both, "4 of 312 members do" for one about a group."""
    is_group = facts.group_size > 1
    singular, plural = _VERBS[kind is AllyReasonKind.SAME_REGION][spanish]
    verb = singular if facts.members == 1 else plural
    if spanish:
        numbers = f"{facts.members:,} de {facts.total:,} miembros"
        return f"{verb} {numbers}" if is_group else f"como {numbers}"
    numbers = f"{facts.members:,} of {facts.total:,} members"
    return f"{numbers} {verb}" if is_group else f"as {numbers} {verb}"


def _label_subject(kind: AllyReasonKind, subject: str, language: str) -> str:
    facet = FACET_BY_KIND.get(kind)
    if kind in EXCHANGE_KINDS:
        facet, _, subject = subject.partition(":")
        if not facet:
            return _WORD[language == "es"].format(subject)
    if facet is not None:
        return lower_first_letter(FACETS[facet].require(subject).label(language), _FIELD_BY_FACET[facet], language)
    region = REGIONS.get(subject) if kind in (AllyReasonKind.SAME_REGION, AllyReasonKind.SERVES_SAME_REGION) else None
    return format_in_sentence(region, language) if region else subject


_FIELD_BY_FACET = {
    "issue_areas": "issueAreas",
    "communities": "communities",
    "work_areas": "workAreas",
    "languages": "languages",
}


def _join_names(facts: ReasonFacts, language: str) -> str:
    spanish = language == "es"
    names: Sequence[str] = [name or _YOUR_GROUP[spanish] for name in facts.sharers]
    if len(names) > MAX_NAMES:
        return _OTHERS[spanish].format(count=len(names), size=facts.group_size)
    return join_labels(names, language, is_choice=False) if names else ""


def _format_distance(km: float, spanish: bool) -> str:
    if km < 1:
        return "menos de 1 km" if spanish else "less than 1 km"
    miles = f"{km / KM_PER_MILE:,.0f}"
    unit = ("milla" if spanish else "mile") + ("" if miles == "1" else "s")
    return f"{km:,.0f} km ({miles} {unit})"
