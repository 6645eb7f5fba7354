"""A press bundle: one chart as pictures, a slide, rows and a manifest, each signed."""
