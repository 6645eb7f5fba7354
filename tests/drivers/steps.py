"""Do something before a function is called: stop there as a crash would, wait, or look at the disk."""

import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

PUBLISHING = "longevity.release.publishing"
# What a publish calls one after the other once its release is built.
OF_PUBLISH = (
    f"{PUBLISHING}.Publish._serve",
    f"{PUBLISHING}.manifest.write_manifest",
    f"{PUBLISHING}.sync_tree",
    f"{PUBLISHING}.Publish._move_into_place",
    f"{PUBLISHING}.mark_withdrawn",
    f"{PUBLISHING}.Store.point_to",
    f"{PUBLISHING}.Publish._make_report",
)


def act_before(patch: pytest.MonkeyPatch, target: str, act: Callable[[], object]) -> None:
    """Call `act` before each call of a function or method, by its dotted name."""
    owner_name, _, name = target.rpartition(".")
    owner = pkgutil.resolve_name(owner_name)
    called = getattr(owner, name)

    def act_and_call(*args: Any, **kwargs: Any) -> Any:
        act()
        return called(*args, **kwargs)

    patch.setattr(owner, name, act_and_call)
