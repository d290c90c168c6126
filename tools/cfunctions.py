# SPDX-License-Identifier: Apache-2.0
"""A small reader of C: tokens, functions, and how big and how tangled they are.

It knows as much of the language as our form of it needs: no K&R definitions, no macros
that open a block they do not close.
"""
import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
  | (?P<string>(?:u8|[LuU])?"(?:\\.|[^"\\\n])*"|(?:[LuU])?'(?:\\.|[^'\\\n])*')
  | (?P<name>[A-Za-z_]\w*)
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<punct><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\s])
  | (?P<space>\s+)
    """,
    re.X | re.S | re.M,
)
OPEN = {"(": ")", "[": "]", "{": "}"}
CONTROL = {"if", "for", "while", "switch"}
# An if, a loop, a way out of a condition. A switch is one decision however many cases
# it has: an exhaustive list of names is not tangled.
DECISIONS = CONTROL | {"&&", "||", "?"}


@dataclass
class Token:
    kind: str
    text: str
    line: int


@dataclass
class Function:
    name: str
    line: int
    lines: int
    params: int
    complexity: int
    nesting: int
    params_tokens: list = field(repr=False, default_factory=list)
    body: list = field(repr=False, default_factory=list)


def scan(text):
    """All tokens but blanks; comments and preprocessor lines among them."""
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield Token(match.lastgroup, match[0], line)
        line += match[0].count("\n")


def code(text):
    """The tokens that the compiler proper sees."""
    return [t for t in scan(text) if t.kind not in ("comment", "directive")]


def skip(tokens, at):
    """The place after the bracket that closes the one at `at`."""
    depth = 0
    while at < len(tokens):
        text = tokens[at].text
        if tokens[at].kind == "punct" and text in OPEN:
            depth += 1
        elif tokens[at].kind == "punct" and text in ")]}":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def functions(tokens):
    """Every function definition, in order."""
    at = start = 0
    while at < len(tokens):
        text = tokens[at].text
        if text in ";":
            at = start = at + 1
        elif text == "{":
            end = skip(tokens, at)
            if function := definition(tokens, start, at, end):
                yield function
            at = end
            if end < len(tokens) and tokens[end].text not in (";", ",", "=", "["):
                start = end
        elif text in OPEN:
            at = skip(tokens, at)
        else:
            at += 1


def definition(tokens, start, brace, end):
    """The function whose body is tokens[brace:end], or None if that is no body."""
    head = tokens[start:brace]
    if any(t.text == "=" and t.kind == "punct" for t in top_level(head)):
        return None
    lists = []
    at = 0
    while at < len(head):
        if head[at].text == "(":
            close = skip(head, at)
            before = head[at - 1] if at > 0 else None
            if before and before.kind == "name" and before.text != "__attribute__":
                lists.append((before, head[at + 1 : close - 1]))
            at = close
        else:
            at += 1
    if not lists:
        return None
    name, params = lists[0]
    body = tokens[brace + 1 : end - 1]
    counter = Nesting(body)
    return Function(
        name=label(name, params),
        line=head[0].line,
        lines=tokens[end - 1].line - head[0].line + 1,
        params=count_params(params),
        complexity=1 + sum(t.text in DECISIONS for t in body if t.kind != "string"),
        nesting=counter.deepest,
        params_tokens=params,
        body=body,
    )


def label(name, params):
    """TEST("a sentence") is named by its sentence, anything else by its name."""
    if len(params) == 1 and params[0].kind == "string":
        return f"{name.text}({params[0].text})"
    return name.text


def top_level(tokens):
    at = 0
    while at < len(tokens):
        if tokens[at].text in OPEN and tokens[at].kind == "punct":
            at = skip(tokens, at)
        else:
            yield tokens[at]
            at += 1


def count_params(params):
    if not params or [t.text for t in params] == ["void"]:
        return 0
    return 1 + sum(t.text == "," for t in top_level(params))


class Nesting:
    """Walks the statements of a body and remembers the deepest one.

    Depth is the number of if, for, while, do and switch around a statement, with or
    without braces; `else if` is a sibling of its `if`.
    """

    def __init__(self, body):
        self.tokens = body
        self.deepest = 0
        at = 0
        while at < len(body):
            at = self.statement(at, 0)

    def text(self, at):
        return self.tokens[at].text if at < len(self.tokens) else ""

    def statement(self, at, depth):
        text = self.text(at)
        if text == "{":
            return self.block(at, depth)
        if text in ("if", "for", "while", "switch"):
            return self.controlled(at, depth)
        if text == "do":
            self.deepest = max(self.deepest, depth + 1)
            at = self.statement(at + 1, depth + 1)
            return self.simple(at)
        if text in ("case", "default") or self.text(at + 1) == ":":
            return self.after_label(at)
        return self.simple(at)

    def block(self, at, depth):
        end = skip(self.tokens, at)
        at += 1
        while at < end - 1:
            at = self.statement(at, depth)
        return end

    def controlled(self, at, depth):
        self.deepest = max(self.deepest, depth + 1)
        is_if = self.text(at) == "if"
        at = skip(self.tokens, at + 1)
        at = self.statement(at, depth + 1)
        if is_if and self.text(at) == "else":
            if self.text(at + 1) == "if":
                return self.controlled(at + 1, depth)
            return self.statement(at + 1, depth + 1)
        return at

    def after_label(self, at):
        while at < len(self.tokens) and self.text(at) != ":":
            at = skip(self.tokens, at) if self.text(at) in OPEN else at + 1
        return at + 1

    def simple(self, at):
        while at < len(self.tokens) and self.text(at) != ";":
            at = skip(self.tokens, at) if self.text(at) in OPEN else at + 1
        return at + 1
