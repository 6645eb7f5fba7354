"""The only way to the data: a query of the catalogue, asked for a viewer."""
