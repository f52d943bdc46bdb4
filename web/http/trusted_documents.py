"""Trusted documents: GraphQL documents that are registered with the server and requested by id.

They are read from a file or from all files of a folder. A `.json` file holds an object of ids and documents, as relay-compiler
(`persistConfig`) and graphql-codegen (`persistedDocuments`) write it. A `.graphql` file holds one document, whose id is the file
name without its suffix.
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
    """The documents by id. With `trusted_only`, all other documents are refused."""

    def __init__(self, texts: Mapping[str, str] | None = None, *, trusted_only: bool = False) -> None:
        by_hash = {f"sha256:{sha256(text.encode()).hexdigest()}": text for text in (texts or {}).values()}
        self._texts = {**by_hash, **(texts or {})}
        self._trusted_only = trusted_only

    @classmethod
    def load(cls, path: Path | None, *, trusted_only: bool = False, built_in: Mapping[str, str] | None = None) -> Self:
        """Load the documents of a file or folder; none if `path` is None. Add those that are `built_in`.

        Raises BadInput, which names file, id and problem, for a document that is not valid for our schema.
        """
        if path is None and trusted_only:
            raise BadInput("Only trusted documents are allowed, but none are configured. Set their path with --documents.")
        texts = dict(built_in or {})
        for file in _list_files(path) if path else ():
            for key, text in _read_file(file):
                _check_document(file, key, text, texts)
                texts[key] = text
        return cls(texts, trusted_only=trusted_only)

    def __len__(self) -> int:
        return len(set(self._texts.values()))

    @property
    def operation_names(self) -> frozenset[str]:
        """The names of the operations in all documents."""
        definitions = (definition for text in self._texts.values() for definition in parse(text).definitions)
        return frozenset(each.name.value for each in definitions if isinstance(each, OperationDefinitionNode) and each.name)

    def resolve_text(self, request: GraphQLRequest) -> str:
        """Return the document to execute. Raises Refusal."""
        if request.document_id:
            return self._find_by_id(request.document_id, request.query)
        if not request.query:
            message = "Send a GraphQL document as `query`, or the id of a trusted document as `documentId`."
            raise Refusal(400, ErrorCode.BAD_INPUT, message)
        if self._trusted_only:
            message = "This server answers only trusted documents. Send the id of one as `documentId`."
            raise Refusal(400, ErrorCode.DOCUMENT_REQUIRED, message)
        return request.query

    def _find_by_id(self, key: str, query: str | None) -> str:
        if query:
            raise Refusal(400, ErrorCode.BAD_INPUT, "Send either `query` or `documentId`, not both.")
        text = self._texts.get(key)
        if text is None:
            message = "There is no trusted document with this `documentId`. The client may be newer than the server's documents."
            raise Refusal(400, ErrorCode.DOCUMENT_NOT_FOUND, message)
        return text


def _list_files(path: Path) -> list[Path]:
    try:
        files = sorted(file for file in path.iterdir() if file.suffix in _FILE_SUFFIXES) if path.is_dir() else [path]
    except OSError as error:
        raise _build_error(path, error.strerror or str(error)) from None
    if not files:
        raise _build_error(path, "there is no .json or .graphql file in this folder")
    return files


def _read_file(file: Path) -> Iterator[tuple[str, str]]:
    try:
        content = file.read_bytes()
        if file.suffix == ".graphql":
            yield file.stem, content.decode()
        else:
            yield from _decode(content).items()
    except OSError as error:
        raise _build_error(file, error.strerror or str(error)) from None
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        raise _build_error(
            file, "the file must be UTF-8 and hold a JSON object of ids and documents, or a GraphQL document"
        ) from None


def _check_document(file: Path, key: str, text: str, known: Mapping[str, str]) -> None:
    if not 0 < len(key) <= MAX_ID_LENGTH:
        raise _build_error(file, f"an id must have 1 to {MAX_ID_LENGTH} characters, but {key[:40]!r} has {len(key)}")
    if known.get(key, text) != text:
        raise _build_error(file, f"{key!r} is also the id of a different document in another file")
    if problems := find_document_errors(text):
        raise _build_error(file, f"the document {key!r} is not valid: {problems[0]['message']}")


def _build_error(path: Path, problem: str) -> BadInput:
    return BadInput(f"The trusted documents in {path} cannot be used: {problem[0].lower()}{problem[1:].rstrip('.')}.")
