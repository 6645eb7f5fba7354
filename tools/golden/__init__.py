"""What the product says today, as text to be compared with what it says after a change."""
