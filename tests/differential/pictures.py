# SPDX-License-Identifier: Apache-2.0
"""
Pictures that have a given hash (fuzzy_img), in the formats that are looked at: the 8 by 8
lowest frequencies of a picture of 32 by 32 are chosen, and transformed back.
"""
import math
import struct
import zlib

from pattern import Unsolved

SIDE, LOW = 32, 8
WAVES = [[math.cos((2 * x + 1) * u * math.pi / (2 * SIDE)) for x in range(SIDE)]
         for u in range(LOW)]


def any_hash(rng):
    """One that a picture can have: as many frequencies above the median as below it."""
    bits = [1] + rng.sample([1] * 31 + [0] * 32, 63)   # the first is the brightness
    return "%016x" % int("".join(map(str, bits)), 2)


def shades(text, rng):
    """Rows of SIDE shades with this hash."""
    bits = [int(text, 16) >> (63 - i) & 1 for i in range(64)]
    if sum(bits) != 32 or not bits[0]:
        raise Unsolved("no picture is known to have this hash")
    rows = [[0.0] * SIDE for _ in range(SIDE)]
    for place, bit in enumerate(bits[1:], 1):
        v, u = divmod(place, LOW)
        weight = rng.uniform(0.6, 1) * (1 if bit else -1)
        for y in range(SIDE):
            scale = weight * WAVES[v][y]
            rows[y] = [old + scale * wave for old, wave in zip(rows[y], WAVES[u])]
    most = max(abs(value) for row in rows for value in row)
    return [[round(128 + 120 * value / most) for value in row] for row in rows]


def larger(rows, times):
    return [[value for value in row for _ in range(times)] for row in rows
            for _ in range(times)]


def picture(text, rng):
    """The bytes of a picture with this hash."""
    rows = larger(shades(text, rng), rng.choice((1, 1, 1, 2, 3)))
    return rng.choice((as_png, as_png, as_gif, as_jpeg, as_tiff))(rows, rng)


def as_png(rows, rng):
    colour = rng.choice((0, 2, 4, 6))     # grey, RGB, both with transparency
    line = {0: lambda s: bytes((s,)), 2: lambda s: bytes((s,)) * 3,
            4: lambda s: bytes((s, 0xff)), 6: lambda s: bytes((s, s, s, 0xff))}[colour]
    data = b"".join(b"\0" + b"".join(map(line, row)) for row in rows)
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + \
        png_chunk(b"IDAT", zlib.compress(data)) + png_chunk(b"IEND", b"")


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + \
        struct.pack(">I", zlib.crc32(kind + data))


def as_gif(rows, _rng):
    """Codes of nine bits, with a clear code before they would grow."""
    head = b"GIF89a" + struct.pack("<HHBBB", len(rows[0]), len(rows), 0xf7, 0, 0)
    head += bytes(value for shade in range(256) for value in (shade,) * 3)
    head += b"," + struct.pack("<HHHHB", 0, 0, len(rows[0]), len(rows), 0) + b"\x08"
    bits, count = 0, 0
    for number, shade in enumerate(shade for row in rows for shade in row):
        for code in ([256] if number % 250 == 0 else []) + [shade]:
            bits |= code << count
            count += 9
    bits |= 257 << count
    data = bits.to_bytes((count + 9 + 7) // 8, "little")
    blocks = b"".join(bytes((len(data[i:i + 255]),)) + data[i:i + 255]
                      for i in range(0, len(data), 255))
    return head + blocks + b"\0;"


def as_tiff(rows, rng):
    """One strip of grey, either order of bytes."""
    order = rng.choice("<>")
    data = b"".join(map(bytes, rows))
    entries = [(256, 4, len(rows[0])), (257, 4, len(rows)), (258, 3, 8), (259, 3, 1),
               (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 4, len(rows)), (279, 4, len(data))]
    directory = struct.pack(order + "H", len(entries))
    for tag, kind, value in entries:
        field = struct.pack(order + ("HH" if kind == 3 else "I"),
                            *((value, 0) if kind == 3 else (value,)))
        directory += struct.pack(order + "HHI", tag, kind, 1) + field
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "I", 8 + len(data)) + data + directory + bytes(4)


ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, (i % 8 if (i // 8 + i % 8) % 2 == 0
                                                           else i // 8)))
DCT = [[math.cos((2 * x + 1) * u * math.pi / 16) * (math.sqrt(.125) if u == 0 else .5)
        for x in range(8)] for u in range(8)]
# All codes of one length, in the order of these lists: as long as none is all ones.
SIZES = list(range(12))
RUNS = [0x00, 0xf0] + [run << 4 | size for run in range(16) for size in range(1, 11)]


def as_jpeg(rows, _rng):
    """Grey, as exact as the format can be."""
    out = b"\xff\xd8" + jpeg_part(0xe0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    out += jpeg_part(0xdb, b"\0" + b"\1" * 64)
    out += jpeg_part(0xc0, struct.pack(">BHHB", 8, len(rows), len(rows[0]), 1) + b"\1\x11\0")
    out += jpeg_part(0xc4, b"\0" + bytes((0, 0, 0, len(SIZES))) + bytes(12) + bytes(SIZES))
    out += jpeg_part(0xc4, b"\x10" + bytes(7) + bytes((len(RUNS),)) + bytes(8) + bytes(RUNS))
    out += jpeg_part(0xda, b"\1\1\0\0\x3f\0")
    bits, last = [], 0
    for top in range(0, len(rows), 8):
        for left in range(0, len(rows[0]), 8):
            block = [[rows[top + y][left + x] - 128 for x in range(8)] for y in range(8)]
            last = jpeg_block(block, last, bits)
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    data = int(text, 2).to_bytes(len(text) // 8, "big")
    return out + data.replace(b"\xff", b"\xff\0") + b"\xff\xd9"


def jpeg_part(kind, data):
    return struct.pack(">BBH", 0xff, kind, 2 + len(data)) + data


def jpeg_block(block, last, bits):
    half = [[sum(wave[x] * row[x] for x in range(8)) for wave in DCT] for row in block]
    values = [round(sum(DCT[i // 8][y] * half[y][i % 8] for y in range(8))) for i in ZIGZAG]
    step = values[0] - last
    size = abs(step).bit_length()
    bits.append(f"{SIZES.index(size):04b}" + jpeg_value(step, size))
    run = 0
    for value in values[1:]:
        if value == 0:
            run += 1
            continue
        while run > 15:
            bits.append(f"{RUNS.index(0xf0):08b}")
            run -= 16
        size = abs(value).bit_length()
        bits.append(f"{RUNS.index(run << 4 | size):08b}" + jpeg_value(value, size))
        run = 0
    if run:
        bits.append(f"{RUNS.index(0):08b}")
    return values[0]


def jpeg_value(value, size):
    if not size:
        return ""
    return format(value if value > 0 else value + (1 << size) - 1, f"0{size}b")
