# SPDX-License-Identifier: Apache-2.0
"""
Makes archives to be looked at: zip and tar files with the members that a test asks for.

    from archives import Member, make_zip, make_tar, deflated

    make_zip([Member(b"a.txt", b"text"), Member(b"b", b"0" * 99, packed=deflated(b"0" * 99)),
              Member(b"c", b"secret", password=b"word")], comment=b"at the end")
"""
import struct
import zlib
from dataclasses import dataclass

STORED_EMPTY = b"\0\0\0\xff\xff"    # a block of deflate that holds nothing


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


@dataclass
class Member:
    name: bytes
    data: bytes = b""
    packed: bytes | None = None      # as deflate has it; None: as it is
    password: bytes | None = None


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def deflated_to(size, packed_size, rng):
    """(data of one size, its deflated form of the other), or None."""
    noise = rng.randbytes(size)
    low, high = 0, size
    while low < high:
        middle = (low + high + 1) // 2
        if len(deflated(noise[:middle].ljust(size, b"\0"))) <= packed_size:
            low = middle
        else:
            high = middle - 1
    for count in range(low, max(-1, low - 50), -1):
        data = noise[:count].ljust(size, b"\0")
        packed = deflated(data)
        left = packed_size - len(packed)
        if left >= 0 and left % len(STORED_EMPTY) == 0:
            return data, STORED_EMPTY * (left // len(STORED_EMPTY)) + packed
    return None


def make_zip(members, comment=b""):
    out, directory = bytearray(), bytearray()
    for member in members:
        packed = member.data if member.packed is None else member.packed
        crc = zlib.crc32(member.data)
        if member.password is not None:
            head = bytes(range(10)) + struct.pack("<H", crc >> 16)
            packed = Cipher(member.password).encrypt(head + packed)
        fields = struct.pack("<HHHHHIIIHH", 20, member.password is not None,
                             0 if member.packed is None else 8, 0, 0x5821, crc, len(packed),
                             len(member.data), len(member.name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + member.name
        out += b"PK\3\4" + fields + member.name + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(out),
                      len(comment))
    return bytes(out + directory) + b"PK\5\6" + end + comment


def make_tar(members, tail=b""):
    """Plain headers (POSIX), two empty blocks, and `tail`."""
    out = bytearray()
    for member in members:
        head = member.name[:100].ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
        head += b"%011o\0" % len(member.data) + b"%011o\0" % 0x5e000000 + b" " * 8 + b"0"
        head = head.ljust(257, b"\0") + b"ustar\0" + b"00"
        head = head.ljust(512, b"\0")
        head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
        out += head + member.data.ljust(-(-len(member.data) // 512) * 512, b"\0")
    return bytes(out) + bytes(1024) + tail
