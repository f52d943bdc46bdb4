"""Records whose texts try to run a script wherever a page shows them: in text, attributes, addresses, JSON-LD, SVG and so on.

They are written without the checks of a draft. A draft accepts such texts, but only addresses of web pages as addresses:
`build_address` returns what is left of an attack then.
"""

import datetime as dt
from typing import Any
from urllib.parse import quote

from directory.geo import Disclosure, Point, Precision
from directory.kinds.coalition import CoalitionMember, StoredCoalition
from directory.kinds.event import EventHost, StoredEvent
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.records import (
    Audience,
    Identifier,
    Link,
    NameKind,
    PrivatePlace,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredOrganization,
    StoredRecord,
)
from directory.vocabulary.choices import InstrumentKind
from tests.builders import NOW, a_stored_location, a_stored_organization, an_alternative_name, an_id

SENTINEL = "probe"  # a function of the tests: it must never be called
PREFIX = "Zanzibar"  # the start of every name, so that the records can be searched for

# Context -> a text that calls the sentinel if the context does not escape it.
PAYLOADS = {
    "text": "<script>probe()</script><img src=x onerror=probe()>",
    "attribute": '" autofocus onfocus=probe() onmouseover=probe() x="',
    "single-quoted": "' autofocus onfocus='probe()' x='",
    "unquoted": "x onmouseover=probe() autofocus tabindex=0 onfocus=probe() ",
    "title": "</title></head><body onload=probe()><script>probe()</script>",
    "json-ld": "</script><script>probe()</script><!--<script>",
    "json-string": '"}};probe();//\\u0022\u2028probe()//',
    "svg": "</title><svg onload=probe()><animate onbegin=probe() attributeName=x dur=1s /></svg>",
    "style": "</style><style>@import '//evil.example/x.css'</style><p style='background:url(//evil.example/x)'>",
    "address": "javascript:probe()//https://evil.example/%0Aprobe()",
    "data-address": "data:text/html,<script>parent.probe()</script>",
    "comment": "--><img src=x onerror=probe()><!--",
    "template": "{{ 7*7 }}{% raw %}${probe()}#{probe()}%(count)s%s",
    "file-name": 'x".html\r\nContent-Type: text/html\r\n\r\n<script>probe()</script>',
    "entity": "&lt;img src=x onerror=probe()&gt;&#60;script&#62;probe()&#60;/script&#62;",
    "nested": "<noscript><p title='</noscript><img src=x onerror=probe()>'><template><script>probe()</script></template>",
}


def build_address(text: str) -> str:
    """Return an address that a draft would accept, with the text in its path, query and fragment."""
    return f"https://evil.example/{quote(text)}?x={quote(text)}#{quote(text)}"


def build_hostile_record(context: str, text: str) -> StoredOrganization:
    """Return a record with the text in every field that holds text."""
    line = f"{PREFIX} {' '.join(text.split())}"
    return a_stored_organization(
        name=line,
        slug=f"zanzibar-{context}",
        id=an_id(context),
        names=tuple(an_alternative_name(f"{line} {kind.value}", kind) for kind in NameKind),
        summary=line,
        description=f"{line}\n\n{text}",
        seeks=text,
        offers=text,
        website=build_address(text),
        links=(Link("newsletter", build_address(text)),),
        identifiers=(Identifier("US-EIN", line), Identifier("XX-OTHER", line)),
        issue_areas=("housing",),
        communities=("tenants",),
        work_areas=("organizing",),
        service_areas=("US-GA",),
        verified_at=NOW,
        **_build_parts(context, text, line),
    )


def _build_parts(context: str, text: str, line: str) -> dict[str, Any]:
    site = a_stored_location(
        id=an_id(f"{context} site"),
        name=line,
        city=line,
        county="US-GA-121",
        postal_code="30303",
        known=Precision.EXACT,
        disclosure=Disclosure.EXACT,
        is_primary=True,
        private=PrivatePlace(line, Point(33.75, -84.39)),
    )
    return {
        "sites": (site,),
        "contacts": (StoredContact(role=line, name=line, email="office@evil.example", audience=Audience.PUBLIC),),
        "relations": (Relation(RelationKind.PARTNER, actor=line, note=line, url=build_address(text)),),
        "sources": (Source("name", line, build_address(text), dt.date(2026, 1, 1)), Source("summary", line)),
    }


def build_hostile_records() -> list[StoredRecord]:
    """Return an organization, a coalition, an event, an instrument and a provision for each payload."""
    return [record for context, text in PAYLOADS.items() for record in _build_hostile_group(context, text)]


def _build_hostile_group(context: str, text: str) -> list[StoredRecord]:
    organization, line = build_hostile_record(context, text), f"{PREFIX} {' '.join(text.split())}"
    address, source = build_address(text), Source("summary", line, build_address(text), dt.date(2026, 1, 1))
    own: dict[str, Any] = {"slug": f"zanzibar-{context}", "summary": line, "issue_areas": ("housing",), "sources": (source,)}
    member = CoalitionMember(organization.id, role=line, note=line)
    coalition = StoredCoalition(
        id=an_id(f"{context} coalition"),
        name=line,
        members=(member,),
        website=address,
        links=(Link("newsletter", address),),
        **own,
    )
    event = StoredEvent(
        id=an_id(f"{context} event"),
        name=line,
        starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=1),
        time_as_stated=line,
        registration_url=address,
        online_url=address,
        online_audience=Audience.PUBLIC,
        links=(Link(line, address),),
        hosts=(EventHost(organization=organization.id), EventHost(actor=line)),
        coalition=coalition.id,
        **own,
    )
    instrument = StoredInstrument(
        id=an_id(f"{context} instrument"), name=line, name_es=line, kind=InstrumentKind.REVIEW, acronym=line, url=address, **own
    )
    provision = StoredProvision(
        id=an_id(f"{context} provision"),
        name=line,
        name_es=line,
        number=line,
        cycle=line,
        recommending_state=line,
        response=line,
        instrument=instrument.id,
        **own,
    )
    return [organization, coalition, event, instrument, provision]
