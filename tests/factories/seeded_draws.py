"""Draws for tests: of a seed, or of a home whose key is no secret."""

import random
from collections.abc import Iterator

from longevity import private_files
from longevity.settings import Settings

KEY = bytes(range(32))


def of(seed: int) -> Iterator[float]:
    """Numbers from 0 up to 1 without end."""
    dice = random.Random(seed)
    while True:
        yield dice.random()


def fix_key(settings: Settings) -> Settings:
    """Give the home a key with which it draws alike in every run. For one that has no key yet."""
    path = settings.home / "signing" / "key"
    for folder in (settings.home, path.parent):
        private_files.make_private_folder(folder)
    with private_files.owner_only():
        path.write_bytes(KEY)
    return settings
