"""What is asked for a report: its context, and the catalogue of charts."""
