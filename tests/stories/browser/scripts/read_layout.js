// Returns a line for each element: where it is, and whether it is shown. Axe's rules that are not about colors depend on nothing else
// that a color scheme could change.
() =>
  [...document.querySelectorAll("html, body, body *")].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const place = [x, y, width, height].map((number) => number.toFixed(1)).join(" ");
    return `${element.localName}.${element.getAttribute("class") ?? ""} ${place} ${element.checkVisibility({ visibilityProperty: true })}`;
  })
