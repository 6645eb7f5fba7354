"""Commands that are no tests: how fast, how many viewers, how often right, and pictures."""
