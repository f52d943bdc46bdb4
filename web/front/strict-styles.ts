/**
 * Makes the editor's styles work although the page's policy forbids inline styles. The editor writes style elements, which get
 * the page's nonce, and style attributes in HTML, which are set through the CSSOM instead.
 */

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
const LATER = "data-style-later";
/** Matches only in tags: in text, the editor writes `<` as `&lt;`. */
const STYLE_IN_TAG = /(<[a-z][^<>]*?\s)style=/gi;

const createElement = Document.prototype.createElement;
Document.prototype.createElement = function (this: Document, ...args: Parameters<typeof createElement>) {
  const element = createElement.apply(this, args);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
} as typeof createElement;

const withoutStyles = (html: unknown) => String(html).replace(STYLE_IN_TAG, `$1${LATER}=`);

function setStyles(root: Element) {
  for (const element of root.querySelectorAll<HTMLElement>(`[${LATER}]`)) {
    element.style.cssText = element.getAttribute(LATER) ?? "";
    element.removeAttribute(LATER);
  }
}

const innerHTML = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML")!;
Object.defineProperty(Element.prototype, "innerHTML", {
  ...innerHTML,
  set(this: Element, html: unknown) {
    innerHTML.set!.call(this, withoutStyles(html));
    setStyles(this);
  },
});

const insertAdjacentHTML = Element.prototype.insertAdjacentHTML;
Element.prototype.insertAdjacentHTML = function (this: Element, position: InsertPosition, html: string) {
  insertAdjacentHTML.call(this, position, withoutStyles(html));
  setStyles(this.parentElement ?? this);
};
