"""The public edition: what anybody may see of a release, as a website of files.

Any web server can serve it; nothing of the application runs there.
"""
