"""Is this the consignee we have seen, without saying who? Keyed tokens that change with the epoch.

A token is HMAC-SHA-256 over the normalised name, postcode, country and document of a person, under a key of one
administration and one epoch (a month or a quarter, say). Keys never leave the administration: without the key a token is
guessed no better than the key. A plain hash is not offered, for a list of names and postcodes breaks it. At the turn of an
epoch an overlap carries recognition from the old tokens to the new; then the old key is destroyed, and nobody, the
administration included, can tell any more whose the old tokens were.

Sources: RFC 2104 and FIPS 198-1 (HMAC), Unicode NFKC and case folding (UAX 15, UAX 44).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import msgspec

from pratique.errors import SealError

KEY_BYTES: Final = 32
_NOT_WORDS: Final = re.compile(r"[\W_]+")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What a consignee is known by. ``document`` is the number of a tax or identity document, empty when there is none."""

    name: str
    postcode: str
    country: str
    document: str = ""

    def __repr__(self) -> str:
        return "Person(•••)"


class EpochKey(msgspec.Struct, frozen=True, kw_only=True):
    """The key of one administration and epoch, 32 bytes."""

    administration: str
    epoch: str
    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise SealError(
                "key",
                f"The key of {self.administration} {self.epoch} has {len(self.key)} bytes, not 32.",
            )

    def __repr__(self) -> str:
        return f"EpochKey({self.administration}, {self.epoch}, •••)"


def token(person: Person, key: EpochKey) -> str:
    """The token of a person in that epoch: ``EPOCH.`` and 64 hexadecimal digits.

    Raises ``SealError`` for a person without a name: all such would have one token.
    """
    text = "\x1f".join((key.administration, key.epoch, *known_by(person)))
    return f"{key.epoch}.{hmac.digest(key.key, text.encode(), hashlib.sha256).hex()}"


def known_by(person: Person) -> tuple[str, str, str, str]:
    """Name, postcode, country and document as they are compared, however they were written.

    Raises ``SealError`` for a person without a name.
    """
    name = _normal(person.name)
    if not name:
        raise SealError("person", "A person without a name has no token.")
    return name, _tight(person.postcode), _tight(person.country), _tight(person.document)


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens an administration knows, of the current epoch and, in the overlap, of the one before.

    ``later`` leads from a token of the epoch before to that of the current one; ``revoked`` are tokens nobody may use
    again. A value: every step returns another, so that clearance goes on with the one it holds.
    """

    current: str
    before: str = ""
    known: frozenset[str] = frozenset()
    later: dict[str, str] = {}
    revoked: frozenset[str] = frozenset()

    def admit(self, tokens: Iterable[str]) -> Register:
        """With further tokens of the current epoch."""
        admitted = frozenset(tokens)
        for each in admitted:
            if _epoch(each) != self.current:
                raise SealError("epoch", f"A token of {_epoch(each)} is not of {self.current}.")
        return msgspec.structs.replace(self, known=self.known | admitted)

    def recognise(self, asked: str) -> str:
        """The current token of whom this token means, of either epoch; empty for one unknown or revoked."""
        if asked in self.revoked:
            return ""
        found = asked if asked in self.known else self.later.get(asked, "")
        return "" if found in self.revoked else found

    def turn(self, epoch: str, pairs: Iterable[tuple[str, str]]) -> Register:
        """The register of the next epoch, with (old token, new token) of everybody met so far.

        Old tokens are recognised until ``forget``. Who is not among the pairs is not known in the new epoch.
        """
        if epoch in (self.current, self.before):
            raise SealError("epoch", f"{epoch} was an epoch already: its key must be new.")
        later = {}
        for old, new in pairs:
            if _epoch(old) != self.current or _epoch(new) != epoch:
                raise SealError("epoch", f"A pair leads from {self.current} to {epoch}.")
            if old in self.known and old not in self.revoked:
                later[old] = new
        return Register(
            current=epoch,
            before=self.current,
            known=frozenset(later.values()),
            later=later,
            revoked=frozenset(each for each in self.revoked if _epoch(each) == self.current),
        )

    def forget(self) -> Register:
        """Without the overlap: tokens of the epoch before mean nothing any more."""
        current = frozenset(each for each in self.revoked if _epoch(each) == self.current)
        return msgspec.structs.replace(self, before="", later={}, revoked=current)

    def revoke(self, tokens: Iterable[str]) -> Register:
        """With tokens nobody may use again, and the current ones they lead to; the persons need new ones."""
        gone = set(tokens)
        gone |= {self.later[each] for each in gone if each in self.later}
        return msgspec.structs.replace(self, revoked=self.revoked | gone)


def reissue(
    register: Register, persons: Iterable[Person], old: EpochKey, new: EpochKey
) -> Register:
    """A register under a new key, as after a leak: every person known is known on, and all old tokens are revoked.

    Clearance goes on: the register it holds answers until it takes up this one.
    """
    pairs = ((token(each, old), token(each, new)) for each in persons)
    turned = register.turn(new.epoch, pairs)
    return msgspec.structs.replace(
        turned, later={}, before="", revoked=register.known | register.revoked
    )


def _epoch(text: str) -> str:
    return text.rpartition(".")[0]


def _normal(text: str) -> str:
    """A name as one writes it or another: compatibility forms, case, order of words, and accents on Latin letters aside.

    Marks of other scripts are letters of their own there, and stay.
    """
    letters: list[str] = []
    base = ""
    for each in unicodedata.normalize("NFKD", text).casefold():
        kind = unicodedata.category(each)[0]
        if kind == "M":
            letters.append("" if base.isascii() else each)
        else:
            base = each
            letters.append(each if kind in "LN" else " ")
    return " ".join(sorted("".join(letters).split()))


def _tight(text: str) -> str:
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())
