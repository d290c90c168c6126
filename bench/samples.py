# SPDX-License-Identifier: Apache-2.0
"""Files of a corpus by kind of content, and samples of them that are the same each time."""
import hashlib
import os
import shutil
from pathlib import Path

KINDS = ("PE", "ELF", "text", "HTML", "PDF", "archives", "compressed")
MEANING = {
    "PE": "Windows programs and libraries",
    "ELF": "Linux programs, libraries and objects",
    "text": "sources and other text without markup",
    "HTML": "pages",
    "PDF": "PDF files",
    "archives": "deb, zip, jar, gzip, bzip2, xz, tar and documents that are archives",
    "compressed": "pictures and sounds, whose bytes are packed and which nobody unpacks",
}
HEAD = 4096
MAGIC = (
    (b"\x7fELF", "ELF"), (b"%PDF", "PDF"),
    (b"PK\3\4", "archives"), (b"\x1f\x8b", "archives"), (b"BZh", "archives"),
    (b"\xfd7zXZ", "archives"), (b"7z\xbc\xaf", "archives"), (b"!<arch>\ndebian", "archives"),
    (b"\x89PNG", "compressed"), (b"\xff\xd8\xff", "compressed"), (b"fLaC", "compressed"),
    (b"GIF8", "compressed"), (b"OggS", "compressed"), (b"wOF", "compressed"),
)


def kind_of(path):
    """One of KINDS, or none."""
    with open(path, "rb") as file:
        head = file.read(HEAD)
    if head[:2] == b"MZ":
        at = int.from_bytes(head[60:64], "little")
        return "PE" if head[at:at + 4] == b"PE\0\0" else None
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp" or head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "compressed"
    if head[257:262] == b"ustar":
        return "archives"
    return text_kind(head)


def text_kind(head):
    if not head or b"\0" in head:
        return None
    if sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) > len(head) // 100:
        return None
    start = head[:1024].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return "HTML"
    return "text"


def order_of(path, top):
    """A place in an order by chance that does not change."""
    return hashlib.sha256(os.fsencode(path.relative_to(top))).digest()


def files_of(top):
    """Every file with something in it, in that order."""
    found = [Path(at) / name for at, _, names in os.walk(top) for name in names]
    found = [path for path in found if path.is_file() and not path.is_symlink()]
    return sorted((path for path in found if path.stat().st_size),
                  key=lambda path: order_of(path, top))


def sort_kinds(files):
    kinds = {kind: [] for kind in KINDS}
    for path in files:
        kind = kind_of(path)
        if kind:
            kinds[kind].append(path)
    return kinds


def take(files, size):
    """Files from the front of the list, about as many bytes; none alone is over a half."""
    taken, total = [], 0
    for path in files:
        length = path.stat().st_size
        if length > size // 2 or total + length > size:
            continue
        taken.append(path)
        total += length
        if total > size * 0.98:
            break
    return taken


def lay(files, folder):
    """Copies of the files in a folder of their own, by number. Links would change when the
    corpus' own files changed, which is what a verdict cache goes by."""
    folder.mkdir(parents=True)
    for number, path in enumerate(files):
        target = folder / f"{number // 500:03}" / f"{number:05}{path.suffix[:12]}"
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)


def small_files(files, folder, count, size):
    """`count` files of `size` bytes each: the beginnings of files of the corpus."""
    folder.mkdir(parents=True)
    made = 0
    for path in files:
        if made == count:
            return
        data = path.read_bytes()[:size]
        if len(data) == size:
            target = folder / f"{made // 500:03}" / f"{made:05}{path.suffix[:12]}"
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
            made += 1
    raise RuntimeError(f"the corpus has only {made} files of {size} bytes")
