"""Add our style sheet and script, `page.css` and `page.js`, to every page.

They are for keyboards, narrow screens, screen readers and printing, and are explained inside. Both
are constants of the program: no text from a visitor or a release gets into them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from longevity.charts import theme

HERE = Path(__file__).parent


def style_page(look: theme.Theme) -> None:
    """Add the style sheet and the script to the page. `look`: the theme it is seen in."""
    # A dark page is printed light: pictures are inverted, and their hues turned back.
    on_paper = "invert(1) hue-rotate(180deg)" if look is theme.DARK else "none"
    own = f":root{{--longevity-ground:{look.ground};--longevity-on-paper:{on_paper}}}"
    st.html(f"<style>{own}\n{read_part('page.css')}</style>")
    with st.container(key="longevity-page"):
        st.html(f"<script>{read_part('page.js')}</script>", unsafe_allow_javascript=True)


@cache
def read_part(name: str) -> str:
    """Return the text of `page.css` or `page.js`."""
    return (HERE / name).read_text(encoding="utf-8")


def name_picture(svg: str) -> str:
    """Return an SVG as a `url("data:…")` for a style sheet."""
    address = quote(svg, safe=" =:/'(),.;")
    return f'url("data:image/svg+xml,{address}")'
