"""Publishing as a whole, for commands and server: what several folders do for one release."""
