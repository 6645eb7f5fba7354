"""Commands for those who develop it: how fast it is, how many it serves, what it says, pictures."""
