"""What is counted: the measures, bands of age, and the days a count is of."""
