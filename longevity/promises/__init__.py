"""The promise, walked through day by day, and the tables made of it."""
