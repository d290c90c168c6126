# SPDX-License-Identifier: Apache-2.0
"""The expressions of logical rules: read, decided, and counts found that make them true."""
import re

from pattern import Unsolved

TOKEN = re.compile(r"\s*(?:(\d+)|([&|()])|([=<>])\s*(\d+)(?:,(\d+))?)")


class Expression:
    """What follows an operator belongs to its right side: 0&1|2 is 0&(1|2). In a
    parenthesis the last operator is cut at first."""

    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise Unsolved(f"not an expression from {text[at:at + 10]!r}")
            self.tokens.append(match.groups())
            at = match.end()
        self.at = 0
        self.numbers = set()   # of subsignatures
        self.hints = {}        # number: counts worth trying
        self.tree = self.chain(False)
        if self.at != len(self.tokens):
            raise Unsolved("the expression's parentheses do not fit")

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None,) * 5

    def chain(self, inside):
        terms, operators = [self.term()], []
        while self.peek()[1] in ("&", "|"):
            operators.append(self.peek()[1])
            self.at += 1
            terms.append(self.term())
        if inside and len(terms) > 2:
            left = self.fold(terms[:-1], operators[:-1])
            return (operators[-1], left, terms[-1])
        return self.fold(terms, operators)

    @staticmethod
    def fold(terms, operators):
        tree = terms[-1]
        for term, operator in zip(reversed(terms[:-1]), reversed(operators)):
            tree = (operator, term, tree)
        return tree

    def term(self):
        number, mark = self.peek()[:2]
        self.at += 1
        if number is not None:
            self.numbers.add(int(number))
            return self.counted(("sub", int(number)), {int(number)})
        if mark != "(":
            raise Unsolved("the expression lacks a term")
        before, self.numbers = self.numbers, set()
        tree = self.chain(True)
        if self.peek()[1] != ")":
            raise Unsolved("the expression's parentheses do not fit")
        self.at += 1
        inside = self.numbers
        self.numbers = before | inside
        return self.counted(tree, inside)

    def counted(self, tree, inside):
        _, _, how, x, y = self.peek()
        if not how:
            return tree
        self.at += 1
        x, y = int(x), int(y or 0)
        for number in inside:
            self.hints.setdefault(number, set()).update(
                v for v in (0, x - 1, x, x + 1) if 0 <= v <= 300)
        return ("count", how, x, y, tree, inside)

    def decide(self, counts):
        return self.evaluate(self.tree, counts)[0]

    def evaluate(self, tree, counts):
        """(true?, matches counted, numbers matched)"""
        if tree[0] == "sub":
            count = counts.get(tree[1], 0)
            return count > 0, count, {tree[1]} if count else set()
        if tree[0] == "count":
            _, how, x, y, inner, _ = tree
            truth, count, seen = self.evaluate(inner, counts)
            if how == "=":
                holds = count == x
            elif how == ">":
                holds = count > x
            else:
                holds = count < x
            return holds and len(seen) >= y, count if holds else 0, seen
        left, right = (self.evaluate(side, counts) for side in tree[1:])
        truth = left[0] and right[0] if tree[0] == "&" else left[0] or right[0]
        return truth, left[1] + right[1], left[2] | right[2]


def choose(expressions, sub_count, rng):
    """Counts for which all expressions hold, at random."""
    hints = {}
    for expression in expressions:
        for number, values in expression.hints.items():
            hints.setdefault(number, set()).update(values)
    ones = dict.fromkeys(range(sub_count), 1)
    trials = [ones]
    for attempt in range(3000):
        counts = trials.pop() if trials else draw(ones, hints, attempt, rng)
        if all(expression.decide(counts) for expression in expressions):
            return counts
    raise Unsolved("no counts were found that make the expression true")


def draw(ones, hints, attempt, rng):
    counts = dict(ones)
    for number in counts:
        if number in hints and rng.random() < 0.8:
            counts[number] = rng.choice(sorted(hints[number]))
        elif rng.random() < (attempt % 10) / 10:
            counts[number] = rng.choice((0, 1, 1, 2))
    return counts
