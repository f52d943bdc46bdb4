// Numbers everything that the Tab key should reach, in the order that one sees, and returns how many there are. That is the order of
// the document, except that the map stands before the list where the stylesheet says so (reading-flow). Of radio buttons, Tab
// reaches the one that is chosen; arrows lead to the others.
() => {
  const selector = "a[href], button, input:not([type=hidden], [type=radio]:not(:checked)), select, textarea, summary, [tabindex]";
  const isStop = (each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true });
  const stops = [...document.querySelectorAll(selector)].filter(isStop);
  const map = document.querySelector(".columns > .map");
  const isFirst = map && !["normal", undefined].includes(getComputedStyle(map.parentElement).readingFlow);
  const list = stops.findIndex((stop) => stop.closest(".columns > .list"));
  const [inMap, others] = [true, false].map((inside) => stops.filter((stop) => isFirst && map.contains(stop) === inside));
  const seen = isFirst ? [...others.slice(0, list), ...inMap, ...others.slice(list)] : stops;
  seen.forEach((stop, number) => (stop.dataset.stop = number));
  return seen.length;
}
