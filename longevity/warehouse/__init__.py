"""The only way to the data: a query of the catalogue is answered from what a viewer may see."""
