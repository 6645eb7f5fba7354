"""Pages of docs that are made of the code, so that they cannot differ."""
