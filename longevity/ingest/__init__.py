"""What comes in: the contract, import, check, the demonstration."""
