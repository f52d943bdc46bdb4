"""Update es.po: add the texts that have no translation yet, remove those that no page has any more, and list both."""

from web.pages.translations.catalog import PO_FILE, extract_messages, merge_translations, read_catalog, write_catalog

messages, old = extract_messages(), read_catalog()
new = merge_translations(messages, old)
PO_FILE.write_bytes(write_catalog(new))
for message in new:
    if message.id and not any(message.string or ()):
        print("Translate:", message.id)
for message in old:
    if message.id and message.id not in new:
        print("Removed:", message.id, "|", message.string)
