"""Parse web addresses, and names on social networks."""

import re

from directory.drafts import normalize
from directory.errors import BadInput
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
_MAX_COMMON_LENGTH = 60  # characters; the parts of longer hosts have their own limits
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
