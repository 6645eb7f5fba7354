"""What every screen wears besides the theme: focus, motion, narrow screens, screen readers, paper.

`page.css` and `page.js` hold it, each explained where it is. Both are constants of the program:
nothing a visitor or a release says goes into them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from longevity.charts import theme

HERE = Path(__file__).parent


def style_page(look: theme.Theme) -> None:
    """Give the page, seen in this theme, its style and its script."""
    # What is dark on the screen is light on paper, each hue as it was.
    on_paper = "invert(1) hue-rotate(180deg)" if look is theme.DARK else "none"
    own = f":root{{--longevity-ground:{look.ground};--longevity-on-paper:{on_paper}}}"
    st.html(f"<style>{own}\n{read_part('page.css')}</style>")
    with st.container(key="longevity-page"):
        st.html(f"<script>{read_part('page.js')}</script>", unsafe_allow_javascript=True)


@cache
def read_part(name: str) -> str:
    """Read what is a constant of the program."""
    return (HERE / name).read_text(encoding="utf-8")


def name_picture(svg: str) -> str:
    """Return an SVG as a style sheet names a picture."""
    address = quote(svg, safe=" =:/'(),.;")
    return f'url("data:image/svg+xml,{address}")'
