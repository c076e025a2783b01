"""Every exception Pratique raises on purpose, and what each asks of the reader.

PratiqueError
├── MessageError          bytes that cannot become a declaration (`faults` lists all of them)
├── ExchangeError         something from a partner that cannot be relied on (`code` is stable, `where` the place)
│   ├── SealError             a signature, key or signed document that cannot be relied on
│   ├── EncryptionError       a ciphertext that cannot be opened, or must not be made
│   └── DisclosureError       disclosures that do not belong to what was signed
├── PolicyError           a policy file, agreement or view that cannot be relied on
├── LawError              a law file or expression that cannot be trusted
│   └── NoRuleInForceError    a question the loaded law has no answer for on that day
├── StoreError            the store cannot keep its promise
│   ├── UnsafeStoreError      settings that could lose an acknowledged write
│   ├── RequestConflictError  one request id, two different contents
│   ├── VersionConflictError  an amendment built on a version that is not the latest
│   └── NotFoundError         no such declaration
├── TransitionError       a step the life of a parcel does not allow
└── UsageError            a request that contradicts itself (command line, settings)

Messages say what, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing wrong with a message: where (JSON Pointer, line or path), what, and what to do."""

    pointer: str
    message: str
    hint: str = ""


class PratiqueError(Exception):
    """Root of every error Pratique raises on purpose."""


class MessageError(PratiqueError):
    """Bytes that cannot become a declaration; ``code`` is stable, ``faults`` holds every fault found."""

    def __init__(self, code: str, message: str, faults: Sequence[Fault] = ()) -> None:
        self.code = code
        self.faults = tuple(faults) or (Fault(pointer="", message=message),)
        super().__init__(f"{code}: {message}")


class ExchangeError(PratiqueError):
    """Something from a partner that cannot be relied on; ``code`` is stable, ``where`` a pointer or the part meant."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        self.code = code
        self.where = where
        super().__init__(f"{code}: {where + ': ' if where else ''}{message}")


class SealError(ExchangeError):
    """A signature, key or signed document that cannot be relied on."""


class EncryptionError(ExchangeError):
    """A ciphertext that cannot be opened with the key at hand, or must not be made as asked."""


class DisclosureError(ExchangeError):
    """Disclosures that do not belong to what was signed, or values that cannot be disclosed so."""


class PolicyError(PratiqueError):
    """A policy file, data-sharing agreement or view that cannot be relied on; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(f"{code}: {message}")


class LawError(PratiqueError):
    """A law file, or an expression in one, that cannot be trusted; says file, entry and remedy."""


class NoRuleInForceError(LawError):
    """The loaded law has no answer for that place on that day."""


class StoreError(PratiqueError):
    """The store cannot do what was asked and keep its promises."""


class UnsafeStoreError(StoreError):
    """A store setting that could lose an acknowledged write; start-up stops here."""


class RequestConflictError(StoreError):
    """A request id that was used before, with other content: nothing is done."""


class VersionConflictError(StoreError):
    """An amendment built on a version that is no longer the latest."""


class NotFoundError(StoreError):
    """No declaration under that reference."""


class TransitionError(PratiqueError):
    """A step the life of a parcel does not allow from where it stands."""


class UsageError(PratiqueError):
    """A request that contradicts itself, or lacks something only the caller can give."""
