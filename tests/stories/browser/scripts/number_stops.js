// Numbers everything that the Tab key should reach, in the order of the document, and returns how many there are.
() => {
  const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const isStop = (each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true });
  const stops = [...document.querySelectorAll(selector)].filter(isStop);
  stops.forEach((stop, number) => (stop.dataset.stop = number));
  return stops.length;
}
