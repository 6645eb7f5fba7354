"""Which release a screen shows when the newest is damaged or taken back."""

from __future__ import annotations

from longevity.release.store import Store
from tests.drivers import screens


def test_a_damaged_release_is_refused_and_the_one_before_serves_with_a_notice(monkeypatch, home_of):
    newer = Store(home_of.home).current()
    older = str(newer.manifest["previous"])
    member = newer.path / "built" / "daily.parquet"
    content = bytearray(member.read_bytes())
    content[len(content) // 2] ^= 1
    member.chmod(0o644)
    member.write_bytes(bytes(content))
    app = screens.visit(monkeypatch, home_of, "sources")
    assert not app.exception
    assert older in " ".join(screens.texts(app))
    (notice,) = [error.value for error in app.error]
    assert newer.id in notice
