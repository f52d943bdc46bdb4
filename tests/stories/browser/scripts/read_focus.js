// Returns where the focus is: on this element or not, and whether a person can see it.
(target) => {
  const active = document.activeElement;
  const style = getComputedStyle(active);
  const box = active.getBoundingClientRect();
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const isStroked = active instanceof SVGElement && style.stroke !== "none" && parseFloat(style.strokeWidth) >= 4;
  const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  // The middle of its first line, or of what the window shows of it, is not below something else.
  const line = active.getClientRects()[0] ?? box;
  const x = (Math.max(line.left, 0) + Math.min(line.right, innerWidth)) / 2;
  const y = (Math.max(line.top, 0) + Math.min(line.bottom, innerHeight)) / 2;
  const top = document.elementFromPoint(x, y);
  const isOnTop = active instanceof SVGElement || active.contains(top) || Boolean(top?.contains(active));
  // The button of a field for a day is within the field, which has the outline.
  const isFocused = active.matches(':focus-visible, input[type="date"]:focus-within');
  return {
    isReached: active === target,
    isNowhere: active === document.body,
    isVisible: isFocused && (isOutlined || isStroked) && isInside && isOnTop,
    stop: Number(active.dataset.stop ?? -1), // see number_stops.js
    name: active.outerHTML.slice(0, 120),
  };
}
