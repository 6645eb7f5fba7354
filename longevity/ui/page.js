// What no style can say: a chart is one picture to whoever cannot see it, and fits on paper; the
// years of maps are stepped through; rows of tables are found and sorted; Back takes one press.
(() => {
  if (window.longevityPage) return;
  window.longevityPage = true;

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  // Streamlit lets no script in that has markup written in it.
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // Written only where it differs: what is written is observed too, and would never come to rest.
  function set(element, name, value) {
    if (element.getAttribute(name) === value) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }

  function say(element, words) {
    if (element.textContent !== words) element.textContent = words;
  }

  // Streamlit names the frame around a chart and leaves every tick and label to be read out.
  // A map has buttons, which stand beside its picture: a picture has nothing to press in it.
  function oneImage(frame) {
    const plot = frame.querySelector(".js-plotly-plot");
    const picture = plot && readMap(plot) ? plot.querySelector("svg.main-svg") : plot;
    if (!picture) return;
    set(picture, "role", "img");
    set(picture, "aria-label", frame.getAttribute("aria-label"));
    set(frame, "role", null);
    set(frame, "aria-label", null);
    if (picture !== plot) all("svg.main-svg:not([role])", plot).forEach(silent);
  }

  function silent(inside) {
    set(inside, "aria-hidden", "true");
  }

  // --- maps ---------------------------------------------------------------------------------

  function readMap(plot) {
    const meta = plot._fullLayout?.meta;
    return meta?.rooms ? meta : null;
  }

  const stepped = () => all(".js-plotly-plot").filter((plot) => readMap(plot)?.steps.length);

  // An area is the inside of a line, which Plotly says was clicked but cannot select: its click is
  // given to Streamlit as the selection of a point, with the year one has stepped to. The select
  // boxes do the same by keyboard.
  function tell(plot, area) {
    const step = years.moved ? readMap(plot).steps[years.at]?.key : "";
    years.moved = false;
    years.told = step || years.told;
    clearTimeout(years.resting);
    plot.emit("plotly_selected", { points: [{ customdata: [area, step ?? ""] }] });
  }

  function attendMap(plot) {
    if (plot.longevityMap || !readMap(plot)) return;
    plot.longevityMap = true;
    const fit = () => {
      fitNames(plot);
      if ((years.moved || years.told) && readMap(plot).steps.length) paintYear(plot);
    };
    for (const when of ["plotly_afterplot", "plotly_relayout"]) plot.on(when, fit);
    plot.on("plotly_click", ({ points: [area] }) => {
      if (area?.data.fill) tell(plot, area.data.name);
    });
    fit();
  }

  function findName(plot, at) {
    const first = plot._fullLayout.annotations.length - readMap(plot).rooms.length;
    return plot.querySelector(`.annotation[data-index="${first + at}"] .annotation-text`);
  }

  // The names that fit where they stand, those of wide areas first; more when one zooms in.
  function fitNames(plot) {
    const { _length: pixels, range } = plot._fullLayout.xaxis;
    const scale = pixels / (range[1] - range[0]);
    const rooms = readMap(plot).rooms.map(([, room], at) => [room, findName(plot, at)]);
    const kept = [];
    for (const [room, name] of rooms.sort(([a], [b]) => b - a)) {
      if (!name) continue;
      const box = name.getBoundingClientRect();
      const fits = box.width <= 1.15 * room * scale && !kept.some((other) => meet(other, box));
      name.style.visibility = fits ? "" : "hidden";
      if (fits) kept.push(box);
    }
  }

  function meet(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  // The years of the maps: stepped through here, by a hand, by keys or by themselves. The server
  // is told of the year one rests at. Until its maps of that year (`told`) are there those of
  // before (`served`) stay in the year stepped to, with its name over them, and one steps on.
  const RESTS_AFTER = 900; // ms
  const YEAR_LASTS = 900; // ms, where they pass by themselves
  const years = { at: 0, moved: false, told: "", served: "", resting: 0, playing: 0 };

  function attendYears(box) {
    const [button, slider, said] = box.children;
    const [first] = stepped();
    if (!first) return;
    const { steps, step } = readMap(first);
    if (step !== years.served) followServer(steps, step);
    const { name } = steps[years.at];
    slider.value = years.at;
    set(slider, "aria-valuetext", name);
    say(said, name);
    slider.oninput = () => {
      play(box, false);
      stepTo(Number(slider.value), box);
      rest();
    };
    button.onclick = () => {
      play(box, !years.playing);
      if (!years.playing) rest();
    };
  }

  function followServer(steps, step) {
    years.served = step;
    if (years.told === step) years.told = "";
    if (years.moved || years.playing || years.told) return;
    years.at = steps.findIndex(({ key }) => key === step);
    stepped().forEach(paintYear);
  }

  function stepTo(at, box) {
    Object.assign(years, { at, moved: true });
    stepped().forEach(paintYear);
    attendYears(box);
  }

  function rest() {
    clearTimeout(years.resting);
    years.resting = setTimeout(() => {
      const [first] = stepped();
      if (first && years.moved && !years.playing) tell(first, "");
    }, RESTS_AFTER);
  }

  function play(box, on) {
    clearTimeout(years.resting);
    clearInterval(years.playing);
    years.playing = 0;
    const [button] = box.children;
    set(button, "aria-label", on ? "Pause" : "Play the years");
    say(button, on ? "❚❚" : "▶");
    if (!on) return;
    const next = () => {
      const [first] = stepped();
      if (!box.isConnected || !first) return play(box, false);
      const { length } = readMap(first).steps;
      stepTo((years.at + 1) % length, box);
      if (years.at < length - 1) return;
      play(box, false);
      rest();
    };
    years.playing = setInterval(next, YEAR_LASTS);
    next();
  }

  // Every area in its colour of the year, its name in ink that is read on it, its hover's words;
  // points are of the year the server drew.
  function paintYear(plot) {
    const { steps, step, rooms } = readMap(plot);
    const { key, areas } = steps[years.at];
    for (const drawn of all(".scatterlayer > .trace", plot)) {
      const { trace } = drawn.__data__[0];
      if (!trace.fill || trace.fill === "none") {
        drawn.style.display = key === step ? "" : "none";
        continue;
      }
      const [colour, , said] = areas[trace.name] ?? [];
      const inside = drawn.querySelector(".js-fill");
      if (!colour || !inside || trace.fillpattern?.shape) continue;
      inside.style.fill = trace.fillcolor = colour;
      trace.text = said;
    }
    rooms.forEach(([area], at) => {
      const name = findName(plot, at);
      if (name && areas[area]) name.style.fill = areas[area][1];
    });
  }

  // --- tables -------------------------------------------------------------------------------

  // The server sends every row in its order; here they are found, sorted, and where they are more
  // than twelve turned over by eight. What was asked of a table is kept while its words are the
  // same, and print has every row that was found.
  const LONG = 12;
  const ROWS_A_PAGE = 8;
  const LEAST_SORTED = 4;
  const DAY = /^(\p{L}{3} (\d{1,2}, )?\d{4}|\d{4}-\d\d-\d\d)$/u;
  const NUMBER = /^[+−-]?\$?\d[\d,]*(\.\d+)?/;
  const collator = new Intl.Collator("en", { numeric: true });
  const asked = new Map();

  function attendTable(box) {
    if (box.longevityTable) return;
    box.longevityTable = true;
    const rows = all("tbody tr", box).map((row) => [row, [...row.cells].map((c) => c.textContent)]);
    if (rows.length < LEAST_SORTED) return;
    const name = box.getAttribute("aria-label");
    if (asked.get(name)?.words !== box.textContent)
      asked.set(name, { words: box.textContent, find: "", page: 0, by: -1, down: false });
    const state = asked.get(name);
    const heads = all("thead tr > *", box);
    const show = (changed) => {
      Object.assign(state, changed);
      const found = arrange(rows, state, controls ? ROWS_A_PAGE : rows.length);
      heads.forEach((head, at) => {
        const order = state.down ? "descending" : "ascending";
        set(head, "aria-sort", at === state.by ? order : null);
      });
      controls?.(found);
    };
    heads.forEach((head, at) => addSorting(head, at, state, show));
    const controls = rows.length > LONG ? addControls(box, rows.length, state, show) : null;
    show({});
  }

  // Put the rows in their order, and show of those found one page; return how many were found.
  function arrange(rows, { find, page, by, down }, size) {
    const words = find.toLowerCase().split(/\s+/);
    let found = 0;
    for (const [row, cells] of rows.slice().sort(compareBy(rows, by, down))) {
      const text = cells.join(" ").toLowerCase();
      const fits = words.every((word) => text.includes(word));
      row.classList.toggle("longevity-not-found", !fits);
      row.hidden = !fits || Math.floor(found / size) !== page;
      found += fits;
      row.parentNode.append(row);
    }
    return found;
  }

  // Days and numbers are compared as what they are, where most cells of a column are such; what
  // is none of them, and what is missing, comes last either way.
  function compareBy(rows, by, down) {
    if (by < 0) return () => 0;
    const known = rows.map(([, cells]) => cells[by]).filter((text) => text !== "–");
    const kinds = [
      [DAY, Date.parse],
      [NUMBER, (text) => Number(text.match(NUMBER)[0].replace("−", "-").replace(/[$,]/g, ""))],
    ];
    const isMost = ([sign]) => 2 * known.filter((text) => sign.test(text)).length > known.length;
    const [kind, read] = kinds.find(isMost) ?? [/^(?!–$)/, () => 0];
    return ([, one], [, other]) => {
      const [a, b] = [one[by], other[by]];
      if (kind.test(a) !== kind.test(b)) return kind.test(a) ? -1 : 1;
      const order = (kind.test(a) && read(a) - read(b)) || collator.compare(a, b);
      return down ? -order : order;
    };
  }

  function addSorting(head, at, state, show) {
    if (head.tagName !== "TH") return;
    const button = make("button", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    // Up, down, and as it was sent.
    button.onclick = () =>
      show({
        page: 0,
        by: state.by === at && state.down ? -1 : at,
        down: state.by === at && !state.down,
      });
  }

  function addControls(box, many, state, show) {
    const place = `Find in ${many} rows`;
    const field = make("input", { type: "search", placeholder: place, value: state.find });
    field.ariaLabel = `${place}: ${box.getAttribute("aria-label")}`;
    field.oninput = () => show({ find: field.value.trim(), page: 0 });
    const said = make("output", {});
    const turns = [
      ["‹", "Previous rows", -1],
      ["›", "Next rows", 1],
    ].map(([textContent, ariaLabel, by]) => {
      const button = make("button", { type: "button", ariaLabel, textContent });
      button.onclick = () => button.ariaDisabled === "true" || show({ page: state.page + by });
      return button;
    });
    const turning = make("div", {});
    turning.append(said, ...turns);
    const controls = make("div", { className: "longevity-rows" });
    controls.append(field, turning);
    box.before(controls);
    return (found) => {
      const first = state.page * ROWS_A_PAGE;
      const last = Math.min(first + ROWS_A_PAGE, found);
      const of = state.find ? `${found} found` : many;
      said.textContent = found ? `${first + 1}–${last} of ${of}` : `0 of ${many} found`;
      turns[0].ariaDisabled = String(first === 0);
      turns[1].ariaDisabled = String(last >= found);
      const words = `${found} of ${many} rows, with “${state.find}”`;
      set(controls, "data-found", state.find ? words : null);
    };
  }

  // --- moving through the screens -------------------------------------------------------------

  function whereOneIs(navigation) {
    set(navigation, "role", "navigation");
    set(navigation, "aria-label", "Screens");
    for (const link of all("a", navigation)) {
      // The first screen's address is empty.
      const file = link.getAttribute("href").split("?")[0];
      const here = location.pathname.split("/").at(-1) === file;
      set(link, "aria-current", here ? "page" : null);
    }
  }

  // Following a link is one step for Back. Streamlit makes an entry for the screen, and others when
  // the screen takes from the address what goes without saying: until somebody does something
  // else they stand in the place of the first. What a screen does as it opens is no step at all.
  const followed = { entries: 1, counted: true };
  const pushState = history.pushState;
  history.pushState = (...entry) =>
    followed.counted && followed.entries++
      ? history.replaceState(...entry)
      : pushState.apply(history, entry);
  for (const begins of ["pointerdown", "keydown"])
    addEventListener(
      begins,
      ({ target }) => {
        followed.counted = false;
        // Who does something else meanwhile may choose another year there.
        if (years.told && !target.closest?.(".longevity-years, .js-plotly-plot"))
          years.told = years.served = "";
      },
      true,
    );
  addEventListener(
    "click",
    ({ target }) => {
      if (!target.closest?.("a")) return;
      Object.assign(followed, { entries: 0, counted: true });
      // On a phone the navigation lies over the screen: who has chosen one wants to see it.
      if (target.closest(".st-key-navigation") && matchMedia("(max-width: 768px)").matches)
        setTimeout(() => all("[data-testid=stSidebarCollapseButton] button")[0]?.click());
    },
    true,
  );

  // --- the page as it changes -----------------------------------------------------------------

  const MENDS = {
    ".stPlotlyChart[aria-label]": oneImage,
    ".js-plotly-plot[role=img] > .plot-container": silent,
    ".js-plotly-plot": attendMap,
    ".longevity-years": attendYears,
    ".longevity-table": attendTable,
    ".st-key-navigation": whereOneIs,
    // Panels wider than the screen are moved sideways, by keys too; others are no stop on the way.
    '.stApp [class*="side-by-side"]': (panels) =>
      set(panels, "tabindex", panels.scrollWidth > panels.clientWidth ? "0" : "-1"),
  };
  let waiting = 0;
  function soon() {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      for (const [selector, mend] of Object.entries(MENDS)) all(selector).forEach(mend);
    });
  }
  new MutationObserver(soon).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["aria-label", "href"],
  });
  addEventListener("resize", soon);
  soon();

  // A chart is made smaller on paper as a whole: it is a picture of the size it has on the screen.
  addEventListener("beforeprint", () => {
    for (const box of all(".js-plotly-plot .svg-container")) {
      const [wide, tall] = [box.offsetWidth, box.offsetHeight];
      box.style.setProperty("--longevity-wide", `${wide}px`);
      box.style.setProperty("--longevity-shape", `${wide} / ${tall}`);
      for (const svg of all("svg.main-svg", box)) svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    }
  });
  addEventListener("afterprint", () => {
    for (const svg of all(".main-svg[viewBox]")) svg.removeAttribute("viewBox");
  });
})();
