"""Content Credentials (C2PA): signatures in files, with what a file is. Sign, read, and record."""
