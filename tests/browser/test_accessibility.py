"""Those who cannot see, use a mouse or hold still get the same answers.

The map is looked at by axe as one viewer in one theme and width; the audit has all screens in the
whole matrix, every tab in it, and states that take a few clicks.
"""

import re
from contextlib import closing
from io import BytesIO
from itertools import pairwise, product

import pytest
from playwright.sync_api import expect
from pypdf import PageObject, PdfReader

from longevity.charts.theme import DARK
from longevity.ui.screens import SCREENS
from tests.drivers.browser_actions import (
    NARROW,
    VIEWERS,
    WIDE,
    Walk,
    await_drawing,
    pixels_too_wide,
    type_choice,
    violations,
)
from tests.oracles.figure_checks import contrast

pytestmark = pytest.mark.browser

PATHS = ["/" if at == 0 else f"/{screen.name}" for at, screen in enumerate(SCREENS)]
# An area opened, points, changes, a warning, a chart that stays inside, verdicts.
STATES = [
    *("/map?city=hartford&area=hartford/Northeast", "/map?points=show", "/map?show=change"),
    *("/map?city=atlantis", "/press_desk?chart=ledger"),
    *("/claim_check?claim=Homicides%20are%20up", "/claim_check?claim=Homicides%20will%20fall"),
]
LOOKS = [(WIDE, False), (NARROW, True), (WIDE, True), (NARROW, False)]


@pytest.fixture(scope="module")
def walk(browser, server, published):
    """One session a viewer, for all tests here."""
    first = next(iter(published.cities.values()))
    with closing(Walk(browser, server, first.name)) as begun:
        yield begun


def test_the_map_is_read_by_all_whatever_its_width(walk):
    page = walk.to("/map", "city", *LOOKS[1])
    said = violations(page)
    assert not said, "\n".join(said)
    assert pixels_too_wide(page) <= 0
    # It says its language, name and outline, and nothing moves: a walk asks for stillness.
    title = "Map"
    assert page.evaluate("() => document.documentElement.lang") == "en"
    assert page.title().startswith(f"{title} · ")
    levels = page.locator(":is(h1, h2, h3, h4, h5, h6)").evaluate_all("all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels
    assert page.get_by_role("main").count() == 1
    here = page.locator(".st-key-navigation [aria-current=page]")
    assert here.text_content().strip().endswith(title)
    assert page.evaluate(LONGEST) <= 0.001
    check_reflow(page)


LONGEST = """() => Math.max(...[...document.querySelectorAll("body *")].map(one => {
    const style = getComputedStyle(one);
    return Math.max(...`${style.animationDuration},${style.transitionDuration}`.split(",").map(parseFloat));
}))"""


def check_reflow(page):
    """At 320 pixels, and with more space between letters, nothing scrolls sideways or overlaps."""
    page.set_viewport_size({"width": 320, "height": 900})
    assert pixels_too_wide(page) <= 0
    # The distances of WCAG 1.4.12.
    spaced = page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
    )
    page.set_viewport_size({"width": 720, "height": 450})  # 1440 by 900 at 200%
    assert pixels_too_wide(page) <= 0
    title, opens_menu = (page.locator(place).bounding_box() for place in ("h1", "[data-testid=stExpandSidebarButton]"))
    assert title is not None
    assert opens_menu is not None
    assert opens_menu["x"] + opens_menu["width"] <= title["x"]
    spaced.evaluate("style => style.remove()")


def open_folds(page):
    """The first dozen; the others are of the same parts."""
    shut = page.locator("[data-testid=stMain] [data-testid=stExpander] details:not([open]) summary:visible")
    shut.evaluate_all("all => all.slice(0, 12).forEach(one => one.click())")
    await_drawing(page)


def look_through(page):
    """What is wrong on a screen and on each of its tabs, folds open."""
    found = []
    for tab in page.get_by_role("tab").all() or [None]:
        if tab:
            tab.click()
            expect(page.locator("[role=tabpanel]:visible")).not_to_be_empty()
        await_drawing(page)
        open_folds(page)
        found += violations(page)
        if pixels_too_wide(page) > 0:
            found.append(f"{tab.inner_text() if tab else page.url} scrolls sideways")
    return found


@pytest.mark.audit
@pytest.mark.parametrize("path", [*PATHS, *STATES])
def test_no_violation_for_any_viewer_in_any_look(walk, path):
    for viewer, (width, dark) in product(VIEWERS, LOOKS):
        said = look_through(walk.to(path, viewer, width, dark))
        assert said == [], (viewer, width, dark)


@pytest.mark.audit
def test_a_chart_is_one_picture_with_its_finding_for_a_name(walk):
    page = walk.to("/compare_cities?tab=when")
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}

    def name(node):
        return str(node.get("name", {}).get("value", ""))

    def list_within(node):
        for child in (known[at] for at in node.get("childIds", []) if at in known):
            yield child
            yield from list_within(child)

    images = [node for node in nodes if node.get("role", {}).get("value") in ("image", "img")]
    charts = [node for node in images if len(name(node)) > 40]
    assert len(charts) == page.locator(".js-plotly-plot").count() >= 3
    for chart in charts:
        assert re.search(r"\d", name(chart))
        assert not [node for node in list_within(chart) if not node.get("ignored")]


RING = """async () => {
    const painted = async () => {
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 40)));
        await Promise.allSettled(document.getAnimations().map(one => one.finished));
    };
    await painted();
    const field = document.activeElement;
    const around = [field];
    for (let at = field; around.length < 4 && at.parentElement; at = at.parentElement)
        around.push(at.parentElement);
    const look = one => {
        const s = getComputedStyle(one);
        const ring = s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2
            ? [] : [s.outlineColor];
        return [...ring, ...(s.boxShadow.match(/rgba?\\([^)]*\\)/g) || []), s.borderTopColor];
    };
    const during = around.map(look);
    field.blur();
    await painted();
    const after = around.map(look);
    field.focus();
    const ground = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
    const gained = during.flatMap((own, at) => own.filter(c => !after[at].includes(c)));
    return [field.innerText || field.getAttribute("aria-label") || field.tagName, gained, ground];
}"""


def contrast_of(*colours):
    written = []
    for colour in colours:
        parts = [float(part) for part in re.findall(r"[\d.]+", colour)]
        if len(parts) > 3 and parts[3] < 1:
            return 1.0
        written.append("#" + "".join(f"{round(part):02X}" for part in parts[:3]))
    return contrast(*written)


@pytest.mark.audit
@pytest.mark.parametrize("dark", [False, True])
def test_by_keyboard_alone_with_the_focus_in_sight(visit, dark):
    page = visit("/map", dark=dark)
    page.emulate_media(reduced_motion="reduce")
    await_drawing(page)

    def tab(*, to):
        """Press Tab until the focus is on what is so called; at each stop it can be seen."""
        for _ in range(60):
            page.keyboard.press("Tab")
            name, gained, ground = page.evaluate(RING)
            seen = max((contrast_of(colour, ground) for colour in gained), default=0.0)
            assert seen >= 3, f"the focus on “{name}” is not seen: {gained} on {ground}"
            if to in name:
                return
        raise AssertionError(f"“{to}” was not reached")

    tab(to="Skip to main content")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")
    tab(to="Period")
    type_choice(page, "2025")
    page.locator("h2", has_text="in 2025").wait_for()
    await_drawing(page)
    chooser = page.get_by_role("combobox", name="Neighbourhood")
    chooser.focus()
    type_choice(page, "North")
    page.wait_for_function("() => location.search.includes('area=')")
    await_drawing(page)
    page.locator(".st-key-card-places-area").wait_for()
    page.get_by_role("tab", name="Table").click()
    page.wait_for_function("() => location.search.includes('tab=table')")  # a later run would shut the fold
    await_drawing(page)
    page.get_by_role("button", name="Data and method").first.focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("stPopoverBody").locator(".longevity-table").first.wait_for()
    await_drawing(page)
    tab(to="Neighbourhood")  # the table, which scrolls
    table = page.locator(".longevity-table:focus table")
    assert table.locator("thead th[scope=col]").count() > 2
    assert table.locator("tbody th[scope=row]").count() > 10
    tab(to="Download CSV")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(".csv")


@pytest.mark.audit
def test_a_long_table_scrolls_under_its_headings(walk):
    page = walk.to("/map?tab=table&city=all")
    page.reload()
    await_drawing(page)
    table = page.locator(".longevity-table").first
    rows = table.locator("tbody tr")
    assert rows.count() > 12
    assert table.evaluate("box => box.scrollHeight > box.clientHeight")
    number = table.locator("th.number").first
    table.evaluate("box => { box.scrollTop = box.scrollHeight; }")
    expect(number).to_be_in_viewport()
    assert not violations(page)


def read_paper(page):
    """The words of a screen on letter paper, and every colour something is filled or drawn with."""
    paper = PdfReader(BytesIO(page.pdf(format="Letter")))
    found, waiting = set(), list(paper.pages)
    while waiting:
        sheet = waiting.pop()
        contents = sheet.get_contents() if isinstance(sheet, PageObject) else sheet
        text = contents.get_data().decode("latin-1") if contents is not None else ""
        for colour in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", text):
            found.add("#" + "".join(f"{round(float(part) * 255):02X}" for part in colour))
        parts = sheet.get("/Resources", {}).get("/XObject", {}).values()
        waiting += [part for part in (part.get_object() for part in parts) if part["/Subtype"] == "/Form"]
    return " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split()), found


INSIDE_BY_CARDS = "compare_cities?tab=victims"
SELDOM = [*(screen.name for screen in SCREENS if screen.name != "map"), INSIDE_BY_CARDS]


@pytest.mark.audit
@pytest.mark.parametrize("path", ["map", *SELDOM])
def test_each_page_of_paper_says_what_it_is(visit, path):
    page = visit(f"/{path}")
    # As one screen takes the place of another the style sheet is gone for a moment.
    await_drawing(page)
    is_inside = page.get_by_text("NOT FOR RELEASE").first.is_visible()
    inside = {screen.name for screen in SCREENS if screen.inside} | {INSIDE_BY_CARDS}
    assert is_inside or path not in inside
    for sheet in PdfReader(BytesIO(page.pdf(format="Letter"))).pages:
        said = sheet.extract_text()
        assert "SYNTHETIC demonstration data" in said
        assert ("NOT FOR RELEASE" in said) == is_inside


@pytest.mark.audit
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_printed_screen_is_the_screen_without_what_can_be_clicked(walk, dark):
    page = walk.to("/compare_cities", dark=dark)
    said, colours = read_paper(page)
    for words in (page.locator("h2").first.inner_text(), "Source: ", "release "):
        assert words in said
    for words in ("View as", "Export", "Download", "Data and method"):
        assert words not in said
    links = page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    names = [link.split("\n")[-1] for link in links]
    assert len(names) == len(SCREENS)
    shown = page.get_by_role("main").inner_text()
    assert [name for name in names if name in said and name not in shown] == []
    assert DARK.ground.upper() not in colours
