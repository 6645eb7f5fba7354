// What no style can say: a chart is one picture to whoever cannot see it, and fits on paper.
(() => {
  if (window.longevityPage) return;
  window.longevityPage = true;

  // Streamlit names the frame around a chart and leaves every tick and label to be read out.
  function oneImage(frame) {
    const plot = frame.querySelector(".js-plotly-plot");
    if (!plot) return;
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", frame.getAttribute("aria-label"));
    frame.removeAttribute("role");
    frame.removeAttribute("aria-label");
  }

  function silent(inside) {
    inside.setAttribute("aria-hidden", "true");
  }

  // The select box opens a neighbourhood by keyboard; the map would be a stop where nothing is.
  function noStop(canvas) {
    for (const name of ["tabindex", "role", "aria-label"]) canvas.removeAttribute(name);
  }

  // Written only where it differs: what is written is observed too, and would never come to rest.
  function set(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
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

  // The ground the theme gives, for headings that stay in sight while a table scrolls under them.
  // Written only where it differs: the whole page is styled anew for it.
  function sayGround(app) {
    const ground = getComputedStyle(app).backgroundColor;
    const root = document.documentElement.style;
    if (root.getPropertyValue("--longevity-ground") !== ground)
      root.setProperty("--longevity-ground", ground);
  }

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
    // A tile's line is its numbers again, without a name of its own.
    document.querySelectorAll("[data-testid=stMetricChart]:not([aria-hidden])").forEach(silent);
    document.querySelectorAll(".maplibregl-canvas[tabindex]").forEach(noStop);
    document.querySelectorAll(".st-key-navigation").forEach(whereOneIs);
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
    setTimeout(soon, 500); // once the theme has followed
  });
  mend();

  // A map is painted by the graphics card and is blank on paper, unless it is copied in the
  // moment it is painted; without its ground, which may be dark, it lies on white.
  function copied(plot, box) {
    const map = plot._fullLayout?.map?._subplot?.map;
    if (!map?.redraw) return;
    const grounds = map.getStyle().layers.filter((one) => one.id.startsWith("plotly-layout"));
    const shown = (how) => {
      for (const one of grounds) map.setLayoutProperty(one.id, "visibility", how);
      map.redraw();
    };
    shown("none");
    const copy = document.createElement("canvas");
    const painted = map.getCanvas();
    [copy.width, copy.height] = [painted.width, painted.height];
    copy.getContext("2d").drawImage(painted, 0, 0);
    copy.className = "longevity-copy";
    box.prepend(copy);
    plot.classList.add("longevity-copied");
    shown("visible");
  }

  addEventListener("beforeprint", () => {
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      const box = plot.querySelector(".svg-container");
      if (!box) continue;
      const [wide, tall] = [box.offsetWidth, box.offsetHeight];
      box.style.setProperty("--longevity-wide", `${wide}px`);
      box.style.setProperty("--longevity-shape", `${wide} / ${tall}`);
      for (const svg of box.querySelectorAll("svg.main-svg"))
        svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
      copied(plot, box);
    }
  });
  addEventListener("afterprint", () => {
    document.querySelectorAll(".longevity-copy").forEach((copy) => copy.remove());
    document.querySelectorAll(".longevity-copied").forEach((plot) => {
      plot.classList.remove("longevity-copied");
    });
    document.querySelectorAll(".main-svg[viewBox]").forEach((svg) => {
      svg.removeAttribute("viewBox");
    });
  });
})();
