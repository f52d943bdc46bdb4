"""How much each kind of reason counts on /partners: sliders from 0 to 100, and what their numbers mean in words."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from directory.partners.allies.request import AllyMode, AllyWeights
from web.pages.languages import Language, mark

MOST = 100  # of a slider. The API counts such a weight as 1, which is the largest of its defaults.
_VALUES = frozenset(map(str, range(MOST + 1)))
_USUAL = AllyWeights()
LITTLE, MUCH = 35, 70  # from these numbers on, something counts, and counts a lot
SAME_THEMES, SAME_PLACE = AllyMode.SAME_THEMES.value, AllyMode.SAME_PLACE_OTHER_THEMES.value


class WeightSlider(Struct, frozen=True):
    """One slider. `field` is that of the input type AllyWeights, `usual` its number unless somebody moves it.

    `labels` are by the modes in which it counts.
    """

    key: str
    field: str
    usual: int
    labels: Mapping[str, str]

    @property
    def values(self) -> frozenset[str]:
        return _VALUES


class ShownSlider(Struct, frozen=True):
    """A slider on the page, with its number in words."""

    key: str
    label: str
    value: int
    words: str
    is_moved: bool


def _add(key: str, field: str, weight: float, **labels: str) -> WeightSlider:
    return WeightSlider(
        f"weight-{key}", field, round(weight * MOST), {AllyMode[name].value: label for name, label in labels.items()}
    )


_PLACES = {"SAME_THEMES": mark("The same region"), "SAME_PLACE_OTHER_THEMES": mark("The same region")}
_DISTANCE = {"SAME_THEMES": mark("A short distance"), "SAME_PLACE_OTHER_THEMES": mark("A short distance")}
SLIDERS = (
    _add(
        "themes",
        "issueArea",
        _USUAL.issue_area,
        SAME_THEMES=mark("Themes in common"),
        SAME_PLACE_OTHER_THEMES=mark("Themes that are new to you"),
    ),
    _add("broader-themes", "broaderIssueArea", _USUAL.broader_issue_area, SAME_THEMES=mark("Related themes")),
    _add("communities", "community", _USUAL.community, SAME_THEMES=mark("Communities in common")),
    _add("ways", "workArea", _USUAL.work_area, SAME_THEMES=mark("Ways of working in common")),
    _add("coalitions", "coalition", _USUAL.coalition, SAME_THEMES=mark("Coalitions in common")),
    _add("places", "region", _USUAL.region, **_PLACES),
    _add("distance", "distance", _USUAL.distance, **_DISTANCE),
)
WEIGHT_KEYS = tuple(slider.key for slider in SLIDERS)


def build_sliders(language: Language, mode: str, get: Callable[[str], str]) -> list[ShownSlider]:
    """Return the sliders that count in a mode. `get` returns the number of a key, "" for the usual one."""
    shown = []
    for slider in SLIDERS:
        if label := slider.labels.get(mode):
            value = int(get(slider.key) or slider.usual)
            words, is_moved = describe_weight(language, value), value != slider.usual
            shown.append(ShownSlider(slider.key, language.gettext(label), value, words, is_moved))
    return shown


def build_weights(mode: str, get: Callable[[str], str]) -> dict[str, float] | None:
    """Return the weights as the API takes them, of the sliders that were moved and count in the mode; None without any."""
    moved = [slider for slider in SLIDERS if mode in slider.labels and get(slider.key)]
    return {slider.field: int(get(slider.key)) / MOST for slider in moved} or None


def describe_weight(language: Language, value: int) -> str:
    """Return "60 of 100: counts"."""
    texts = list_weight_texts(language, value)
    return texts[max(start for start in texts if start <= value)]


def list_weight_texts(language: Language, value: int | str) -> dict[int, str]:
    """Return what a slider says, by the numbers from which it says so. `value` stands for its number."""
    texts = {
        0: language.gettext("%(value)s of %(most)s: does not count"),
        1: language.gettext("%(value)s of %(most)s: counts a little"),
        LITTLE: language.gettext("%(value)s of %(most)s: counts"),
        MUCH: language.gettext("%(value)s of %(most)s: counts a lot"),
    }
    return {start: text % {"value": value, "most": MOST} for start, text in texts.items()}


def describe_bad_weight(language: Language, slider: WeightSlider, value: str) -> str:
    text = language.gettext("“%(name)s” can count from 0 to %(most)s, not “%(value)s”. It counts %(usual)s now.")
    label = next(iter(slider.labels.values()))
    return text % {"name": language.gettext(label), "most": MOST, "value": value, "usual": slider.usual}
