"""How charts are drawn: a frame and its words go in, a Plotly figure as plain data comes out."""
