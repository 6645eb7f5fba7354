"""What is computed from answers: windows, comparisons, sentences."""
