"""How many examples a property draws; never a deadline, since a busy machine is not a bug.

A change is tried with the same examples every time, so that a red gate is always of the change; the
audit draws others, and more: `pytest -m hypothesis --hypothesis-profile audit`.
"""

from collections.abc import Callable

from hypothesis import HealthCheck, settings


def register_profiles() -> None:
    """Make both known, and use that of a change where none is named."""
    patient = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("change", patient, max_examples=80, derandomize=True)
    settings.register_profile("audit", patient, max_examples=200)
    settings.load_profile("change")


def some(test: Callable[..., None]) -> Callable[..., None]:
    """A quarter of the examples: for what builds frames or figures."""
    return settings(max_examples=settings.default.max_examples // 4)(test)
