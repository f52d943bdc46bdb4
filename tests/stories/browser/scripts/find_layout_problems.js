// Returns what is too wide, written too small, or too small to touch. Links in a sentence may be as high as its lines (WCAG 2.5.8).
() => {
  const MIN_TEXT = 16;
  const MIN_MAP_NUMBER = 12; // of small states; the list below the map has the same numbers in full size
  const MIN_TARGET = 24;
  const ROUNDING = 0.05;
  const name = (element) => element.outerHTML.slice(0, 100);
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const all = (selector) => [...document.body.querySelectorAll(selector)].filter(isShown);
  const problems = [];

  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = all("*").find((each) => each.getBoundingClientRect().right > innerWidth);
    problems.push(`wider than the window: ${wide ? name(wide) : ""}`);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !isShown(element) || element.closest("title, template, script")) continue;
    const scale = element instanceof SVGElement ? element.getScreenCTM().d : 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale;
    const smallest = element.closest(".map-numbers.shrink") ? MIN_MAP_NUMBER : MIN_TEXT;
    if (size < smallest - ROUNDING) problems.push(`text of ${size.toFixed(1)} px: ${name(element)}`);
  }

  for (const element of all("a[href], button, input:not([type=hidden]), select, summary, [role=option]")) {
    const target = element.type === "checkbox" && element.labels.length ? element.labels[0] : element;
    const box = target.getBoundingClientRect();
    const isInSentence = getComputedStyle(element).display === "inline";
    if (isInSentence || element instanceof SVGElement || box.right <= 0) continue; // the link to the content waits outside
    if (box.width < MIN_TARGET - ROUNDING || box.height < MIN_TARGET - ROUNDING)
      problems.push(`target of ${box.width.toFixed(0)} x ${box.height.toFixed(0)} px: ${name(target)}`);
  }
  return problems;
}
