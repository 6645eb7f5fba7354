// What no style can say: a chart is one picture to those who cannot see it, and fits on paper; a click
// on a map opens an area; Back takes one press.
(() => {
  if (window.longevityPage) return;
  window.longevityPage = true;

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Written only where it differs: what is written is observed too, and would never come to rest.
  function set(element, name, value) {
    if (element.getAttribute(name) === value) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }

  // Streamlit names the frame around a chart and leaves every tick and label to be read out.
  // A map has buttons, which are next to its picture: a picture has nothing to press in it.
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

  const silent = (inside) => set(inside, "aria-hidden", "true");

  // --- maps ---------------------------------------------------------------------------------

  function readMap(plot) {
    const meta = plot._fullLayout?.meta;
    return meta?.rooms ? meta : null;
  }

  // An area is the inside of a line, which Plotly says was clicked but cannot select: its click is
  // given to Streamlit as the selection of a point. The select box does the same by keyboard.
  function attendMap(plot) {
    if (plot.longevityMap || !readMap(plot)) return;
    plot.longevityMap = true;
    for (const when of ["plotly_afterplot", "plotly_relayout"])
      plot.on(when, () => fitNames(plot));
    plot.on("plotly_click", ({ points: [area] }) => {
      if (area?.data.fill)
        plot.emit("plotly_selected", { points: [{ customdata: area.data.name }] });
    });
    fitNames(plot);
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
      const meets = ({ left, right, top, bottom }) =>
        left < box.right && box.left < right && top < box.bottom && box.top < bottom;
      const fits = box.width <= 1.15 * room * scale && !kept.some(meets);
      name.style.visibility = fits ? "" : "hidden";
      if (fits) kept.push(box);
    }
  }

  // --- moving through the screens -------------------------------------------------------------

  function whereOneIs(navigation) {
    set(navigation, "role", "navigation");
    set(navigation, "aria-label", "Screens");
    for (const link of all("a", navigation)) {
      // The first screen's address is empty.
      const file = link.getAttribute("href").split("?")[0];
      set(link, "aria-current", location.pathname.split("/").at(-1) === file ? "page" : null);
    }
  }

  // Following a link is one step for Back. Streamlit makes an entry for the screen, and others when
  // the screen takes from the address what goes without saying: until somebody does something
  // else they stand in the place of the first. What a screen does as it opens is no step at all.
  let entries = 1; // made since a link was followed; NaN once something else was done
  const pushState = history.pushState;
  history.pushState = (...entry) =>
    entries++ ? history.replaceState(...entry) : pushState.apply(history, entry);
  for (const begins of ["pointerdown", "keydown"])
    addEventListener(
      begins,
      () => {
        entries = NaN;
      },
      true,
    );
  addEventListener(
    "click",
    ({ target }) => {
      if (!target.closest?.("a")) return;
      entries = 0;
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

  // A chart wider than the paper is made smaller as a whole: the picture that is on the screen.
  const PAPER = 680; // pixels between the margins
  const shrink = (fit) => () =>
    all(".js-plotly-plot").forEach((plot) => {
      plot.style.zoom = fit ? Math.min(1, PAPER / plot.offsetWidth) : "";
    });
  addEventListener("beforeprint", shrink(true));
  addEventListener("afterprint", shrink(false));
})();
