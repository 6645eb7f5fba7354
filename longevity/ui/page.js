// What no style can say: a chart is one picture to whoever cannot see it, and fits on paper; the
// years of maps are stepped through; rows of tables are found and sorted.
(() => {
  if (window.longevityPage) return;
  window.longevityPage = true;

  // Streamlit names the frame around a chart and leaves every tick and label to be read out.
  // A map has buttons, which stand beside its picture: a picture has nothing to press in it.
  function oneImage(frame) {
    const plot = frame.querySelector(".js-plotly-plot");
    if (!plot) return;
    const picture = isMap(plot) ? plot.querySelector("svg.main-svg") : plot;
    if (!picture) return;
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", frame.getAttribute("aria-label"));
    frame.removeAttribute("role");
    frame.removeAttribute("aria-label");
    if (picture !== plot) plot.querySelectorAll("svg.main-svg:not([role])").forEach(silent);
  }

  function isMap(plot) {
    return Boolean(plot._fullLayout?.meta?.rooms);
  }

  function silent(inside) {
    inside.setAttribute("aria-hidden", "true");
  }

  // An area is the inside of a line, which Plotly tells of but cannot select: its click is given
  // to Streamlit as the selection of a point, with the year one has stepped to. The select boxes
  // do the same by keyboard.
  function tell(plot, area) {
    const step = years.moved ? plot._fullLayout.meta.steps[years.at]?.key : "";
    years.moved = false;
    years.told = step || years.told;
    clearTimeout(years.resting);
    plot.emit("plotly_selected", { points: [{ customdata: [area, step ?? ""] }] });
  }

  function openArea(plot, { points: [area] }) {
    if (area?.data.fill) tell(plot, area.data.name);
  }

  // The years of the maps: stepped through here, by a hand, by keys or by themselves. The server
  // is told of the year one rests at. Until its maps of that year (`told`) are there those of
  // before (`served`) stay in the year stepped to, with its name over them, and one steps on from it.
  const RESTS_AFTER = 900; // ms
  const YEAR_LASTS = 900; // ms, where they pass by themselves
  const years = { at: 0, moved: false, told: "", served: "", resting: 0, playing: 0 };

  function maps() {
    return [...document.querySelectorAll(".js-plotly-plot")].filter(
      (plot) => isMap(plot) && plot._fullLayout.meta.steps.length,
    );
  }

  function attendYears(box) {
    const { steps, step } = maps()[0]?._fullLayout.meta ?? {};
    const slider = box.querySelector("input");
    if (!steps?.length || !slider) return;
    if (step !== years.served) followServer(steps, step);
    const { name } = steps[years.at];
    if (slider.value !== String(years.at)) slider.value = years.at;
    set(slider, "aria-valuetext", name);
    const said = box.querySelector("output");
    if (said.textContent !== name) said.textContent = name;
    if (box.longevityYears) return;
    box.longevityYears = true;
    slider.addEventListener("input", () => {
      pause(box);
      stepTo(Number(slider.value), box);
      rest();
    });
    box.querySelector("button").addEventListener("click", () => {
      if (years.playing) {
        pause(box);
        rest();
      } else play(box);
    });
  }

  function followServer(steps, step) {
    years.served = step;
    if (years.told === step) years.told = "";
    if (years.moved || years.playing || years.told) return;
    years.at = steps.findIndex((one) => one.key === step);
    maps().forEach(paintYear);
  }

  function stepTo(at, box) {
    years.at = at;
    years.moved = true;
    maps().forEach(paintYear);
    attendYears(box);
  }

  function rest() {
    clearTimeout(years.resting);
    years.resting = setTimeout(() => {
      const [first] = maps();
      if (first && years.moved && !years.playing) tell(first, "");
    }, RESTS_AFTER);
  }

  function play(box) {
    clearTimeout(years.resting);
    const last = maps()[0]._fullLayout.meta.steps.length - 1;
    sayPlaying(box, true);
    const next = () => {
      if (!box.isConnected || !maps().length) return pause(box);
      stepTo(years.at + 1, box);
      if (years.at === last) {
        pause(box);
        rest();
      }
    };
    years.playing = setInterval(next, YEAR_LASTS);
    stepTo(years.at === last ? 0 : years.at + 1, box);
  }

  function pause(box) {
    clearInterval(years.playing);
    years.playing = 0;
    sayPlaying(box, false);
  }

  function sayPlaying(box, on) {
    const button = box.querySelector("button");
    set(button, "aria-label", on ? "Pause" : "Play the years");
    if (button.textContent !== (on ? "❚❚" : "▶")) button.textContent = on ? "❚❚" : "▶";
  }

  // Every area in its colour of the year, its name in ink that is read on it, its hover's words;
  // points are of the year the server drew.
  function paintYear(plot) {
    const { steps, step, rooms } = plot._fullLayout.meta;
    const { key, areas } = steps[years.at];
    for (const drawn of plot.querySelectorAll(".scatterlayer > .trace")) {
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
    const first = plot._fullLayout.annotations.length - rooms.length;
    rooms.forEach(([area], at) => {
      const words = plot.querySelector(`.annotation[data-index="${first + at}"] .annotation-text`);
      if (words && areas[area]) words.style.fill = areas[area][1];
    });
  }

  // The names that fit where they stand, those of wide areas first; more when one zooms in.
  function fitNames(plot) {
    const { meta, xaxis, annotations } = plot._fullLayout;
    const scale = xaxis._length / (xaxis.range[1] - xaxis.range[0]);
    const first = annotations.length - meta.rooms.length;
    const kept = [];
    const order = meta.rooms.map(([, room], at) => [room, at]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    for (const [room, at] of order) {
      const words = plot.querySelector(`.annotation[data-index="${first + at}"] .annotation-text`);
      if (!words) continue;
      const box = words.getBoundingClientRect();
      const fits = box.width <= 1.15 * room * scale && !kept.some((one) => meet(one, box));
      words.style.visibility = fits ? "" : "hidden";
      if (fits) kept.push(box);
    }
  }

  function meet(one, other) {
    return (
      one.left < other.right &&
      other.left < one.right &&
      one.top < other.bottom &&
      other.top < one.bottom
    );
  }

  function attendMap(plot) {
    if (plot.longevityMap || !isMap(plot)) return;
    plot.longevityMap = true;
    const fit = () => {
      fitNames(plot);
      const stepped = years.moved || years.told;
      if (stepped && plot._fullLayout.meta.steps.length) paintYear(plot);
    };
    for (const when of ["plotly_afterplot", "plotly_relayout"]) plot.on(when, fit);
    plot.on("plotly_click", (event) => openArea(plot, event));
    fit();
  }

  // Tables. The server sends every row in its order; here they are found, sorted, and where they are
  // more than twelve turned over by eight. What was asked of a table is kept while its words are the
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
    const body = box.querySelector("tbody");
    const all = [...body.rows].map((row) => ({
      row,
      cells: [...row.cells].map((cell) => cell.textContent),
    }));
    if (all.length < LEAST_SORTED) return;
    const name = box.getAttribute("aria-label");
    if (asked.get(name)?.words !== box.textContent)
      asked.set(name, { words: box.textContent, find: "", page: 0, by: -1, down: false });
    const state = asked.get(name);
    const heads = [...box.querySelectorAll("thead tr > *")];
    const controls = all.length > LONG ? addControls(box, all.length, state, show) : null;
    heads.forEach((head, at) => addSorting(head, at, state, show));

    function show() {
      const words = state.find.toLowerCase().split(/\s+/);
      const first = controls ? state.page * ROWS_A_PAGE : 0;
      const last = controls ? first + ROWS_A_PAGE : all.length;
      let found = 0;
      for (const { row, cells } of all.slice().sort(compareBy(all, state))) {
        const text = cells.join(" ").toLowerCase();
        const fits = words.every((word) => text.includes(word));
        row.classList.toggle("longevity-not-found", !fits);
        row.hidden = !fits || found < first || found >= last;
        found += fits;
        body.append(row);
      }
      heads.forEach((head, at) => {
        if (at === state.by) set(head, "aria-sort", state.down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      controls?.say(found, first, Math.min(last, found));
    }
    show();
  }

  // Days and numbers are compared as what they are, where most cells of a column are such; what
  // is none of them, and what is missing, comes last either way.
  function compareBy(all, { by, down }) {
    if (by < 0) return () => 0;
    const known = all.map(({ cells }) => cells[by]).filter((text) => text !== "–");
    const mostly = (kind) => 2 * known.filter((text) => kind.test(text)).length > known.length;
    const [kind, read] = mostly(DAY)
      ? [DAY, Date.parse]
      : mostly(NUMBER)
        ? [NUMBER, (text) => Number(text.match(NUMBER)[0].replace("−", "-").replace(/[$,]/g, ""))]
        : [/^(?!–$)/, () => 0];
    return ({ cells: one }, { cells: other }) => {
      const [a, b] = [one[by], other[by]];
      if (kind.test(a) !== kind.test(b)) return kind.test(a) ? -1 : 1;
      const order = (kind.test(a) && read(a) - read(b)) || collator.compare(a, b);
      return down ? -order : order;
    };
  }

  // Streamlit lets no script in that has markup written in it.
  function make(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  function addSorting(head, at, state, show) {
    if (head.tagName !== "TH") return;
    const button = make("button", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      // Up, down, and as it was sent.
      if (state.by !== at) Object.assign(state, { by: at, down: false });
      else if (!state.down) state.down = true;
      else state.by = -1;
      state.page = 0;
      show();
    });
  }

  function addControls(box, many, state, show) {
    const place = `Find in ${many} rows`;
    const field = make("input", { type: "search", placeholder: place, value: state.find });
    field.ariaLabel = `${place}: ${box.getAttribute("aria-label")}`;
    const said = make("output", {});
    const before = make("button", { type: "button", ariaLabel: "Previous rows", textContent: "‹" });
    const after = make("button", { type: "button", ariaLabel: "Next rows", textContent: "›" });
    const turning = make("div", {});
    turning.append(said, before, after);
    const controls = make("div", { className: "longevity-rows" });
    controls.append(field, turning);
    box.before(controls);
    field.addEventListener("input", () => {
      Object.assign(state, { find: field.value.trim(), page: 0 });
      show();
    });
    [before, after].forEach((button, at) =>
      button.addEventListener("click", () => {
        if (button.ariaDisabled === "true") return;
        state.page += at ? 1 : -1;
        show();
      }),
    );
    const say = (found, first, last) => {
      const of = state.find ? `${found} found` : many;
      said.textContent = found ? `${first + 1}–${last} of ${of}` : `0 of ${many} found`;
      before.ariaDisabled = String(first === 0);
      after.ariaDisabled = String(last >= found);
      controls.dataset.found = state.find && `${found} of ${many} rows, with “${state.find}”`;
    };
    return { say };
  }

  // Written only where it differs: what is written is observed too, and would never come to rest.
  function set(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  // Panels wider than the screen are moved sideways, by keys too; others are no stop on the way.
  function letKeysMove(panels) {
    set(panels, "tabindex", panels.scrollWidth > panels.clientWidth ? "0" : "-1");
  }

  function whereOneIs(navigation) {
    set(navigation, "role", "navigation");
    set(navigation, "aria-label", "Screens");
    for (const link of navigation.querySelectorAll("a")) {
      // The first screen's address is empty.
      const file = link.getAttribute("href").split("?")[0];
      const here = location.pathname.split("/").at(-1) === file;
      if (here !== link.hasAttribute("aria-current")) {
        if (here) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    }
  }

  // The ground the theme gives, for what stays in sight while the page scrolls under it.
  // Written only where it differs: the whole page is styled anew for it.
  function sayGround(app) {
    const ground = getComputedStyle(app).backgroundColor;
    const root = document.documentElement.style;
    if (root.getPropertyValue("--longevity-ground") !== ground)
      root.setProperty("--longevity-ground", ground);
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
    (event) => {
      if (event.target.closest?.("a")) Object.assign(followed, { entries: 0, counted: true });
    },
    true,
  );

  // On a phone the navigation lies over the screen: who has chosen one wants to see it.
  addEventListener("click", (event) => {
    if (!matchMedia("(max-width: 768px)").matches) return;
    if (!event.target.closest?.(".st-key-navigation a")) return;
    setTimeout(() =>
      document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click(),
    );
  });

  function mend() {
    document.querySelectorAll(".stApp").forEach(sayGround);
    document.querySelectorAll(".stPlotlyChart[aria-label]").forEach(oneImage);
    document
      .querySelectorAll(".js-plotly-plot[role=img] > .plot-container:not([aria-hidden])")
      .forEach(silent);
    document.querySelectorAll(".js-plotly-plot").forEach(attendMap);
    document.querySelectorAll(".longevity-years").forEach(attendYears);
    document.querySelectorAll(".longevity-table").forEach(attendTable);
    document.querySelectorAll(".st-key-navigation").forEach(whereOneIs);
    document.querySelectorAll('.stApp [class*="side-by-side"]').forEach(letKeysMove);
  }

  let waiting = false;
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mend();
    });
  }
  new MutationObserver(soon).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["aria-label", "href"],
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    // Once the theme has followed: a page that is busy takes its time, and changes nothing then.
    for (const wait of [500, 2000, 5000, 15000]) setTimeout(soon, wait);
  });
  mend();
  addEventListener("resize", soon);

  addEventListener("beforeprint", () => {
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      const box = plot.querySelector(".svg-container");
      if (!box) continue;
      const [wide, tall] = [box.offsetWidth, box.offsetHeight];
      box.style.setProperty("--longevity-wide", `${wide}px`);
      box.style.setProperty("--longevity-shape", `${wide} / ${tall}`);
      for (const svg of box.querySelectorAll("svg.main-svg"))
        svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    }
  });
  addEventListener("afterprint", () => {
    document.querySelectorAll(".main-svg[viewBox]").forEach((svg) => {
      svg.removeAttribute("viewBox");
    });
  });
})();
