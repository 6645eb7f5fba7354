"""Measures the screens in a browser against the aims for them: `make screens`."""
