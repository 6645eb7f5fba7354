"""The least a screen with a chart can be, to measure ours against: a title, a box, three bars."""

import streamlit as st

st.title("Bare")
st.selectbox("City", ["a", "b", "c", "d", "e", "f"], key="city")
shown = {"a": 3, "b": 4, "c": 5, "d": 6, "e": 7, "f": 8}[st.session_state["city"]]
st.plotly_chart({"data": [{"type": "bar", "y": [1, 2, shown]}], "layout": {}})
