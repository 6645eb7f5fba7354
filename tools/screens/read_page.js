/* What is in sight on the page: its height, where its answer begins, its charts and its words.

   Left out of the words: what is in a closed fold, hidden or one pixel wide, the names of icons,
   and what is drawn on a canvas (long grids). */
() => {
  const main = document.querySelector("[data-testid=stMain]");
  const block = main.querySelector("[data-testid=stMainBlockContainer]") || main;
  main.scrollTop = 0;
  const ICON = ":is([data-testid=stIconMaterial], [role=img][translate=no])";
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });
  const box = (node) => node.getBoundingClientRect();
  // Words for who hears them are in a box of one pixel, and are as wide as they are.
  const clipped = (node) =>
    node !== block
    && ((box(node).width <= 1 && getComputedStyle(node).overflow === "hidden")
      || clipped(node.parentElement));

  let words = 0;
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (parent.closest(`${ICON}, style, script, canvas`)) continue;
    if (!visible(parent) || clipped(parent)) continue;
    words += node.data.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  }
  const [heading] = [...block.querySelectorAll("h2")].filter(visible);
  return {
    height: main.scrollHeight,
    answer: heading ? box(heading).top : null,
    charts: [...block.querySelectorAll(".js-plotly-plot")].filter(visible).length,
    words,
  };
}
