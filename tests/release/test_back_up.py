"""The files in docs/deployment, tried: a back-up while a publish runs, a restore, the units."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from longevity.app.publish import publish_release as publish
from longevity.auth.viewers import PUBLIC, STATE
from longevity.cli import main
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.factories import odd_release
from tools.load.run import copy_extracts

DEPLOYMENT = ROOT / "docs" / "deployment"
ASKED = (("counts", PUBLIC), ("next_call_in", STATE), ("coming_home", STATE))


def needs(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed here")


def answers(settings: Settings) -> list[pd.DataFrame]:
    """What the home answers, to the public and to the state."""
    warehouse = Warehouse(Store(settings.home).current(), settings)
    found = [warehouse.run(name, None, who).frame for name, who in ASKED]
    warehouse.close()
    return found


def test_a_back_up_beside_a_publish_restores_elsewhere(tmp_path, monkeypatch, capsys):
    needs("flock", "tar")
    settings = odd_release.publish_release(tmp_path)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    words = ["export", "year-to-date", "--format", "csv", "--out", str(tmp_path / "bundle")]
    assert main(words, TODAY) == 0
    (rows,) = (tmp_path / "bundle").glob("*.csv")

    archive, new = _backed_up_beside_a_publish(settings, tmp_path)

    restored = replace(settings, home=tmp_path / "restored")
    restored.home.mkdir(mode=0o700)
    subprocess.run(["tar", "-xzpf", archive, "-C", restored.home], check=True)
    # It waited for the publish: what is served there is the new release, whole.
    assert Store(restored.home).current().id == new
    assert {one.damage for one in Store(restored.home).list_releases()} == {None}
    assert not (restored.home / "staging").exists()
    for here, there in zip(answers(settings), answers(restored), strict=True):
        pd.testing.assert_frame_equal(here, there)
    for private in (restored.home / "signing" / "key", Path(archive)):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600

    monkeypatch.setenv("LONGEVITY_HOME", str(restored.home))
    capsys.readouterr()
    main(["verify", str(rows)], TODAY)
    assert "Given out here" in capsys.readouterr().out
    shutil.rmtree(restored.home / "signing")
    main(["verify", str(rows)], TODAY)
    assert "Given out here" not in capsys.readouterr().out


def _backed_up_beside_a_publish(settings: Settings, folder: Path) -> tuple[str, str]:
    """The archive, and the release that was being published when it was asked for."""
    extracts = copy_extracts(Store(settings.home).current(), folder / "again")
    said = extracts / "extracts.toml"
    text = said.read_text(encoding="utf-8").replace("2026-06-30", "2026-07-01")
    said.write_text(text, encoding="utf-8")
    (folder / "back-ups").mkdir()
    half_way, go_on = threading.Event(), threading.Event()

    def wait(step: str) -> None:
        if step == "built":
            half_way.set()
            assert go_on.wait(60)

    published: list[str] = []
    work = threading.Thread(
        target=lambda: published.append(publish(extracts, settings, TODAY, after_step=wait).release_id)
    )
    work.start()
    assert half_way.wait(60)
    words = [DEPLOYMENT / "back-up", settings.home, folder / "back-ups"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as backing:
        with pytest.raises(subprocess.TimeoutExpired):
            backing.wait(0.5)
        go_on.set()
        work.join()
        archive, _ = backing.communicate(timeout=60)
    assert backing.returncode == 0
    assert [path.name for path in (folder / "back-ups").iterdir()] == [Path(archive.strip()).name]
    return archive.strip(), published[0]


def test_the_units_are_right(tmp_path):
    needs("systemd-analyze")
    for unit in sorted(DEPLOYMENT.glob("longevity*")):
        text = unit.read_text(encoding="utf-8")
        # Where they stand here: the system looks whether the programs are there.
        text = text.replace("/srv/longevity/app/.venv/bin/python", sys.executable)
        text = text.replace("/srv/longevity/app/docs", str(ROOT / "docs"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    names = [path.name.replace("@.", "@8501.") for path in sorted(tmp_path.iterdir())]
    assert "longevity@8501.service" in names
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names],
        cwd=tmp_path,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
