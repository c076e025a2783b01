"""Who signs when the private key may not be read? A token (PKCS #11) that keeps it; the key looks like any other.

A door opens a token by its module, label and PIN; keys are made in it, cannot be taken out, and are known by their label. Each is
an ``Ed25519PrivateKey`` whose signatures the token makes. Needs ``python-pkcs11`` (``pip install 'pratique[pkcs11]'``).
Sources: OASIS PKCS #11 Specification 3.0 (CKK_EC_EDWARDS, CKM_EDDSA); RFC 8410 (id-Ed25519).
"""

from __future__ import annotations

import threading
from typing import Any, Final, NoReturn

import pkcs11
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

from pratique.errors import StoreError

_ED25519: Final = bytes.fromhex("06032b6570")
_RAW: Final = 32


class Token:
    """A token that is logged into. One signature at a time; several threads may ask."""

    def __init__(self, module: str, label: str, pin: str) -> None:
        self.lock = threading.Lock()
        try:
            self._session: Any = _opened(pkcs11.lib(module).get_token(token_label=label), pin)
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            raise StoreError(
                f"Cannot open the token {label!r} with {module}: {_said(error)}. Is it plugged in, and its PIN right?"
            ) from error

    def new(self, label: str) -> TokenKey:
        """A key made in the token, which never leaves it. Raises ``StoreError``, also for a label that is used."""
        with self.lock:
            try:
                if self._find(label, ObjectClass.PRIVATE_KEY):
                    raise StoreError(f"The token has a key {label!r} already: name another.")
                parameters = self._session.create_domain_parameters(
                    KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _ED25519}, local=True
                )
                parameters.generate_keypair(
                    mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label
                )
            except pkcs11.PKCS11Error as error:
                raise StoreError(f"The token made no Ed25519 key: {_said(error)}.") from error
        return self.key(label)

    def key(self, label: str) -> TokenKey:
        """The key of that label. Raises ``StoreError`` when there is none, or several."""
        with self.lock:
            try:
                private = self._find(label, ObjectClass.PRIVATE_KEY)
                public = self._find(label, ObjectClass.PUBLIC_KEY)
                if len(private) != 1 or len(public) != 1:
                    raise StoreError(f"The token has {len(private)} keys {label!r}, not one.")
                point = bytes(public[0][Attribute.EC_POINT])
            except pkcs11.PKCS11Error as error:
                raise StoreError(f"The token does not show its keys: {_said(error)}.") from error
        return TokenKey(self, private[0], Ed25519PublicKey.from_public_bytes(point[-_RAW:]))

    def destroy(self, label: str) -> None:
        """Destroy a key in the token. Raises ``StoreError``."""
        with self.lock:
            try:
                for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY):
                    for each in self._find(label, kind):
                        each.destroy()
            except pkcs11.PKCS11Error as error:
                raise StoreError(f"The token keeps the key {label!r}: {_said(error)}.") from error

    def close(self) -> None:
        """Log out."""
        with self.lock:
            self._session.close()

    def _find(self, label: str, kind: ObjectClass) -> list[Any]:
        wanted = {Attribute.LABEL: label, Attribute.CLASS: kind}
        return list(self._session.get_objects(wanted))


class TokenKey(Ed25519PrivateKey):
    """A private key that stays in its token."""

    def __init__(self, token: Token, private: Any, public: Ed25519PublicKey) -> None:
        self._token, self._private, self._public = token, private, public

    def sign(self, data: Any) -> bytes:
        """The signature the token makes. Raises ``StoreError`` when it does not."""
        with self._token.lock:
            try:
                return bytes(self._private.sign(bytes(data), mechanism=Mechanism.EDDSA))
            except pkcs11.PKCS11Error as error:
                raise StoreError(f"The token does not sign: {_said(error)}.") from error

    def public_key(self) -> Ed25519PublicKey:
        """Its public side, which anybody may have."""
        return self._public

    def private_bytes(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Nothing: raises ``StoreError``."""
        raise StoreError("This private key stays in its token.")

    def private_bytes_raw(self) -> NoReturn:
        """Nothing: raises ``StoreError``."""
        raise StoreError("This private key stays in its token.")

    def __copy__(self) -> TokenKey:
        return self

    def __deepcopy__(self, memo: Any) -> TokenKey:
        return self

    def __repr__(self) -> str:
        return "TokenKey(…)"


def _opened(token: Any, pin: str) -> Any:
    """A session; a process logs into a token once for all its sessions."""
    try:
        return token.open(user_pin=pin, rw=True)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open(rw=True)


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
