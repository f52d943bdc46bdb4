"""Labels beside the map of the states, for states that are too small or narrow for a number. A finger can hit them."""

from collections.abc import Mapping

from msgspec import Struct

LABEL_WIDTH, LABEL_HEIGHT, ROW = 172, 70, 74  # steps of the grid; a row is at least 24 pixels on a phone
_COLUMN_X, _COLUMN_Y = 782, 74
_COLUMN = ("US-NH", "US-MA", "US-RI", "US-CT", "US-NJ", "US-DE", "US-MD", "US-DC")


class SideLabel(Struct, frozen=True):
    """A box on the grid. `x` and `y` are its upper left corner."""

    letters: str
    x: int
    y: int

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + LABEL_WIDTH / 2, self.y + LABEL_HEIGHT / 2

    @property
    def svg(self) -> str:
        return f'<rect x="{self.x}" y="{self.y}" width="{LABEL_WIDTH}" height="{LABEL_HEIGHT}" rx="8"/>'

    def write_leader(self, x: float, y: float) -> str:
        """Return the path of a line from the edge of the box to its state."""
        edge_x = min(max(x, self.x), self.x + LABEL_WIDTH)
        edge_y = min(max(y, self.y), self.y + LABEL_HEIGHT) if edge_x == x else self.middle[1]
        return f"M{edge_x:.0f} {edge_y:.0f}L{x:.0f} {y:.0f}"


_PLACES = {
    "US-VT": (552, 6),
    "US-ME": (_COLUMN_X, 2),
    "US-FL": (432, 466),
    **{code: (_COLUMN_X, _COLUMN_Y + ROW * row) for row, code in enumerate(_COLUMN)},
    "US-HI": (224, 592),
    "US-PR": (426, 592),
    "US-AS": (248, 666),
    "US-GU": (426, 666),
    "US-MP": (604, 666),
    "US-VI": (782, 666),
}
SIDE_LABELS: Mapping[str, SideLabel] = {code: SideLabel(code[-2:], x, y) for code, (x, y) in _PLACES.items()}
