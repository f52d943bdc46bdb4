"""A search for records of a kind other than organizations: coalitions, events, instruments or provisions."""

from datetime import datetime
from hashlib import blake2b

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.question.filter import Filter, convert_to_utc
from directory.question.list_page import Page, SortOrder
from directory.question.question import normalize_text
from directory.records import RecordKind


class KeyFilter(Struct, frozen=True):
    """A record must have one of these keys in a set of the index, such as the id of a member in "member"."""

    set_name: str
    any_of: tuple[str, ...]


class RecordQuestion(Struct, frozen=True, kw_only=True):
    """Conditions for records of one kind. All must hold. Raises BadInput when it is created.

    `conditions` may name issue areas and regions. Four moments, which need a time zone, limit events and coalitions: those that
    are not over before `from_`, have started by `until`, are over by `over_by`, and start after `starts_after`. A coalition that
    does not state its days has always started and is never over. `taken_up` limits provisions to those on whose issue areas an
    active member works, or none does.

    The order is by text tier, if there is a text, and then that of the kind (search/searched_fields.py).
    """

    kind: RecordKind
    text: str = ""
    conditions: Filter = Filter()
    keys: tuple[KeyFilter, ...] = ()
    from_: datetime | None = None
    until: datetime | None = None
    over_by: datetime | None = None
    starts_after: datetime | None = None
    taken_up: bool | None = None
    page: Page = Page()

    def __post_init__(self) -> None:
        if self.text:
            msgspec.structs.force_setattr(self, "text", normalize_text(self.text))
        for field in ("from_", "until", "over_by", "starts_after"):
            argument, moment = field.removesuffix("_"), getattr(self, field)
            if moment is not None:
                msgspec.structs.force_setattr(self, field, convert_to_utc(moment, argument))
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise BadInput("`until` is before `from`. Exchange the two times.", argument="until", value=str(self.until))

    @property
    def order(self) -> SortOrder:
        """By text tier, then by the sort key of the kind."""
        return SortOrder()

    @property
    def fingerprint(self) -> bytes:
        """8 bytes that identify the question apart from its page."""
        values = [getattr(self, name) for name in self.__struct_fields__ if name != "page"]
        return blake2b(msgspec.msgpack.encode(values), digest_size=8).digest()
