"""The only way to the data: connection, catalogue, viewers."""
