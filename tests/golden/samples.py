# SPDX-License-Identifier: Apache-2.0
"""Samples for table_rules.py: small archives, made the same way each time."""
import io
import struct
import tarfile
import zipfile
import zlib

MEMBERS = [("aa.txt", b"hello\n"), ("dir/", b""), ("dir/bb.exe", b"hello world\n"),
           ("cc.bin", b"x" * 67)]


class Cipher:
    """PKWARE's traditional one (APPNOTE 6.1)."""

    def __init__(self, password):
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    def update(self, byte):
        keys = self.keys
        keys[0] = crc32_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xff)) * 134775813 + 1) & 0xffffffff
        keys[2] = crc32_step(keys[2], keys[1] >> 24)

    def encrypt(self, data):
        out = bytearray()
        for byte in data:
            key = self.keys[2] | 2
            out.append(byte ^ (key * (key ^ 1) >> 8 & 0xff))
            self.update(byte)
        return bytes(out)


def crc32_step(crc, byte):
    # zlib's function inverts before and after.
    return zlib.crc32(bytes([byte]), crc ^ 0xffffffff) ^ 0xffffffff


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
