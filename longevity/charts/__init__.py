"""How charts are drawn: frames in, figures out."""
