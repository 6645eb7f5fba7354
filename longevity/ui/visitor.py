"""Who a run of a page is for, to be asked again when the run is over.

A page passes the guard when it runs. What comes of it later, a file that is made on a click or
fetched, passes it again: by the claims of the same sign-in, held against what counts by then.
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
    "Since this page was made, rows of its release were destroyed or a table of it was withdrawn. "
    "They are not in it any more, and files made before are gone."
)
GONE = "The release that this page showed cannot be opened any more."
WITHDRAWN = (
    "The release that this page shows was withdrawn, and an earlier one is served again. "
    "No file is made of it any more."
)


@dataclass(frozen=True)
class Visitor:
    """Who looks, by which claims and in which browser, at which release as it was opened.

    `browser`: the number in its cookie (`file_downloads`), "" without one; `stamp` as the store's.
    """

    viewer: Viewer
    claims: Mapping[str, object]
    browser: str
    release_id: str
    stamp: tuple[int, int]
    synthetic: bool

    def explain_shut_out(self, settings: Settings) -> str:
        """Say why they are not this viewer any more; "" while they are."""
        where = sign_in.find_session(self.claims, settings, self.synthetic)
        return "" if self.viewer in where.viewers else f"{SHUT} {where.sentence}".rstrip()

    def explain_change(self, settings: Settings) -> str:
        """Say what became of the release since it was opened; "" where nothing did."""
        try:
            now = Store(settings.home).read_stamp(self.release_id)
        except DataError:
            return GONE
        return "" if now == self.stamp else CHANGED

    def explain_withdrawal(self, settings: Settings) -> str:
        """Say that the release as a whole was withdrawn; "" where it was not."""
        return WITHDRAWN if Store(settings.home).is_rolled_back(self.release_id) else ""

    def explain_refusal(self, settings: Settings) -> str:
        """Say why nothing is handed to them of what this page shows; "" where it may be."""
        return (
            self.explain_shut_out(settings)
            or self.explain_change(settings)
            or self.explain_withdrawal(settings)
        )
