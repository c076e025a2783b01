"""A log as files: the paths and widths of the specification's own examples."""

import pytest

from pratique.errors import SealError
from pratique.exchange import merkle, tiles
from pratique.exchange.tiles import ENTRIES, Tile


def test_paths_are_those_of_the_specification() -> None:
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(3, 0).path == "tile/3/000"
    assert Tile(1, 1, 17).path == "tile/1/001.p/17"
    assert Tile(ENTRIES, 273, 112).path == "tile/entries/273.p/112"
    assert Tile(0, 999_999).path == "tile/0/x999/999"
    assert Tile(0, 1_000).path == "tile/0/x001/000"


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    found = list(tiles.tiles(70_000))
    assert sum(each.level == 0 and each.width == 256 for each in found) == 273
    assert [each.width for each in found if each.level == 0 and each.width < 256] == [112]
    assert [each.width for each in found if each.level == 1] == [256, 17]
    assert [each.width for each in found if each.level == 2] == [1]
    assert sum(each.level == ENTRIES for each in found) == 274


def test_a_tree_of_256_has_a_full_tile_and_one_above() -> None:
    assert [each.path for each in tiles.tiles(256)] == [
        "tile/entries/000",
        "tile/0/000",
        "tile/1/000.p/1",
    ]
    assert list(tiles.tiles(0)) == []


@pytest.mark.parametrize(("before", "size"), [(0, 300), (255, 256), (256, 257), (300, 70_000)])
def test_what_is_new_is_all_that_was_not_there(before: int, size: int) -> None:
    news = set(tiles.tiles(size, before))
    assert set(tiles.tiles(size)) <= news | set(tiles.tiles(before))
    assert not news & set(tiles.tiles(before))


def test_bundles_hold_what_was_packed() -> None:
    entries = [b"", b"x", b"y" * 65_535]
    bundle = tiles.pack(entries)
    assert bundle[:5] == b"\x00\x00\x00\x01x"
    assert tiles.unpack(bundle) == entries
    for cut in (bundle[:-1], bundle[:1], bundle + b"\x00"):
        with pytest.raises(SealError):
            tiles.unpack(cut)
    with pytest.raises(SealError, match="too long"):
        tiles.pack([b"y" * 65_536])


def test_the_root_of_a_full_tile_is_that_of_the_tree() -> None:
    tree = merkle.Tree()
    for number in range(256):
        tree.append(b"%d" % number)
    assert tiles.root_of(tree.levels[0]) == tree.range.root()


def test_a_path_names_the_file_that_has_it() -> None:
    for each in (*tiles.tiles(70_000), Tile(0, 1234067), Tile(63, 0, 255)):
        assert tiles.at_path(each.path) == each


@pytest.mark.parametrize(
    "path",
    [
        "", "checkpoint", "tile/0/0", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/x000/001", "tile/0/001/001",
        "tile/0/x001/067/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/07", "tile/0/../000", "tile/0/000.p/999",
        "tile/Entries/000", "tile/0/\u0660\u0660\u0660", "/tile/0/000", "tile/0/000\n", "tile/0/x1234/067",
    ],
)  # fmt: skip
def test_no_other_path_names_one(path: str) -> None:
    with pytest.raises(SealError):
        tiles.at_path(path)
