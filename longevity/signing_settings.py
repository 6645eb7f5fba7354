"""Whose certificate signs what leaves the building: the `[signing]` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from longevity.strict_toml import Table

LARGEST = 100_000  # bytes of a file of certificates, or of a key
# What a certificate may be for, of which the one that signs must have one: e-mail, documents, C2PA.
USES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")


@dataclass(frozen=True)
class Signing:
    """The files of the certificates and of their key; both None to sign with the home's own."""

    certificates: Path | None = None
    key: Path | None = None


def read_signing(table: Table) -> Signing:
    """Read the table `[signing]`; ConfigError names the key that is wrong.

    What is in the files is read where they are used: `release.certificates`.
    """
    names = {key: table.text(key, "").strip() for key in ("certificates", "key")}
    table.finish()
    if not any(names.values()):
        return Signing()
    for key, name in names.items():
        if not name:
            raise table.error(key, "is missing.", "Give both: the certificates and their key.")
    return Signing(*(_find_file(table, key, name) for key, name in names.items()))


def _find_file(table: Table, key: str, name: str) -> Path:
    path = table.path.resolve().parent / name
    if not path.is_file():
        raise table.error(key, f"names '{name}', which is not there.")
    if path.stat().st_size > LARGEST:
        raise table.error(key, f"names '{name}', which is too large.", "Give a PEM file.")
    return path
