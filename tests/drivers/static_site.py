"""A folder served as any web server would, and a crawl of it that knows no code of ours."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin, urlsplit

EMPTY = {"meta", "link", "img", "source", "input", "br", "hr", "path", "rect"}
LINKS = ("href", "src", "srcset", "data-figure")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class PageReader(HTMLParser):
    """The links and ids of a page, its words, and what is wrong with how its tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.wrong += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.links += [value for name in LINKS if (value := about.get(name)) is not None]
        self.ids += [about["id"] or ""] if "id" in about else []
        if tag == "img" and "alt" not in about:
            self.wrong.append("img without alt")
        if tag == "script" and "src" not in about:
            self.wrong.append("inline script")
        if any(name.startswith("on") for name in about):
            self.wrong.append(f"{tag} with a handler")
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}>")


def list_faults(root: Path, base_url: str = "") -> list[str]:
    """List what is wrong with the pages of a site: links that lead nowhere, tags, foreign links."""
    faults = []
    for path in sorted(root.rglob("*.html")):
        reader = PageReader(path.read_text("utf-8"))
        where = str(path.relative_to(root))
        faults += [f"{where}: {wrong}" for wrong in reader.wrong]
        faults += [f"{where}: id {name} twice" for name in {*reader.ids} if reader.ids.count(name) > 1]
        for link in reader.links:
            own = link.removeprefix(base_url) or "/"
            if urlsplit(own).scheme:
                continue  # to a source, in words of its own
            target = urlsplit(urljoin(f"/{where}", own)).path.lstrip("/")
            file = root / target
            if not (file / "index.html" if file.is_dir() else file).is_file():
                faults.append(f"{where}: {link} leads nowhere")
    return faults
