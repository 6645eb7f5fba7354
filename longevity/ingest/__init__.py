"""What comes in: the contract of the data, and the import of a city's files."""
