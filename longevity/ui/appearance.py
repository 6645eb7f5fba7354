"""What every screen wears beside the theme: focus, motion, narrow screens, screen readers, paper.

`page.css` and `page.js` hold it, each explained where it is; here they are put together with
the colours of the charts, so that a chart seen on the dark ground is printed as on the light.
Both are constants of the program: nothing a visitor or a release says goes into them.
"""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from longevity.charts import theme
from longevity.ui import headers

HERE = Path(__file__).parent


def style_page(look: theme.Theme) -> None:
    """Give the page, seen in this theme, its style and its script."""
    ground = f":root{{--longevity-ground:{look.ground}}}"
    st.html(f"<style>{ground}\n{_write_styles(look is theme.DARK)}</style>")
    with st.container(key="longevity-page"):
        st.html(f"<script>{_read_script()}</script>", unsafe_allow_javascript=True)


@cache
def _write_styles(dark: bool) -> str:
    rules = (HERE / "page.css").read_text(encoding="utf-8")
    paper = write_paper_rules() if dark else ""
    return f"{rules}\n@media print{{{paper}}}"


@cache
def _read_script() -> str:
    return headers.PAGE_SCRIPT.read_text(encoding="utf-8")


def write_on_paper_only(words: str) -> None:
    """Write a line that stands on paper and not on the screen."""
    st.html(f'<p class="longevity-on-paper">{html.escape(words)}</p>')


def name_picture(svg: str) -> str:
    """Return an SVG as a style sheet names a picture."""
    address = quote(svg, safe=" =:/'(),.;")
    return f'url("data:image/svg+xml,{address}")'


def pair_colours() -> dict[str, str]:
    """Return each colour of a chart on the dark ground, with the one it has on the light ground.

    Where the dark ground gives one colour to what the light one tells apart, the first counts.
    """
    dark, light = theme.DARK, theme.LIGHT
    colour_pairs = list(zip(dark.cities, light.cities, strict=True))
    colour_pairs += [
        (getattr(dark, part), getattr(light, part)) for part in ("ink", "quiet", "grid")
    ]
    colour_pairs.append((dark.ground, light.ground))
    for colours in theme.PALETTES.values():
        colour_pairs += [(shade, colours["light"][name]) for name, shade in colours["dark"].items()]
    return dict(reversed(colour_pairs))


def write_paper_rules() -> str:
    """Write rules that give what is drawn for the dark ground its colour on the light one."""
    rules = []
    for dark, light in pair_colours().items():
        rgb = f"rgb({', '.join(str(int(dark[at : at + 2], 16)) for at in (1, 3, 5))})"
        for part in ("fill", "stroke"):
            # As Plotly writes it on a mark, and as it keeps it of words that have a colour each.
            for style in (f"{part}: {rgb}", f"{part}:{dark}"):
                rules.append(f'.main-svg [style*="{style}"]{{{part}:{light} !important}}')
        patch = f'.longevity-patch[style*="background:{dark}"]'
        rules.append(f"{patch}{{background:{light} !important}}")
    return "\n".join(rules)
