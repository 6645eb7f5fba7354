"""The configuration of a running server: the last good one while its file is broken.

What is wrong goes into the log, and to the state's viewers on the screen; no folder of this
machine is named to anybody who looks at a page.
"""

from __future__ import annotations

import logging
import os
import re
from datetime import date
from pathlib import Path

from longevity import settings as configuration
from longevity.errors import ConfigError
from longevity.settings import Settings

LAST_GOOD = "The configuration was changed and does not hold; what held before still counts."
NONE_YET = (
    "The configuration does not hold, so nothing can be shown.",
    "Whoever runs this server finds in its log what is wrong, or by the command check-config.",
)
FOLDERS = re.compile(r"(?<![\w.:/])/(?:[^\s/'\"]+/)+")
LOG = logging.getLogger(__name__)

_good: dict[tuple[Path, str], Settings] = {}  # by file and home
_trouble: dict[tuple[Path, str], str] = {}  # "" while there is none


def read_settings() -> Settings:
    """Read the configuration as it is now, else as it last held; ConfigError where it never did."""
    which = _locate_settings()
    try:
        settings = configuration.load_settings()
        configuration.refuse_later_launches(settings, date.today())
        _good[which], _trouble[which] = settings, ""
    except ConfigError as error:
        if _trouble.get(which) != str(error):
            LOG.error("the configuration does not hold: %s", error, extra={"event": "config"})
        _trouble[which] = str(error)
        if which not in _good:
            raise ConfigError(*NONE_YET) from error
    return _good[which]


def find_trouble() -> str:
    """Find what was wrong with the configuration when it was last read, without folders."""
    return remove_folders(_trouble.get(_locate_settings(), ""))


def read_settings_if_any() -> Settings | None:
    """Read the configuration as `read_settings`; None where it never held."""
    try:
        return read_settings()
    except ConfigError:
        return None


def remove_folders(sentence: str) -> str:
    """Return a sentence that names files by their names alone."""
    config, home = _locate_settings()
    folders = {str(folder.absolute()) for folder in (config.parent, Path(home), configuration.ROOT)}
    for folder in sorted(folders, key=len, reverse=True):  # those may hold a space
        sentence = sentence.replace(f"{folder}/", "")
    return FOLDERS.sub("", sentence)


def _locate_settings() -> tuple[Path, str]:
    return configuration.find_config(os.environ), os.environ.get("LONGEVITY_HOME", "")
