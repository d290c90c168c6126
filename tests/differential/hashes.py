# SPDX-License-Identifier: Apache-2.0
"""Hash rules: a line keeps its form and gets the digest of something made."""
import hashlib

import carriers
import programs
from pattern import Unsolved

OBJECTS = ("hdb", "hdu", "hsb", "hsu")
SECTIONS = ("mdb", "mdu", "msb", "msu")
IMPORTS = ("imp",)
LIBRARIES = ("KERNEL32.dll", "user32.DLL", "msvcrt.dll", "COMCTL32.OCX", "driver.sys", "other.exe",
             "ws2_32.dll")
FUNCTIONS = ("ExitProcess", "CreateFileA", "printf", "GetProcAddress", "LoadLibraryW",
             "closesocket", "memcpy")
ORDINALS = {"ws2_32": {1: "accept", 3: "closesocket", 23: "socket"}}
DIGESTS = {32: "md5", 40: "sha1", 64: "sha256"}


def is_hash(kind):
    return kind in OBJECTS + SECTIONS + IMPORTS


def remade(kind, line, rng):
    """(the line with another digest, a file that it names, a near miss)"""
    fields = line.split(":")
    at = 0 if kind in OBJECTS + IMPORTS else 1
    if len(fields) < 3 or len(fields[at]) not in DIGESTS:
        raise Unsolved("no line of hashes")
    if kind in OBJECTS:
        data = bytes([1, 0xfe, 2, 0xfd]) + rng.randbytes(16 + rng.randrange(600))
        hashed = data
        miss = bytearray(data)
        miss[rng.randrange(4, len(miss))] ^= 1 << rng.randrange(8)
    elif kind in IMPORTS:
        data, hashed, miss = imports_of(rng)
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


def imports_of(rng):
    """(a program, the text of what it imports, a program that imports something else)"""
    imports = [programs.Import(library, [imported(library, rng) for _ in range(rng.randint(1, 4))])
               for library in rng.sample(LIBRARIES, rng.randint(1, 4))]
    code = programs.Section(rng.randbytes(60))
    data = programs.pe([code], (0, 0), imports=imports).bytes
    text = ",".join(f"{stem(entry.library)}.{name_of(entry.library, function)}"
                    for entry in imports for function in entry.functions)
    entry = rng.choice(imports)
    entry.functions[0] = "AnotherOne"
    return data, text.encode(), programs.pe([code], (0, 0), imports=imports).bytes


def imported(library, rng):
    if rng.random() < 0.2:
        known = ORDINALS.get(stem(library))
        return rng.choice(sorted(known)) if known else rng.randrange(1, 900)
    return rng.choice(FUNCTIONS)


def stem(library):
    name, dot, end = library.lower().rpartition(".")
    return name if dot and end in ("dll", "ocx", "sys") else library.lower()


def name_of(library, function):
    if isinstance(function, int):
        return ORDINALS.get(stem(library), {}).get(function, f"ord{function}")
    return function.lower()
