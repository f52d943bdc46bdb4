// Tells the page around an embed how high its content is, whenever that changes. Any page may know it.
const root = document.documentElement;
const tell = () => parent.postMessage({ type: "directory-embed", height: Math.ceil(root.getBoundingClientRect().height) }, "*");
if (parent !== window) new ResizeObserver(tell).observe(root);
