"""python -m docs: produces anew what stands between marks in the pages, and says which pages changed."""

from docs.produced_blocks import PAGES, renew_page

for page in PAGES:
    old = page.read_text(encoding="utf-8")
    new = renew_page(old)
    page.write_text(new, encoding="utf-8")
    print(f"{page.name}: {'as it was' if new == old else 'renewed'}.")
