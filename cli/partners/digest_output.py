"""Describe a digest in sentences, and write them as text, as a web page, or as an Atom feed (RFC 4287)."""

import datetime as dt
from collections.abc import Iterator
from html import escape
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree

from msgspec import Struct

from cli.partners.network_files import replace_forbidden_characters
from cli.terminal import escape_line, format_count
from directory.export.export_info import ExportInfo
from directory.partners.digest import Digest, DigestEntry, DigestKind, FieldChange

MAX_LISTED = 50  # entries of a kind in a text
MAX_ENTRIES = 1_000  # of a web page or a feed
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
NOTHING_CHANGED = "Nothing has changed."

_HEADINGS = {
    DigestKind.NEW: "New",
    DigestKind.MATCHES_NOW: "Matches now, but did not before",
    DigestKind.CHANGED: "Changed",
    DigestKind.NO_LONGER_MATCHES: "Does not match any more",
}
_FIELD_LABELS = {  # where the name of the field is not enough
    "names": "other names",
    "service_areas": "regions served",
    "verified_at": "verification",
    "parent": "parent organization",
    "seeks": "what it looks for",
    "offers": "what it offers",
    "search_engines": "listing in search engines",
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


class DigestHeader(Struct, frozen=True, kw_only=True):
    """What a digest says of itself. `notices` are sentences on the question, `key` is the question as a query string."""

    info: ExportInfo
    day: dt.date
    notices: tuple[str, ...]
    key: str

    @property
    def title(self) -> str:
        return f"{self.info.title}: changes since {self.day}"


def format_text(digest: Digest, header: DigestHeader) -> bytes:
    """Return the digest as lines, with control characters escaped. At most MAX_LISTED entries of a kind are listed."""
    lines = [header.title, *header.notices, *_list_lines(digest)]
    return "".join(f"{escape_line(line)}\n" for line in lines).encode()


def _list_lines(digest: Digest) -> Iterator[str]:
    for kind, heading in _HEADINGS.items():
        entries = digest.list_entries(kind)
        if entries:
            yield f"{heading}: {len(entries):,}"
        for entry in entries[:MAX_LISTED]:
            changes = format_changes(entry)
            yield f"  {entry.organization.name}{f': {changes}' if changes else ''}"
        if len(entries) > MAX_LISTED:
            yield f"  and {len(entries) - MAX_LISTED:,} more"
    yield from _list_closing(digest)


def _list_closing(digest: Digest) -> Iterator[str]:
    if digest.removed_count:
        yield _format_removals(digest)
    elif not digest.entries:
        yield NOTHING_CHANGED


def _format_removals(digest: Digest) -> str:
    verb = "is" if digest.removed_count == 1 else "are"
    return f"{format_count(digest.removed_count, 'organization')} of the whole directory {verb} no longer listed."


def format_changes(entry: DigestEntry) -> str:
    """Return what changed, without any earlier value: "summary changed; issue areas: added Health (1 dropped)"."""
    if entry.changes:
        return "; ".join(map(_format_change, entry.changes))
    return "other details changed" if entry.kind is DigestKind.CHANGED else ""


def _format_change(change: FieldChange) -> str:
    label = _FIELD_LABELS.get(change.field, change.field.replace("_", " "))
    dropped = f"{change.dropped_count:,} dropped" if change.dropped_count else ""
    if change.added_labels:
        return f"{label}: added {', '.join(change.added_labels)}{f' ({dropped})' if dropped else ''}"
    return f"{label}: {dropped}" if dropped else f"{label} changed"


# ---------------------------------------------------------------- a web page


def format_html(digest: Digest, header: DigestHeader) -> bytes:
    """Return the digest as a complete page without scripts and styles. Every text from a record is escaped."""
    notices = (f"<p>{_escape_html(notice)}</p>" for notice in header.notices)
    sections = (_format_section(digest, header, kind, heading) for kind, heading in _HEADINGS.items())
    closing = (f"<p>{_escape_html(line)}</p>" for line in _list_closing(digest))
    body = "\n".join(part for part in (*notices, *sections, *closing) if part)
    return _PAGE.format(title=_escape_html(header.title), body=body).encode("utf-8", "replace")


def _format_section(digest: Digest, header: DigestHeader, kind: DigestKind, heading: str) -> str:
    entries = digest.list_entries(kind)
    if not entries:
        return ""
    items = [f"<li>{_format_item(entry, header)}</li>" for entry in entries[:MAX_ENTRIES]]
    items += [f"<li>and {len(entries) - MAX_ENTRIES:,} more</li>"] if len(entries) > MAX_ENTRIES else []
    return "\n".join([f"<h2>{heading} ({len(entries):,})</h2>", "<ul>", *items, "</ul>"])


def _format_item(entry: DigestEntry, header: DigestHeader) -> str:
    name, address = _escape_html(entry.organization.name), _find_address(entry, header)
    changes = format_changes(entry)
    link = f'<a href="{escape(address)}">{name}</a>' if address else name
    return f"{link}: {_escape_html(changes)}" if changes else link


def _escape_html(text: str) -> str:
    """Return the text for HTML. Direction marks and control characters are escaped too: they could reorder other words."""
    return escape(escape_line(text))


def _find_address(entry: DigestEntry, header: DigestHeader) -> str | None:
    return f"{header.info.base_url}/organizations/{entry.organization.slug}" if header.info.base_url else None


# ---------------------------------------------------------------- an Atom feed


def format_atom(digest: Digest, header: DigestHeader) -> bytes:
    """Return the digest as an Atom feed, the latest changes first.

    The id of an entry comes from the record's id and the time of its change, so a reader shows a change once, however often and
    since whichever day the feed is made.
    """
    info = header.info
    feed = ElementTree.Element("feed", xmlns=ATOM_NAMESPACE)
    _add(feed, "id", uuid5(NAMESPACE_URL, f"{info.base_url}|{info.title}|{info.audience}|{header.key}").urn)
    _add(feed, "title", f"{info.title}: changes")
    _add(feed, "subtitle", " ".join(header.notices))
    times = [entry.changed_at for entry in digest.entries] + ([digest.removed_at] if digest.removed_at else [])
    _add(feed, "updated", _format_moment(max(times, default=digest.since)))
    _add(ElementTree.SubElement(feed, "author"), "name", info.title)
    if info.base_url:
        ElementTree.SubElement(feed, "link", rel="alternate", href=info.base_url)
    for entry in sorted(digest.entries, key=lambda entry: entry.changed_at, reverse=True)[:MAX_ENTRIES]:
        _add_entry(feed, entry, header)
    if digest.removed_at:
        identity = uuid5(NAMESPACE_URL, f"removed|{info.title}|{digest.removed_at.isoformat()}").urn
        _add_item(feed, identity, _format_removals(digest), digest.removed_at, "")
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _add_entry(feed: ElementTree.Element, entry: DigestEntry, header: DigestHeader) -> None:
    identity = uuid5(UUID(entry.organization.id), entry.changed_at.isoformat()).urn
    heading, changes = _HEADINGS[entry.kind], format_changes(entry)
    text = f"{heading}: {changes}" if changes else heading
    element = _add_item(feed, identity, entry.organization.name, entry.changed_at, text)
    if address := _find_address(entry, header):
        ElementTree.SubElement(element, "link", rel="alternate", href=address)


def _add_item(feed: ElementTree.Element, identity: str, title: str, moment: dt.datetime, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(feed, "entry")
    _add(element, "id", identity)
    _add(element, "title", title)
    _add(element, "updated", _format_moment(moment))
    _add(element, "content", text or title)
    return element


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = replace_forbidden_characters(text)


def _format_moment(moment: dt.datetime) -> str:
    """Return the moment as RFC 3339 requires."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


DIGEST_FORMATS = {"text": format_text, "html": format_html, "atom": format_atom}
