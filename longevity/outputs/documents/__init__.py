"""The standing documents: what they say is put together once, for screen, slides and paper."""
