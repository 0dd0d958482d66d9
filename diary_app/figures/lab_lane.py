"""Laboratory values on the time axis: one row a test, marked by the side of the limits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from diary_app.exports.bundle import LabLine, VisitBundle
from diary_app.exports.code_words import lab_words
from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.shapes import Anchor, Circle, Line, Polygon, Shape, Text
from diary_app.figures.wording import amount
from diary_app.text import _, _n

TROUGH = "imatinib_trough"
# Marks whose middles lie closer than this are one mark.
_TOGETHER_WITHIN = 8.0
_SIZE = 4.5


@dataclass(frozen=True)
class LabRow:
    """One row: its name, the unit of its newest value ("" = several), values oldest first."""

    name: str
    unit: str
    labs: tuple[LabLine, ...]


def lab_rows(bundle: VisitBundle, *, brief: bool) -> tuple[LabRow, ...]:
    """Return the rows of the period's values, those outside their limits first, levels last.

    Args:
        brief: One row for all tests, as paper has it; drug levels keep their own.
    """
    by_name: dict[str, list[LabLine]] = defaultdict(list)
    for lab in sorted(bundle.labs, key=lambda lab: lab.taken_on):
        if bundle.first_on <= lab.taken_on <= bundle.last_on:
            by_name["" if brief and lab.name != TROUGH else lab.name].append(lab)
    names = sorted(
        by_name,
        key=lambda name: (name == TROUGH, not any(map(side, by_name[name])), lab_words(name)),
    )
    return tuple(
        LabRow(
            lab_words(name) if name else _("Laboratory"),
            by_name[name][-1].unit if name else "",
            tuple(by_name[name]),
        )
        for name in names
    )


def side(lab: LabLine) -> str:
    """Return ``above`` or ``below`` the laboratory's limits, else ""."""
    if lab.upper_limit is not None and lab.value > lab.upper_limit:
        return "above"
    if lab.lower_limit is not None and lab.value < lab.lower_limit:
        return "below"
    return ""


def lab_lane(lane: Lane, row: LabRow) -> list[Shape]:
    """Return a mark for each day of a row, with the value beside it where there is room."""
    y = lane.top + lane.height / 2
    shapes: list[Shape] = [Line(lane.axis.left, lane.bottom, lane.axis.right, lane.bottom, "grid")]
    room = lane.room.band(lane.top, lane.bottom)
    for on, labs in _grouped(lane, row.labs):
        x = lane.axis.middle(on)
        shapes.append(lab_mark(x, y, labs))
        beside = _SIZE + 3
        shapes += room.place(
            *(
                Text(x + aside, y, words, TEXT_SIZE, "lab", anchor=anchor)
                for words in _labels(labs)
                for aside, anchor in _sides(beside)
            )
        )
    return shapes


def _sides(beside: float) -> tuple[tuple[float, Anchor], ...]:
    return ((beside, "start"), (-beside, "end"))


def lab_mark(x: float, y: float, labs: Sequence[LabLine]) -> Shape:
    """Return the mark of values: outside as a triangle or diamond, inside hollow, else a dot."""
    sides = {side(lab) for lab in labs} - {""}
    if sides == {"above"}:
        return triangle(x, y, up=True)
    if sides == {"below"}:
        return triangle(x, y, up=False)
    if sides:
        size = _SIZE + 1
        return Polygon(((x, y - size), (x + size, y), (x, y + size), (x - size, y)), "lab")
    limited = all(lab.upper_limit is not None or lab.lower_limit is not None for lab in labs)
    return Circle(x, y, 3.4, "lab", filled=not limited)


def triangle(x: float, y: float, *, up: bool) -> Polygon:
    """Return the mark of a value above or below its limits."""
    tip = -_SIZE if up else _SIZE
    return Polygon(((x, y + tip), (x + _SIZE, y - tip), (x - _SIZE, y - tip)), "lab")


def level_words(lab: LabLine) -> str:
    """Return a drug level with what is known of its time, without its unit."""
    value = amount(lab.value)
    if lab.is_trough is None:
        return _("{value}, trough not sure").format(value=value)
    return value if lab.is_trough else _("{value}, not a trough").format(value=value)


def _labels(labs: Sequence[LabLine]) -> list[str]:
    if len(labs) == 1:
        (lab,) = labs
        if lab.name == TROUGH:
            return [level_words(lab), amount(lab.value)]
        return [amount(lab.value)]
    outside = [lab for lab in labs if side(lab)]
    if not outside:
        return []
    names = list(dict.fromkeys(lab_words(lab.name) for lab in outside))
    if len({lab.name for lab in labs}) == 1:
        return [amount(outside[-1].value)]
    count = _n("{n} outside", "{n} outside", len(names)).format(n=len(names))
    return [", ".join(names), count] if len(names) <= 2 else [count]


def _grouped(lane: Lane, labs: Sequence[LabLine]) -> list[tuple[date, list[LabLine]]]:
    groups: list[tuple[date, list[LabLine]]] = []
    for lab in labs:
        x = lane.axis.middle(lab.taken_on)
        if groups and x - lane.axis.middle(groups[-1][0]) < _TOGETHER_WITHIN:
            groups[-1][1].append(lab)
        else:
            groups.append((lab.taken_on, [lab]))
    return groups
