// Returns what only injected markup would contain: inline scripts, handlers, styles, and addresses that run code.
() => {
  const found = [];
  const report = (element) => found.push(element.outerHTML.slice(0, 200));
  for (const element of document.querySelectorAll("*")) {
    const isScript = element.localName === "script" && !element.src && element.type !== "application/ld+json" && element.type !== "speculationrules";
    const hasHandler = [...element.attributes].some(({ name }) => name.startsWith("on"));
    const address = element.getAttribute("href") ?? element.getAttribute("src") ?? element.getAttribute("action") ?? "";
    const runsCode = /^\s*(javascript|vbscript|data:text)/i.test(address);
    const isForeign = /^(https?:)?\/\/evil\./.test(element.getAttribute("src") ?? "");
    if (isScript || hasHandler || runsCode || isForeign || element.localName === "animate") report(element);
    if (element.localName === "style" || (element.localName === "img" && !element.className)) report(element);
  }
  for (const data of document.querySelectorAll("script[type='application/ld+json']")) JSON.parse(data.textContent);
  return found;
}
