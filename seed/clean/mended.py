"""A value as it came out of cleaning, with what was put right on the way."""

from typing import Generic, TypeVar

from msgspec import Struct

T_co = TypeVar("T_co", covariant=True)


class CleaningResult(Struct, Generic[T_co], frozen=True):
    """`value` is None where nothing usable was meant ("N/A"). `reasons` are a few words each on what a person would want to know
    was changed; () where the value merely stands in its normal form."""

    value: T_co
    reasons: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return "; ".join(self.reasons)
