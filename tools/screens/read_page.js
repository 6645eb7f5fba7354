/* What is in sight on the page: its size, its texts in order, its charts and filters.

   A text is one block's words. Left out: what is in a closed fold, hidden or one pixel wide, the
   names of icons, and what is drawn on a canvas (long grids). A filter is in sight when nothing
   lies over its middle. */
() => {
  const main = document.querySelector("[data-testid=stMain]");
  const block = main.querySelector("[data-testid=stMainBlockContainer]") || main;
  main.scrollTop = 0;
  const ICON = ":is([data-testid=stIconMaterial], [role=img][translate=no])";
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });
  const box = (node) => node.getBoundingClientRect();
  // Words for who hears them stand in a box of one pixel, and are as wide as they are.
  const clipped = (node) => {
    let at = node;
    while (at !== block && !(box(at).width <= 1 && getComputedStyle(at).overflow === "hidden")) {
      at = at.parentElement;
    }
    return at !== block;
  };
  const blockOf = (node) => {
    let at = node;
    while (at !== block && at.tagName !== "text" && getComputedStyle(at).display === "inline") {
      at = at.parentElement;
    }
    return at;
  };

  const texts = [];
  const widths = [];
  let last = null;
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(`${ICON}, style, script, canvas`)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const edges = box(range);
    if (!visible(parent) || edges.width <= 1 || edges.height <= 1 || clipped(parent)) continue;
    const at = blockOf(parent);
    if (at === last) {
      texts[texts.length - 1] += node.data;
      continue;
    }
    last = at;
    texts.push(node.data);
    if (!at.closest("svg, .longevity-table")) widths.push(box(at));
  }
  const charts = [...block.querySelectorAll(".js-plotly-plot")].filter(visible);
  const pictures = [...block.querySelectorAll("img, canvas, button, .longevity-table")];
  widths.push(...[...charts, ...pictures].filter(visible).map(box));
  const frame = box(main);
  const across = widths.filter((one) => one.width > 1 && one.height > 1);

  const wordsOf = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(ICON).forEach((icon) => icon.remove());
    return copy.textContent.trim();
  };

  const inSight = (node) => {
    const { left, right, top, bottom } = box(node);
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return visible(node) && top >= 0 && bottom <= innerHeight && left >= 0
      && right <= innerWidth && node.contains(over);
  };
  // On a phone filters may be folded into one line; the container's key then begins with "filter".
  const FOLDED = ":is([data-testid=stPopoverButton], summary)";
  const filters = [
    ...document.querySelectorAll(
      `:is([data-testid=stMain], [data-testid=stSidebar]) .stSelectbox, [class*=st-key-filter] ${FOLDED}`,
    ),
  ].map((node) => {
    const label = node.querySelector("[data-testid=stWidgetLabel]") || node;
    return { label: wordsOf(label), inSight: inSight(node), folded: !node.matches(".stSelectbox") };
  });

  const headings = [...block.querySelectorAll("h2")].filter(visible);
  return {
    height: main.scrollHeight,
    window: innerHeight,
    answerTop: headings.length ? box(headings[0]).top : null,
    left: Math.max(frame.left, Math.min(...across.map((one) => one.left))),
    right: Math.min(frame.right, Math.max(...across.map((one) => one.right))),
    charts: charts.length,
    texts,
    filters,
  };
}
