"""Whether a folder of extracts keeps the contract: every finding in one pass."""
