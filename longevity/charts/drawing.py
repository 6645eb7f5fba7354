"""What every kind of chart is (`Kind`), what it is drawn with, and what it returns (`Figure`).

A colour is named by what it means (`theme.find_colour`): `city:0`, `done:late`, `ink`. Words shown
on hover are Plotly's templates: `%{x}`, `%{y}`, and `%{customdata}` for what is said of a point.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.charts.theme import Theme

# A chart's words by name: {"parts.greeted": "met in time", "hover": "%{x}: %{y}"}.
Words = Mapping[str, str]
Figure = dict[str, Any]  # a Plotly figure, or a part of one, as plain data: nothing validates it


@dataclass(frozen=True)
class Drawing:
    """What every figure needs besides its rows: colours, the cities, whether its data are made up.

    `cities` maps id to name in the configuration's order, so that the same city has the same place
    and colour everywhere. `synthetic`: the data are made up, as the picture must say.
    """

    theme: Theme
    cities: Mapping[str, str]
    synthetic: bool

    def position(self, city: str) -> int:
        """The place of a city in the configuration, from 0."""
        return list(self.cities).index(city)

    def name_colour(self, city: str) -> str:
        """Return the name of a city's colour, `city:0` for the first; ValueError if unknown."""
        return f"city:{self.position(city)}"

    def split_by_city(self, frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
        """Return the rows of each city that has any (column `city`), in the order of cities."""
        present = set(frame["city"])
        return [(city, frame[frame["city"] == city]) for city in self.cities if city in present]

    def sort_by_city(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows in the order of cities (column `city`), rows without a city last.

        Rows of one city stay in the order they have.
        """
        order = {city: at for at, city in enumerate(self.cities)}
        return frame.sort_values(
            "city", key=lambda ids: ids.map(order).fillna(len(order)), kind="stable"
        )


@dataclass(frozen=True)
class Kind(ABC):
    """A picture that can be drawn: what is to be seen, and how. Each kind of chart is one."""

    drawing: Drawing

    @abstractmethod
    def draw(self, *, on_paper: bool = False) -> Figure:
        """Return it as a Plotly figure, for the screen or for files and documents."""

    def describe(self) -> str:
        """Say in words what its title does not, for those who do not see it; "" for nothing."""
        return ""
