# SPDX-License-Identifier: Apache-2.0
"""Samples for table_rules.py: small archives, made the same way each time."""
import io
import struct
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

import programs  # noqa: E402
from archives import Cipher  # noqa: E402

MEMBERS = [("aa.txt", b"hello\n"), ("dir/", b""), ("dir/bb.exe", b"hello world\n"),
           ("cc.bin", b"x" * 67)]


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def make_zip(members, password=None, flags=0):
    """Members whose name ends with .bin are deflated."""
    out = bytearray()
    directory = bytearray()
    for name, data in members:
        method = 8 if name.endswith(".bin") else 0
        packed = deflate(data) if method else data
        crc = zlib.crc32(data)
        bits = flags
        if password is not None and not name.endswith("/"):
            bits |= 1
            head = bytes(range(10)) + struct.pack("<H", crc >> 16)
            packed = Cipher(password).encrypt(head + packed)
        fields = struct.pack("<HHHHHIIIHH", 20, bits, method, 0, 0x5821, crc, len(packed),
                             len(data), len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name.encode("latin-1")
        out += b"PK\3\4" + fields + name.encode("latin-1") + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(out), 0)
    return bytes(out + directory) + b"PK\5\6" + end


def make_tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def make_numbers():
    """Bytes of no type: a text would be matched in two forms."""
    head = b"\x01\xfe\x02\0\0\0\x90\x81"
    return {"run.bin": head + b"\x80" * 10 + b"\1end",
            "one.bin": head + b"aaaa1111bbbb\1zz42zz",
            "two.bin": head + b"aaaa1111bbbbaaaa\1zz\0\0\0\x2azz",
            "far.bin": head + b"\1" * 140000 + b"aaaa\x2a"}


def make_programs():
    code = programs.Section(b"\x90" * 40 + b"codemark" + b"\x90" * 200000, name=".text")
    data = programs.Section(b"datamark" + b"\1" * 90000 + b"deepmark", name=".data")
    large = programs.pe([code, data], (0, 8)).bytes
    small = programs.pe([programs.Section(b"\x90" * 40 + b"codemark"),
                         programs.Section(b"datamark" + b"\1" * 900 + b"deepmark")], (0, 8)).bytes
    broken = programs.pe([programs.Section(b"\x90codemark")], (0, 0),
                         fields={"NumberOfSections": 0}).bytes
    version = programs.pe([programs.Section(b"\x90" * 40)], (0, 8), resources=[programs.Resource(
        16, 1, programs.version_info({"CompanyName": "Acme", "Other": "zz"}))]).bytes
    lone = programs.elf([programs.Section(b"\x90" * 8 + b"elfmark\x2a")], (0, 0)).bytes
    return {"large.exe": large, "small.exe": small, "broken.exe": broken, "lone.elf": lone,
            "version.exe": version}


def make_lone():
    return {"lone.elf": make_programs()["lone.elf"]}


def make_pages():
    page = b"<html><head><title>A  Page</title></head><body>PageMark</body></html>\n"
    return {"page.html": page, "in.zip": make_zip([("page.bin", page)])}


def make_trusted():
    inside = b"\x01\xfe\x02\0\0\0\x90\x81 trusted " + b"\x80ab" * 50
    other = inside.replace(b"trusted", b"unknown")
    # Not the same twice: clamscan remembers as clean what was once allowed.
    return {"trusted.bin": inside, "around.zip": make_zip([("a.bin", inside)]),
            "unknown.bin": other, "whole.zip": make_zip([("b.bin", other + b"\x80")])}


def make_ignored():
    return {"song.mp3": b"ID3\3\0\0\0\0\0\0" + b"\1" * 20 + b"songmark" + b"\xff" * 40,
            "base.db": b"SQLite format 3\0" + b"\1" * 20 + b"songmark" + b"\xff" * 40,
            "tiny.bin": b"\xffmrk\0"}


QUIRKS = {"numbers": make_numbers, "programs": make_programs, "lone": make_lone,
          "pages": make_pages, "trusted": make_trusted, "ignored": make_ignored}


def make_samples(group):
    """{name: bytes} for a group of table_rules.txt."""
    if group == "members":
        return {
            "plain.zip": make_zip(MEMBERS),
            "locked.zip": make_zip(MEMBERS, b"secret"),
            "plain.tar": make_tar(MEMBERS),
        }
    if group == "types":
        return {
            "plain.zip": make_zip(MEMBERS),
            "plain.tar": make_tar(MEMBERS),
            # a tar in a zip
            "nested.zip": make_zip([("in.tar", make_tar(MEMBERS))]),
        }
    if group in ("handlers", "magic"):
        return {
            "words.txt": b"QQQQ " + b"0" * 100 + b" plainmark\n",
            "other.txt": b"RRRR " + b"0" * 100 + b" plainmark\n",
        }
    if group in QUIRKS:
        return QUIRKS[group]()
    if group == "passwords":
        return {
            "opened.zip": make_zip([("in.bin", b"unlocked " * 99)], b"pass-word"),
            "hexed.zip": make_zip([("in.txt", b"now unlocked")], b"\xff\x01\xfe"),
            "odd.zip": make_zip([("in.txt", b"now unlocked")], b"pass;word"),
            "zero.zip": make_zip([("in.txt", b"now unlocked")], b"a\0b"),
            "closed.zip": make_zip([("in.txt", b"not unlocked")], b"rarely"),
        }
    if group == "counts":
        a, b, c = b"\xa1\xa2\xa3\xa4", b"\xb1\xb2\xb3\xb4", b"\xc1\xc2\xc3\xc4"
        dots = b"\0\1\2\3"
        return {
            "two-three.bin": dots.join((b"", a, a, b, b, b, b"")),
            "in-turn.bin": dots.join((b"", b, a, b, c, a, b, c, c, a)),
            "twelve.bin": dots + 12 * a + b + dots,
            "ends.bin": dots + a + b"\xc1\xc2\0" + b + dots,
        }
    raise KeyError(group)
