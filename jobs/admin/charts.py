"""Charts as plain shapes: templates draw them as inline SVG, coloured by classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

HEIGHT: Final = 100.0
STEP: Final = 10.0
GAP: Final = 2.4


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle of the chart, in a view of `STEP` a column by `HEIGHT`. `tone` is a class."""

    tone: str
    x: float
    y: float
    height: float
    width: float = STEP - GAP


@dataclass(frozen=True, slots=True)
class Column:
    """What stands over one stretch of time, and the words for it."""

    at: datetime
    words: str
    shapes: tuple[Shape, ...]
    x: float


@dataclass(frozen=True, slots=True)
class Chart:
    """`peak` is what the full height stands for."""

    columns: tuple[Column, ...]
    peak: float

    @property
    def width(self) -> float:
        return STEP * len(self.columns)

    @property
    def ticks(self) -> list[datetime]:
        """A moment for every sixth column, for the axis below."""
        return [column.at for column in self.columns[::6]]


@dataclass(frozen=True, slots=True)
class Stack:
    """The parts of one column from the bottom up: tone and size of each."""

    at: datetime
    words: str
    parts: tuple[tuple[str, float], ...]


def stacked(stacks: Sequence[Stack]) -> Chart:
    """Draw one column a stack, all to the scale of the tallest."""
    peak = max((sum(size for _, size in stack.parts) for stack in stacks), default=0.0)
    columns = tuple(_column(stack, index, peak or 1.0) for index, stack in enumerate(stacks))
    return Chart(columns, peak)


def _column(stack: Stack, index: int, peak: float) -> Column:
    shapes, top, x = [], HEIGHT, index * STEP + GAP / 2
    for tone, size in stack.parts:
        if size:
            # A single failure must be seen beside a thousand successes.
            height = round(max(size / peak * HEIGHT, 1.5), 2)
            top = max(0.0, round(top - height, 2))
            shapes.append(Shape(tone, x, top, height))
    return Column(stack.at, stack.words, tuple(shapes), index * STEP)
