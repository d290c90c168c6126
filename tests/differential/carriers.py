# SPDX-License-Identifier: Apache-2.0
"""
Files for each target that are just valid enough to be recognised, with room for what a
rule asks for. A carrier is built for a wish and says where its parts came to stand.
"""
import struct
from dataclasses import dataclass, field

import programs
from canvas import Canvas
from pattern import Unsolved

PE, OLE2, HTML, MAIL, GRAPHICS, ELF, TEXT = 1, 2, 3, 4, 5, 6, 7
MACHO, PDF, FLASH, JAVA, OTHER = 9, 10, 11, 12, 14
EXECUTABLES = (PE, ELF, MACHO)
# Bytes that the normalisers of text leave alone.
TEXT_FILLER = b"qzjxkv"


PAIR_MARK = 0x61       # bytes that are overwritten
PAIR_LEN_MIN = 24      # of a pair with its numbers: clamscan passes over shorter ones
FIXED = struct.pack("<I48x", 0xfeef04bd)    # the numbers of a version


@dataclass
class Wish:
    target: int
    size: int = 256              # bytes of room behind all else
    sections: list = field(default_factory=list)   # bytes of room in each
    taken: list = field(default_factory=list)      # (start, end) in the file: keep free
    entry_section: int = 0
    entry_offset: int = 0        # from that section's start
    free_end: bool = False       # what usually ends such a file is left out
    pairs: list = field(default_factory=list)      # bytes of strings of the version information
    head: bytes = b""            # what the file begins with, instead of its usual head


@dataclass
class Carrier:
    canvas: Canvas
    body: int                    # where free room begins
    end: int
    entry: int | None = None
    sections: list = field(default_factory=list)   # (offset, length)
    pairs: list = field(default_factory=list)      # where their names begin
    filler: bytes = bytes(range(256))


def align(value, step):
    return (value + step - 1) // step * step


def build(wish, rng):
    makers = {PE: make_pe, ELF: make_elf, MACHO: make_macho, OLE2: make_ole2,
              HTML: make_html, MAIL: make_mail, GRAPHICS: make_graphics, TEXT: make_text,
              PDF: make_pdf, FLASH: make_flash, JAVA: make_java}
    return makers.get(wish.target, make_binary)(wish, rng)


def resize(carrier, size):
    canvas = carrier.canvas
    if size < len(canvas) and any(canvas.locked[size:]):
        raise Unsolved("the file would be too small for its header")
    if size < carrier.body:
        raise Unsolved("the file would be too small for its header")
    grown = max(0, size - len(canvas))
    canvas.data = canvas.data[:size] + bytes(grown)
    canvas.locked = canvas.locked[:size] + bytes(grown)
    carrier.end = min(max(carrier.end, size if grown else 0), size)


def reach(wish):
    return max((end for _, end in wish.taken), default=0)


def plain(wish, head, tail=b"", filler=bytes(range(256))):
    """A header, room, and what ends the file."""
    tail = b"" if wish.free_end else tail
    size = max(len(head) + wish.size, reach(wish)) + len(tail)
    canvas = Canvas(size)
    canvas.put(0, list(head))
    if tail:
        canvas.put(size - len(tail), list(tail))
    return Carrier(canvas, len(head), size - len(tail), filler=filler)


def make_binary(wish, rng):
    """No known type. What is wanted at the very start stands there instead of the head."""
    head = b"\x01\xfe\x02\0\0\0\x90\x81"
    head = b"" if any(start < len(head) for start, _ in wish.taken) else head
    # Three zeros are text in no encoding.
    return plain(wish, head, b"\x02\0\0\0", bytes(range(0x80, 0x100)))


def make_ole2(wish, rng):
    """One sector of table, one of an empty directory, then what no stream owns."""
    head = bytearray(512 * 3)
    struct.pack_into("<8s16xHHHHH6xIIIIIIIII", head, 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                     0x3e, 3, 0xfffe, 9, 6, 0, 1, 1, 0, 0x1000, 0xfffffffe, 0, 0xfffffffe, 0)
    head[76:512] = b"\0\0\0\0" + b"\xff" * 432
    head[512:1024] = b"\xff" * 512
    struct.pack_into("<II", head, 512, 0xfffffffd, 0xfffffffe)
    name = "Root Entry".encode("utf-16-le")
    head[1024:1024 + len(name)] = name
    struct.pack_into("<HBBIII", head, 1024 + 64, len(name) + 2, 5, 1, 0xffffffff, 0xffffffff,
                     0xffffffff)
    struct.pack_into("<I", head, 1024 + 116, 0xfffffffe)
    return plain(wish, bytes(head), filler=bytes(range(0x80, 0x100)))


def make_html(wish, rng):
    return plain(wish, b"<html><body>\n", b"\n</body></html>\n", TEXT_FILLER)


def make_mail(wish, rng):
    head = (b"Received: from a.example (b.example)\nFrom: <a@a.example>\nTo: <b@b.example>\n"
            b"Subject: q\nMessage-ID: <1@a.example>\n\n")
    return plain(wish, head, b"\n", TEXT_FILLER)


def make_text(wish, rng):
    return plain(wish, b"", b"\n", TEXT_FILLER)


def make_graphics(wish, rng):
    if wish.head:
        return plain(wish, wish.head, filler=bytes(range(0x80, 0x100)))
    return plain(wish, b"GIF89a\x01\0\x01\0\0\0\0", b"\x3b", bytes(range(0x80, 0x100)))


def make_pdf(wish, rng):
    return plain(wish, b"%PDF-1.4\n%q\n", b"\n%%EOF\n", TEXT_FILLER)


def make_flash(wish, rng):
    carrier = plain(wish, b"FWS\x05\0\0\0\0\x08\0", filler=bytes(range(0x80, 0x100)))
    struct.pack_into("<I", carrier.canvas.data, 4, len(carrier.canvas))
    return carrier


def make_java(wish, rng):
    return plain(wish, b"\xca\xfe\xba\xbe\0\0\0\x34\0\x10\x0a\0", filler=bytes(range(0x80, 0x100)))


def head_place(wish, start, length, end):
    """Where a header of that length can stand, away from what must stay free."""
    at = start
    for low, high in sorted(wish.taken):
        if at + length > low and at < high:
            at = align(high, 8)
    if at + length > end:
        raise Unsolved("its places leave no room for the headers")
    return at


def lay_sections(wish, start, step):
    """(offset, length) of each section in the file, and its end."""
    sections, at = [], align(start, step)
    for room in wish.sections:
        length = align(max(room, 1), step)
        sections.append((at, length))
        at += length
    return sections, at


def make_pe(wish, rng):
    if not wish.sections:
        wish.sections = [64]
    is_64 = rng.random() < 0.3
    optional = 240 if is_64 else 224
    length = 24 + optional + 40 * len(wish.sections)
    at = head_place(wish, 0x40, length, 1 << 20)
    version, names = version_data(wish.pairs, 0)
    last = align(max(wish.sections[-1], 1), 8)
    wish.sections[-1] = last + len(version)
    sections, end = lay_sections(wish, at + length, 0x200)
    size = max(end + wish.size, reach(wish))
    canvas = Canvas(size)
    lock(canvas, 0, b"MZ")
    lock(canvas, 0x3c, struct.pack("<I", at))
    address, addresses = 0x1000, []
    for _, room in sections:
        addresses.append(address)
        address += align(room, 0x1000)
    entry = addresses[wish.entry_section] + wish.entry_offset
    resources = (addresses[-1] + last, len(version)) if version else (0, 0)
    lock(canvas, at, pe_headers(is_64, entry, address, align(at + length, 0x200),
                                list(zip(addresses, sections)), resources))
    place = sections[-1][0] + last
    lock(canvas, place, version_data(wish.pairs, addresses[-1] + last)[0])
    for name, pair in zip(names, wish.pairs):
        canvas.locked[place + name:place + name + pair] = bytes(pair)
    raw = sections[wish.entry_section][0] + wish.entry_offset
    return Carrier(canvas, end if wish.size else sections[-1][0], size, raw, sections,
                   [place + name for name in names], bytes(range(0x80, 0x100)))


def version_data(pairs, address):
    """(a resource directory with version information, where in it the pairs' names are)"""
    if not pairs:
        return b"", []
    nodes = []
    for number, length in enumerate(pairs):
        node = struct.pack("<HHH", 0, 4, 1) + bytes((PAIR_MARK + number % 8,)) * length
        node += b"\0" * (2 + length % 2)
        node = programs.pad4(node.ljust(PAIR_LEN_MIN, b"\0"))
        nodes.append(struct.pack("<H", len(node)) + node[2:])
    table = programs.version_node("040904b0", children=nodes, is_text=True)
    inner = programs.version_node("StringFileInfo", children=[table], is_text=True)
    text = programs.version_node("VS_VERSION_INFO", FIXED, [inner])
    data = programs.resource_data([programs.Resource(16, 1, text)], address)
    names, at = [], data.index(text)
    at += text.index(nodes[0])
    for node in nodes:
        names.append(at + 6)
        at += len(node)
    return data, names


def pe_headers(is_64, entry, image_size, header_size, placed, resources):
    optional = 240 if is_64 else 224
    head = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664 if is_64 else 0x14c, len(placed),
                       0, 0, 0, optional, 0x0102)
    head += struct.pack("<HBBIIIII", 0x20b if is_64 else 0x10b, 6, 0, 0x1000, 0, 0, entry,
                        0x1000)
    head += struct.pack("<Q", 0x140000000) if is_64 else struct.pack("<II", 0x1000, 0x400000)
    head += struct.pack("<IIHHHHHHIIIIHH", 0x1000, 0x200, 4, 0, 0, 0, 4, 0, 0, image_size,
                        header_size, 0, 2, 0)
    head += struct.pack("<QQQQ" if is_64 else "<IIII", 0x100000, 0x1000, 0x100000, 0x1000)
    head += struct.pack("<II", 0, 16) + bytes(16) + struct.pack("<II", *resources) + bytes(104)
    for i, (address, (offset, length)) in enumerate(placed):
        head += struct.pack("<8sIIIIIIHHI", b".s%d" % i, length, address, length, offset,
                            0, 0, 0, 0, 0x60000020)
    return head


def make_elf(wish, rng):
    if not wish.sections:
        wish.sections = [64]
    is_64, order = rng.random() < 0.5, rng.choice("<>")
    head_len, part_len, row_len = (64, 56, 64) if is_64 else (52, 32, 40)
    length = part_len + row_len * len(wish.sections)
    at = head_place(wish, head_len, length, 1 << 20)
    sections, end = lay_sections(wish, at + length, 16)
    size = max(end + wish.size, reach(wish))
    canvas = Canvas(size)
    base = 0x400000
    entry = sections[wish.entry_section][0] + wish.entry_offset
    ident = b"\x7fELF" + bytes([2 if is_64 else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    word = "Q" if is_64 else "I"
    lock(canvas, 0, ident + struct.pack(
        f"{order}HHI{word}{word}{word}IHHHHHH", 2, 62 if is_64 else 3, 1, base + entry, at,
        at + part_len, 0, head_len, part_len, 1, row_len, len(sections), 0))
    if is_64:
        part = struct.pack(f"{order}IIQQQQQQ", 1, 5, 0, base, base, size, size, 4096)
    else:
        part = struct.pack(f"{order}IIIIIIII", 1, 0, base, base, size, size, 5, 4096)
    rows = b"".join(
        struct.pack(f"{order}II{word}{word}{word}{word}II{word}{word}", 0, 1, 6, base + offset,
                    offset, room, 0, 0, 16, 0) for offset, room in sections)
    lock(canvas, at, part + rows)
    return Carrier(canvas, end, size, entry, sections, [], bytes(range(0x80, 0x100)))


def make_macho(wish, rng):
    """One segment with all sections; a thread of PowerPC, whose entry point is read."""
    if not wish.sections:
        wish.sections = [64]
    count = len(wish.sections)
    commands = 56 + 68 * count + 16 + 160
    length = 28 + commands
    sections, end = lay_sections(wish, length, 16)
    size = max(end + wish.size, reach(wish))
    canvas = Canvas(size)
    base = 0x1000
    entry = sections[wish.entry_section][0] + wish.entry_offset
    head = struct.pack(">IIIIIII", 0xfeedface, 18, 0, 2, 2, commands, 1)
    head += struct.pack(">II16sIIIIIIII", 1, 56 + 68 * count, b"__TEXT", base, size, 0, size,
                        7, 5, count, 0)
    for i, (offset, room) in enumerate(sections):
        head += struct.pack(">16s16sIIIIIIIII", b"__s%d" % i, b"__TEXT", base + offset, room,
                            offset, 0, 0, 0, 0, 0, 0)
    head += struct.pack(">IIII", 5, 16 + 160, 1, 40) + struct.pack(">I", base + entry) + bytes(156)
    lock(canvas, 0, head)
    return Carrier(canvas, end, size, entry, sections, [], bytes(range(0x80, 0x100)))


def lock(canvas, offset, data):
    """A header: it stands where nothing is yet."""
    if offset + len(data) > len(canvas):
        raise Unsolved("the headers are longer than the file")
    canvas.data[offset:offset + len(data)] = data
    canvas.locked[offset:offset + len(data)] = b"\1" * len(data)
