"""A heat map for paper: each cell the colour it has on screen, none where nothing is known."""

from __future__ import annotations

from longevity.outputs.bundle.vector_cells import in_vectors
from tests.oracles.figure_checks import assert_valid

HEAT = {
    "type": "heatmap",
    "x": ["a", "b"],
    "y": ["Mon", "Tue"],
    "z": [[0, 10], [5, None]],
    "text": [["", "10"], ["5", ""]],
    "zmin": 0,
    "zmax": 10,
    "colorscale": [[0.0, "#FFFFFF"], [0.5, "#808080"], [1.0, "#000000"]],
}


def test_a_cell_is_a_rectangle_of_its_colour_with_its_text() -> None:
    made = in_vectors({"data": [HEAT], "layout": {"yaxis": {"autorange": "reversed"}}})
    assert_valid(made)
    fills = {(s["x0"], s["y0"]): s["fillcolor"] for s in made["layout"]["shapes"]}
    assert fills == {(-0.5, -0.5): "#FFFFFF", (0.5, -0.5): "#000000", (-0.5, 0.5): "#808080"}
    (text,) = made["data"]
    assert text["text"] == ["", "10", "5", ""]
    assert text["textfont"]["color"][1] == "#FFFFFF"
    assert made["layout"]["yaxis"]["range"] == [1.5, -0.5]
