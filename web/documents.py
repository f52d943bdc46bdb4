"""Trusted documents: those that a client was built with, known here beforehand and asked for by id.

Read from a file, or from every file of a folder: `.json` with an object of ids and texts, as relay-compiler (`persistConfig`)
and graphql-codegen (`persistedDocuments`) write it, or `.graphql` with one document, whose id is the file's name without ending.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Self

import msgspec
from graphql import OperationDefinitionNode, parse

from directory.errors import BadInput, Code
from schema.execution import faults
from web.asked import Asked
from web.reply import Refusal

LONGEST_ID = 200  # characters
_ENDINGS = (".json", ".graphql")
_decode = msgspec.json.Decoder(dict[str, str]).decode


class Documents:
    """The documents by id. With `only`, no others are answered."""

    def __init__(self, texts: Mapping[str, str] | None = None, *, only: bool = False) -> None:
        by_hash = {f"sha256:{sha256(text.encode()).hexdigest()}": text for text in (texts or {}).values()}
        self._texts = {**by_hash, **(texts or {})}
        self._only = only

    @classmethod
    def load(cls, place: Path | None, *, only: bool = False) -> Self:
        """Those of a file or folder; none where there is no `place`.

        Raises BadInput, which names file, id and problem, for a document that this directory cannot answer.
        """
        if place is None and only:
            raise BadInput("Only trusted documents shall be answered, and none are named: say where they are, too.")
        texts: dict[str, str] = {}
        for file in _files(place) if place else ():
            for key, text in _read(file):
                _check(file, key, text, texts)
                texts[key] = text
        return cls(texts, only=only)

    def __len__(self) -> int:
        return len(set(self._texts.values()))

    @property
    def operations(self) -> frozenset[str]:
        """The names of their operations."""
        definitions = (one for text in self._texts.values() for one in parse(text).definitions)
        return frozenset(one.name.value for one in definitions if isinstance(one, OperationDefinitionNode) and one.name)

    def text(self, asked: Asked) -> str:
        """The document that is asked. Raises Refusal."""
        if asked.document_id:
            return self._known(asked.document_id, asked.query)
        if not asked.query:
            raise Refusal(400, Code.BAD_INPUT, "Send a GraphQL document as `query`, or the id of a known one as `documentId`.")
        if self._only:
            sentence = "Only documents that are known here beforehand are answered: send the id of one as `documentId`."
            raise Refusal(400, Code.DOCUMENT_REQUIRED, sentence)
        return asked.query

    def _known(self, key: str, query: str | None) -> str:
        if query:
            raise Refusal(400, Code.BAD_INPUT, "Send either `query` or `documentId`, not both.")
        text = self._texts.get(key)
        if text is None:
            sentence = "No document is known here by that `documentId`. Is the client newer than the documents of this directory?"
            raise Refusal(400, Code.DOCUMENT_NOT_FOUND, sentence)
        return text


def _files(place: Path) -> list[Path]:
    try:
        found = sorted(path for path in place.iterdir() if path.suffix in _ENDINGS) if place.is_dir() else [place]
    except OSError as problem:
        raise _unusable(place, problem.strerror or str(problem)) from None
    if not found:
        raise _unusable(place, "there is no .json or .graphql file in it")
    return found


def _read(file: Path) -> Iterator[tuple[str, str]]:
    try:
        content = file.read_bytes()
        if file.suffix == ".graphql":
            yield file.stem, content.decode()
        else:
            yield from _decode(content).items()
    except OSError as problem:
        raise _unusable(file, problem.strerror or str(problem)) from None
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        raise _unusable(file, "it has to be UTF-8, a JSON object of ids and texts or a GraphQL document") from None


def _check(file: Path, key: str, text: str, known: Mapping[str, str]) -> None:
    if not 0 < len(key) <= LONGEST_ID:
        raise _unusable(file, f"an id has 1 to {LONGEST_ID} characters, and {key[:40]!r} has {len(key)}")
    if known.get(key, text) != text:
        raise _unusable(file, f"{key!r} stands for another document in another file")
    if problems := faults(text):
        raise _unusable(file, f"the document {key!r} cannot be answered: {problems[0]['message']}")


def _unusable(place: Path, problem: str) -> BadInput:
    return BadInput(f"The trusted documents of {place} cannot be used: {problem[0].lower()}{problem[1:].rstrip('.')}.")
