"""Parse web addresses, names on social networks, and the e-mail addresses in a cell as people type them."""

import re
from collections.abc import Sequence

from msgspec import Struct

from directory.drafts import normalize
from directory.errors import BadInput
from directory.text import fold
from seed.clean.cleaning_log import CleaningResult
from seed.clean.values.plain_text import MARKUP_REMOVED

_TLDS = r"(?:org|com|net|edu|gov|us|info|io|coop|co|ngo|law|legal|health|earth|world|community|mx|ca|uk|[a-z]{2}\.[a-z]{2})"
_HREF = re.compile(r"""<a\s(?=[^<>]*>)[^<>]*?href\s*+=\s*+["']?([^"'<>\s]++)[^<>]*+>[^<>]*+(?:</a\s*+>)?""", re.IGNORECASE)
_ADDRESS_SEPARATORS = re.compile(r"[\s<>\"“”]+|[;|,](?=\s|https?:|www\.|$)|(?<=\w),(?=[\w-]+\." + _TLDS + r"\b)", re.IGNORECASE)
_SCHEMES = re.compile(r"(?:(?:(?<!h)h++t++p++|ttp|hhtp|htpp)s?\s*+[:;]*+[/\\]++|https?:(?=\w))+", re.IGNORECASE)
_BLANK_IN_SCHEME = re.compile(r"(?<!\S)(https?:/{1,2}|(?:https?:/{1,2})?www\.)[ \t]+(?=\S)", re.IGNORECASE)
_WELL_FORMED_URL = re.compile(r"https?://[^\s/\\][^\s\\]*", re.IGNORECASE)
_HOST_WITH_PATH = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)
_EMAIL = re.compile(r"(?:mailto:)?[^\s@/]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_HAS_EMAIL = re.compile(r"[^\s@/]@[\w-]++\.[\w-]")
_HANDLE = re.compile(r"[\w.-]{1,60}")
_FEDERATED_HANDLE = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")
_LINKEDIN_PATH = re.compile(r"/?((?:company|in|school|showcase)/[\w%-]+)/?")
_COMMON_HOST = re.compile(  # a bare host needs no full normalization
    r"(https?://)?((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:org|com|net|edu|gov|us|info))/?", re.IGNORECASE | re.ASCII
)
_MAX_COMMON_LENGTH = 60  # characters; the parts of longer addresses have their own limits
_SCHEME_ADDED = "https:// added"
_MADE_FROM_NAME = "address made from the name"
_TRAILING_PUNCTUATION = ".,;:)]}'"
_PROFILE_URLS = {  # link kind to the address of a name there
    "bluesky": "https://bsky.app/profile/{}",
    "facebook": "https://www.facebook.com/{}",
    "github": "https://github.com/{}",
    "instagram": "https://www.instagram.com/{}",
    "linkedin": "https://www.linkedin.com/company/{}",
    "linktree": "https://linktr.ee/{}",
    "medium": "https://medium.com/@{}",
    "pinterest": "https://www.pinterest.com/{}",
    "substack": "https://{}.substack.com",
    "telegram": "https://t.me/{}",
    "threads": "https://www.threads.net/@{}",
    "tiktok": "https://www.tiktok.com/@{}",
    "twitter": "https://x.com/{}",
    "vimeo": "https://vimeo.com/{}",
    "x": "https://x.com/{}",
    "youtube": "https://www.youtube.com/@{}",
}
_INVALID_ADDRESS = "This is not a web address; copy it from the browser's address bar, as in https://example.org."


def parse_web_addresses(text: str) -> CleaningResult[tuple[str, ...]]:
    """Return the distinct web addresses in the text, normalized, in order. Raises BadInput if there is none."""
    if len(text) <= _MAX_COMMON_LENGTH and (match := _COMMON_HOST.fullmatch(text)):
        return CleaningResult((f"{(match[1] or 'https://').lower()}{match[2].lower()}/",), () if match[1] else (_SCHEME_ADDED,))
    reasons: list[str] = []
    pieces = _split_addresses(text, reasons)
    urls = [_normalize_address(piece, reasons) for piece in pieces if _is_address(piece)]
    if not urls:
        raise _build_invalid_address_error(text)
    if len(urls) < len(pieces):
        reasons.append("words around the address removed")
    return CleaningResult(tuple(dict.fromkeys(urls)), tuple(dict.fromkeys(reasons)))


def parse_profile_links(text: str, kind: str) -> CleaningResult[tuple[str, ...]]:
    """Return the addresses in the text, for links of that kind. On known networks, names such as "@tenants" become addresses.

    Raises BadInput if the text holds neither.
    """
    if kind == "mastodon" and (federated := _FEDERATED_HANDLE.fullmatch(text)):
        return CleaningResult((normalize.normalize_url(f"https://{federated[2]}/@{federated[1]}"),), (_MADE_FROM_NAME,))
    if kind not in _PROFILE_URLS:
        return parse_web_addresses(text)
    if kind == "linkedin" and (path := _LINKEDIN_PATH.fullmatch(text)):
        return CleaningResult((normalize.normalize_url(f"https://www.linkedin.com/{path[1]}"),), (_MADE_FROM_NAME,))
    handles = [_parse_handle(piece) for piece in re.split(r"[\s,;|]+", text.strip()) if piece]
    if not handles or not all(handles) or (len(handles) > 1 and "@" not in text):
        return parse_web_addresses(text)
    urls = tuple(normalize.normalize_url(_PROFILE_URLS[kind].format(handle)) for handle in handles)
    return CleaningResult(tuple(dict.fromkeys(urls)), (_MADE_FROM_NAME,))


def _parse_handle(piece: str) -> str | None:
    """Return the piece as a name on a network; None if it looks like an address."""
    name = piece.removeprefix("@").removeprefix("/").removesuffix("/")
    if not _HANDLE.fullmatch(name) or not re.search(r"[^\W_]", name):
        return None
    ends_like_a_host = re.search(rf"\.{_TLDS}$", name, re.IGNORECASE) is not None
    return None if ends_like_a_host and not piece.startswith("@") else name


def _split_addresses(text: str, reasons: list[str]) -> list[str]:
    if (hrefs := _HREF.findall(text)) and "<" in text:
        reasons.append(MARKUP_REMOVED)
        return [href.replace("&amp;", "&") for href in hrefs]
    whole = text.replace("&amp;", "&").strip()
    if _WELL_FORMED_URL.fullmatch(whole) and "," not in whole and ";" not in whole:
        return [whole]
    whole = _BLANK_IN_SCHEME.sub(r"\1", whole)
    joined = _SCHEMES.sub(lambda scheme: f" {scheme[0].replace(' ', '')}" if scheme.start() else scheme[0], whole)
    pieces = [piece.strip().lstrip("([{'") for piece in _ADDRESS_SEPARATORS.split(_rejoin_nested_addresses(joined))]
    return [piece for piece in pieces if piece and piece not in ("&", "/", "-", "and", "y", "or")]


def _rejoin_nested_addresses(text: str) -> str:
    """Rejoin addresses that are part of another address, as in web archives and redirects."""
    return re.sub(r"(?<=[/=?&]) (?=https?:)", "", text)


def _is_address(piece: str) -> bool:
    bare = piece.rstrip(_TRAILING_PUNCTUATION)
    return _EMAIL.fullmatch(bare) is None and (_SCHEMES.match(bare) is not None or _HOST_WITH_PATH.fullmatch(bare) is not None)


def _normalize_address(piece: str, reasons: list[str]) -> str:
    scheme = _SCHEMES.match(piece)
    if scheme is None or scheme[0].lower() not in ("http://", "https://") or "\\" in piece:
        reasons.append("scheme corrected" if scheme else _SCHEME_ADDED)
        piece = _replace_scheme(piece)
    bare = piece.rstrip(_TRAILING_PUNCTUATION) if not ("(" in piece and piece.endswith(")")) else piece
    if bare != piece:
        reasons.append("trailing punctuation removed")
    return normalize.normalize_url(_encode_host(bare, reasons))


def _replace_scheme(piece: str) -> str:
    scheme = _SCHEMES.match(piece)
    rest = piece[scheme.end() :] if scheme else piece
    is_plain = scheme is not None and "s" not in scheme[0].lower()
    return f"{'http' if is_plain else 'https'}://{rest.lstrip(':/')}".replace("\\", "/")


def _encode_host(address: str, reasons: list[str]) -> str:
    if address.isascii():
        return address
    scheme, _, rest = address.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if host.isascii():
        return address
    try:
        # Python implements IDNA 2003, which encodes these two letters differently from IDNA 2008.
        encoded = "" if "ß" in host or "ς" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        encoded = ""
    if not encoded:
        return address
    reasons.append("international domain name encoded as xn--")
    return f"{scheme}://{encoded}{rest[len(host) :]}"


def _build_invalid_address_error(text: str) -> BadInput:
    if "@" in text and _HAS_EMAIL.search(text):
        return BadInput("This is an e-mail address, not a web address; move it to the e-mail column.")
    if text.strip().startswith("@"):
        return BadInput("This is a name on a social network; write the full address, or move it to the column of that network.")
    return BadInput(_INVALID_ADDRESS)


_NAMED_MAILBOX = re.compile(r"""(?<![^<>@"“”;])([^<>@"“”;]*+)["”]?\s*+<\s*+(?:mailto:)?([^<>\s@]++@[^<>\s]++)\s*+>""")
_MARKUP_TAG = re.compile(r"</?[A-Za-z][^<>@]*>|<a\s[^<>]*>", re.IGNORECASE)
_MAILBOX_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;,/|\n]\s*|(?<!\s)\s+(?:and|or|y|o|&)\s+", re.IGNORECASE)
_MAILTO = re.compile(r"(?:mailto:|e-?mail:|correo:)\s*", re.IGNORECASE)
_PARENTHESES = re.compile(r"\([^()@]*\)")
_QUERY = re.compile(r"\?(?:subject|cc|body)=.*", re.IGNORECASE)
_COMMON_EMAIL = re.compile(  # every validator accepts these, so they need no full validation
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:org|com|net|edu|gov|us|info|mx|ca)", re.IGNORECASE | re.ASCII
)
MAX_MAILBOXES = 20  # of one cell
MIN_WORD_LENGTH = 3  # letters; a shorter word after an address may be the end of its domain: "info@x.co m"
_WRITTEN_AT = re.compile(r"\s{0,3}[\[({<]\s{0,3}(?:at|arroba|@)\s{0,3}[\])}>]\s{0,3}|(?<=\w)\s@\s(?=\w)", re.IGNORECASE)
_WRITTEN_DOT = re.compile(r"\s{0,3}[\[({<]\s{0,3}(?:dot|punto|\.)\s{0,3}[\])}>]\s{0,3}", re.IGNORECASE)
_SPOKEN_DOT = re.compile(r"\s(?:dot|punto)\s", re.IGNORECASE)
_SPOKEN_ADDRESS = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})\s(?:at|arroba)\s([\w-]{1,63}(?:\s(?:dot|punto)\s[\w-]{1,63}){1,4})", re.IGNORECASE
)
_SPOKEN_DOMAIN = re.compile(r"(@[\w.-]{1,253})((?:\s(?:dot|punto)\s[\w-]{1,63}){1,4})", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"\bwww\.|https?:|\w\.(?:org|com|net|edu|gov)\b", re.IGNORECASE)
_INTRODUCTIONS = frozenset(  # words before an address that are not a part of it
    {
        *("email", "e", "mail", "correo", "office", "oficina", "main", "principal", "contact", "contacto", "general", "intake"),
        *("press", "or", "and", "y", "o"),
    }
)
_NO_ADDRESS = "This is not an e-mail address. Write it like office@example.org."
_WEB_ADDRESS_MESSAGE = "This is not an e-mail address. If it is a web address, move it to the column of the website."
_UNCLEAR_ADDRESS = "It is unclear which words belong to the e-mail address. Write only the address, like office@example.org."
_SURROUNDING_SIGNS = " .,;:<>()[]\"'“”"


class Mailbox(Struct, frozen=True, gc=False):
    """An e-mail address; `name` is the display name next to it, as in "Ana <ana@example.org>"."""

    email: str
    name: str | None = None

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


def parse_mailboxes(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    """Return the distinct addresses in the text, in order, and in `problems` a sentence for each part that is not used.

    Raises BadInput if the text has no address that can be used.
    """
    if text.count("@") == 1 and " " not in text and not text.startswith("<"):
        return _parse_single_mailbox(text)
    mailboxes: dict[str, Mailbox] = {}
    problems: list[str] = []
    plain = _replace_written_signs(text)
    rest = (
        _NAMED_MAILBOX.sub(lambda match: _add_mailbox(mailboxes, match[2], match[1], problems), plain) if "<" in plain else plain
    )
    bare = _PARENTHESES.sub(";", _MAILTO.sub(" ", _MARKUP_TAG.sub(" ", rest)))
    pieces = [piece for piece in _MAILBOX_SEPARATORS.split(bare) if piece.strip(_SURROUNDING_SIGNS)]
    unused = [piece for piece in pieces if not _add_mailboxes_of_piece(mailboxes, piece, problems)]
    if not mailboxes:
        raise BadInput(problems[0].removeprefix(f'"{text.strip()}": ') if problems else _NO_ADDRESS)
    reasons: tuple[str, ...] = ("@ and dot written as signs",) if plain != text else ()
    reasons += ("words around the address removed",) if bare != rest or unused else ()
    found = tuple(mailboxes.values())
    problems += (
        [f"This cell has {len(found)} addresses. Only the first {MAX_MAILBOXES} are used."] if len(found) > MAX_MAILBOXES else []
    )
    return CleaningResult(found[:MAX_MAILBOXES], reasons, tuple(dict.fromkeys(problems)))


def _replace_written_signs(text: str) -> str:
    """Return the text with signs for the words in "info[at]x.org" and "info at x dot org". A plain "at" needs a "dot"."""
    text = _WRITTEN_DOT.sub(".", _WRITTEN_AT.sub("@", text))
    text = _SPOKEN_ADDRESS.sub(lambda match: f"{match[1]}@{_SPOKEN_DOT.sub('.', match[2])}", text)
    return _SPOKEN_DOMAIN.sub(lambda match: match[1] + _SPOKEN_DOT.sub(".", match[2]), text)


def _add_mailboxes_of_piece(mailboxes: dict[str, Mailbox], piece: str, problems: list[str]) -> bool:
    """Add the addresses in a piece of a cell, and return whether the piece has no other words."""
    words = piece.split()
    positions = [position for position, word in enumerate(words) if "@" in word]
    if not positions and _WEB_ADDRESS.search(piece):
        problems.append(f'"{piece.strip()}": {_WEB_ADDRESS_MESSAGE}')
    for start, position, end in zip([-1, *positions], positions, [*positions[1:], len(words)], strict=False):
        if _is_separate(words[position], words[start + 1 : position], words[position + 1 : end]):
            _add_mailbox(mailboxes, words[position], "", problems)
        else:
            problems.append(f'"{piece.strip()}": {_UNCLEAR_ADDRESS}')
    return len(words) == len(positions)


def _is_separate(address: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words around an address cannot belong to it: "ana lopez@x.org" may be one address with a typing error."""
    if after and len(after[0]) < MIN_WORD_LENGTH and after[0][0].isalnum():
        return False
    if not before or before[-1][-1] in ":-–—" or fold(before[-1]) in _INTRODUCTIONS:
        return True
    local = fold(address.partition("@")[0])
    return any(len(word) >= MIN_WORD_LENGTH and fold(word) in local for word in before)


def _parse_single_mailbox(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    if len(text) <= _MAX_COMMON_LENGTH and _COMMON_EMAIL.fullmatch(text):
        local, _, domain = text.partition("@")
        return CleaningResult((Mailbox(f"{local}@{domain.lower()}"),))
    bare = _strip_mailbox(text)
    reasons = ("punctuation around the address removed",) if bare != text else ()
    return CleaningResult((Mailbox(normalize.normalize_email(bare)),), reasons)


def _add_mailbox(mailboxes_by_email: dict[str, Mailbox], address: str, name: str, problems: list[str]) -> str:
    try:
        email = normalize.normalize_email(_strip_mailbox(address))
    except BadInput as error:
        problems.append(f'"{address.strip()}": {error.user_message}')
    else:
        mailboxes_by_email.setdefault(email, Mailbox(email, " ".join(name.split()).strip(_SURROUNDING_SIGNS) or None))
    return ";"


def _strip_mailbox(address: str) -> str:
    bare = _QUERY.sub("", _MAILTO.sub("", address.strip())).strip(_SURROUNDING_SIGNS)
    if "/" in bare.partition("@")[2]:
        raise BadInput(_WEB_ADDRESS_MESSAGE)
    return bare
