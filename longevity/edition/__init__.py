"""The public edition: what anybody may see of a release, as files for any web server."""
