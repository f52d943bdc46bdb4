/**
 * Lets the editor style what it draws although the page's policy allows no inline styles. It writes style elements, which
 * are given the page's nonce, and style attributes inside HTML, which are set through the CSSOM instead.
 */

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
const LATER = "data-style-later";
/** Of a tag, not of text: there the editor writes `<` as `&lt;`. */
const STYLE_IN_TAG = /(<[a-z][^<>]*?\s)style=/gi;

const createElement = Document.prototype.createElement;
Document.prototype.createElement = function (this: Document, ...wanted: Parameters<typeof createElement>) {
  const element = createElement.apply(this, wanted);
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
