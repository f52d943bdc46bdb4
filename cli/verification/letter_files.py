"""Write letters: all of them in one Markdown or HTML file, or one Markdown file for each in a folder.

An HTML file is printed from a browser with one letter on each page, which also makes a PDF.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from cli.partners.network_files import replace_forbidden_characters
from cli.verification.letter import Letter
from directory.errors import BadInput
from directory.export.output_files import write_atomically

FOLDER_MODE = 0o700
PAGE_BREAK = '<div style="page-break-after: always"></div>'
ANSWER_LINES = 1  # empty lines below each question, so that a letter fits on one page
ANSWER_LINE = "\\_" * 50  # in Markdown
PDF_ADVICE = "To make a PDF, write an .html file, open it in a browser and print it to a file."
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~!^$&])")
_MARKDOWN_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")
_HTML_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ font: 11pt/1.4 Georgia, serif; margin: 0 auto; max-width: 17cm; padding: 1rem; color: #000; background: #fff; }}
.letter {{ border-bottom: 1px solid #777; padding-bottom: 2rem; margin-bottom: 2rem; overflow-wrap: anywhere; }}
.address {{ font-style: normal; margin: 0 0 1.5rem; min-height: 2.5cm; }}
.number {{ float: right; color: #444; font-size: 9pt; }}
h1 {{ font-size: 15pt; }}
h2 {{ font-size: 12pt; margin: 1.2rem 0 .3rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #777; padding: .2rem .4rem; text-align: left; vertical-align: top; }}
thead th:last-child, tbody td:last-child {{ white-space: nowrap; }}
ol {{ padding-left: 1.3rem; }}
li {{ break-inside: avoid; }}
.answer {{ border-bottom: 1px solid #777; height: 1.6em; }}
@media print {{
  @page {{ margin: 1.5cm 2cm; }}
  body {{ max-width: none; padding: 0; font-size: 9pt; line-height: 1.2; }}
  h1 {{ font-size: 13pt; margin: .5rem 0; }}
  h2 {{ font-size: 11pt; margin: .7rem 0 .2rem; }}
  p {{ margin: .3rem 0; }}
  th, td {{ padding: .05rem .3rem; }}
  ol {{ margin: .2rem 0; }}
  .address {{ margin-bottom: .6rem; min-height: 1.5cm; }}
  .letter {{ border: 0; margin: 0; padding: 0; break-after: page; }}
  .letter:last-child {{ break-after: auto; }}
  tr {{ break-inside: avoid; }}
}}
@media (max-width: 30rem) {{
  thead {{ display: none; }}
  tr, th, td {{ display: block; border: 0; padding: .1rem 0; }}
  tr {{ border-bottom: 1px solid #777; padding: .4rem 0; }}
}}
</style>
</head>
<body>
{letters}
</body>
</html>
"""


def write_letters(letters: Sequence[Letter], target: Path) -> None:
    """Write the letters to a .md or .html file, or to a folder that is new or empty. Only the owner can read them.

    Raises BadInput if the target cannot be used.
    """
    try:
        if target.suffix.lower() in _WRITERS and not target.is_dir():
            with write_atomically(target) as file:
                file.write(_WRITERS[target.suffix.lower()](letters).encode("utf-8", "replace"))
            return
        target.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        width = len(str(len(letters)))
        for letter in letters:
            with write_atomically(target / f"{letter.number:0{width}}-{letter.slug}.md") as file:
                file.write(format_markdown([letter]).encode("utf-8", "replace"))
    except OSError as problem:
        raise BadInput(f"Cannot write {target}: {problem.strerror}.", argument="letters") from problem


def require_target(target: Path) -> None:
    """Raise BadInput if letters cannot be written there: another format, or a folder that has files already."""
    extension = target.suffix.lower()
    if extension == ".pdf":
        raise BadInput(f"Letters are written as Markdown or HTML. {PDF_ADVICE}", argument="letters")
    if target.is_dir():
        if any(target.iterdir()):
            raise BadInput(
                f"{target} has files already. Name a new or empty folder, so that letters are not mixed.", argument="letters"
            )
    elif extension and extension not in _WRITERS:
        raise BadInput(f"Name a folder, or a file that ends in {' or '.join(_WRITERS)}, not {target.name}.", argument="letters")


# ---------------------------------------------------------------- Markdown


def format_markdown(letters: Sequence[Letter]) -> str:
    """Return the letters as Markdown, with a page break between them. Texts of records are escaped."""
    return f"\n{PAGE_BREAK}\n\n".join("\n".join(_iter_markdown(letter)) + "\n" for letter in letters)


def _iter_markdown(letter: Letter) -> Iterator[str]:
    texts = letter.texts
    yield escape_markdown(texts["count"].format(number=letter.number, total=letter.total))
    yield ""
    yield "  \n".join(map(escape_markdown, letter.address))  # two spaces are a line break
    yield f"\n# {escape_markdown(texts['title'])}\n"
    yield escape_markdown(letter.greeting)
    for paragraph in letter.paragraphs:
        yield f"\n{escape_markdown(paragraph)}"
    yield f"\n## {escape_markdown(texts['record_title'])}\n"
    yield f"| {texts['field']} | {texts['value']} | {texts['check']} |"
    yield "| --- | --- | --- |"
    for label, lines in letter.fields:
        yield f"| {escape_markdown(label)} | {'<br>'.join(map(escape_markdown, lines))} | {texts['box']} |"
    yield f"\n{escape_markdown(letter.missing)}" if letter.missing else ""
    yield f"\n## {escape_markdown(texts['questions_title'])}\n"
    for number, question in enumerate(letter.questions, start=1):
        yield f"{number}. {escape_markdown(question)}\n\n    {ANSWER_LINE}\n"
    yield f"## {escape_markdown(texts['reply_title'])}\n"
    yield escape_markdown(letter.reply)


def escape_markdown(text: str) -> str:
    """Return the text as one line that Markdown shows as it is, without headings, emphasis, tables or HTML."""
    line = " ".join(replace_forbidden_characters(text).split())
    return _MARKDOWN_START.sub(r"\1\\\2", _MARKDOWN_SIGNS.sub(r"\\\1", line))


# ---------------------------------------------------------------- HTML


def format_html(letters: Sequence[Letter]) -> str:
    """Return a complete page without scripts, one printed page for each letter. Texts of records are escaped."""
    first = letters[0]
    body = "\n".join(map(_format_html_letter, letters))
    return _HTML_PAGE.format(language=first.language, title=_escape(first.texts["title"]), letters=body)


def _format_html_letter(letter: Letter) -> str:
    texts = letter.texts
    box = _escape(texts["box"])
    rows = "".join(
        f'<tr><th scope="row">{_escape(label)}</th><td>{"<br>".join(map(_escape, lines))}</td><td>{box}</td></tr>\n'
        for label, lines in letter.fields
    )
    headings = "".join(f'<th scope="col">{_escape(texts[name])}</th>' for name in ("field", "value", "check"))
    answer = '<div class="answer"></div>' * ANSWER_LINES
    questions = "".join(f"<li>{_escape(question)}{answer}</li>\n" for question in letter.questions)
    parts = [
        f'<p class="number">{_escape(texts["count"].format(number=letter.number, total=letter.total))}</p>',
        f'<address class="address">{"<br>".join(map(_escape, letter.address))}</address>',
        f"<h1>{_escape(texts['title'])}</h1>",
        *(f"<p>{_escape(text)}</p>" for text in (letter.greeting, *letter.paragraphs)),
        f"<h2>{_escape(texts['record_title'])}</h2>",
        f"<table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>",
        f"<p>{_escape(letter.missing)}</p>" if letter.missing else "",
        f"<h2>{_escape(texts['questions_title'])}</h2>\n<ol>\n{questions}</ol>",
        f"<h2>{_escape(texts['reply_title'])}</h2>\n<p>{_escape(letter.reply)}</p>",
    ]
    content = "\n".join(filter(None, parts))
    return f'<section class="letter" lang="{letter.language}">\n{content}\n</section>'


def _escape(text: str) -> str:
    return escape(replace_forbidden_characters(text))


_WRITERS: Mapping[str, Callable[[Sequence[Letter]], str]] = {".md": format_markdown, ".html": format_html}
