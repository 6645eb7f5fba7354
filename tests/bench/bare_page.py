"""The least a screen can be, to stand beside the others: a select box and three bars."""

import streamlit as st

st.title("Bare")
st.selectbox("City", ["a", "b"])
st.plotly_chart({"data": [{"type": "bar", "y": [1, 2, 3]}], "layout": {}})
