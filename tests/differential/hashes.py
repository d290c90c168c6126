# SPDX-License-Identifier: Apache-2.0
"""Hash rules: a line keeps its form and gets the digest of something made."""
import hashlib

import carriers
from pattern import Unsolved

OBJECTS = ("hdb", "hdu", "hsb", "hsu")
SECTIONS = ("mdb", "mdu", "msb", "msu")
DIGESTS = {32: "md5", 40: "sha1", 64: "sha256"}


def is_hash(kind):
    return kind in OBJECTS + SECTIONS


def remade(kind, line, rng):
    """(the line with another digest, a file that it names, a near miss)"""
    fields = line.split(":")
    at = 0 if kind in OBJECTS else 1
    if len(fields) < 3 or len(fields[at]) not in DIGESTS:
        raise Unsolved("no line of hashes")
    if kind in OBJECTS:
        data = bytes([1, 0xfe, 2, 0xfd]) + rng.randbytes(16 + rng.randrange(600))
        hashed = data
        miss = bytearray(data)
        miss[rng.randrange(4, len(miss))] ^= 1 << rng.randrange(8)
    else:
        data, hashed, miss = section_of(rng)
    digest = hashlib.new(DIGESTS[len(fields[at])], hashed).hexdigest()
    fields[at] = digest.upper() if fields[at].isupper() else digest
    if fields[1 - at] != "*":
        fields[1 - at] = str(len(hashed))
    return ":".join(fields), data, bytes(miss)


def section_of(rng):
    wish = carriers.Wish(carriers.PE, size=rng.randrange(40))
    wish.sections = [rng.randrange(1, 900) for _ in range(rng.randint(1, 3))]
    carrier = carriers.build(wish, rng)
    carrier.canvas.fill(rng, bytes(range(256)))
    data = bytes(carrier.canvas.data)
    offset, length = rng.choice(carrier.sections)
    miss = bytearray(data)
    miss[offset + rng.randrange(length)] ^= 1 << rng.randrange(8)
    return data, data[offset:offset + length], miss
