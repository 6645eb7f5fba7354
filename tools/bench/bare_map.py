"""The least a screen with a map can be: a title, a select box, four areas without tiles."""

import streamlit as st

NAMES = ["a", "b", "c", "d"]


def square(at: int) -> dict[str, object]:
    """One area of a hundredth of a degree."""
    west, south = -72.7 + 0.01 * at, 41.7
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01]]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "id": NAMES[at], "properties": {}, "geometry": shape}


st.title("Bare")
chosen = st.selectbox("City", NAMES)
areas = {"type": "FeatureCollection", "features": [square(at) for at in range(len(NAMES))]}
counts = [4 if name == chosen else 2 for name in NAMES]
trace = {"type": "choroplethmap", "geojson": areas, "locations": NAMES, "z": counts}
view = {"style": "white-bg", "center": {"lon": -72.68, "lat": 41.705}, "zoom": 11}
st.plotly_chart({"data": [trace], "layout": {"map": view}})
