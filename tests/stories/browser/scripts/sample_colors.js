// Returns one element of each kind that has text, such as one of many equal links. Two elements are of one kind if everything that the
// contrast of their text depends on is equal, for them and for every element that they are in. What floats, or is drawn in an SVG, may lie
// on any other element: each of them is a kind of its own.
() => {
  const PROPERTIES = [
    "color", "background-color", "background-image", "opacity", "font-size", "font-weight", "text-shadow", "text-decoration-line",
    "filter", "mix-blend-mode", "position", "z-index", "display", "overflow",
  ];
  const kinds = new Map();
  const readKind = (element) => {
    if (element === null) return "";
    if (!kinds.has(element)) {
      const style = getComputedStyle(element);
      const own = PROPERTIES.map((name) => style.getPropertyValue(name)).join(";");
      const isFloating = element instanceof SVGElement || ["absolute", "fixed", "sticky"].includes(style.position);
      kinds.set(element, `${readKind(element.parentElement)} > ${element.localName} ${own} ${isFloating ? kinds.size : ""}`);
    }
    return kinds.get(element);
  };
  const hasText = (element) =>
    element.matches("input, select, textarea") || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const samples = new Map();
  for (const element of document.body.querySelectorAll("*"))
    if (hasText(element) && element.checkVisibility({ visibilityProperty: true }) && !samples.has(readKind(element)))
      samples.set(readKind(element), element);
  return [...samples.values()];
}
