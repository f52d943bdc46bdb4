"""What a plan says in words, in English and Spanish: why fewer members are not enough, and why a cell stays uncovered."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from directory.filters.labels import lower_first_letter
from directory.partners.plans.candidates import PlanCell
from directory.partners.plans.certificate import PlanProof
from directory.partners.plans.plan import GapReason, Plan, PlanGap
from directory.vocabulary.choice_labels import choose_label_language
from directory.vocabulary.region_phrases import format_in_sentence
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

MAX_NAMED_CELLS = 12  # in one sentence
Translations: TypeAlias = tuple[str, str]  # English, Spanish

_PROOFS: Mapping[PlanProof, Translations] = {
    PlanProof.NOTHING_TO_CHOOSE: (
        "The included members alone cover everything that can be covered.",
        "Los miembros incluidos cubren por sí solos todo lo que se puede cubrir.",
    ),
    PlanProof.SEPARATE_CELLS: (
        "No {fewer} can cover this{beside}: these {count} combinations of theme and region have no member in common{each}: "
        "{cells}.",
        "Con {fewer} no se puede cubrir esto{beside}: estas {count} combinaciones de tema y región no tienen ningún miembro en "
        "común{each}: {cells}.",
    ),
    PlanProof.WEIGHTED_CELLS: (
        "No {fewer} can cover this{beside}. Count these combinations of theme and region by the number after each: {cells}. "
        "Together they need {total}{excess}, and no member has more than {capacity}.",
        "Con {fewer} no se puede cubrir esto{beside}. Cuente estas combinaciones de tema y región según el número que sigue a "
        "cada una: {cells}. Juntas necesitan {total}{excess}, y ningún miembro tiene más de {capacity}.",
    ),
    PlanProof.EXHAUSTIVE_SEARCH: (
        "No {fewer} can cover this{beside}: all choices of that size were ruled out one by one.",
        "Con {fewer} no se puede cubrir esto{beside}: se descartaron una por una todas las selecciones de ese tamaño.",
    ),
}
_NOBODY: Translations = (
    "No organization here can cover any of these combinations.",
    "Ninguna organización de aquí puede cubrir ninguna de estas combinaciones.",
)
_BESIDE: tuple[Translations, Translations] = (  # for one included member, then for several
    (" besides the included one", " además del incluido"),
    (" besides the {count} included", " además de los {count} incluidos"),
)
_EACH: Translations = (", and each needs up to {most} of its own", ", y cada una necesita hasta {most} propios")
_EXCESS: Translations = (
    ", after subtracting {excess} for members that have more",
    ", después de restar {excess} por los miembros que tienen más",
)
_NOT_PROVEN: Translations = (
    "Whether {size} are the fewest possible is not proven: at least {bound} are needed.",
    "No está demostrado que {size} sea el mínimo posible: se necesitan al menos {bound}.",
)
# For plans in which each cell needs one member, then for those in which it needs several and may get only some of them.
_LIMITED: tuple[Translations, Translations] = (
    (
        "This plan may have at most {most}, so it leaves {missing} of {total} combinations uncovered that others could cover.",
        "Este plan puede tener como máximo {most}, así que deja sin cubrir {missing} de {total} combinaciones que otros "
        "podrían cubrir.",
    ),
    (
        "This plan may have at most {most}, so it leaves {missing} of {total} combinations with fewer members than they "
        "could have.",
        "Este plan puede tener como máximo {most}, así que deja {missing} de {total} combinaciones con menos miembros de los "
        "que podrían tener.",
    ),
)
_LIMITED_OPTIMAL: Translations = (
    "No other choice of this size leaves fewer.",
    "Ninguna otra selección de este tamaño deja menos.",
)
_LIMITED_NOT_PROVEN: Translations = (
    "It is not proven that no other choice of this size leaves fewer.",
    "No está demostrado que ninguna otra selección de este tamaño deje menos.",
)
_GAPS: Mapping[GapReason, Translations] = {
    GapReason.MAX_SIZE: (
        "{Cell}: members could cover this, but the plan may not have more members.",
        "{Cell}: hay miembros que podrían cubrirlo, pero el plan no puede tener más miembros.",
    ),
    GapReason.EXCLUDED: (
        "{Cell}: only excluded members could cover this.",
        "{Cell}: solo podrían cubrirlo miembros excluidos.",
    ),
    GapReason.FILTER: (
        "{Cell}: only organizations that the filter leaves out could cover this.",
        "{Cell}: solo podrían cubrirlo organizaciones que el filtro deja fuera.",
    ),
    GapReason.NO_MEMBER: (
        "{Cell}: too few organizations in the directory work on this there. Missing: {missing}.",
        "{Cell}: en el directorio hay muy pocas organizaciones que trabajen en esto allí. Faltan: {missing}.",
    ),
}
_UNLISTED: Translations = (
    "{key} is not listed here, so the plan is made without it.",
    "{key} no figura aquí; el plan se hace sin tenerlo en cuenta.",
)
_MEMBERS: Translations = ("members", "miembros")


def describe_certificate(plan: Plan, language: str) -> str:
    """Return why the plan cannot be smaller, or what is not known about that."""
    spanish, certificate, size = _is_spanish(language), plan.certificate, len(plan.members)
    sentences = [_describe_proof(plan, spanish)]
    if plan.is_limited:
        pattern, most = _LIMITED[plan.request.per_cell > 1][spanish], _count_members(plan.request.max_size or 0, spanish)
        sentences.append(pattern.format(most=most, missing=plan.limited_count, total=plan.total))
        sentences.append((_LIMITED_OPTIMAL if certificate.is_optimal else _LIMITED_NOT_PROVEN)[spanish])
    elif not certificate.is_optimal:
        sentences.append(_NOT_PROVEN[spanish].format(size=_count_members(size, spanish), bound=certificate.lower_bound))
    return " ".join(sentence for sentence in sentences if sentence)


def describe_gap(gap: PlanGap, language: str) -> str:
    """Return why a cell has too few members."""
    spanish = _is_spanish(language)
    name = describe_cell(gap.cell, language)
    return _GAPS[gap.reason][spanish].format(Cell=name[:1].upper() + name[1:], missing=gap.missing)


def describe_notes(plan: Plan, language: str) -> list[str]:
    """Return a sentence for each key to include or exclude that names no organization the audience sees."""
    return [_UNLISTED[_is_spanish(language)].format(key=key) for key in plan.unlisted_keys]


def describe_cell(cell: PlanCell, language: str) -> str:
    """Return "housing in the Pacific"."""
    known = choose_label_language(language)
    theme = lower_first_letter(ISSUE_AREAS.require(cell.issue_area).label(known), "issueAreas", known)
    return f"{theme} {'en' if known == 'es' else 'in'} {format_in_sentence(REGIONS.require(cell.region), known)}"


def _describe_proof(plan: Plan, spanish: bool) -> str:
    """Return the proof of the lower bound; "" if it says nothing, as with a bound of 1."""
    certificate, included = plan.certificate, sum(member.is_included for member in plan.members)
    if not plan.members and not plan.is_limited:
        return _NOBODY[spanish]
    fewer = certificate.lower_bound - included - 1
    if certificate.proof is not PlanProof.NOTHING_TO_CHOOSE and fewer < 1:
        return ""
    weights = certificate.weights if certificate.proof is PlanProof.WEIGHTED_CELLS else None
    needs = certificate.needs
    total = sum(weight * need for weight, need in zip(certificate.weights, needs, strict=True))
    most_needed = max(needs, default=1)
    return _PROOFS[certificate.proof][spanish].format(
        fewer="single member" if fewer == 1 and not spanish else _count_members(fewer, spanish),
        beside=_BESIDE[included > 1][spanish].format(count=included) if included else "",
        count=len(certificate.cells),
        each=_EACH[spanish].format(most=most_needed) if most_needed > 1 else "",
        cells=_list_cells(certificate.cells, weights, spanish),
        total=total - certificate.excess,
        excess=_EXCESS[spanish].format(excess=certificate.excess) if certificate.excess else "",
        capacity=certificate.capacity,
    )


def _list_cells(cells: tuple[PlanCell, ...], weights: Iterable[int] | None, spanish: bool) -> str:
    language = "es" if spanish else "en"
    names = [describe_cell(cell, language) for cell in cells[:MAX_NAMED_CELLS]]
    if weights is not None:
        names = [f"{name} ({weight})" for name, weight in zip(names, weights, strict=False)]
    if len(cells) > MAX_NAMED_CELLS:
        more = len(cells) - MAX_NAMED_CELLS
        return f"{'; '.join(names)}; {'y otras' if spanish else 'and'} {more}{'' if spanish else ' more'}"
    return "; ".join(names)


def _count_members(count: int, spanish: bool) -> str:
    if count == 1:
        return "1 miembro" if spanish else "1 member"
    return f"{count} {_MEMBERS[spanish]}"


def _is_spanish(language: str) -> bool:
    return choose_label_language(language) == "es"
