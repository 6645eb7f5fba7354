"""The least a screen with a map can be: a title, a select box, four areas."""

import streamlit as st

NAMES = ["a", "b", "c", "d"]


def square(at: int, colour: str) -> dict[str, object]:
    """One area of a hundredth of a degree."""
    west, south = -72.7 + 0.01 * at, 41.7
    x = [west, west + 0.01, west + 0.01, west, west]
    y = [south, south, south + 0.01, south + 0.01, south]
    shape = {"type": "scatter", "mode": "lines", "fill": "toself", "hoveron": "fills"}
    return {**shape, "x": x, "y": y, "name": NAMES[at], "fillcolor": colour}


st.title("Bare")
chosen = st.selectbox("City", NAMES)
colours = ["#B04128" if name == chosen else "#F6C296" for name in NAMES]
areas = [square(at, colour) for at, colour in enumerate(colours)]
st.plotly_chart({"data": areas, "layout": {"yaxis": {"scaleanchor": "x"}}})
