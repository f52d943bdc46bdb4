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

from directory.errors import BadInput, ErrorCode
from schema.execution.execute import find_document_errors
from web.http.graphql_request import GraphQLRequest
from web.http.responses import Refusal

MAX_ID_LENGTH = 200  # characters
_FILE_SUFFIXES = (".json", ".graphql")
_decode = msgspec.json.Decoder(dict[str, str]).decode


class TrustedDocuments:
    """The documents by id. With `only`, no others are answered."""

    def __init__(self, texts: Mapping[str, str] | None = None, *, trusted_only: bool = False) -> None:
        by_hash = {f"sha256:{sha256(text.encode()).hexdigest()}": text for text in (texts or {}).values()}
        self._texts = {**by_hash, **(texts or {})}
        self._trusted_only = trusted_only

    @classmethod
    def load(cls, path: Path | None, *, trusted_only: bool = False) -> Self:
        """Those of a file or folder; none where there is no `place`.

        Raises BadInput, which names file, id and problem, for a document that this directory cannot answer.
        """
        if path is None and trusted_only:
            raise BadInput("Only trusted documents shall be answered, and none are named: say where they are, too.")
        texts: dict[str, str] = {}
        for file in _list_files(path) if path else ():
            for key, text in _read_file(file):
                _check_document(file, key, text, texts)
                texts[key] = text
        return cls(texts, trusted_only=trusted_only)

    def __len__(self) -> int:
        return len(set(self._texts.values()))

    @property
    def operation_names(self) -> frozenset[str]:
        """The names of their operations."""
        definitions = (one for text in self._texts.values() for one in parse(text).definitions)
        return frozenset(one.name.value for one in definitions if isinstance(one, OperationDefinitionNode) and one.name)

    def resolve_text(self, request: GraphQLRequest) -> str:
        """The document that is asked. Raises Refusal."""
        if request.document_id:
            return self._find_by_id(request.document_id, request.query)
        if not request.query:
            raise Refusal(
                400, ErrorCode.BAD_INPUT, "Send a GraphQL document as `query`, or the id of a known one as `documentId`."
            )
        if self._trusted_only:
            sentence = "Only documents that are known here beforehand are answered: send the id of one as `documentId`."
            raise Refusal(400, ErrorCode.DOCUMENT_REQUIRED, sentence)
        return request.query

    def _find_by_id(self, key: str, query: str | None) -> str:
        if query:
            raise Refusal(400, ErrorCode.BAD_INPUT, "Send either `query` or `documentId`, not both.")
        text = self._texts.get(key)
        if text is None:
            sentence = "No document is known here by that `documentId`. Is the client newer than the documents of this directory?"
            raise Refusal(400, ErrorCode.DOCUMENT_NOT_FOUND, sentence)
        return text


def _list_files(place: Path) -> list[Path]:
    try:
        found = sorted(path for path in place.iterdir() if path.suffix in _FILE_SUFFIXES) if place.is_dir() else [place]
    except OSError as problem:
        raise _build_error(place, problem.strerror or str(problem)) from None
    if not found:
        raise _build_error(place, "there is no .json or .graphql file in it")
    return found


def _read_file(file: Path) -> Iterator[tuple[str, str]]:
    try:
        content = file.read_bytes()
        if file.suffix == ".graphql":
            yield file.stem, content.decode()
        else:
            yield from _decode(content).items()
    except OSError as problem:
        raise _build_error(file, problem.strerror or str(problem)) from None
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        raise _build_error(file, "it has to be UTF-8, a JSON object of ids and texts or a GraphQL document") from None


def _check_document(file: Path, key: str, text: str, known: Mapping[str, str]) -> None:
    if not 0 < len(key) <= MAX_ID_LENGTH:
        raise _build_error(file, f"an id has 1 to {MAX_ID_LENGTH} characters, and {key[:40]!r} has {len(key)}")
    if known.get(key, text) != text:
        raise _build_error(file, f"{key!r} stands for another document in another file")
    if problems := find_document_errors(text):
        raise _build_error(file, f"the document {key!r} cannot be answered: {problems[0]['message']}")


def _build_error(place: Path, problem: str) -> BadInput:
    return BadInput(f"The trusted documents of {place} cannot be used: {problem[0].lower()}{problem[1:].rstrip('.')}.")
