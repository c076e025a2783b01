"""What does an authority do in its folder? Its key, its anchor, its list of partners, and the versions it signs.

In the folder: ``authority.json`` (anchor, last version, list of partners), ``anchor.json`` (to hand out), and one private key file per key.
"""

from __future__ import annotations

import argparse
import hmac
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from pratique.cli.arguments import now, read_bytes
from pratique.cli.node.key_files import (
    create_file,
    read_file,
    read_secret,
    replace_file,
    write_secret,
)
from pratique.cli.output import moment, print_json, say
from pratique.errors import UsageError
from pratique.exchange import directory, jwk, seal
from pratique.exchange.directory import Anchor, Directory
from pratique.exchange.partner_entry import card_fingerprint, read_card, refuse_unsound
from pratique.exchange.partners import Partner, PartnerKey, public_key

_STATE, _ANCHOR = "authority.json", "anchor.json"
_LIFE: Final = timedelta(days=3650)
_SKEW: Final = timedelta(minutes=5)
_MOST_HOURS: Final = 168


class Authority(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an authority keeps: its anchor, the last version it signed, and its partners as they are to stand."""

    anchor: Anchor
    version: int = 0
    partners: tuple[Partner, ...] = ()


def run(args: argparse.Namespace) -> int:
    """Do what an authority does."""
    does = {"new": _new, "add": _add, "end": _end, "sign": _sign, "rotate": _rotate}
    return does[args.do](args)


def compare(given: str, own: str, what: str) -> None:
    """Raise ``UsageError`` unless a fingerprint that was read out is the one of the file."""
    plain = "".join(given.split()).lower()
    if not hmac.compare_digest(plain.encode(), own.replace(" ", "").encode()):
        raise UsageError(
            f"The fingerprint of this {what} is {own}, not what was given: it is not the one its owner made, or was misread."
        )


def scope(anchor: Anchor) -> str:
    """Whom an authority may speak for, in words."""
    places = f"places {', '.join(anchor.places)}" if anchor.places else "any place"
    prefixes = f"ids that begin with {', '.join(anchor.prefixes)}" if anchor.prefixes else "any id"
    return f"{places}, {prefixes}"


def _new(args: argparse.Namespace) -> int:
    folder: Path = args.folder
    key, entry = _new_key()
    anchor = directory.read_anchor(
        msgspec.json.encode(
            Anchor(
                issuer=args.issuer,
                keys=(entry,),
                places=tuple(each.upper() for each in args.place),
                prefixes=tuple(args.prefix),
            )
        )
    )
    if (folder / _STATE).exists():
        raise UsageError(f"{folder} is the folder of an authority already: name another.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_secret(folder / _key_file(entry), key)
    _keep(folder, Authority(anchor=anchor))
    return _say_anchor(folder, anchor, args.json)


def _add(args: argparse.Namespace) -> int:
    state = _read(args.folder)
    card = read_card(read_bytes(args.file))
    compare(args.fingerprint, card_fingerprint(card), "card")
    others = tuple(each for each in state.partners if each.id != card.id)
    if not state.anchor.speaks_for(card):
        raise UsageError(
            f"{state.anchor.issuer} speaks for {scope(state.anchor)}: not for {card.id}."
        )
    refuse_unsound((*others, card))
    _keep(args.folder, msgspec.structs.replace(state, partners=(*others, card)))
    if args.json:
        print_json({"partner": card.id, "replaced": len(others) < len(state.partners)})
    else:
        again = " anew" if len(others) < len(state.partners) else ""
        say(f"{card.id}, {card.name}{again}: it stands in the next version that is signed.")
    return 0


def _end(args: argparse.Namespace) -> int:
    state = _read(args.folder)
    if bool(args.partner) == bool(args.key):
        raise UsageError("Say --partner ID or --key KID.")
    at = now()
    if args.partner:
        left = tuple(each for each in state.partners if each.id != args.partner)
    else:
        left = tuple(
            msgspec.structs.replace(
                each, keys=tuple(_ended(key, args.key, at) for key in each.keys)
            )
            for each in state.partners
        )
    if left == state.partners:
        raise UsageError(f"{args.partner or args.key} is not in the list.")
    _keep(args.folder, msgspec.structs.replace(state, partners=left))
    if args.json:
        print_json({"ended": args.partner or args.key})
    else:
        say(
            f"{args.partner or args.key} ends with the next version: sign it now, and send it to everybody."
        )
    return 0


def _ended(key: PartnerKey, kid: str, at: datetime) -> PartnerKey:
    if jwk.thumbprint(jwk.read_public(key.jwk, key.use)) != kid:
        return key
    begin = min(key.not_before, at - timedelta(seconds=1))
    return msgspec.structs.replace(key, not_before=begin, not_after=min(key.not_after, at))


def _sign(args: argparse.Namespace) -> int:
    if not 0 < args.hours <= _MOST_HOURS:
        raise UsageError(f"A directory holds 1 to {_MOST_HOURS} hours.")
    state = _read(args.folder)
    at = now()
    entry = max(
        (each for each in state.anchor.keys if each.holds(at)),
        key=lambda each: each.not_before,
        default=None,
    )
    if entry is None:
        raise UsageError("No key of the authority holds: pratique node directory rotate.")
    name = _key_file(entry)
    key = seal.read_private(read_secret(args.folder / name), name)
    document = Directory(
        issuer=state.anchor.issuer,
        version=state.version + 1,
        issued=at,
        expires=at + timedelta(hours=args.hours),
        partners=state.partners,
    )
    text = directory.sign(document, state.anchor, key)
    if args.out.exists():
        raise UsageError(f"{args.out} is there already: name another file.")
    _keep(args.folder, msgspec.structs.replace(state, version=document.version))
    create_file(args.out, f"{text}\n".encode(), 0o644)  # after: a version is never given twice
    if args.json:
        print_json(document)
    else:
        say(
            f"{document.issuer}, version {document.version}, {len(document.partners)} partners, until {moment(document.expires)}: {args.out}"
        )
    return 0


def _rotate(args: argparse.Namespace) -> int:
    if args.overlap < 0 or args.begins_in < 0:
        raise UsageError("--begins-in and --overlap are 0 days or more.")
    state = _read(args.folder)
    at = now()
    key, entry = _new_key(timedelta(days=args.begins_in))
    end = entry.not_before + timedelta(days=args.overlap)
    holding = tuple(
        msgspec.structs.replace(each, not_after=min(each.not_after, end))
        for each in state.anchor.keys
        if each.not_after > at
    )
    anchor = msgspec.structs.replace(state.anchor, keys=(*holding, entry))
    directory.read_anchor(msgspec.json.encode(anchor))
    write_secret(args.folder / _key_file(entry), key)
    _keep(args.folder, msgspec.structs.replace(state, anchor=anchor))
    return _say_anchor(args.folder, anchor, args.json)


def _new_key(begins_in: timedelta = timedelta(0)) -> tuple[bytes, PartnerKey]:
    key = seal.new_key()
    begin = now() + begins_in - _SKEW
    return seal.private_pem(key), public_key(key.public_key(), "sig", begin, begin + _LIFE)


def _key_file(entry: PartnerKey) -> str:
    name = jwk.thumbprint(jwk.read_public(entry.jwk, "sig"))
    return f"key-{name[:12].replace('_', 'u').replace('-', 'd')}.pem"


def _read(folder: Path) -> Authority:
    data = read_file(folder / _STATE, directory.MAX_BYTES)
    try:
        return msgspec.json.decode(data, type=Authority)
    except msgspec.DecodeError as error:
        raise UsageError(f"{folder / _STATE} is not as an authority writes it: {error}.") from error


def _keep(folder: Path, state: Authority) -> None:
    for name, value in ((_STATE, state), (_ANCHOR, state.anchor)):
        data = msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
        replace_file(folder / name, data, 0o644)


def _say_anchor(folder: Path, anchor: Anchor, as_json: bool) -> int:
    if as_json:
        print_json({"anchor": anchor, "fingerprint": anchor.fingerprint()})
        return 0
    say(f"{anchor.issuer} speaks for {scope(anchor)}.", "bold")
    say(f"{folder / _ANCHOR}   hand it to every node")
    say(f"fingerprint {anchor.fingerprint()}", "bold")
    say("Read the fingerprint to them by another way than the file goes.")
    return 0
