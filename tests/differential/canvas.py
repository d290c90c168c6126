# SPDX-License-Identifier: Apache-2.0
"""A file in the making: bytes that are decided, and bytes that are still free."""
from pattern import Unsolved


class Canvas:
    def __init__(self, size):
        self.data = bytearray(size)
        self.locked = bytearray(size)

    def __len__(self):
        return len(self.data)

    def fits(self, offset, cells):
        """Can these cells (None: any byte) stand at that place?"""
        if offset < 0 or offset + len(cells) > len(self.data):
            return False
        return all(cell is None or not self.locked[offset + i] or self.data[offset + i] == cell
                   for i, cell in enumerate(cells))

    def put(self, offset, cells):
        if not self.fits(offset, cells):
            raise Unsolved(f"its bytes at {offset} collide with others")
        for i, cell in enumerate(cells):
            if cell is not None:
                self.data[offset + i] = cell
                self.locked[offset + i] = 1

    def put_piece(self, offset, piece):
        self.put(offset, piece.cells)
        if piece.before is not None and offset > 0:
            self.put(offset - 1, [piece.before])
        if piece.after is not None and offset + len(piece.cells) < len(self.data):
            self.put(offset + len(piece.cells), [piece.after])

    def is_free(self, offset, length):
        return offset >= 0 and offset + length <= len(self.data) and \
            not any(self.locked[offset:offset + length])

    def find_free(self, start, end, length):
        """The first free run of that length in [start, end)."""
        at = start
        while at + length <= min(end, len(self.data)):
            taken = self.locked.rfind(1, at, at + length)
            if taken < 0:
                return at
            at = taken + 1
        raise Unsolved("there is no room for it")

    def fill(self, rng, alphabet):
        """Gives the free bytes a value."""
        table = bytes(alphabet[i % len(alphabet)] for i in range(256))
        noise = rng.randbytes(len(self.data)).translate(table)
        at = self.locked.find(0)
        while at >= 0:
            end = self.locked.find(1, at)
            end = len(self.data) if end < 0 else end
            self.data[at:end] = noise[at:end]
            at = self.locked.find(0, end)
