"""Content Credentials (C2PA): put into what leaves, read again, and held to one form."""
