"""Generate a made-up review with its recommendations, and a made-up declaration with its articles.

Each recommendation depends only on the seed and its number.
"""

import datetime as dt
from random import Random

from cli.fictional.descriptions import draw_topic
from cli.fictional.names import MARK, MARK_ES, draw_town
from cli.fictional.phrases import PHRASES, draw_one
from cli.fictional.record_parts import EPOCH, SOURCES, build_rng, derive_id
from cli.fictional.subjects import draw_subject
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.vocabulary.choices import InstrumentKind

RECOMMENDATIONS_PER_CYCLE = 340
ORGANIZATIONS_PER_RECOMMENDATION = 10  # in a large network
MAX_RECOMMENDATIONS = 10_000
MAX_ISSUE_AREAS = 3

_REVIEW, _DECLARATION = "instrument:review", "instrument:declaration"


def build_instruments(now: dt.datetime = EPOCH, seed: int = 1) -> list[StoredInstrument]:
    """Return the review and the declaration."""
    today = now.astimezone(dt.UTC).date()
    review = StoredInstrument(
        id=derive_id(_REVIEW, seed),
        slug="fictional-imaginary-review",
        name=f"Imaginary Periodic Review {MARK}",
        name_es=f"Examen Periódico Imaginario {MARK_ES}",
        kind=InstrumentKind.REVIEW,
        acronym="IPR-FIC",
        adopted_on=today - dt.timedelta(days=400),
        url="https://review.example/",
        summary="States that do not exist look at what a country does for the rights of its people, and say what to change.",
        issue_areas=("accountability",),
        sources=SOURCES,
    )
    declaration = StoredInstrument(
        id=derive_id(_DECLARATION, seed),
        slug="fictional-declaration-of-imaginary-rights",
        name=f"Declaration of Imaginary Rights {MARK}",
        name_es=f"Declaración de los Derechos Imaginarios {MARK_ES}",
        kind=InstrumentKind.DECLARATION,
        acronym="DIR-FIC",
        adopted_on=today - dt.timedelta(days=70 * 365),
        url="https://declaration.example/",
        summary="A short list of rights that was never agreed on by anyone.",
        issue_areas=("equality",),
        sources=SOURCES,
    )
    return [review, declaration]


def build_provisions(organization_count: int, seed: int = 1) -> list[StoredProvision]:
    """Return the recommendations of the review and the articles of the declaration. Equal arguments give equal records.

    A small network has one recommendation for each organization, up to a cycle. A large one has further cycles.
    """
    further = min(organization_count // ORGANIZATIONS_PER_RECOMMENDATION, MAX_RECOMMENDATIONS)
    count = max(min(RECOMMENDATIONS_PER_CYCLE, organization_count), further)
    return [*(_build_recommendation(number, seed) for number in range(count)), *_build_articles(seed)]


def _build_recommendation(number: int, seed: int) -> StoredProvision:
    """Return a recommendation of the first cycle or, if the number is too high, of a later one."""
    rng = build_rng(f"recommendation:{number}", seed)
    cycle, position = divmod(number, RECOMMENDATIONS_PER_CYCLE)
    subject, issue_areas = draw_one(rng, PHRASES.instruments.recommendations), draw_subject(rng).issue_areas[:MAX_ISSUE_AREAS]
    english, spanish = (draw_topic(rng, issue_areas[0], language) for language in ("en", "es"))
    name, state = subject.en.format(topic=english), _draw_state(rng)
    return StoredProvision(
        id=derive_id(f"recommendation:{number}", seed),
        slug=f"fictional-recommendation-{cycle + 1}-{position + 1}",
        name=name,
        name_es=subject.es.format(topic=spanish),
        number=f"{cycle + 1}.{position + 1}",
        summary=f"The {state} asks for {name}." if rng.random() < 0.8 else None,
        cycle=f"Cycle {cycle + 1}",
        recommending_state=state,
        response=draw_one(rng, PHRASES.instruments.responses) if rng.random() < 0.9 else None,
        issue_areas=issue_areas,
        instrument=derive_id(_REVIEW, seed),
        sources=SOURCES,
    )


def _draw_state(rng: Random) -> str:
    return draw_one(rng, PHRASES.instruments.state_forms).format(town=draw_town(rng))


def _build_articles(seed: int) -> list[StoredProvision]:
    return [
        StoredProvision(
            id=derive_id(f"article:{number}", seed),
            slug=f"fictional-article-{number}",
            name=article.en,
            name_es=article.es,
            number=str(number),
            issue_areas=article.issue_areas,
            instrument=derive_id(_DECLARATION, seed),
            sources=SOURCES,
        )
        for number, article in enumerate(PHRASES.instruments.articles, 1)
    ]
