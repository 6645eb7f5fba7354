"""What everything stands on: errors, files, logs, and how a TOML or SQL file is read."""
