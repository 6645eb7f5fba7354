"""What the demonstration says everywhere is what was written down when it was last decided."""

from tests.conftest import GOLDEN
from tools.golden import library
from tools.golden.record import describe_differences, read_record


def test_nothing_is_said_otherwise_than_decided(published):
    with library.open_contexts(published) as contexts:
        said = library.record_release(contexts)
    assert describe_differences(read_record(GOLDEN), said) == []
