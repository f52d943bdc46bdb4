"""The headings of our tables in Spanish, for lists that people download from a Spanish page. An import reads them too."""

import re
from collections.abc import Iterable, Sequence

SPANISH_HEADINGS = {
    "name": "nombre",
    "acronym": "siglas",
    "legal_name": "nombre legal",
    "short_name": "nombre corto",
    "former_name": "nombre anterior",
    "translated_name": "nombre traducido",
    "also_known_as": "también conocida como",
    "kind": "tipo de organización",
    "summary": "resumen",
    "description": "descripción",
    "founded": "año de fundación",
    "website": "sitio web",
    "seeks": "qué busca",
    "offers": "qué ofrece",
    "search_engines": "buscadores",
    "issue_areas": "temas",
    "communities": "comunidades",
    "work_areas": "formas de trabajar",
    "languages": "idiomas",
    "service_areas": "regiones que atiende",
    "location.name": "lugar: nombre",
    "location.street": "lugar: calle",
    "location.city": "lugar: ciudad",
    "location.county": "lugar: condado",
    "location.state": "lugar: estado",
    "location.postal_code": "lugar: código postal",
    "location.country": "lugar: país",
    "location.latitude": "lugar: latitud",
    "location.longitude": "lugar: longitud",
    "location.disclosure": "lugar: exactitud permitida",
    "contact.name": "contacto: nombre",
    "contact.role": "contacto: cargo",
    "contact.email": "contacto: correo electrónico",
    "contact.phone": "contacto: teléfono",
    "contact.phone_extension": "contacto: extensión",
    "contact.languages": "contacto: idiomas",
    "contact.audience": "contacto: quién puede verlo",
    "link:facebook": "enlace: Facebook",
    "link:instagram": "enlace: Instagram",
    "link:linkedin": "enlace: LinkedIn",
    "link:x": "enlace: X",
    "link:youtube": "enlace: YouTube",
    "link:donate": "enlace: donar",
    "link:newsletter": "enlace: boletín",
    "identifier:US-EIN": "número de registro: EIN",
    "membership.status": "membresía: estado",
    "membership.joined_on": "membresía: desde",
    "membership.ended_on": "membresía: hasta",
    "parent": "forma parte de",
    "verified_at": "verificada el",
    "audience": "quién puede verla",
    "slug": "dirección corta",
    "id": "identificador",
    "published.precision": "publicado: exactitud",
    "published.latitude": "publicado: latitud",
    "published.longitude": "publicado: longitud",
    "published.radius_km": "publicado: radio en km",
    "published.updated_at": "publicado: cambiado el",
    "rest": "resto",
}
_COLUMNS = {heading: column for column, heading in SPANISH_HEADINGS.items()}
_NUMBER = re.compile(r"(_\d+)?$")  # of the second and later columns for the rest


def translate_headings(columns: Iterable[str], language: str) -> tuple[str, ...]:
    """Return the headings for these columns: in Spanish for "es", otherwise the names of the columns."""
    return tuple(_replace(column, SPANISH_HEADINGS) for column in columns) if language == "es" else tuple(columns)


def restore_headings(headings: Sequence[str], required: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the columns for Spanish headings; headings that do not include the `required` columns as they are."""
    columns = tuple(_replace(heading, _COLUMNS) for heading in headings)
    return columns if set(columns) >= set(required) else tuple(headings)


def _replace(heading: str, names: dict[str, str]) -> str:
    number = _NUMBER.search(heading)
    ending = number[0] if number else ""
    return names[heading.removesuffix(ending)] + ending if heading.removesuffix(ending) in names else heading
