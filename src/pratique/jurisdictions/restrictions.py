"""What may not cross there, that day? Files of restrictions in, layers out, each read when it is first asked for."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeVar, get_args

import msgspec

from pratique.errors import LawError, NoRuleInForceError
from pratique.jurisdictions.reader import Library, check_series
from pratique.jurisdictions.restriction_schema import GoodsFile, RestrictionEntry, RestrictionFile
from pratique.jurisdictions.schema import in_force
from pratique.model.batch import MODES
from pratique.model.outcomes import Citation
from pratique.model.restrictions import Direction, Goods, Layer, Restriction

RESTRICTIONS: Final = ".restrictions.toml"
GOODS: Final = ".goods.toml"
_MODES: Final = {word: code for code, word in MODES.items()}
_EVERY_DIRECTION: Final[tuple[Direction, ...]] = get_args(Direction)

_F = TypeVar("_F", RestrictionFile, GoodsFile)


class Restrictions:
    """Every file of restrictions and of goods in the folders of a library of law.

    A file is read when it is first asked for. Raises ``LawError`` on one that cannot be trusted.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._paths: dict[str, Traversable] = {}
        self._goods: list[Traversable] = []
        self._files: dict[str, RestrictionFile] = {}
        self._digests: dict[str, str] = {}
        self._stopping: dict[str, frozenset[str]] = {}
        self._layers: dict[tuple[str, date, date | None], Layer] = {}
        for path in (path for folder in library.folders for path in files_of(folder)):
            if path.name.endswith(GOODS):
                self._goods.append(path)
                continue
            code = path.name.removesuffix(RESTRICTIONS)
            if code in self._paths:
                raise LawError(f"{path.name}: there are already restrictions for {code!r}.")
            self._paths[code] = path

    @functools.cached_property
    def goods(self) -> dict[str, Goods]:
        """Every kind of goods by its name."""
        found: dict[str, Goods] = {}
        for path in self._goods:
            for name, entry in read(path, GoodsFile).goods.items():
                if name in found:
                    raise LawError(f"{path.name}: goods {name!r} are in another file already.")
                found[name] = entry.named(name)
        return found

    @functools.cached_property
    def _words_digest(self) -> bytes:
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in self._goods)).digest()

    def codes(self) -> tuple[str, ...]:
        """Places, unions and conventions with a file, in order."""
        return tuple(sorted(self._paths))

    def conventions(self) -> tuple[str, ...]:
        """Codes of what holds everywhere."""
        return tuple(code for code in self.codes() if len(code) > 2)

    def chain(self, place: str) -> tuple[str, ...]:
        """The files that speak for a place: those of the unions it is within, then its own."""
        code = place.lower()
        law = self.library.files.get(code)
        above = self.chain(law.within) if law is not None and law.within else ()
        return (*above, code) if code in self._paths else above

    def file(self, code: str) -> RestrictionFile:
        """One file. Raises ``LawError``, ``NoRuleInForceError`` when there is none."""
        known = self._files.get(code)
        if known is not None:
            return known
        path = self._paths.get(code)
        if path is None:
            raise NoRuleInForceError(
                f"{code.upper()} has no file of restrictions here. Known: {', '.join(self.codes())}."
            )
        file = read(path, RestrictionFile)
        if file.code != code:
            raise LawError(
                f"{path.name} says code = {file.code!r}: name the file {file.code}{RESTRICTIONS}."
            )
        for name, entries in file.restriction.items():
            check_series(f"{code}/restriction/{name}", entries)
            for entry in entries:
                strange = [each for each in entry.goods if each not in self.goods]
                if strange:
                    raise LawError(
                        f"{code}/restriction/{name} from {entry.from_}: no goods are named "
                        f"{', '.join(strange)}. Write them as in a file *{GOODS}."
                    )
        self._files[code] = file
        self._digests[code] = hashlib.sha256(path.read_bytes() + self._words_digest).hexdigest()
        return file

    def stopping(self, place: str) -> frozenset[str]:
        """Names of goods that any rule of a place, its unions or a convention ever did more about than conditions."""
        known = self._stopping.get(place)
        if known is None:
            known = self._stopping[place] = frozenset(
                goods
                for code in (*self.chain(place), *self.conventions())
                for entries in self.file(code).restriction.values()
                for entry in entries
                if entry.effect != "conditions"
                for goods in entry.goods
            )
        return known

    def layer(self, code: str, on: date, known_on: date | None = None) -> Layer:
        """What a file says on that day, as known on ``known_on``. Raises ``NoRuleInForceError`` before its first."""
        file = self.file(code)
        if on < file.from_:
            raise NoRuleInForceError(
                f"Restrictions of {file.name} before {file.from_} are not known here."
            )
        days = self.change_dates(code, known_on)
        start = max(day for day in days if day <= on)
        layer = self._layers.get((code, start, known_on))
        if layer is None:
            later = [day for day in days if day > start]
            layer = self._layers[code, start, known_on] = Layer(
                code=code,
                name=file.name,
                valid_from=start,
                valid_until=later[0] if later else None,
                digest=self._digests[code],
                restrictions=tuple(
                    restriction(file, name, entry)
                    for name, entries in file.restriction.items()
                    if (entry := in_force(entries, start, known_on)) is not None
                ),
                note=file.note,
            )
        return layer

    def change_dates(self, code: str, known_on: date | None = None) -> tuple[date, ...]:
        """Days on which anything in a file begins or ends; the first is the first it answers for."""
        file = self.file(code)
        entries = [each for series in file.restriction.values() for each in series]
        known = [entry for entry in entries if entry.is_known(known_on)]
        ends = (entry.end(known_on) for entry in known)
        days = {entry.from_ for entry in known} | {day for day in ends if day is not None}
        return tuple(sorted({file.from_} | {day for day in days if day > file.from_}))


@functools.lru_cache(maxsize=64)
def restrictions_of(library: Library) -> Restrictions:
    """The restrictions beside the law files of a library, found once."""
    return Restrictions(library)


def restriction(file: RestrictionFile, name: str, entry: RestrictionEntry) -> Restriction:
    """One entry as a value; what its file says of channels and modes holds where the entry is silent."""
    return Restriction(
        effect=entry.effect,
        what=entry.what,
        goods=entry.goods,
        because=entry.because,
        directions=entry.directions or (_EVERY_DIRECTION if file.is_everywhere else ("import",)),
        channels=entry.channels or file.channels,
        modes=tuple(_MODES[mode] for mode in entry.modes or file.modes),
        flows=entry.flows,
        origins=entry.origins,
        not_sent_from=entry.not_sent_from,
        danger=entry.danger,
        permit=entry.permit,
        conditions=entry.conditions,
        limits=entry.limits,
        valid_from=entry.from_,
        citation=Citation(
            rule=f"{file.code}/restriction/{name}@{entry.from_}",
            source=entry.source,
            url=entry.url,
            seen=entry.seen,
            confidence=entry.confidence,
        ),
    )


def files_of(folder: Traversable) -> Iterable[Traversable]:
    """Files of restrictions and of goods in a folder, by name."""
    paths = sorted(folder.iterdir(), key=lambda path: path.name)
    return (path for path in paths if path.name.endswith((RESTRICTIONS, GOODS)))


def read(path: Traversable, kind: type[_F]) -> _F:
    """One file strictly read. Raises ``LawError`` that names file and fault."""
    try:
        raw: Any = tomllib.loads(path.read_bytes().decode("utf-8"), parse_float=Decimal)
        return msgspec.convert(raw, kind)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise LawError(f"{path.name}: {str(error).replace('`', chr(39))}") from error
