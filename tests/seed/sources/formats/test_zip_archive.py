import io
import stat
import struct
import zipfile
from collections.abc import Iterator

import pytest

from directory.errors import BadInput, TooLarge
from seed.sources.formats import limits
from seed.sources.formats.limits import CHUNK_SIZE, MAX_MEMBERS, ZipArchive
from tests.seed.sources.formats.workbooks import build_zip

MIB = 1024 * 1024


def understate_sizes(packed: bytes, size: int = 10) -> bytes:
    """Return the archive with false sizes for its unpacked members."""
    changed = bytearray(packed)
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = changed.find(signature)
        while start >= 0:
            struct.pack_into("<I", changed, start + at, size)
            start = changed.find(signature, start + 1)
    return bytes(changed)


def iterate_all_chunks(archive: ZipArchive) -> Iterator[bytes]:
    for name in archive.names:
        yield from archive.iterate_chunks(name)


def is_refused_at_the_limit(archive: ZipArchive) -> bool:
    sizes: list[int] = []
    with pytest.raises(TooLarge) as refusal:
        sizes.extend(map(len, iterate_all_chunks(archive)))
    assert refusal.value.params == {"limit": limits.MAX_UNPACKED_SIZE, "file": "a.zip"}
    return limits.MAX_UNPACKED_SIZE - CHUNK_SIZE < sum(sizes) <= limits.MAX_UNPACKED_SIZE


@pytest.mark.slow
def test_a_bomb_is_unpacked_no_further_than_the_limit_whatever_sizes_it_states() -> None:
    bomb = build_zip({"a.csv": bytes(150 * MIB)})
    assert len(bomb) < MIB
    for data in (bomb, understate_sizes(bomb)):
        assert is_refused_at_the_limit(ZipArchive(data, "a.zip"))


@pytest.mark.slow
def test_members_count_together() -> None:
    assert is_refused_at_the_limit(ZipArchive(build_zip({f"{number}.csv": bytes(30 * MIB) for number in range(4)}), "a.zip"))


def test_members_that_share_their_content_count_each_time() -> None:
    """Fifield's bomb lists the same bytes as many members."""
    bomb = build_zip({"a.csv": bytes(30 * MIB)})
    start, end = bomb.index(b"PK\x01\x02"), bomb.index(b"PK\x05\x06")
    entry = bomb[start:end]
    entries = b"".join(entry.replace(b"a.csv", b"%05d" % number) for number in range(5))
    closing = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 5, 5, len(entries), start, 0)
    assert is_refused_at_the_limit(ZipArchive(bomb[:start] + entries + closing, "a.zip"))


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    with pytest.raises(TooLarge) as refusal:
        ZipArchive(build_zip({f"{number}.csv": b"" for number in range(MAX_MEMBERS + 1)}), "a.zip")
    assert refusal.value.params == {"limit": MAX_MEMBERS, "file": "a.zip"}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_contents_are_those_packed(method: int) -> None:
    members = {"a.csv": b"name\nAcme\n" * 30_000, "b/c.json": b"{}", "empty.csv": b""}
    archive = ZipArchive(build_zip(members, method), "a.zip")
    assert {name: archive.read_member(name) for name in archive.names} == members


def test_what_is_no_archive_or_is_cut_off_is_refused() -> None:
    whole = build_zip({"a.csv": b"name\n" * 1000})
    spoilt = whole.replace(b"PK\x03\x04", b"PK\x03\x05")
    short = bytearray(whole)
    struct.pack_into("<I", short, whole.index(b"PK\x01\x02") + 20, 5)
    for data in (b"", b"name\nAcme", whole[:-30], whole[30:], spoilt, bytes(short)):
        with pytest.raises(BadInput, match="damaged"):
            [archive.read_member(name) for archive in [ZipArchive(data, "a.zip")] for name in archive.names]


def test_other_ways_of_packing_and_passwords_are_refused() -> None:
    archive = ZipArchive(build_zip({"a.csv": b"name"}, zipfile.ZIP_BZIP2), "a.zip")
    with pytest.raises(BadInput, match="ordinary ZIP"):
        archive.read_member("a.csv")
    locked = bytearray(build_zip({"a.csv": b"name"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadInput, match="password"):
        ZipArchive(bytes(locked), "a.zip").read_member("a.csv")


def test_folders_are_no_members() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.mkdir("data")
        archive.writestr("data/a.csv", "name")
    assert ZipArchive(packed.getvalue(), "a.zip").names == ("data/a.csv",)


def test_a_link_in_place_of_a_file_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        link = zipfile.ZipInfo("organizations.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/hostname")
    with pytest.raises(BadInput) as refusal:
        ZipArchive(out.getvalue(), "a.zip").read_member("organizations.csv")
    assert refusal.value.user_message == "a.zip holds a link instead of the file organizations.csv. Pack the file itself."
