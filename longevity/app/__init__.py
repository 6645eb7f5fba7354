"""What the commands and the server share: a release published and made ready, whole."""
