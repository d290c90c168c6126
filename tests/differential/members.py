# SPDX-License-Identifier: Apache-2.0
"""Archives for rules about members of containers (cdb, zmd, rmd), and near misses."""
import re
from dataclasses import dataclass, field, replace

from archives import Member, deflated_to, make_tar, make_zip
from pattern import Unsolved
from regexes import RegexMaker

KINDS = ("cdb", "zmd", "rmd")
SIZE_MAX = 1 << 21
POSITION_MAX = 60
COMMENT_MAX = 0xffff
HEAD_LEN = 12      # of an encrypted member
ANY = (0, None)
TRIES = 20


@dataclass
class Asked:
    container: str = "*"
    container_size: tuple = ANY
    name: str = "*"
    packed: tuple = ANY
    size: tuple = ANY
    is_encrypted: str = "*"
    position: tuple = ANY
    spoilt: list = field(default_factory=list)   # names of the fields not to be kept


def read(kind, line):
    fields = line.split(":")
    if kind == "cdb":
        if len(fields) < 10:
            raise Unsolved("too few fields")
        return Asked(fields[1], span(fields[2]), fields[3], span(fields[4]), span(fields[5]),
                     fields[6], span(fields[7]))
    if len(fields) < 9:
        raise Unsolved("too few fields")
    container = "CL_TYPE_ZIP" if kind == "zmd" else "CL_TYPE_RAR"
    return Asked(container, ANY, fields[2], span(fields[4]), span(fields[3]), fields[1],
                 span(fields[7]))


def span(text):
    """(low, high) of a number or a range, in which 0 is no bound."""
    if text == "*":
        return ANY
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", text)
    if not match:
        raise Unsolved(f"range {text}")
    low, high = int(match[1]), int(match[2] or match[1])
    if low == high:
        return low, high
    return low, high or None


def made(kind, line, rng):
    """(an archive with such a member, a near miss)"""
    asked = read(kind, line)
    return archive(asked, rng), archive(spoil(asked, rng), rng)


def spoil(asked, rng):
    """One field otherwise."""
    changed = replace(asked)
    ways = [name for name in ("container_size", "packed", "size", "position")
            if getattr(asked, name) != ANY]
    ways += ["name"] if asked.name != "*" else []
    ways += ["is_encrypted"] if asked.is_encrypted != "*" else []
    if not ways:
        raise Unsolved("it asks for nothing that could be otherwise")
    way = rng.choice(ways)
    if way == "is_encrypted":
        changed.is_encrypted = "0" if asked.is_encrypted == "1" else "1"
    elif way == "name":
        changed.spoilt = ["name"]
    else:
        low, high = getattr(asked, way)
        past = [value for value in ((low or 0) - 1, None if high is None else high + 1)
                if value is not None and value >= 0]
        if not past:
            raise Unsolved("nothing is out of its range")
        at = rng.choice(past)
        setattr(changed, way, (at, at))
        if way == "size" and asked.packed == asked.size:
            changed.packed = ANY
    return changed


def noise(size, rng):
    """Three zeros among the first are text in no encoding."""
    return (b"\x01\xfe\0\0\0\x90"[:size] + rng.randbytes(size))[:size]


def within(bounds, rng, most, least=0):
    low, high = bounds
    low = max(low, least)
    high = min(low + rng.choice((0, 3, 200)), most) if high is None else high
    if low > high or low > most:
        raise Unsolved("nothing is within its range")
    return rng.choice((low, min(high, most), rng.randint(low, min(high, most))))


def archive(asked, rng):
    problem = None
    for _ in range(TRIES):
        try:
            return attempt(asked, rng)
        except Unsolved as unsolved:
            problem = unsolved
    raise problem


def attempt(asked, rng):
    kind = asked.container
    if kind in ("*", "CL_TYPE_ANY"):
        kind = "CL_TYPE_ZIP" if asked.is_encrypted == "1" else \
            rng.choice(("CL_TYPE_ZIP", "CL_TYPE_POSIX_TAR"))
    makers = {"CL_TYPE_ZIP": zip_with, "CL_TYPE_POSIX_TAR": tar_with}
    if kind not in makers:
        raise Unsolved(f"container {kind}")
    member, others = wanted(asked, kind, rng), []
    position = within(asked.position, rng, POSITION_MAX, 1) if asked.position != ANY else \
        rng.randint(1, 3)
    for number in range(position - 1 + rng.randrange(2)):
        others.append(Member(b"%do" % number, noise(rng.randrange(1, 40), rng)))
    members = others[:position - 1] + [member] + others[position - 1:]
    return makers[kind](asked, members, rng)


def wanted(asked, kind, rng):
    name = name_for(asked, rng)
    is_encrypted = asked.is_encrypted == "1" or \
        (asked.is_encrypted == "*" and kind == "CL_TYPE_ZIP" and rng.random() < 0.2)
    if is_encrypted and kind != "CL_TYPE_ZIP":
        raise Unsolved("tar archives are not encrypted")
    over = HEAD_LEN if is_encrypted else 0
    password = b"none" if is_encrypted else None
    low = max(asked.size[0], asked.packed[0] - over)
    high = min((bound for bound in (asked.size[1], asked.packed[1] and asked.packed[1] - over)
                if bound is not None), default=None)
    if high is None or low <= high:
        size = within((low, high), rng, SIZE_MAX)
        return Member(name, noise(size, rng), None, password)
    if kind != "CL_TYPE_ZIP":
        raise Unsolved("tar archives do not pack")
    size = within(asked.size, rng, SIZE_MAX)
    pair = deflated_to(size, within(asked.packed, rng, SIZE_MAX) - over, rng)
    if not pair:
        raise Unsolved("its sizes do not go together")
    return Member(name, pair[0], pair[1], password)


def name_for(asked, rng):
    if asked.name == "*":
        return b"member%d" % rng.randrange(1000)
    text = re.sub(r"^\(\?i\)", "", asked.name)
    name = RegexMaker(rng, b"abxy").make(text, "i" if text != asked.name else "")
    if "name" in asked.spoilt:
        at = rng.randrange(max(1, len(name)))
        name = name[:at] + b"~" + name[at + 1:]
    if not text.startswith("^") and rng.random() < 0.3:
        name = b"folder/" + name
    if not text.endswith("$") and rng.random() < 0.3:
        name += b"~"
    if not name or len(name) > 90 or b"\0" in name:
        raise Unsolved("no name of a file")
    return name


def zip_with(asked, members, rng):
    made_zip = make_zip(members)
    if asked.container_size == ANY:
        return made_zip
    missing = padding(asked, len(made_zip), rng)
    if missing > COMMENT_MAX:
        head = len(make_zip(members + [Member(b"~")])) - len(made_zip)
        members = members + [Member(b"~", noise(missing - head, rng))]
        missing = 0
    return make_zip(members, b"." * missing)


def tar_with(asked, members, rng):
    made_tar = make_tar(members)
    if asked.container_size == ANY:
        return made_tar
    return made_tar + bytes(padding(asked, len(made_tar), rng))


def padding(asked, length, rng):
    """How many bytes are missing to a size that is asked for."""
    size = within(asked.container_size, rng, 2 * SIZE_MAX, length)
    return size - length


def random_line(kind, name, rng):
    """A rule that any archive carries by chance only seldom."""
    word = "".join(rng.choice("abcdefgh") for _ in range(rng.randint(4, 7)))
    names = (word, f"^{word}", rf"{word}\.exe$", f"^{word}[0-9]{{2}}$", f"(?i)^{word}",
             rf"{word}(\.js|\.vbs)$", f"^({word}|{word[::-1]})x?y*", f"{word}+.z", f"^.{word}",
             rf"\.{word}$", f"[^a-c]{word}[x-z_]*$")
    file_name = rng.choice(names)
    is_encrypted = rng.choice("**01") if kind == "cdb" else rng.choice("01")
    low = rng.randrange(400)
    size = rng.choice(("*", "*", str(low), f"{low}-{low + rng.randrange(200)}", f"{low}-0",
                       f"0-{low}"))
    packed = "*"
    if rng.random() < 0.3:
        packed = size if is_encrypted != "1" else f"{low + HEAD_LEN}-{low + 400}"
        packed = rng.choice((packed, str(low // 2 + 60)))
    position = rng.choice(("*", "*", str(rng.randint(1, 9)), "2-5", "3-0"))
    if kind == "cdb":
        container = rng.choice(("CL_TYPE_ZIP", "CL_TYPE_POSIX_TAR", "*", "CL_TYPE_ANY"))
        if container == "CL_TYPE_POSIX_TAR" and is_encrypted == "1":
            is_encrypted = "0"
        whole = rng.choice(("*", "*", "*", "500-90000", "20000-0", "12345"))
        crc = rng.choice(("*", "*", f"{rng.getrandbits(32):08x}"))
        levels = rng.choice(("", "", "", ":73", ":90:255", ":217", ":51:215"))
        return (f"{name}:{container}:{whole}:{file_name}:{packed}:{size}:{is_encrypted}:"
                f"{position}:{crc}:*{levels}")
    crc = rng.choice(("*", "*", "*", f"{rng.getrandbits(32):08x}"))
    method = rng.choice(("*", "0", "8"))
    depth = rng.choice(("*", "1", "5"))
    position = position.partition("-")[0]
    size, packed = size.partition("-")[0], packed.partition("-")[0]
    return f"{name}:{is_encrypted}:{file_name}:{size}:{packed}:{crc}:{method}:{position}:{depth}"
