"""What does the folder of a node say? One value for all its commands: ``load(DIR, now)`` gives a ``NodeFolder``.

    folder = load(Path("node"), now())
    folder.party, folder.name, folder.role, folder.place      who it is
    folder.keys                 NodeKeys that hold at that moment; folder.keys_at(at) those of a later one
    folder.hybrid               HybridKey by name, for what is kept long
    folder.directories          Directories of all authorities it trusts; folder.partners is Callable[[datetime], Partners]
    folder.agreements           HeldAgreement by "ID/VERSION"; folder.standing("DSA-7/1", on) -> Standing, or PolicyError
    folder.card()               its own Partner entry
    folder.origin               the name of its log, and under which it cosigns: NodeLog(database, origin, keys.log, keys.earlier_log)
    folder.store                URL of its store, for store.open_database; folder.data_keys, folder.wrapping_key for store.DataKeys
    folder.host, folder.port    where to listen; folder.address, how partners reach it; folder.private_addresses
    folder.tls                  paths: certificate, key, and clients (None when there is no keys/clients.pem)

In the folder: ``node.toml``, ``keys/``, ``directory/`` (``NAME.anchor.json``, ``NAME.jws``), ``agreements/`` (``*.json``), ``data-keys.db``,
``wrapping.key``. Paths in ``node.toml`` are relative to it. Raises ``UsageError`` for what is missing or readable by others,
``SealError`` and ``PolicyError`` for what does not verify.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from pratique.cli.node.key_files import (
    TokenPlace,
    fingerprint,
    open_token,
    private_key,
    read_file,
    read_keys,
    read_secret,
)
from pratique.errors import PolicyError, UsageError
from pratique.exchange import directory
from pratique.exchange.directories import Directories, PartnersNow
from pratique.exchange.hpke import HybridKey
from pratique.exchange.partner_entry import refuse_unsound
from pratique.exchange.partners import Partner, Reach
from pratique.office.agreements import Standing
from pratique.office.held_agreements import HeldAgreement, Signers, held
from pratique.office.node_keys import (
    NodeKeys,
    Ring,
    keys_at,
    log_lines,
    partner_keys,
    signers,
)

SETTINGS: Final = "node.toml"
KEYS, DIRECTORY, AGREEMENTS = "keys", "directory", "agreements"
WRAPPING_BYTES: Final = 32
_SQLITE: Final = "sqlite:///"


class NodeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``node.toml`` says."""

    party: str
    name: str
    role: str
    place: str
    store: str
    listen: str
    reach: Reach = "pull"
    address: str = ""
    origin: str = ""
    data_keys: str = "data-keys.db"
    wrapping_key: str = "wrapping.key"
    private_addresses: bool = False
    token: TokenPlace | None = None


class TlsFiles(msgspec.Struct, frozen=True):
    """The files of TLS: own certificate and key, and the certificates of those who may come in."""

    certificate: Path
    key: Path
    clients: Path | None


class NodeFolder(msgspec.Struct, frozen=True, kw_only=True):
    """All that a node is given; see the module."""

    folder: Path
    party: str
    name: str
    role: str
    place: str
    reach: Reach
    address: str
    host: str
    port: int
    origin: str
    private_addresses: bool
    store: str
    data_keys: Path
    wrapping_key: bytes
    ring: Ring
    private: Mapping[str, Any]
    keys: NodeKeys
    hybrid: Mapping[str, HybridKey]
    directories: Directories
    partners: PartnersNow
    agreements: Mapping[str, HeldAgreement]
    tls: TlsFiles

    def __repr__(self) -> str:
        return f"NodeFolder({self.party}, {self.folder})"

    def keys_at(self, at: datetime) -> NodeKeys:
        """The keys that hold at a moment, of those there were when the folder was read. Raises ``SealError``."""
        return keys_at(self.ring, self.private, at)

    def card(self) -> Partner:
        """The node as it asks to stand in a directory: its keys with their windows, its log, its certificate."""
        return card_of(self.folder, self, self.ring, self.origin)

    def standing(self, agreement: str, on: date) -> Standing:
        """How an agreement, ``ID/VERSION``, stands that day. Raises ``PolicyError`` for one that is not kept here."""
        if agreement not in self.agreements:
            known = ", ".join(self.agreements) or "none"
            raise PolicyError("unknown-agreement", f"{agreement[:60]!r}: kept here are {known}.")
        return self.agreements[agreement].standing(on)


def load(folder: Path, now: datetime) -> NodeFolder:
    """Read the folder of a node at a moment; nothing is written, no database is opened."""
    told = settings_of(folder)
    host, port = listen_of(told.listen)
    ring = read_keys(folder / KEYS)
    private = private_keys(folder, told, ring)
    directories = directories_of(folder, now)
    origin = told.origin or f"{told.party}/log"
    card = card_of(folder, told, ring, origin)
    tls = folder / KEYS
    clients = tls / "clients.pem"
    return NodeFolder(
        folder=folder,
        party=told.party,
        name=told.name,
        role=told.role,
        place=told.place,
        reach=told.reach,
        address=told.address,
        host=host,
        port=port,
        origin=origin,
        private_addresses=told.private_addresses,
        store=store_url(told.store, folder),
        data_keys=folder / told.data_keys,
        wrapping_key=wrapping_key(folder / told.wrapping_key),
        ring=ring,
        private=private,
        keys=keys_at(ring, private, now),
        hybrid={kid: key for kid, key in private.items() if isinstance(key, HybridKey)},
        directories=directories,
        partners=PartnersNow(directories),
        agreements=held(agreement_files(folder), signers_of(directories, card)),
        tls=TlsFiles(tls / "tls.pem", tls / "tls.key", clients if clients.is_file() else None),
    )


def settings_of(folder: Path) -> NodeSettings:
    """What ``node.toml`` says. Raises ``UsageError``."""
    path = folder / SETTINGS
    try:
        found = tomllib.loads(read_file(path).decode())
        return msgspec.convert(found, NodeSettings)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{path}: {error}.") from error


def listen_of(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8443`` or ``[::1]:8443``. Raises ``UsageError``."""
    host, colon, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not colon or not bare or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"listen is {text!r}: write it as 127.0.0.1:8443.")
    return bare, int(port)


def store_url(url: str, folder: Path) -> str:
    """The store's URL, a file of SQLite taken from the folder."""
    if not url.startswith(_SQLITE):
        return url
    return f"{_SQLITE}{folder.resolve() / url.removeprefix(_SQLITE)}"


def wrapping_key(path: Path) -> bytes:
    """The key that wraps the data keys, 64 hexadecimal digits in its file. Raises ``UsageError``."""
    try:
        key = bytes.fromhex(read_secret(path).decode("ascii").strip())
    except (ValueError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no key of 64 hexadecimal digits.") from error
    if len(key) != WRAPPING_BYTES:
        raise UsageError(f"{path} is a key of {len(key)} bytes, not {WRAPPING_BYTES}.")
    return key


def private_keys(folder: Path, told: NodeSettings, ring: Ring) -> dict[str, Any]:
    """The private parts of all keys that are not destroyed, by name."""
    token = token_of(folder, told) if any(each.label for each in ring.keys) else None
    return {
        each.kid: private_key(folder / KEYS, each, token)
        for each in ring.keys
        if not each.destroyed
    }


def token_of(folder: Path, told: NodeSettings) -> Any:
    """The token that ``node.toml`` names. Raises ``UsageError``."""
    if told.token is None:
        raise UsageError(f"{folder / SETTINGS} names no [token].")
    return open_token(told.token, folder)


def card_of(folder: Path, told: NodeSettings | NodeFolder, ring: Ring, origin: str) -> Partner:
    """The entry of this node. Raises ``SealError`` for one that no directory would take."""
    card = Partner(
        id=told.party,
        name=told.name,
        place=told.place,
        role=told.role,
        keys=partner_keys(ring),
        reach=told.reach,
        address=told.address,
        log=log_lines(ring, origin),
        certificates=(fingerprint(folder / KEYS / "tls.pem"),),
    )
    refuse_unsound((card,))
    return card


def directories_of(folder: Path, now: datetime) -> Directories:
    """The anchors and directories kept, each verified again; one that has expired is kept to be refused by name."""
    found = Directories()
    for path in sorted((folder / DIRECTORY).glob("*.anchor.json")):
        found = found.trust(directory.read_anchor(read_file(path)))
    for path in sorted((folder / DIRECTORY).glob("*.jws")):
        found = found.take(read_file(path, 2 * directory.MAX_BYTES), now, expired=True)
    return found


def agreement_files(folder: Path) -> dict[str, bytes]:
    """The signed copies and endings kept."""
    return {path.name: read_file(path) for path in (folder / AGREEMENTS).glob("*.json")}


def signers_of(directories: Directories, card: Partner, at: datetime | None = None) -> Signers:
    """Whose signing key each is: of the partners listed, and of this node, which need not be listed yet."""
    listed = directories.known().by_id
    return signers((*listed.values(), card), at) | signers((card,), at)
