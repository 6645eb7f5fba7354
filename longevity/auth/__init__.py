"""Who asks: sign-in as configured, its session and its end, and the viewer it makes."""
