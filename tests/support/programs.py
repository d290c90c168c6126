# SPDX-License-Identifier: Apache-2.0
"""
Makes programs to be looked at: PE, ELF and Mach-O files with the sections, entry point,
imports, resources and overlay that a test asks for. They are right as far as their headers
go (a scanner finds everything where it is said to be) and hold no machine code.

    from programs import Section, Import, Resource, pe, elf, macho, universal, version_info

    made = pe([Section(b"..code.."), Section(b"..data..", name=".data")], entry=(0, 4),
              imports=[Import("KERNEL32.dll", ["ExitProcess", 7])],
              resources=[Resource(16, 1, version_info({"CompanyName": "None"}))],
              overlay=b"behind the last section")
    made.bytes            the file
    made.sections[1]      (offset, length) of its bytes in the file
    made.entry            offset of the entry point in the file

`entry` is (index of a section, offset in it), or None for an address of 0. Whatever is to be
wrong is given by name: `fields={"FileAlignment": 3, "NumberOfSections": 90}` puts these numbers
into the headers instead of the right ones, and so do the fields of a Section.

Imports and resources become sections of their own, ".idata" and ".rsrc", behind those given.
"""
import struct
from dataclasses import dataclass, field


def low(number):
    return number & 0xFFFFFFFF


def align(number, unit):
    return -(-number // unit) * unit if unit else number


@dataclass
class Section:
    data: bytes = b""
    name: str = ".text"
    rva: int | None = None           # address in memory; None: behind the section before
    memory_len: int | None = None    # None: the length of the data
    offset: int | None = None        # what the header says; None: where the data is
    len: int | None = None           # what the header says; None: rounded up
    flags: int = 0x60000020


@dataclass
class Import:
    library: str
    functions: list                  # names, or numbers for ordinals


@dataclass
class Resource:
    type: int | str
    name: int | str
    data: bytes
    language: int = 0x409


@dataclass
class Program:
    bytes: bytes
    sections: list = field(default_factory=list)
    entry: int = 0


DIRECTORY_EXPORT, DIRECTORY_IMPORT, DIRECTORY_RESOURCE, DIRECTORY_SECURITY = 0, 1, 2, 4

PE_FIELDS = {  # name: offset from the PE header, bytes; 32 bits, 64 bits
    "Signature": ((0, 4), (0, 4)),
    "Machine": ((4, 2), (4, 2)),
    "NumberOfSections": ((6, 2), (6, 2)),
    "TimeDateStamp": ((8, 4), (8, 4)),
    "PointerToSymbolTable": ((12, 4), (12, 4)),
    "NumberOfSymbols": ((16, 4), (16, 4)),
    "SizeOfOptionalHeader": ((20, 2), (20, 2)),
    "Characteristics": ((22, 2), (22, 2)),
    "Magic": ((24, 2), (24, 2)),
    "SizeOfCode": ((28, 4), (28, 4)),
    "AddressOfEntryPoint": ((40, 4), (40, 4)),
    "ImageBase": ((52, 4), (48, 8)),
    "SectionAlignment": ((56, 4), (56, 4)),
    "FileAlignment": ((60, 4), (60, 4)),
    "MajorSubsystemVersion": ((72, 2), (72, 2)),
    "SizeOfImage": ((80, 4), (80, 4)),
    "SizeOfHeaders": ((84, 4), (84, 4)),
    "CheckSum": ((88, 4), (88, 4)),
    "Subsystem": ((92, 2), (92, 2)),
    "NumberOfRvaAndSizes": ((116, 4), (132, 4)),
}


def pe(sections=(), entry=None, bits=32, imports=(), resources=(), overlay=b"", fields=None,
       directories=None, pe_at=64, file_alignment=0x200, memory_alignment=0x1000, header_gap=0):
    """A PE file. `directories` sets more of them: {index: (address, length)}."""
    wide = bits == 64
    fields, directories = dict(fields or {}), dict(directories or {})
    sections = [Section(**vars(section)) for section in sections]
    options_len = 240 if wide else 224
    count = len(sections) + bool(imports) + bool(resources)
    headers_len = align(pe_at + 24 + options_len + 40 * count + header_gap, file_alignment)
    at = max(headers_len, memory_alignment)
    rva = align(at, memory_alignment)
    for section in sections:
        section.rva = rva if section.rva is None else section.rva
        used = len(section.data) if section.memory_len is None else section.memory_len
        rva = align(max(rva, section.rva + max(used, 1)), memory_alignment)
    if imports:
        data = import_data(imports, rva, wide)
        directories.setdefault(DIRECTORY_IMPORT, (rva, 20 * (len(imports) + 1)))
        sections.append(Section(data, ".idata", rva, flags=0xC0000040))
        rva = align(rva + len(data), memory_alignment)
    if resources:
        data = resource_data(resources, rva)
        directories.setdefault(DIRECTORY_RESOURCE, (rva, len(data)))
        sections.append(Section(data, ".rsrc", rva, flags=0x40000040))
        rva = align(rva + len(data), memory_alignment)

    body, table, places = b"", b"", []
    for section in sections:
        place = headers_len + len(body)
        stored = align(len(section.data), file_alignment)
        body += section.data.ljust(stored, b"\0")
        used = len(section.data) if section.memory_len is None else section.memory_len
        offset = place if section.offset is None else section.offset
        length = stored if section.len is None else section.len
        table += struct.pack("<8sIIIIIIHHI", section.name.encode(), used, low(section.rva), length,
                             offset, 0, 0, 0, 0, section.flags)
        places.append((offset, length))
    entry_rva = 0 if entry is None else sections[entry[0]].rva + entry[1]
    head = pe_headers(wide, pe_at, {
        "Machine": 0x8664 if wide else 0x14C, "NumberOfSections": len(sections),
        "SizeOfOptionalHeader": options_len, "AddressOfEntryPoint": low(entry_rva),
        "SectionAlignment": memory_alignment, "FileAlignment": file_alignment,
        "SizeOfImage": low(rva), "SizeOfHeaders": headers_len} | fields, directories)
    head = (head + table).ljust(headers_len, b"\0")
    place = entry_rva if entry is None else places[entry[0]][0] + entry[1]
    return Program(head + body + overlay, places, place)


def pe_headers(wide, pe_at, fields, directories):
    head = bytearray(pe_at + 24 + (240 if wide else 224))
    head[0:2] = b"MZ"
    struct.pack_into("<I", head, 60, pe_at)
    defaults = {"Signature": 0x4550, "Characteristics": 0x22 if wide else 0x102,
                "Magic": 0x20B if wide else 0x10B, "ImageBase": 0x400000,
                "MajorSubsystemVersion": 4, "Subsystem": 3, "NumberOfRvaAndSizes": 16}
    for name, value in (defaults | fields).items():
        offset, length = PE_FIELDS[name][wide]
        head[pe_at + offset:pe_at + offset + length] = value.to_bytes(length, "little")
    for index, (address, length) in directories.items():
        struct.pack_into("<II", head, pe_at + (136 if wide else 120) + 8 * index, low(address),
                         length)
    return bytes(head)


def import_data(imports, rva, wide=False, lookup=True):
    """An import directory at the address `rva`; without `lookup` there are only the IATs."""
    width, top = (8, 1 << 63) if wide else (4, 1 << 31)
    tables_at = 20 * (len(imports) + 1)
    table_len = sum(width * (len(entry.functions) + 1) for entry in imports)
    names_at = tables_at + table_len * 2
    directory, tables, names = b"", b"", b""
    for entry in imports:
        table = b""
        for function in entry.functions:
            if isinstance(function, int):
                table += (top | function).to_bytes(width, "little")
                continue
            table += (rva + names_at + len(names)).to_bytes(width, "little")
            names += b"\0\0" + as_bytes(function) + b"\0"
            names += b"\0" * (len(names) % 2)
        library_at = names_at + len(names)
        names += as_bytes(entry.library) + b"\0"
        names += b"\0" * (len(names) % 2)
        table += bytes(width)
        table_rva = rva + tables_at + len(tables)
        directory += struct.pack("<IIIII", table_rva if lookup else 0, 0, 0, rva + library_at,
                                 table_rva + table_len)
        tables += table
    return directory + bytes(20) + tables + tables + names


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def resource_data(resources, rva):
    """A resource directory of three levels at the address `rva`."""
    tree = {}
    for resource in resources:
        names = tree.setdefault(resource.type, {})
        names.setdefault(resource.name, {})[resource.language] = resource.data
    size = [0]

    def measure(node):
        size[0] += 16 + 8 * len(node)
        for child in node.values():
            if isinstance(child, dict):
                measure(child)
    measure(tree)
    leaves = sum(len(languages) for names in tree.values() for languages in names.values())
    strings_at = size[0] + 16 * leaves
    texts = [key for node in [tree, *tree.values()] for key in node if isinstance(key, str)]
    data_at = align(strings_at + sum(2 + 2 * len(text) for text in texts), 8)
    out = bytearray(data_at)
    used = {"directory": 0, "entry": size[0], "string": strings_at}

    def put_key(key):
        if isinstance(key, int):
            return key
        at, text = used["string"], key.encode("utf-16-le")
        struct.pack_into("<H", out, at, len(key))
        out[at + 2:at + 2 + len(text)] = text
        used["string"] = at + 2 + len(text)
        return 0x80000000 | at

    def put(node):
        at = used["directory"]
        used["directory"] += 16 + 8 * len(node)
        named = [key for key in node if isinstance(key, str)]
        keys = named + [key for key in node if isinstance(key, int)]
        struct.pack_into("<IIHHHH", out, at, 0, 0, 0, 0, len(named), len(keys) - len(named))
        for i, key in enumerate(keys):
            if isinstance(node[key], dict):
                below = 0x80000000 | put(node[key])
            else:
                below = put_leaf(node[key])
            struct.pack_into("<II", out, at + 16 + 8 * i, put_key(key), below)
        return at

    def put_leaf(data):
        at = used["entry"]
        used["entry"] += 16
        struct.pack_into("<IIII", out, at, rva + len(out), len(data), 0, 0)
        out.extend(data.ljust(align(len(data), 8), b"\0"))
        return at
    put(tree)
    return bytes(out)


def version_node(key, value=b"", children=(), is_text=False, value_len=None):
    """A node of a version resource; each begins at a multiple of four in its parent."""
    head = key.encode("utf-16-le") + b"\0\0"
    node = pad4(bytes(6) + head)
    node += value
    for child in children:
        node = pad4(node) + child
    if value_len is None:
        value_len = len(value) // 2 if is_text else len(value)
    return struct.pack("<HHH", len(node), value_len, int(is_text)) + node[6:]


def pad4(data):
    return data.ljust(align(len(data), 4), b"\0")


def version_info(pairs, table="040904b0"):
    """The data of a version resource (type 16): names and values of its strings."""
    strings = [version_node(key, value.encode("utf-16-le") + b"\0\0", is_text=True)
               for key, value in pairs.items()]
    fixed = struct.pack("<IIIIIIIIIIIII", 0xFEEF04BD, 0x10000, *[0] * 11)
    inner = version_node("StringFileInfo", children=[version_node(table, children=strings,
                                                                  is_text=True)], is_text=True)
    return version_node("VS_VERSION_INFO", fixed, [inner])


def icon(pixels, bits=32, palette=(), mask=True):
    """
    The data of an icon resource (type 3). `pixels` are rows from the top: of (red, green,
    blue, alpha) at 24 and 32 bits, else of indices into the palette of (red, green, blue).
    """
    height, width = len(pixels), len(pixels[0])
    data = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, bits, 0, 0, 0, 0, len(palette), 0)
    for red, green, blue in palette:
        data += bytes((blue, green, red, 0))
    for row in reversed(pixels):
        if bits >= 24:
            line = b"".join(bytes((p[2], p[1], p[0]) + ((p[3],) if bits == 32 else ()))
                            for p in row)
        else:
            number = 0
            for pixel in row:
                number = number << bits | pixel
            line = (number << -len(row) * bits % 8).to_bytes(-(-len(row) * bits // 8), "big")
        data += pad4(line)
    return data + (pad4(bytes(-(-width // 8))) * height if mask else b"")


def icon_group(icons):
    """The data of an icon group (type 14): (id of the icon resource, its data) of each."""
    data = struct.pack("<HHH", 0, 1, len(icons))
    for number, image in icons:
        width, height, bits = struct.unpack_from("<ii2xH", image, 4)
        data += struct.pack("<BBBBHHIH", width & 255, height // 2 & 255, 0, 0, 1, bits,
                            len(image), number)
    return data


def elf(sections=(), entry=None, bits=64, big=False, fields=None, overlay=b""):
    """
    An ELF file: one program header over all of it, then the sections' bytes, then the section
    table. `fields`: e_type, e_machine, e_entry, e_phoff, e_shoff, e_phentsize, e_phnum,
    e_shentsize, e_shnum, e_shstrndx.
    """
    wide, order = bits == 64, ">" if big else "<"
    head_len, segment_len, section_len = (64, 56, 64) if wide else (52, 32, 40)
    base = 0x400000
    body, places = b"", []
    for section in sections:
        places.append((head_len + segment_len + len(body), len(section.data)))
        body += section.data
    names = b"\0"
    table = bytes(section_len)
    most = (1 << bits) - 1
    word = "Q" if wide else "I"
    for section, (at, length) in zip(sections, places):
        at = at if section.offset is None else section.offset
        length = length if section.len is None else section.len
        table += struct.pack(f"{order}II{word}{word}{word}{word}II{word}{word}", len(names), 1, 6,
                             base + at & most, at, length, 0, 0, 16, 0)
        names += section.name.encode() + b"\0"
    table_at = head_len + segment_len + len(body)
    place = 0 if entry is None else places[entry[0]][0] + entry[1]
    values = {"e_type": 2, "e_machine": 62 if wide else 3, "e_version": 1,
              "e_entry": base + place if entry is not None else 0, "e_phoff": head_len,
              "e_shoff": table_at, "e_flags": 0, "e_ehsize": head_len, "e_phentsize": segment_len,
              "e_phnum": 1, "e_shentsize": section_len, "e_shnum": len(places) + 1,
              "e_shstrndx": 0} | (fields or {})
    head = b"\x7fELF" + bytes((2 if wide else 1, 2 if big else 1, 1)) + bytes(9)
    head += struct.pack(f"{order}HHI{word}{word}{word}IHHHHHH", *values.values())
    size = table_at + len(table) + len(overlay)
    if wide:
        head += struct.pack(order + "IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x1000)
    else:
        head += struct.pack(order + "IIIIIIII", 1, 0, base, base, size, size, 5, 0x1000)
    # Section 0 of the table is the empty one.
    return Program(head + body + table + overlay, [(0, 0)] + places, place)


def macho(sections=(), entry=None, bits=64, big=False, processor=None, fields=None):
    """
    A thin Mach-O file: one segment with the sections, and where `entry` is given a thread
    command for x86. `fields`: magic, cputype, cpusubtype, filetype, ncmds, sizeofcmds, flags.
    """
    wide, order = bits == 64, ">" if big else "<"
    word = "Q" if wide else "I"
    if processor is None:
        processor = 0x1000007 if wide else 7
    segment_len = (72 if wide else 56) + (80 if wide else 68) * len(sections)
    thread = b""
    base = 0x1000
    head_len = 32 if wide else 28
    registers = 21 * 8 if wide else 16 * 4
    body_at = head_len + segment_len + (0 if entry is None else 16 + registers)
    places, body = [], b""
    for section in sections:
        places.append((body_at + len(body), len(section.data)))
        body += section.data
    place = 0
    if entry is not None:
        place = places[entry[0]][0] + entry[1]
        state = bytearray(registers)
        counter = 16 * 8 if wide else 10 * 4
        if processor == 18:
            counter = 0
        struct.pack_into(order + word, state, counter, base + place)
        thread = struct.pack(order + "IIII", 5, 16 + registers, 4 if wide else 1, registers // 4)
        thread += bytes(state)
    command = struct.pack(f"{order}II16s{word}{word}{word}{word}IIII", 0x19 if wide else 1,
                          segment_len, b"__TEXT", base, body_at + len(body), 0,
                          body_at + len(body), 7, 5, len(sections), 0)
    for section, (at, length) in zip(sections, places):
        at = at if section.offset is None else section.offset
        length = length if section.len is None else section.len
        command += struct.pack(f"{order}16s16s{word}{word}IIIIIII", section.name.encode(),
                               b"__TEXT", low(base + at), length, at, 0, 0, 0,
                               section.flags, 0, 0)
        command += bytes(4) if wide else b""
    values = {"magic": 0xFEEDFACF if wide else 0xFEEDFACE, "cputype": processor,
              "cpusubtype": 3, "filetype": 2, "ncmds": 1 + bool(thread),
              "sizeofcmds": segment_len + len(thread), "flags": 0} | (fields or {})
    head = struct.pack(order + "IIIIIII", *values.values()) + (bytes(4) if wide else b"")
    return Program(head + command + thread + body, places, place)


def universal(members, unit=4096, fields=None):
    """A universal Mach-O file of (processor, bytes): nfat_arch may be wrong by `fields`."""
    values = {"magic": 0xCAFEBABE, "nfat_arch": len(members)} | (fields or {})
    head, body = struct.pack(">II", *values.values()), b""
    at = align(8 + 20 * len(members), unit)
    first = at
    places = []
    for processor, data in members:
        head += struct.pack(">IIIII", processor, 3, at, len(data), unit.bit_length() - 1)
        places.append((at, len(data)))
        body += data.ljust(align(len(data), unit), b"\0")
        at = first + len(body)
    return Program(head.ljust(first, b"\0") + body, places)
