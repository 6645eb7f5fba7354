"""Download a city's lines from the address its configuration names.

Nothing else in the program reaches outside the machine, and this only when `boundaries fetch`
is run. Three kinds of address are understood: a file, a layer of an ArcGIS FeatureServer (in
pages), and a download that is made on demand (202 until it is ready). What comes back is bound
in size and time and known by its content, not by what the server calls it.
"""

from __future__ import annotations

import asyncio
import http
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

import httpx

from longevity import __version__, labels
from longevity.errors import ConfigError, DataError
from longevity.progress import Progress

LAYER = re.compile(r".*/(FeatureServer|MapServer)/[0-9]+/?", re.IGNORECASE)
SERVICE = re.compile(r".*/(FeatureServer|MapServer)/?", re.IGNORECASE)
LAYER_QUERY = {"where": "1=1", "outFields": "*", "outSR": "4326", "f": "geojson"}
REDIRECTS = (301, 302, 303, 307, 308)
# What a portal calls a file it is still making, where it says so with 200.
PREPARING = ("pending", "inprogress", "processing", "pagingdata", "convertingdata", "exportingdata")
LONGEST_NOTICE = 10_000  # bytes of a portal's word about a file it makes
LONGEST_QUOTE = 200
FIRST_BYTES = {
    b"PK\x03\x04": ".zip",
    b"SQLite format 3\x00": ".gpkg",
    b"PAR1": ".parquet",
}
BY_HAND = (
    "Download the file with a browser and give it to `boundaries install` (docs/boundaries.md)."
)
LATER = f"Try again later, or by hand. {BY_HAND}"
ADD_LAYER = "Add the layer's number to 'boundaries_url', as in …/FeatureServer/0."
NEW_ADDRESS = "Look for the file on the city's portal, and put its address into 'boundaries_url'."


@dataclass(frozen=True)
class Bounds:
    """How much is taken, how long it is waited for, how far an address is followed. Ours."""

    size: int = 50_000_000  # bytes, of all answers together, unpacked
    seconds: float = 300.0  # for everything
    answer_seconds: float = 60.0  # from a request to the last byte of its answer
    preparation_seconds: float = 180.0  # while a portal makes the file
    pause_seconds: float = 3.0  # between two questions whether it is ready
    redirects: int = 5
    pages: int = 200


USUAL_BOUNDS = Bounds()


@dataclass(frozen=True)
class Answer:
    """What a server answered, past its redirects."""

    status: int
    body: bytes


def download_boundaries(
    address: str, folder: Path, progress: Progress, bounds: Bounds = USUAL_BOUNDS
) -> Path:
    """Download what an address gives into `folder`; return the file, named by its content.

    DataError, as a sentence, for whatever keeps it from being a whole file of areas; then no
    file is left.
    """
    with ThreadPoolExecutor(1) as aside:  # whoever calls may have a loop of events of its own
        content = aside.submit(asyncio.run, _download(address, progress, bounds)).result()
    file = folder / f"boundaries{find_suffix(content, address)}"
    file.write_bytes(content)
    return file


def find_suffix(content: bytes, address: str) -> str:
    """Return the suffix of a kind of file that can be read, by what it holds.

    DataError, naming the address, where it is empty, a web page, cut off, or of another kind.
    """
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise DataError(f"{address} answered with nothing.", LATER)
    for first, suffix in FIRST_BYTES.items():
        if start.startswith(first):
            return suffix
    if start.startswith(b"<"):
        raise DataError(
            f"{address} answered with a web page, not with a file of areas.",
            f"Give the address of the file itself. {NEW_ADDRESS}",
        )
    if not start.startswith(b"{"):
        raise DataError(
            f"{address} answered with something that is no file of areas.",
            f"GeoJSON, TopoJSON, GeoPackage or a zipped Shapefile is needed. {NEW_ADDRESS}",
        )
    kind = _parse_object(content, address).get("type")
    if kind in ("FeatureCollection", "Feature"):
        return ".geojson"
    if kind == "Topology":
        return ".topojson"
    raise DataError(f"{address} answered with JSON that is no file of areas.", NEW_ADDRESS)


def _parse_object(content: bytes, address: str) -> dict[str, Any]:
    """Parse a JSON object; DataError where it is none, or broken off."""
    try:
        parsed = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{address} answered with JSON that is damaged or cut off.", LATER
        ) from error
    if not isinstance(parsed, dict):
        raise DataError(f"{address} answered with JSON that is no file of areas.", NEW_ADDRESS)
    return parsed


def find_target(start: str, address: str, location: str) -> str:
    """Return where an answer of `address` leads, on the way from `start`.

    DataError where that is no web address, or one that takes the way from https to http.
    """
    try:
        target = urljoin(address, location)
        scheme = urlsplit(target).scheme
    except ValueError:
        target, scheme = location, ""
    if scheme == "http" and urlsplit(address).scheme == "https":
        raise DataError(
            f"{start} leads from https to http, where lines can be changed on the way.", NEW_ADDRESS
        )
    if scheme not in ("http", "https"):
        raise DataError(
            f"{start} leads to '{_quote(target)}', which is no web address.", NEW_ADDRESS
        )
    return target


async def _download(address: str, progress: Progress, bounds: Bounds) -> bytes:
    try:
        async with asyncio.timeout(bounds.seconds), _open_client(bounds) as client:
            visit = _Visit(client, address, progress, bounds)
            path = urlsplit(address).path
            if LAYER.fullmatch(path):
                return await visit.read_layer()
            if SERVICE.fullmatch(path):
                raise DataError(f"{address} is a service, not one of its layers.", ADD_LAYER)
            return await visit.read_file()
    except TimeoutError as error:
        raise DataError(
            f"{address} had not sent the whole file after {bounds.seconds:g} seconds.",
            LATER,
        ) from error


def _open_client(bounds: Bounds) -> httpx.AsyncClient:
    """Open a client that follows nothing by itself; the proxy is the environment's."""
    headers = {"User-Agent": f"longevity/{__version__}", "Accept-Encoding": "gzip"}
    try:
        return httpx.AsyncClient(
            headers=headers, follow_redirects=False, timeout=bounds.answer_seconds
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise ConfigError(
            "The proxy that the environment names cannot be used.",
            "See HTTPS_PROXY, HTTP_PROXY and ALL_PROXY: give http://host:port.",
        ) from error


class _Visit:
    """One download: what was received so far counts against its bounds."""

    def __init__(
        self, client: httpx.AsyncClient, address: str, progress: Progress, bounds: Bounds
    ) -> None:
        self.client = client
        self.address = address
        self.progress = progress
        self.bounds = bounds
        self.size = 0

    async def read_file(self) -> bytes:
        """Read a file, waiting for a portal that makes it on demand."""
        clock = asyncio.get_running_loop()
        until = clock.time() + self.bounds.preparation_seconds
        answer = await self.get(self.address)
        notice = _read_notice(answer)
        while _is_in_preparation(answer, notice):
            if clock.time() + self.bounds.pause_seconds > until:
                raise DataError(
                    f"{self.address} was still making the file after "
                    f"{self.bounds.preparation_seconds:g} seconds.",
                    "Run the command again in some minutes: the portal goes on making it.",
                )
            self.progress("  the portal is making the file: waiting …")
            await asyncio.sleep(self.bounds.pause_seconds)
            answer = await self.get(self.address)
            notice = _read_notice(answer)
        if _find_state(notice) == "failed":
            raise DataError(f"{self.address}: the portal failed to make the file.", BY_HAND)
        if isinstance(notice.get("resultUrl"), str):
            answer = await self.get(find_target(self.address, self.address, notice["resultUrl"]))
        return answer.body

    async def read_layer(self) -> bytes:
        """Read a FeatureServer's layer page by page; return one GeoJSON FeatureCollection."""
        parts = urlsplit(self.address)
        query = urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/query", "", ""))
        whole: dict[str, Any] = {"type": "FeatureCollection"}
        features: list[Any] = []
        for _ in range(self.bounds.pages):
            parameters = LAYER_QUERY | ({"resultOffset": str(len(features))} if features else {})
            page = _parse_object(
                (await self.get(f"{query}?{urlencode(parameters)}")).body, self.address
            )
            rows = self._list_rows(page)
            if features and rows[:1] == features[:1]:
                raise DataError(f"{self.address} sends its first areas again and again.", BY_HAND)
            features += rows
            whole |= {"crs": page["crs"]} if "crs" in page else {}
            if not _says_more(page):
                if len(features) > len(rows):
                    self._refuse_repetition(features)
                return json.dumps(whole | {"features": features}).encode()
            if not rows:
                break
        raise DataError(
            f"{self.address} says that there are more areas than the {len(features)} it sent.",
            LATER,
        )

    def _refuse_repetition(self, features: list[Any]) -> None:
        """Refuse pages that overlap: a layer without an order may have left out others."""
        ids = [str(each["id"]) for each in features if isinstance(each, dict) and each.get("id")]
        if len(set(ids)) < len(ids):
            raise DataError(
                f"{self.address} sent some areas twice, and may have left out others.", LATER
            )

    def _list_rows(self, page: Mapping[str, Any]) -> list[Any]:
        """Return the areas of a page; DataError, with the server's words, where it has none."""
        error = page.get("error")
        if error is not None:
            message = error.get("message") if isinstance(error, dict) else error
            raise DataError(f"{self.address} refused: {_quote(str(message))}.", NEW_ADDRESS)
        rows = page.get("features")
        if page.get("type") != "FeatureCollection" or not isinstance(rows, list):
            raise DataError(f"{self.address} answered with no GeoJSON.", NEW_ADDRESS)
        return rows

    async def get(self, address: str) -> Answer:
        """Ask an address and follow its redirects, a few and to http or https only."""
        for _ in range(self.bounds.redirects + 1):
            answer, location = await self._ask(address)
            if location is None:
                return answer
            address = find_target(self.address, address, location)
        raise DataError(
            f"{self.address} leads on more than {self.bounds.redirects} times.", NEW_ADDRESS
        )

    async def _ask(self, address: str) -> tuple[Answer, str | None]:
        """Return one answer, and where it leads."""
        try:
            async with asyncio.timeout(self.bounds.answer_seconds):
                return await self._exchange(address)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise DataError(
                f"{self.address} did not give a whole answer within "
                f"{self.bounds.answer_seconds:g} seconds.",
                LATER,
            ) from error
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
            raise DataError(
                f"{self.address} broke off its answer before its end.", LATER
            ) from error
        except httpx.InvalidURL as error:
            raise DataError(
                f"{self.address} leads to what is no web address.", NEW_ADDRESS
            ) from error
        except httpx.HTTPError as error:
            raise DataError(
                f"{self.address} cannot be reached: {_quote(str(error) or type(error).__name__)}.",
                f"See whether this machine may reach it. {BY_HAND}",
            ) from error

    async def _exchange(self, address: str) -> tuple[Answer, str | None]:
        async with self.client.stream("GET", address) as response:
            if response.status_code in REDIRECTS and "location" in response.headers:
                return Answer(response.status_code, b""), response.headers["location"]
            if response.status_code not in (200, 202):
                raise _refuse_status(self.address, response.status_code)
            return Answer(response.status_code, await self._read_body(response)), None

    async def _read_body(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip"):
            raise DataError(f"{self.address} packs its answer as '{_quote(encoding)}'.", BY_HAND)
        chunks = []
        self._count(0, response.headers.get("content-length", ""))
        async for chunk in response.aiter_bytes():
            self._count(len(chunk))
            chunks.append(chunk)
        return b"".join(chunks)

    def _count(self, size: int, length: str = "") -> None:
        """Count bytes that came, with the length of what is to come; DataError for too many."""
        self.size += size
        rest = int(length) if length.isdecimal() and len(length) < 20 else 0
        if self.size + rest > self.bounds.size:
            raise DataError(
                f"{self.address} is larger than {self.bounds.size / 1e6:g} MB.",
                "It is not a city's neighbourhoods alone. Give a smaller file.",
            )


def _refuse_status(address: str, status: int) -> DataError:
    try:
        phrase = f" ({http.HTTPStatus(status).phrase})"
    except ValueError:
        phrase = ""
    if status in (401, 403):
        do = f"It is not open to programs. {BY_HAND}"
    elif status < 500 and status != 429:
        do = NEW_ADDRESS
    else:
        do = LATER
    return DataError(f"{address} answered {status}{phrase}.", do)


def _read_notice(answer: Answer) -> dict[str, Any]:
    """Return what a portal says about a file it makes; empty where the answer is no such word."""
    if len(answer.body) > LONGEST_NOTICE:
        return {}
    try:
        notice = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return notice if isinstance(notice, dict) and "type" not in notice else {}


def _find_state(notice: Mapping[str, Any]) -> str:
    return re.sub(r"[^a-z]", "", str(notice.get("status", "")).lower())


def _is_in_preparation(answer: Answer, notice: Mapping[str, Any]) -> bool:
    return "resultUrl" not in notice and (
        _find_state(notice) in PREPARING
        or (answer.status == 202 and _find_state(notice) != "failed")
    )


def _says_more(page: Mapping[str, Any]) -> bool:
    """Return whether a page is not the last: servers say so in either place."""
    properties = page.get("properties")
    inside = properties.get("exceededTransferLimit") if isinstance(properties, dict) else None
    return page.get("exceededTransferLimit") is True or inside is True


def _quote(text: str) -> str:
    """Return words from outside on one line, short and without signs that turn the text."""
    line = " ".join(labels.UNSEEN.sub(" ", text).split()).rstrip(".")
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"
