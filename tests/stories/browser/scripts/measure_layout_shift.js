// Returns the layout shift of the page so far, without what follows a click or a key at once.
() =>
  new Promise((resolve) => {
    let total = 0;
    const add = (entries) => entries.filter((entry) => !entry.hadRecentInput).forEach((entry) => (total += entry.value));
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => (add(observer.takeRecords()), setTimeout(() => resolve(total)))));
  })
