"""What the commands and the server share: a release published whole."""
