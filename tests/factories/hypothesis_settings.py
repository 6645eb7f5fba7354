"""How many examples a property draws; never a deadline, since a busy machine is not a bug."""

from hypothesis import HealthCheck, settings

_patient = [HealthCheck.too_slow]
# For what takes microseconds, and for what builds frames or figures.
many = settings(max_examples=200, deadline=None, suppress_health_check=_patient)
some = settings(max_examples=40, deadline=None, suppress_health_check=_patient)
