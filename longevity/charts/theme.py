"""How charts look: colours, type, spacing. One place for every figure.

Categories (cities, by their order in the configuration) have colours of the
hues of Okabe and Ito's colour-blind-safe set, darkened for the light theme and
lightened for the dark one until they can be read as text, the fourth and later
ones moved apart until they differ for colour-blind readers too; a line and a
marker tell them apart as well. Amounts have a ramp of one hue. A test measures
contrast and differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CITY_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
CITY_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")

# Amounts, from little to much; zero and no residents are apart.
# Their lightness falls in even steps, so that they differ printed grey.
RAMP = ("#F6C296", "#EB955F", "#D7693C", "#B04128", "#752319")
ZERO = "#F4F4F1"
# On a dark ground nothing is dark and more is brighter.
DARK_RAMP = ("#262D35", "#6B2A1A", "#A33F1F", "#D0673A", "#EB9F6D", "#FBDDBE")

# What became of something: from dark to light, so that a grey print tells them apart, and an accent
# on what was missed. Hues are the cities' alone.
STATES = {
    "light": {
        "yes": "#2B3640",
        "late": "#8A96A1",
        "going": "#A9B4BD",
        "pending": "#D2D9DF",
        "unknown": "#FFFFFF",
        "no": "#B3195E",
    },
    "dark": {
        "yes": "#E6EAED",
        "late": "#8694A1",
        "going": "#5A6671",
        "pending": "#38424B",
        "unknown": "#0E1117",
        "no": "#FF8FC4",
    },
}
EDGED = ("late", "going", "pending", "unknown")  # outlined: they are nearly the ground's colour
NO_RESIDENTS = "#9A9A9A"
AMOUNTS = {
    name: {**{str(at): colour for at, colour in enumerate(ramp)}, "no_residents": grey}
    for name, ramp, grey in (
        ("light", (ZERO, *RAMP), NO_RESIDENTS),
        ("dark", DARK_RAMP, "#5C6670"),
    )
}
# On paper, which may be grey, what is no amount is hatched, and its patch in the key marked.
HATCHES = {"no_residents": "+"}
HATCHED_PATCHES = {"no_residents": "square-cross"}
# Around every area and every patch of a key: it is what is seen on the ground.
BORDER = "#6B747C"

UNCLEAR = ("unclear", "none", "unknown")
# What a comparison says: a colour and a symbol each; "unclear" is as loud as the others.
CHANGES = {
    name: {"up": states["no"], "down": states["yes"], **dict.fromkeys(UNCLEAR, quiet)}
    for (name, states), quiet in zip(STATES.items(), ("#55606A", "#B4BCC4"), strict=True)
}
CHANGE_SYMBOLS = {
    "up": "triangle-up",
    "down": "triangle-down",
    "unclear": "circle-open",
    "none": "circle-open",
    "unknown": "circle-open",
}

# What is clear of a change, on a map: different printed grey too.
DIFFERENCES = {
    "light": {"down": "#1B5E99", "unclear": "#F8F8F4", "up": "#DE8450", "unknown": "#C9C2D6"},
    "dark": {"down": "#5C9FD6", "unclear": "#262D36", "up": "#F6BC92", "unknown": "#7C6BA9"},
}
INKS = ("#16191D", "#FFFFFF")  # on the light ground's amounts, and on what has no theme
# Every palette by the word before the colon of a colour's name.
PALETTES = {
    "ramp": AMOUNTS,
    "difference": DIFFERENCES,
    "change": CHANGES,
    "done": STATES,
}


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, light or dark; as an argument it is called `look`.

    `ink`: of words; `quiet`: of lesser ones; `ground`: of the page; `cities`: one each, in their
    order.
    """

    name: str
    ink: str
    quiet: str
    grid: str
    ground: str
    cities: tuple[str, ...]


LIGHT = Theme(
    "light",
    ink="#1F2A33",
    quiet="#55606A",
    grid="#E3E6E8",
    ground="#FFFFFF",
    cities=("#0067A5", "#B04A00", "#00735A", "#550099", "#443300", "#0066EE"),
)
DARK = Theme(
    "dark",
    ink="#F1F3F5",
    quiet="#B4BCC4",
    grid="#3A424A",
    ground="#0E1117",
    cities=("#5FB3EA", "#F58A4B", "#35C7A0", "#DD44AA", "#AA7755", "#0088EE"),
)
THEMES = {"light": LIGHT, "dark": DARK}

# The screen's own web font first, then what a machine that exports may have.
FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", Helvetica, Arial, sans-serif'


def find_theme(name: str | None) -> Theme:
    """The theme with this name; light when there is none of that name."""
    return THEMES.get(name or "light", LIGHT)


def find_colour(look: Theme, name: str) -> str:
    """Return the colour that a name means: `city:0`, `done:late`, `ramp:3`, `ink`, or itself."""
    kind, _, which = name.partition(":")
    if kind == "city":
        return look.cities[int(which) % len(look.cities)]
    if kind in PALETTES:
        return PALETTES[kind][look.name][which]
    return name if name.startswith("#") else str(getattr(look, name))


def find_edge(look: Theme, name: str) -> str:
    """Return the colour around a part of a bar: the ground's, unless its colour is near that."""
    return look.quiet if name.removeprefix("done:") in EDGED else look.ground


def find_dash(name: str) -> str:
    """Return the dash of a line of this colour's name: each city has its own."""
    return CITY_DASHES[_number_city(name) % len(CITY_DASHES)]


def find_symbol(name: str) -> str:
    """Return the marker of this colour's name: each city has its own."""
    return CITY_SYMBOLS[_number_city(name) % len(CITY_SYMBOLS)]


def _number_city(name: str) -> int:
    return int(name[5:]) if name.startswith("city:") else 0


def find_ink(look: Theme, name: str) -> str:
    """Return the colour of words on a fill of this colour's name, whichever is read better.

    Of a fill of the theme's it is one of the theme's own: a dark page that is printed changes both.
    A fill of no palette keeps its colour on paper, and so do the words on it.
    """
    kind = name.partition(":")[0]
    themed = kind in (*PALETTES, "city")
    # On the light ground's amounts black is read better than the theme's own ink.
    is_light_amount = kind == "ramp" and look.name == "light"
    inks = (look.ground, look.ink) if themed and not is_light_amount else INKS
    fill = find_colour(look, name)
    return max(inks, key=lambda ink: _contrast(ink, fill))


def _contrast(colour: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as the WCAG define it."""
    dark, light = sorted((_luminance(colour), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def build_layout(look: Theme, height: int, **more: Any) -> dict[str, Any]:
    """Return a Plotly layout in the house style: no chart junk, a zero line, room for labels."""
    axis = {
        "gridcolor": look.grid,
        "zerolinecolor": look.quiet,
        "linecolor": look.grid,
        "tickfont": {"size": 13, "color": look.quiet},
        "title": {"font": {"size": 13, "color": look.quiet}},
        "fixedrange": True,
        "automargin": True,
    }
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "font": {"family": FONT, "size": 14, "color": look.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": axis | {"showgrid": False},
        "yaxis": axis | {"rangemode": "tozero"},
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "uirevision": "keep",
        "dragmode": False,
    }
    return merge(base, more)


def merge(base: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of a figure with more keys: `{"x": {"a": 1}}` and `{"x": {"b": 2}}` are joined.

    Of the same key the one in `more` counts.
    """
    return base | {
        key: merge(base[key], value)
        if isinstance(value, dict) and isinstance(base.get(key), dict)
        else value
        for key, value in more.items()
    }


MARK_ROOM = 32  # pixels above a plot for the mark of made-up data, the word SYNTHETIC
