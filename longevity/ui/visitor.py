"""The visitor that a run of a page is for, to be checked again after the run.

The guard checks a visitor when a page runs. When something is made of the page later, such as a
download on a click, the claims of the same sign-in are checked again, by the rules of that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from longevity.auth.viewers import Viewer
from longevity.base.errors import DataError
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.ui import sign_in

SHUT = "What you may see has changed since this page was made, so no file is made of it."
CHANGED = (
    "The data have changed since you last looked: by a newer release, a correction or a "
    "withdrawal. What is shown now is current."
)


@dataclass(frozen=True)
class Visitor:
    """Who sees a page: the viewer, the claims of the sign-in, and the release.

    `stamp`: the release's when it was opened; it changes when the release is changed.
    """

    viewer: Viewer
    claims: Mapping[str, object]
    release_id: str
    stamp: tuple[int, int]
    synthetic: bool

    def explain_refusal(self, settings: Settings) -> str:
        """Return why they may no longer have what the page shows; "" where they may.

        They may not be this viewer any more; or a purge or a withdrawal changed the release, or an
        earlier one is served again.
        """
        where = sign_in.find_session(self.claims, settings, self.synthetic)
        if self.viewer not in where.viewers:
            return f"{SHUT} {where.sentence}".rstrip()
        store = Store(settings.home)
        try:
            is_same = store.read_stamp(self.release_id) == self.stamp
        except DataError:
            is_same = False
        return "" if is_same and not store.is_rolled_back(self.release_id) else CHANGED
