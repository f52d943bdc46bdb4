"""Score the security headers of a page like the HTTP Observatory of MDN.

The rules are those of the npm package @mdn/mdn-http-observatory 1.4.8: src/analyzer/tests/*.js and src/grader/charts.js. The
package itself scans only public hosts, installs 230 packages, and gave the first page 130 points, as this table does. Not scored:
redirects from HTTP, which are the work of the proxy (docs/operating.md), and the list of preloaded hosts.
"""

import re
from collections.abc import Callable

from httpx2 import Response

START, MIN_FOR_EXTRA_CREDIT = 100, 90
SIX_MONTHS_SECONDS = 15_552_000
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def parse_policy(response: Response) -> dict[str, set[str]]:
    directives = (part.split() for part in response.headers.get("content-security-policy", "").split(";"))
    return {name.lower(): set(sources) for name, *sources in filter(None, directives)}


def score_policy(response: Response) -> int:
    policy = parse_policy(response)
    default = policy.get("default-src", {"*"})
    script, objects, style = (policy.get(name, default) for name in ("script-src", "object-src", "style-src"))
    everything = set().union(*policy.values()) if policy else set()
    if not policy:
        return -25
    if script & (BROAD | INLINE) or objects & BROAD or any(source.startswith(("http:", "ftp:")) for source in everything):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def score_cookies(response: Response) -> int:
    """Score no cookies, or only cookies with all three protections. Everything else counts as the worst."""
    cookies = [cookie.lower() for cookie in response.headers.get_list("set-cookie")]
    is_safe = all("; secure" in each and "; httponly" in each and re.search("; samesite=(lax|strict)", each) for each in cookies)
    return -40 if not is_safe else 5 if cookies else 0


def score_sharing(response: Response) -> int:
    return -50 if response.headers.get("access-control-allow-credentials") == "true" else 0


def score_referrer(response: Response) -> int:
    value = response.headers.get("referrer-policy")
    return 0 if value is None else 5 if value in PRIVATE_REFERRERS else -5


def score_transport(response: Response) -> int:
    age = re.search(r"max-age=(\d+)", response.headers.get("strict-transport-security", ""))
    return -20 if age is None else 0 if int(age[1]) >= SIX_MONTHS_SECONDS else -10


def score_scripts(response: Response) -> int:
    """Score scripts of other hosts without their hashes as the worst."""
    tags = re.findall(r"<script\b[^>]*\bsrc=[^>]*>", response.text)
    foreign = [tag for tag in tags if not re.search(r'src="/(?!/)', tag)]
    return -50 if any("integrity=" not in tag for tag in foreign) else 0


def score_sniffing(response: Response) -> int:
    return 0 if response.headers.get("x-content-type-options") == "nosniff" else -5


def score_framing(response: Response) -> int:
    if "frame-ancestors" in parse_policy(response):
        return 5
    return 0 if response.headers.get("x-frame-options", "").lower() in ("deny", "sameorigin") else -20


def score_resource_policy(response: Response) -> int:
    scores = {None: 0, "cross-origin": 0, "same-origin": 10, "same-site": 10}
    return scores.get(response.headers.get("cross-origin-resource-policy"), -5)


RULES: tuple[Callable[[Response], int], ...] = (
    score_policy,
    score_cookies,
    score_sharing,
    score_referrer,
    score_transport,
    score_scripts,
    score_sniffing,
    score_framing,
    score_resource_policy,
)


def score(response: Response) -> int:
    """Return the points. Extra points count only if those that are lost leave at least MIN_FOR_EXTRA_CREDIT."""
    modifiers = [rule(response) for rule in RULES]
    without_extra = START + sum(modifier for modifier in modifiers if modifier < 0)
    return START + sum(modifiers) if without_extra >= MIN_FOR_EXTRA_CREDIT else without_extra
