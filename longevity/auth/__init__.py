"""Who asks, and what they may see: sign-in, the session it gives, and viewers."""
