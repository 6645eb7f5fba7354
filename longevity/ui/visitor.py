"""Who a run of a page is for, to be asked again when the run is over.

A page passes the guard when it runs. What comes of it later, a file that is made on a click,
passes it again: by the claims of the same sign-in, held against what counts by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from longevity.auth.viewers import Viewer
from longevity.errors import DataError
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
    """Who looks, by which claims, at which release as it was opened; `stamp` as the store's."""

    viewer: Viewer
    claims: Mapping[str, object]
    release_id: str
    stamp: tuple[int, int]
    synthetic: bool

    def explain_refusal(self, settings: Settings) -> str:
        """Say why nothing is handed to them of what this page shows; "" where it may be.

        They are not this viewer any more; or a purge or a withdrawal changed the release, or an
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
