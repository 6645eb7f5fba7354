// A page is whole without this: it makes charts answer to the pointer.

const dark = matchMedia("(prefers-color-scheme: dark)");

function loadPlotly() {
  loadPlotly.once ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = new URL("plotly.min.js", import.meta.url);
    script.onload = () => done(window.Plotly);
    script.onerror = fail;
    document.head.append(script);
  });
  return loadPlotly.once;
}

// The picture stays until its figure is drawn, and where that fails.
async function draw(chart) {
  const [Plotly, answer] = await Promise.all([loadPlotly(), fetch(chart.dataset.figure)]);
  const figures = await answer.json();
  const place = document.createElement("div");
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", chart.querySelector("img").alt);
  const show = () => {
    const { data, layout } = figures[dark.matches ? "dark" : "light"];
    const height = Math.min(layout.height, 6 * chart.clientWidth);
    const settings = { displayModeBar: false, responsive: true, ...figures.config };
    return Plotly.react(place, data, { ...layout, height, autosize: true }, settings);
  };
  place.style.width = "100%";
  chart.append(place);
  await show();
  chart.querySelector("picture").hidden = true;
  dark.addEventListener("change", show);
}

// A phone reads the picture: there is no pointer to hover, and a finger scrolls.
if (matchMedia("(hover: hover)").matches) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      seen.unobserve(entry.target);
      draw(entry.target).catch(() => {});
    }
  });
  document.querySelectorAll("[data-figure]").forEach((chart) => seen.observe(chart));
}

if (parent !== window) {
  const tell = () => parent.postMessage({ longevity: document.documentElement.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
}
