# SPDX-License-Identifier: Apache-2.0
"""What the house does without: each rule yields "file:line: what is wrong"."""
import re

from cfunctions import Token, functions
from tree import NOT_OURS, interpreter, is_c

ENGINE = {
    "base", "bytes", "codec", "type", "view", "unpack", "cvd", "match", "bytecode", "rules",
    "database", "verdict", "scan",
}
# Folders where an offset becomes a pointer. match/ may in loops marked "hot loop".
POINTERS = {"base", "bytes", "codec"}
NO_POINTERS = (ENGINE | {"ipc"}) - POINTERS

ALLOCATION = set("malloc calloc realloc reallocarray free strdup strndup asprintf".split())
WORLD = set(
    "open openat creat close read write readv writev fopen fdopen fclose fread fwrite "
    "printf fprintf vprintf vfprintf puts fputs putchar perror syslog "
    "time gettimeofday clock_gettime localtime gmtime getenv secure_getenv setenv "
    "system popen fork execve pthread_create signal sigaction socket connect exit".split()
)
WORLD_ALLOWED = {"base": {"close", "fclose", "clock_gettime"}}
NEVER = set(
    "strcpy strcat sprintf vsprintf gets strtok alloca setjmp longjmp atoi atol atoll "
    "rand srand tmpnam mktemp".split()
)
# libpng and libjpeg report errors to a function that must not return.
JUMPS = set("setjmp longjmp".split())
JUMPERS = {"src/view/image_png.c", "src/view/image_jpeg.c"}
BAD_NAMES = {"util", "utils", "common", "misc", "others", "helper", "helpers", "stuff"}

# Written in pieces, so that this file keeps its own rules.
WORDS = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b"), "unfinished work"),
    (re.compile(r"\bissue" r" #\d"), "a number that means nothing here"),
    (re.compile(r"\bses" r"sions?\b", re.I), "a word for how the code was made"),
    (re.compile(r"/wo" r"rk/"), "a path of one machine"),
]
SPDX = "SPDX-License-Identifier" ": Apache-2.0"
LINE_COLUMNS_MAX = 100


def layer_of(path):
    return path.parts[1] if path.parts[0] == "src" and len(path.parts) > 2 else ""


def names(path, **_):
    if path.stem.lower() in BAD_NAMES:
        yield f"{path}: a name that says nothing of what is in it"


def words(path, text, **_):
    if path.name in NOT_OURS:
        return
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, why in WORDS:
            if match := pattern.search(line):
                yield f"{path}:{number}: \"{match[0]}\": {why}"


def pages(path, text, paths=(), **_):
    """A page that is named has to be there; what a program writes is no page yet."""
    if path.parts[0] in ("tools", "bench"):
        return
    names = {p.name for p in paths}
    for number, line in enumerate(text.splitlines(), 1):
        for page in re.findall(r"[\w./-]*\w\.md\b", line):
            if page.split("/")[-1] not in names:
                yield f"{path}:{number}: there is no {page}"


def licence_line(path, text, data, **_):
    wants = is_c(path) or path.suffix in (".py", ".sh", ".build") or interpreter(data)
    if wants and SPDX not in "\n".join(text.splitlines()[:3]):
        yield f"{path}:1: no line \"{SPDX}\""


def form(path, text, **_):
    if path.suffix == ".md" or path.name in NOT_OURS:
        limit = None
    else:
        limit = LINE_COLUMNS_MAX
    for number, line in enumerate(text.split("\n"), 1):
        if limit and is_code(path) and len(line.expandtabs(8)) > limit:
            yield f"{path}:{number}: longer than {limit} columns"
        if line.endswith((" ", "\t", "\r")) and is_code(path):
            yield f"{path}:{number}: blanks at the end of the line"
    if text and not text.endswith("\n"):
        yield f"{path}: no newline at the end"


def is_code(path):
    return is_c(path) or path.suffix in (".py", ".sh", ".build", "") and path.parts[0] not in (
        "signatures", "fuzz",
    )


def pragma_once(path, text, **_):
    if path.suffix == ".h" and "#pragma once" not in text:
        yield f"{path}: no #pragma once"


def typedefs(path, tokens, **_):
    for one, two in zip(tokens, tokens[1:]):
        if one.text == "typedef" and two.text == "struct":
            yield f"{path}:{one.line}: typedef struct"


def calls(path, tokens, **_):
    layer = layer_of(path)
    never = NEVER - JUMPS if path.as_posix() in JUMPERS else NEVER
    banned = dict.fromkeys(never, "banned everywhere")
    if layer in ENGINE:
        banned |= dict.fromkeys(WORLD - WORLD_ALLOWED.get(layer, set()),
                                "the engine does not touch the world")
    if layer in ENGINE - {"base"}:
        banned |= dict.fromkeys(ALLOCATION, "allocate from the arena")
    previous = ""
    for one, two in zip(tokens, tokens[1:]):
        if one.text in banned and two.text == "(" and previous not in (".", "->", "*"):
            yield f"{path}:{one.line}: {one.text}(): {banned[one.text]}"
        previous = one.text


def pointer_arithmetic(path, text, tokens, **_):
    """Cheap, and so not complete: p + n, p++, p += n for a `*p` of the same function."""
    if layer_of(path) not in NO_POINTERS:
        return
    lines = text.splitlines()
    for function in functions(tokens):
        first = max(function.line - 2, 0)
        if layer_of(path) == "match" and any(
            "hot loop" in line for line in lines[first : function.line + function.lines]
        ):
            continue
        yield from arithmetic_in(path, function)


def arithmetic_in(path, function):
    end = Token("punct", ";", function.line)
    tokens = [*function.params_tokens, end, *function.body]
    pointers = declared_pointers(tokens)
    for before, token, after in zip(tokens, tokens[1:], tokens[2:]):
        if token.text not in pointers or before.text in (".", "->", "*"):
            continue
        if after.text in ("+", "-", "++", "--", "+=", "-=") or before.text in ("++", "--"):
            yield f"{path}:{token.line}: pointer arithmetic on \"{token.text}\""


def declared_pointers(tokens):
    """Names that a declaration gives as `type *name`."""
    found = set()
    for before, star, name, after in zip(tokens, tokens[1:], tokens[2:], tokens[3:]):
        if star.text == "*" and name.kind == "name" and before.kind == "name" \
                and after.text in (",", ";", "=", ")") and before.text != "return":
            found.add(name.text)
    return found


TEXT_RULES = [
    ("a file is named for what it makes", names),
    ("no word speaks of anything but the product", words),
    ("every page that is named is there", pages),
    ("every source names its licence", licence_line),
    ("lines end where they should", form),
]
C_RULES = [
    ("headers guard themselves with one line", pragma_once),
    ("a struct is called struct", typedefs),
    ("no folder calls what it may not", calls),
    ("offsets become pointers in bytes/ and codec/ alone", pointer_arithmetic),
]
