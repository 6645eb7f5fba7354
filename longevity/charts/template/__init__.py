"""What charts of every kind have in common: rows, words, keys, and maps with names in them."""
