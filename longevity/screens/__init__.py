"""The content of every screen, as a `Report` of tabs and cards, and the catalogue of charts."""
