// A page is whole without this: it makes charts answer to the pointer, and finds pages by a word.

// By the reader's clock: a page may be read long after it was made.
for (const old of document.querySelectorAll("[data-old-after]")) {
  if (new Date() >= new Date(`${old.dataset.oldAfter}T00:00`)) old.hidden = false;
}

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

const search = document.querySelector("[data-search]");
if (search) {
  const [field, output] = [search.querySelector("input"), search.querySelector("output")];
  const pages = [...document.querySelectorAll(".found li")];
  const find = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const page of pages) {
      const text = page.textContent.toLowerCase();
      page.hidden = !words.every((word) => text.includes(word));
    }
    output.value = String(pages.filter((page) => !page.hidden).length);
  };
  search.hidden = false;
  field.addEventListener("input", find);
  find();
}

if (parent !== window) {
  const tell = () => parent.postMessage({ longevity: document.documentElement.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
}
