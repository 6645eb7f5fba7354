"""What became of a file × what was done to it → what `verify` says: never that it is unedited."""

import errno
import hashlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import c2pa
import pytest
from pptx import Presentation

from longevity.base import append_log
from longevity.base.errors import DataError
from longevity.charts.chart import FINDING
from longevity.outputs import bundle
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.credentials import given_out, sign
from longevity.release import certificates
from longevity.settings import ROOT
from tests.factories import bundles
from tests.factories.bundles import SVG

KINDS = ("png", "svg", "pdf", "pptx", "json", "csv", "txt")
EDITED, NOT_LISTED = FileOutcome.EDITED, FileOutcome.NOT_LISTED
UNKNOWN, UNSIGNED = FileOutcome.UNKNOWN, FileOutcome.UNSIGNED
PLAIN = {"png": bundles.draw_png(), "svg": SVG, "pdf": bundles.draw_pdf()}


@pytest.fixture(scope="module")
def files(published):
    """A bundle of the chart of the year so far, by the end of its names; no browser draws it."""
    drawn = bundles.draw_chart(published)
    record = bundle.bundle_record.build_record(drawn, FINDING)
    made = bundle.make_bundle(drawn, published, ["pptx", "csv"])
    return {name.rpartition(".")[2]: data for name, data in made.items()} | {
        kind: sign.sign_file(data, kind, published, record) for kind, data in PLAIN.items()
    }


@pytest.fixture(scope="module")
def stem(published):
    return bundle.name_bundle(bundles.draw_chart(published))


@pytest.fixture
def judge(published, stem, tmp_path):
    """Judge a file of a bundle that lies in a folder with the others."""
    ends = {"json": "-manifest.json", "txt": "-README.txt"}

    def judge_file(kind, files):
        paths = {end: tmp_path / f"{stem}{ends.get(end, f'.{end}')}" for end in files}
        for end, path in paths.items():
            path.write_bytes(files[end])
        return bundles.judge_file(paths[kind], published)

    return judge_file


# What is done to a file: each returns the files of the bundle that are others then
def change(kind, edit):
    return lambda files, _: {kind: edit(files[kind])}


def exchange(old, new):
    return lambda data: data.replace(old, new, 1)


def flip(find):
    """Turn the last bit of one byte."""

    def edit(data):
        changed = bytearray(data)
        changed[find(data)] ^= 1
        return bytes(changed)

    return edit


def find_checksum(png):
    """The last byte of the chunk that holds the credentials."""
    begins = png.index(b"caBX") - 4
    return begins + 11 + int.from_bytes(png[begins : begins + 4], "big")


def save_anew(files, _):
    """Save a presentation anew in a program that knows no credentials."""
    made = io.BytesIO()
    Presentation(io.BytesIO(files["pptx"])).save(made)
    return {"pptx": made.getvalue()}


def edit_parts(edit):
    """Pack the parts of a presentation again as any zip program would, some edited."""
    return lambda files, _: {"pptx": bundles.repack(files["pptx"], edit)}


def edit_chart(name, part):
    return re.sub(rb"<c:v>\d+</c:v>", b"<c:v>7</c:v>", part) if "charts/chart" in name else part


def edit_workbook(name, part):
    def edit_sheet(name, part):
        return re.sub(rb"<v>\d+</v>", b"<v>7</v>", part) if name.startswith("xl/worksheets") else part

    return bundles.repack(part, edit_sheet) if name.endswith(".xlsx") else part


def take_over_credentials(files, settings):
    """Put the credentials of another picture of ours into one."""
    record = {"document": "A page", "release": "x", "counted_to": "2026-01-01", "viewer": "x"}
    other = sign.sign_file(SVG.replace(b"101", b"102"), "svg", settings, record)
    own, his = (re.findall(rb"<c2pa:manifest>(.*)</c2pa:manifest>", svg)[0] for svg in (files["svg"], other))
    return {"svg": files["svg"].replace(own, his)}


def sign_again(files, settings):
    """Open a file of ours in a program of theirs, which signs it again under the same name."""
    his = certificates.ensure_identity(replace(settings, home=settings.home.with_name("his")))
    builder = c2pa.Builder({"title": "mine"}, c2pa.Context.from_dict(bundles.FORGING))
    ours = io.BytesIO(files["svg"])
    builder.add_ingredient({"title": "ours", "relationship": "parentOf"}, "svg", ours)
    again = io.BytesIO()
    builder.sign(sign.build_signer(his), "svg", ours, again)
    return {"svg": again.getvalue()}


def forge(files, settings):
    """Sign with a certificate of the same names."""
    his = replace(settings, home=settings.home.with_name("forger"))
    return {"svg": sign.sign_file(SVG, "svg", his, json.loads(files["json"]))}


TABLE = [
    *((kind, "a blank before", UNSIGNED, change(kind, lambda data: b" " + data)) for kind in ("png", "pdf", "pptx")),
    ("svg", "a blank before", EDITED, change("svg", lambda data: b" " + data)),
    *((kind, "a line behind", EDITED, change(kind, lambda data: data + b"\n")) for kind in KINDS[:4]),
    *((kind, "credentials taken out", UNSIGNED, change(kind, lambda _, k=kind: PLAIN[k])) for kind in PLAIN),
    ("pptx", "credentials taken out", UNSIGNED, save_anew),
    ("pptx", "packed anew", EDITED, edit_parts(lambda _, part: part)),
    ("png", "around the credentials", NOT_LISTED, change("png", flip(find_checksum))),
    ("pptx", "before the credentials", EDITED, change("pptx", flip(lambda data: data.index(b"META-INF/") - 1))),
    ("pptx", "the archive's last byte", UNSIGNED, change("pptx", flip(lambda data: -1))),
    ("svg", "one number", EDITED, change("svg", exchange(b">101<", b">102<"))),
    ("svg", "a script", EDITED, change("svg", exchange(b"</svg>", b"<script>x()</script></svg>"))),
    ("svg", "the credentials of another", EDITED, take_over_credentials),
    ("svg", "signed again by another program", UNKNOWN, sign_again),
    ("svg", "a certificate of the same names", UNKNOWN, forge),
    ("pptx", "one number of the chart", EDITED, edit_parts(edit_chart)),
    ("pptx", "one number of the workbook", EDITED, edit_parts(edit_workbook)),
    ("csv", "one row", UNSIGNED, change("csv", exchange(b"20", b"21"))),
    ("txt", "one word", UNSIGNED, change("txt", exchange(b" ", b"  "))),
    ("json", "a blank in it", UNSIGNED, change("json", exchange(b'": "', b'":  "'))),
]


@pytest.mark.parametrize(
    ("kind", "outcome", "tamper"),
    [pytest.param(kind, outcome, how, id=f"{kind}: {what}") for kind, what, outcome, how in TABLE],
)
def test_a_file_that_was_tampered_with_is_never_unedited(kind, outcome, tamper, files, judge, published):
    changed = tamper(files, published)
    assert all(data != files[name] for name, data in changed.items())
    verdict = judge(kind, files | changed)
    assert verdict.outcome is outcome
    assert "unedited" not in verdict.sentence
    assert "untouched" not in verdict.sentence


@pytest.mark.parametrize("kind", KINDS)
def test_as_it_was_given_out_it_holds_and_with_any_bit_another_it_does_not(kind, files, judge):
    assert judge(kind, files).outcome is FileOutcome.HOLDS
    data = files[kind]
    for at in range(0, len(data), len(data) // 8 + 1):
        changed = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
        assert "unedited" not in judge(kind, files | {kind: changed}).sentence, at


def test_a_file_of_another_machine_with_our_certificate_is_not_one_we_gave_out(published, tmp_path, files):
    # Of the same certificate, release and list.
    there = replace(published, home=shutil.copytree(published.home, tmp_path / "home"))
    path = tmp_path / "a.svg"
    path.write_bytes(sign.sign_file(SVG, "svg", there, json.loads(files["json"])))
    verdict = bundles.judge_file(path, published)
    assert verdict.outcome is FileOutcome.NOT_LISTED
    assert verdict.sentence.startswith("Signed by us, but not byte for byte a file we gave out")
    assert bundles.judge_file(path, there).outcome is FileOutcome.HOLDS


def test_the_list_holds_hashes_and_days_and_only_its_owner_reads_it(published):
    # Of a file that was given out around midnight, either day is its day.
    before = datetime.now(UTC).date()
    signed = sign.sign_file(SVG, "svg", published, {"title": "A"})
    after = datetime.now(UTC).date()
    path = published.home / "signing" / given_out.NAME
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    days = {line["on"] for line in lines if line["sha256"] == hashlib.sha256(signed).hexdigest()}
    assert days in ({f"{before}"}, {f"{after}"})
    assert {frozenset(line) for line in lines} == {frozenset({"sha256", "on", *of}) for of in ((), ("of",))}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


ENTER_FILES = """
import sys
from pathlib import Path
from longevity.charts.chart import FINDING
from longevity.outputs.credentials import given_out
for number in range(100):
    given_out.add_file(Path(sys.argv[1]), b"%d" % (100 * int(sys.argv[2]) + number))
"""


def test_several_processes_enter_files_at_once_and_none_is_lost(tmp_path):
    started = [
        subprocess.Popen([sys.executable, "-c", ENTER_FILES, str(tmp_path), str(process)], cwd=ROOT)
        for process in range(4)
    ]
    assert [process.wait() for process in started] == [0, 0, 0, 0]
    # A line of another that is just being written may look torn: an empty one comes between then.
    assert len(append_log.read_lines(tmp_path / "signing" / given_out.NAME)) == 400
    assert all(given_out.find_line(tmp_path, b"%d" % number) for number in range(0, 400, 7))
    assert not given_out.find_line(tmp_path, b"400")


def test_a_file_that_cannot_be_entered_is_not_given_out(published, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(append_log, "append_line", fail)
    with pytest.raises(DataError, match="list of files given out cannot be written: No space"):
        sign.sign_file(SVG, "svg", published, {"document": "A page"})
