"""What is counted and found: the one way to count, and what every sentence and chart is made of."""
