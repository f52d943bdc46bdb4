"""Edit and add records as TOML in a text editor: the commands `edit` and `add`.

`edit` is the entry point and `edit_loop` the conversation with the person. `record_text` writes a record as commented TOML,
`edited_text` reads it back and marks problems, `edited_record` and `new_record` turn it into the record to store, and
`edit_report` says what changes and who will see it.
"""
