# SPDX-License-Identifier: Apache-2.0
"""What the comparison of bytes asks for: (offset#options#comparisons)."""
import re

from pattern import Unsolved

FORM = re.compile(r"\((>>|<<)(0x[0-9a-fA-F]+|\d+)#([hdai])([lb]?)(e?)(\d+)#([^()]+)\)")
COMPARISON = re.compile(r"([<>=])(0x[0-9a-fA-F]+|\d+)")


def number(text):
    """As in C."""
    if text.startswith("0x"):
        return int(text, 16)
    return int(text, 8 if text.startswith("0") else 10)


def compared_value(text, rng):
    """(distance from the match's start, cells) of a value for which it holds."""
    match = FORM.fullmatch(text)
    if not match:
        raise Unsolved(f"comparison {text}")
    distance = number(match[2]) * (1 if match[1] == ">>" else -1)
    low, high = 0, (1 << 63) - 1
    for sign, value in COMPARISON.findall(match[7]):
        value = number(value)
        if sign == "=":
            low, high = max(low, value), min(high, value)
        elif sign == ">":
            low = max(low, value + 1)
        else:
            high = min(high, value - 1)
    length = int(match[6])
    value = low if rng.random() < 0.5 else rng.randint(low, min(high, low + 200)) \
        if low <= high else None
    if value is None:
        raise Unsolved("no value fits the comparison")
    return distance, list(digits(match[3], match[4], length, value))


def digits(kind, order, length, value):
    if kind == "i":
        if value >= 1 << 8 * length:
            raise Unsolved("the value does not fit its bytes")
        return value.to_bytes(length, "little" if order == "l" else "big")
    text = b"%x" % value if kind == "h" else b"%d" % value
    if len(text) > length:
        raise Unsolved("the value does not fit its bytes")
    text = text.rjust(length, b"0")
    if kind == "h" and order == "l":
        text = b"".join(reversed([text[i:i + 2] for i in range(0, len(text), 2)]))
    return text
