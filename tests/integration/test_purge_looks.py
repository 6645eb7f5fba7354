"""Into which files a purge looks, and what it says of those it cannot look into."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity import cli
from longevity.errors import DataError
from longevity.release import file_search, purge
from longevity.release.person_references import Codes
from longevity.release.store import Store
from longevity.settings import Settings
from tests.conftest import TODAY, unprepared
from tests.factories import purge_home
from tests.factories.purge_home import GONE, STAYS, find_text

ENDS = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"  # a picture: neither text nor table


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return purge_home.build_home(tmp_path_factory.mktemp("looks"))


@pytest.fixture
def kept(made: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy to purge."""
    shutil.copytree(made.home, tmp_path / "home")
    unprepared(monkeypatch)
    return replace(made, home=tmp_path / "home")


def text(code: str) -> bytes:
    return f"person;seen\n{code};soon\n".encode()


def table(code: str) -> pa.Table:
    return pa.table({"whom": ["nobody", code] * 400, "incident_id": ["i1", "i2"] * 400})


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def tarred(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def workbook(code: str) -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append([1, "east", code])
    book.save(out)
    return out.getvalue()


def parquet(code: str) -> bytes:
    out = io.BytesIO()
    pq.write_table(table(code), out, compression="zstd", write_statistics=False)
    return out.getvalue()


def arrow(code: str, compression: str | None = "zstd") -> bytes:
    out = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_file(out, table(code).schema, options=options) as file:
        file.write_table(table(code))
    return out.getvalue()


def answers(code: str) -> bytes:
    """As prepared answers are: tables in the cells of a table."""
    out = io.BytesIO()
    cells = pa.table({"answer": pa.array([arrow(code)], pa.binary())})
    with pa.ipc.new_file(out, cells.schema) as file:
        file.write_table(cells)
    return out.getvalue()


def in_sqlite(code: str, path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE seen (whom TEXT)")
        database.execute("INSERT INTO seen VALUES (?)", [code])
    database.close()


def in_duckdb(code: str, path: Path) -> None:
    with duckdb.connect(str(path)) as database:
        database.execute("CREATE TABLE seen AS SELECT $code || '' AS whom", {"code": code})


def bytes_of(make: Callable[[str], bytes]) -> Callable[[str, Path], None]:
    return lambda code, path: path.write_bytes(make(code)) and None


KINDS: dict[str, Callable[[str, Path], None]] = {
    "note.csv": bytes_of(text),
    "windows.txt": bytes_of(lambda code: text(code).decode().encode("utf-16")),
    "list.csv.gz": bytes_of(lambda code: gzip.compress(text(code))),
    "app.log.1.gz": bytes_of(lambda code: gzip.compress(text(code))),
    "list.bz2": bytes_of(lambda code: bz2.compress(text(code))),
    "list.xz": bytes_of(lambda code: lzma.compress(text(code))),
    "list.zst": bytes_of(lambda code: pa.Codec("zstd").compress(text(code), asbytes=True)),
    "handed.zip": bytes_of(lambda code: zipped("list.csv", text(code))),
    "named.zip": bytes_of(lambda code: zipped(f"{code}.csv", b"nothing")),
    "backup.tar.gz": bytes_of(lambda code: tarred("home/people.parquet", parquet(code))),
    "book.xlsx": bytes_of(workbook),
    "mailed.zip": bytes_of(lambda code: zipped("book.xlsx", workbook(code))),
    "copy-of-old": bytes_of(parquet),
    "people.parquet.bak": bytes_of(parquet),
    "packed.arrow": bytes_of(arrow),
    "plain.feather": bytes_of(lambda code: arrow(code, None)),
    "answers.arrow": bytes_of(answers),
    "notes.sqlite": in_sqlite,
    "notes.duckdb": in_duckdb,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_code_is_found_in_each_kind_of_file_and_a_longer_one_is_another(
    kept: Settings, name: str
) -> None:
    (kept.home / "files").mkdir()
    KINDS[name](GONE, kept.home / "files" / name)
    report = purge_home.purge_person(kept, GONE, TODAY)
    assert report.unread == []
    (said,) = report.remains
    assert said.startswith(str(kept.home / "files" / name))
    # Whoever stays has a code that begins as the other does.
    (kept.home / "files" / name).unlink()
    KINDS[name](STAYS, kept.home / "files" / name)
    with pytest.raises(purge.UsageError):
        purge_home.purge_person(kept, GONE, TODAY)


def test_a_name_that_is_a_code_is_named_without_it(
    kept: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (kept.home / f"east_{GONE}.txt").write_text("")
    (kept.home / f"{STAYS}.txt").write_text("")
    monkeypatch.setattr("longevity.settings.load_settings", lambda: kept)
    assert cli.main(["purge", GONE], TODAY) == 1
    out, err = capsys.readouterr()
    assert "east_(destroyed).txt still holds a code in its name" in err
    assert GONE not in out + err
    assert err.count("still holds") == 1


def test_a_folder_or_table_by_a_name_of_ours_is_named_not_rewritten(kept: Settings) -> None:
    (kept.home / f"{GONE}.log").mkdir()
    (kept.home / "mine").mkdir()
    (kept.home / "mine" / "people.parquet").write_bytes(parquet(GONE))
    left = purge_home.purge_person(kept, GONE, TODAY).remains
    assert [Path(said.split(" ")[0]).name for said in left] == ["(destroyed).log", "people.parquet"]
    assert (kept.home / "mine" / "people.parquet").read_bytes() == parquet(GONE)


def test_of_many_codes_each_is_found(tmp_path: Path) -> None:
    codes = [f"person-{number:06d}" for number in range(6000)]
    pq.write_table(pa.table({"note": [f"met {code}" for code in codes]}), tmp_path / "notes")
    seen = file_search.search_file(Codes(codes), tmp_path / "notes", tmp_path / "spill")
    assert seen.codes == set(codes)
    assert seen.unread is None


def locked(path: Path) -> None:
    path.write_bytes(bytes([*zipped("a.csv", b"x")]))
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag of a password, in both places it stands
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


UNREAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "scan.png": (lambda path: path.write_bytes(ENDS), "neither text nor a table"),
    "letter.pdf": (lambda path: path.write_bytes(b"%PDF-1.7\nBT (x) Tj ET"), "neither text"),
    "locked.zip": (locked, "locked with a password"),
    "torn.csv.gz": (lambda path: path.write_bytes(gzip.compress(b"x" * 99)[:-9]), "cannot be read"),
    "torn.parquet": (lambda path: path.write_bytes(parquet(STAYS)[:-20]), "cannot be read"),
    "scan.zip": (lambda path: path.write_bytes(zipped("a.png", ENDS)), "of something in it"),
    "out": (lambda path: path.symlink_to("/"), "a link that leads out"),
}


# All of them in one purge; in the audit each by itself, so that no other one brings the exit.
@pytest.mark.parametrize(
    "names",
    [
        pytest.param([*UNREAD], id="all"),
        *(pytest.param([name], id=name, marks=pytest.mark.audit) for name in UNREAD),
    ],
)
def test_what_cannot_be_looked_into_is_named_with_exit_1(
    kept: Settings,
    names: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in names:
        UNREAD[name][0](kept.home / name)
    monkeypatch.setattr("longevity.settings.load_settings", lambda: kept)
    assert cli.main(["purge", GONE], TODAY) == 1
    said = sorted(capsys.readouterr().err.splitlines()[-len(names) :])
    for name, sentence in zip(sorted(names), said, strict=True):
        assert sentence.startswith(f"{kept.home / name} was not looked into: ")
        assert UNREAD[name][1] in sentence
    for people in (kept.home / "releases").glob("*/named/people*.parquet"):
        assert pq.read_table(people)["person_id"].to_pylist() == [STAYS]
    # And where nothing else holds the code, that it was not found is no proof.
    with pytest.raises(DataError, match="could be looked into") as error:
        purge_home.purge_person(kept, "never-listed", TODAY)
    assert all(str(kept.home / name) in str(error.value) for name in names)


def test_a_binary_file_is_searched_too(kept: Settings) -> None:
    (kept.home / "scan.png").write_bytes(ENDS + b"\x00" + GONE.encode() + b"\x00")
    (kept.home / "other.png").write_bytes(ENDS + b"\x00" + STAYS.encode() + b"\x00")
    report = purge_home.purge_person(kept, GONE, TODAY)
    assert [Path(said.split(" ")[0]).name for said in report.remains] == ["scan.png"]
    assert [Path(said.split(" ")[0]).name for said in report.unread] == ["other.png", "scan.png"]


@pytest.mark.parametrize("before", [0, (1 << 20) - 30, (1 << 20) - len(GONE), (1 << 20) - 1])
@pytest.mark.parametrize(("code", "left"), [(GONE, 1), (STAYS, 0)])
def test_a_code_over_the_edge_of_a_block_is_one_code(
    kept: Settings, before: int, code: str, left: int
) -> None:
    (kept.home / "long.txt").write_bytes(b" " * before + code.encode() + b" " * 99)
    assert len(purge_home.purge_person(kept, GONE, TODAY).remains) == left


def stop_after_the_rename(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, release_id: str
) -> Path:
    """Leave what a prune leaves that was killed between the renaming and the removing."""
    store = Store(settings.home)
    going = store.releases / f".{release_id}"
    (store.releases / release_id).rename(going)
    return going


def test_what_a_killed_prune_left_is_found_and_destroyed(
    kept: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = Store(kept.home).list_newest_first()[-1]
    going = stop_after_the_rename(kept, monkeypatch, oldest)
    held = {name for name in find_text(kept.home, GONE) if name.startswith(f"releases/.{oldest}/")}
    assert len(held) >= 8
    report = purge_home.purge_person(kept, GONE, TODAY)
    assert not going.exists()
    assert find_text(kept.home, GONE) == set()
    (remark,) = report.remarks
    assert f"(1 folder) was removed whole: {len(held)} files of it held a code" in remark


def test_somebody_who_is_only_in_what_a_prune_left_is_destroyed_and_stays_away(
    kept: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, oldest = Store(kept.home).list_newest_first()
    for name in ("incoming", "logs"):
        shutil.rmtree(kept.home / name)
    (kept.home / "current.json").unlink()
    stop_after_the_rename(kept, monkeypatch, oldest)
    shutil.rmtree(kept.home / "releases" / newest)
    assert purge_home.purge_person(kept, GONE, TODAY).people == 1
    assert len((kept.home / "destroyed" / "record.jsonl").read_text().splitlines()) == 1
    assert list((kept.home / "releases").iterdir()) == []


def test_answers_of_a_release_that_is_gone_are_destroyed(kept: Settings) -> None:
    left = kept.home / "prepared" / "2026-01-01-000000000000"
    left.mkdir(parents=True)
    (left / "state.arrow").write_bytes(answers("somebody-else"))
    assert purge_home.purge_person(kept, "somebody-else", TODAY).people == 1
    assert not left.exists()


def test_the_proof_reads_what_has_no_codes_by_the_contract(kept: Settings) -> None:
    stray = Store(kept.home).current().path / "built" / "stray.parquet"
    stray.write_bytes(parquet(GONE))
    (said,) = purge_home.purge_person(kept, GONE, TODAY).remains
    assert said.startswith(str(stray))


def test_an_incident_of_the_same_number_is_not_the_person(kept: Settings) -> None:
    (incidents,) = list((Store(kept.home).current().path / "extracts").glob("incidents.parquet"))
    number = pq.read_table(incidents)["incident_id"][0].as_py()
    with pytest.raises(purge.UsageError):
        purge_home.purge_person(kept, number, TODAY)
