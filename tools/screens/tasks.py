"""Five tasks of a person, done in a browser: clicks and words until the answer is in sight.

A task looks for its answer by the texts that a person would look for, so that it runs on screens
of any design: each of its parts has texts that will do, and its routes are tried in turn, the
first that finds all parts in the fewest clicks counts. What is not found is said, not raised. A
click on a link, button, tab or list is one; a choice from a list is two; typing is none.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page
from pptx import Presentation

from longevity.demo.program_rows import LABELS
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.ui.navigation import SCREENS
from tests.drivers.browser_actions import choose, take_file
from tests.drivers.browser_walk import await_drawing, start_walk
from tests.drivers.server import Server
from tools.screens.measure import WIDE, resize_window
from tools.screens.page import Text, count_words, read_page
from tools.screens.targets import MISS, OK, build_table

FIRST_SCREEN = SCREENS[0].title
WEEK, PRESS = ("This week", "Weekly review"), ("Press desk", "Press charts")
PATIENCE = 10_000  # ms, for what a route clicks: it may not be there
MONEY, EACH = r"\$[\d,.]*\d ?k?", r"\b(each|a person|per person)\b"
TITLE = "People shot so far this year, and in the years before"
Step = Callable[[Page], int]  # does it, and returns its clicks; an Error where it cannot be done


@dataclass(frozen=True)
class Task:
    """What is looked for, from where and as whom, and how soon it is to be in sight.

    `parts`: texts that will do for each part of the answer, as regular expressions.
    """

    name: str
    viewer: str
    start: tuple[str, ...]  # titles of the screen it begins on, the first there is
    parts: Mapping[str, str]
    routes: tuple[tuple[Step, ...], ...]
    most_clicks: int
    most_words: int | None = None
    is_in_sight: bool = True  # without scrolling, on the last page


@dataclass(frozen=True)
class Outcome:
    """What it took: clicks, words read, pages looked at, and pixels down the last of them."""

    missing: tuple[str, ...]
    clicks: int = 0
    words: int = 0
    pages: int = 0
    bottom: float = 0.0
    window: float = field(default=float(WIDE[1]))


CHART_TASK = Task(
    name="A PNG and a PPTX of people shot by year, under a title of one's own",
    viewer="state",
    start=(FIRST_SCREEN,),
    parts={"people shot by year": r"(?i)each year|by year|year by year", "PNG": r"\bPNG\b"},
    routes=(),
    most_clicks=3,
    is_in_sight=False,
)


def list_tasks(settings: Settings) -> list[Task]:
    """Return the four tasks of reading; what is to be found depends on cities and places."""
    _, *later = [city.name for city in settings.cities.values()]
    places = "|".join(map(re.escape, _list_places(settings)))
    groups = "|".join(LABELS)
    return [
        Task(
            name="Up or down, and is it real?",
            viewer="state",
            start=(FIRST_SCREEN,),
            parts={
                "up or down": r"\d+ (fewer|more)\b|\b(down|up|fell|rose) (by )?\d|[−+▲▼] ?\d",
                "is it real": r"\bclear\b|by more than chance|chance (alone )?(could|would)",
            },
            routes=((),),
            most_clicks=0,
            most_words=60,
        ),
        Task(
            name="What did the $500,000 buy?",
            viewer="state",
            start=(FIRST_SCREEN,),
            parts={
                "spent": rf"(?i){MONEY}\s+spent|\bspent\b[^$]{{0,20}}\s+{MONEY}",
                "reached": r"(?i)\d+\s+(people|members) reached|\breached:?\s+\d+",
                "for each": rf"(?i){MONEY}\s+(for )?{EACH}|{EACH}( reached)?:?\s+{MONEY}",
            }
            | {f"what followed in {city}": _describe_effect(city) for city in later},
            routes=(
                (),
                (press_control(r"what the money bought|^money"),),
                (
                    press_control(r"^(Evidence|Evaluation)$"),
                    *[pick_option("City", city) for city in later],
                ),
            ),
            most_clicks=1,
        ),
        Task(
            name="A mayor's last week: what, where, open follow-ups",
            viewer="city",
            start=WEEK,
            parts={
                "what happened": r"\d+ (people|person) (was|were) shot|\b[Nn]obody was shot",
                "where": rf"\b({places})\b|no shooting",
                "open follow-ups": r"(?i)\b(no|\d+) (open )?(promises?|follow-ups?)\b"
                r"|none (is |are )?open|day \d+ of \d+|\d+ days unanswered|not yet followed up",
            },
            routes=((),),
            most_clicks=0,
        ),
        Task(
            name="Whom to call in next",
            viewer="state",
            start=(FIRST_SCREEN,),
            parts={
                "a group, why, and who can be reached": rf"\b({groups})\b.*(\n.*){{0,4}}?"
                r"(reachable|can be reached|never invited)",
            },
            routes=(
                (),
                (press_control(r"^Call-ins$"),),
                (press_control(r"^Call-ins$"), press_control(r"^Next\b|next call-in")),
            ),
            most_clicks=1,
        ),
    ]


def _describe_effect(city: str) -> str:
    """Return what says of a city how it went since its launch, in one line."""
    phrases = r"since (their|its|the) launch|than expected|from what was expected|consistent with"
    return rf"\b{re.escape(city)}\b[^\n]{{0,160}}({phrases})"


def _list_places(settings: Settings) -> list[str]:
    member = Store(settings.home).current().member("built/boundaries.geojson")
    features = json.loads(Path(member).read_text(encoding="utf-8"))["features"]
    return sorted({place["properties"]["neighbourhood"] for place in features})


def press_control(name: str) -> Step:
    """Return the step that clicks the first tab, link or button of this name in sight."""

    def act(page: Page) -> int:
        _find_control(page, name).click(timeout=PATIENCE)
        page.wait_for_timeout(300)  # until the run has begun
        await_drawing(page)
        return 1

    return act


def pick_option(label: str, option: str) -> Step:
    """Return the step that picks from a list; none is needed where there is no such list."""

    def act(page: Page) -> int:
        page.get_by_role("combobox", name=label).first.wait_for(timeout=PATIENCE)
        choose(page, label, option)
        page.wait_for_timeout(300)
        await_drawing(page)
        return 2

    return act


def _find_control(page: Page, name: str) -> Locator:
    pattern = re.compile(name, re.IGNORECASE)
    for role in ("tab", "link", "button"):
        for control in page.get_by_role(role, name=pattern).all():
            if control.is_visible():
                return control
    raise Error(f"nothing to click is called {name}")


def do_tasks(
    browser: Browser, server: Server, settings: Settings, report: Callable[[str], None]
) -> list[tuple[str, ...]]:
    """Return a row for each task: its aim, what it took, the verdict."""
    rows = []
    for task in list_tasks(settings):
        report(f"  {task.name} …")
        outcomes = [_try_route(browser, server, settings, task, route) for route in task.routes]
        best = min(outcomes, key=lambda one: (len(one.missing), one.clicks, one.words))
        rows.append(describe_outcome(task, best))
    report(f"  {CHART_TASK.name} …")
    rows.append(describe_outcome(CHART_TASK, _take_chart(browser, server, settings)))
    return rows


def _take_chart(browser: Browser, server: Server, settings: Settings) -> Outcome:
    """Take a picture and a slide of the chart that the press screen opens on, and read the slide.

    Words are those down to the first that offers a PNG.
    """
    parts = dict(CHART_TASK.parts)
    outcome = Outcome(tuple(parts))
    with (
        start_walk(browser, server, _name_first_city(settings)) as walk,
        tempfile.TemporaryDirectory(prefix="taken-") as folder,
    ):
        try:
            page = walk.to(_find_path(CHART_TASK.start), CHART_TASK.viewer)
            resize_window(page, WIDE)
            page.set_default_timeout(PATIENCE)
            clicks = press_control("|".join(f"^{title}$" for title in PRESS))(page)
            box = page.get_by_role("textbox", name="Or your own words")
            box.fill(TITLE)
            box.press("Enter")
            page.wait_for_timeout(300)
            await_drawing(page)
            outcome = _read_down(page, CHART_TASK, replace(outcome, clicks=clicks))
            for pattern, check in ((r"^PNG", _is_png), (r"PowerPoint|PPTX", _has_title)):
                path, more = _take_download(page, pattern, Path(folder))
                missing = (
                    outcome.missing if check(path) else (*outcome.missing, f"a good {path.name}")
                )
                outcome = replace(outcome, clicks=outcome.clicks + more, missing=missing)
        except (Error, AssertionError) as error:
            reason = str(error).splitlines()[0]
            outcome = replace(outcome, missing=(*outcome.missing, reason))
    return outcome


def _take_download(page: Page, pattern: str, folder: Path) -> tuple[Path, int]:
    """Take the file of the first button of this name, from behind "Export" where it is there."""
    try:
        button, clicks = _find_control(page, pattern), 1
    except Error:
        clicks = 1 + press_control(r"Export|Files")(page)
        button = _find_control(page, pattern)
    return take_file(page, button, folder), clicks


def _is_png(path: Path) -> bool:
    return path.read_bytes().startswith(b"\x89PNG")


def _has_title(path: Path) -> bool:
    """Say whether the slide has the title that was typed."""
    shapes = [shape for slide in Presentation(str(path)).slides for shape in slide.shapes]
    return any(shape.has_text_frame and TITLE in shape.text_frame.text for shape in shapes)


def _find_path(titles: Sequence[str]) -> str:
    """Return the path of the screen of the first of these titles that there is."""
    screen = next(screen for screen in SCREENS if screen.title in titles)
    return "/" if screen is SCREENS[0] else f"/{screen.file}"


def _name_first_city(settings: Settings) -> str:
    return next(iter(settings.cities.values())).name


def _try_route(
    browser: Browser, server: Server, settings: Settings, task: Task, route: Sequence[Step]
) -> Outcome:
    """Return what a newcomer finds on one route; it ends where all is found or a step cannot be."""
    outcome = Outcome(tuple(task.parts))
    with start_walk(browser, server, _name_first_city(settings)) as walk:
        try:
            page = walk.to(_find_path(task.start), task.viewer)
            resize_window(page, WIDE)
            outcome = _read_down(page, task, outcome)
            for step in route:
                if not outcome.missing:
                    break
                page.set_default_timeout(PATIENCE)
                outcome = replace(outcome, clicks=outcome.clicks + step(page))
                outcome = _read_down(page, task, outcome)
        except (Error, AssertionError):
            pass  # what could not be clicked leads no further: what is missing says so
    return outcome


def _read_down(page: Page, task: Task, outcome: Outcome) -> Outcome:
    """Read down to the last part that this page holds; all of it where it holds none."""
    figures, texts = read_page(page)
    ends = find_ends(texts, {name: task.parts[name] for name in outcome.missing})
    end = max(ends.values(), default=len(texts) - 1)
    return Outcome(
        missing=tuple(name for name in outcome.missing if name not in ends),
        clicks=outcome.clicks,
        words=outcome.words + sum(count_words(text.words) for text in texts[: end + 1]),
        pages=outcome.pages + 1,
        bottom=texts[end].bottom if texts else 0.0,
        window=figures.window,
    )


def find_ends(texts: Sequence[Text], parts: Mapping[str, str]) -> dict[str, int]:
    """Return for each part that is there the place of the text in which its first match ends."""
    whole = "\n".join(text.words for text in texts)
    ends = {}
    for name, pattern in parts.items():
        match = re.search(pattern, whole)
        if match:
            ends[name] = whole.count("\n", 0, match.end())
    return ends


def describe_outcome(task: Task, outcome: Outcome) -> tuple[str, ...]:
    """Return the row of a task: its aim, what it took, the verdict or what is missing."""
    aims = [f"clicks ≤ {task.most_clicks}"]
    aims += [f"words ≤ {task.most_words}"] if task.most_words is not None else []
    aims += ["in sight without scrolling"] if task.is_in_sight else []
    is_met = (
        outcome.clicks <= task.most_clicks
        and (task.most_words is None or outcome.words <= task.most_words)
        and (not task.is_in_sight or outcome.bottom <= outcome.window)
    )
    verdict = (
        f"not found: {', '.join(outcome.missing)}" if outcome.missing else OK if is_met else MISS
    )
    return (
        task.name,
        task.viewer,
        ", ".join(aims),
        str(outcome.clicks),
        f"{outcome.words:,}",
        str(outcome.pages),
        f"{outcome.bottom / outcome.window:.1f}",
        verdict,
    )


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """Return the tasks as a Markdown table."""
    head = ("task", "as", "aim", "clicks", "words read", "pages", "screenfuls down", "verdict")
    return f"## Tasks of a person\n\n{build_table(head, rows)}\n"
