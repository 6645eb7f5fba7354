"""Numbers computed of answers: frames and counts in, estimates with intervals out."""
