# SPDX-License-Identifier: Apache-2.0
"""Rules over the whole grammar, by chance: every production of it comes up."""
import carriers
import members
import pictures
from expression import Expression

TARGETS = (0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 9, 9, 10, 11, 12, 14)
TEXTS = (carriers.HTML, carriers.MAIL, carriers.TEXT)
LETTERS = b"abcdefghijklmnopqrstuvwxyz"
OPTIONS = ("i", "w", "f", "a", "iw", "wa", "wf", "if", "iwf", "iwaf", "aw", "fa", "ia", "awi",
           "iwa")
KINDS = ("ndb",) * 10 + ("ldb",) * 14 + ("db", "hdb", "hsb", "mdb", "msb", "macro", "imp", "cdb",
                                         "cdb", "zmd")
UNWANTED = ("ndb", "ldb", "hdb", "hsb", "mdb", "msb")
# Levels of engines for which a line is: at last those that are not clamscan's.
LEVELS = (":10", ":216", ":90:216", ":1:255", ":217", ":1:215")
ENGINES = ("81-255", "81-255", "81-255", "81-255", "81-216", "90-500", "217-255", "81-215")
TYPES = ("HTML", "ELF", "PDF", "MSOLE2", "GRAPHICS", "MACHO", "SWF", "JAVA", "MSEXE", "TEXT_ASCII")


class RuleMaker:
    """`views`: also rules for targets that are matched on text that was made even."""

    def __init__(self, rng, targets=TARGETS, with_regexes=True, with_programs=False):
        self.rng = rng
        self.targets = targets
        self.with_regexes = with_regexes
        self.kinds = KINDS + ("cbc",) * with_programs
        self.number = 0

    def chance(self, share):
        return self.rng.random() < share

    def name(self, kind):
        self.number += 1
        return f"Random.{kind}.{self.number}"

    def rules(self, count):
        """`count` times (kind, line)."""
        for _ in range(count):
            kind = self.rng.choice(self.kinds)
            if kind == "macro":
                yield from self.macro()
                continue
            line = getattr(self, kind)()
            if kind in UNWANTED and self.chance(0.08):
                kind = kind[:-1] + "u"    # of potentially unwanted programs
            yield kind, line

    # Patterns

    def byte(self, text):
        if text:
            return self.rng.choice(LETTERS)
        return self.rng.choice((self.rng.randrange(256), self.rng.choice(LETTERS), 0, 0x80))

    def literal(self, text, low=2, high=12):
        count = self.rng.randint(low, high)
        made = "".join(f"{self.byte(text):02x}" for _ in range(count))
        return made.upper() if self.chance(0.1) else made

    def soft(self, text):
        """Something that is no literal, and needs no part of its own."""
        choice = self.rng.randrange(10)
        if choice == 0:
            return "??" * self.rng.randint(1, 4)
        if choice == 1:
            return f"{self.rng.randrange(16):x}?" if not text else "6?"
        if choice == 2:
            return f"?{self.rng.randrange(16):x}" if not text else "?1"
        if choice == 3:
            return "{%d}" % self.rng.choice((1, 2, 5, 30, 127))
        if choice <= 6:
            return self.alternatives(text)
        if choice == 7:
            return self.negated(text)
        if choice == 8:
            return self.mark()
        return ""

    def mark(self):
        return ("!" if self.chance(0.2) else "") + f"({self.rng.choice('BLW')})"

    def alternatives(self, text, depth=0):
        form = self.rng.randrange(3)
        if form == 0:
            choices = [self.literal(text, 1, 1) for _ in range(self.rng.randint(2, 5))]
        elif form == 1:
            length = self.rng.randint(2, 4)
            choices = [self.literal(text, length, length) for _ in range(self.rng.randint(2, 4))]
        else:
            choices = [self.choice_of_any_length(text, depth)
                       for _ in range(self.rng.randint(2, 4))]
        return "(" + "|".join(choices) + ")"

    def choice_of_any_length(self, text, depth):
        made = self.literal(text, 1, 4)
        if self.chance(0.15):
            made += "??" + self.literal(text, 1, 2)
        if depth < 2 and self.chance(0.2):
            made += self.alternatives(text, depth + 1)
        return made

    def negated(self, text):
        length = self.rng.choice((1, 1, 2))
        choices = {self.literal(text, length, length).lower()
                   for _ in range(self.rng.randint(2, 3))}
        return "!(" + "|".join(sorted(choices)) + ")"

    def part(self, text):
        made = self.literal(text)
        while self.chance(0.3):
            made += self.soft(text) + self.literal(text, 1, 5)
        if self.chance(0.15):
            made = self.soft(text) + made
        if self.chance(0.15):
            made += self.soft(text)
        return made

    def gap(self):
        n = self.rng.choice((0, 1, 2, 3, 7, 20, 130))
        m = n + self.rng.choice((0, 1, 4, 15, 100))
        return self.rng.choice(("*", "{%d}" % self.rng.choice((128, 200, 1000)),
                                "{-%d}" % max(m, 1), "{%d-}" % n, "{%d-%d}" % (n, max(m, 1))))

    def anchor(self, text, made):
        """A single byte at some distance from one side."""
        n = self.rng.randint(0, 6)
        m = min(32, n + self.rng.randint(0, 6))
        if self.chance(0.5):
            return f"{self.literal(text, 1, 1)}[{n}-{m}]{made}"
        return f"{made}[{n}-{m}]{self.literal(text, 1, 1)}"

    def pattern(self, text):
        if self.chance(0.4):
            return self.literal(text, 4, 20)
        made = self.part(text)
        if self.chance(0.1):
            made = self.anchor(text, self.literal(text, 3, 6))
        while self.chance(0.35):
            made += self.gap() + self.part(text)
        return made

    # Offsets

    def offset(self, target):
        if self.chance(0.55):
            return "*"
        small = self.rng.choice((0, 1, 5, 16, 40))
        far = self.rng.choice((0, 9, 300)) if self.chance(0.2) else self.rng.randrange(200, 4000)
        forms = [str(far), f"EOF-{self.rng.randrange(20, 1500)}"]
        if target in carriers.EXECUTABLES:
            section = self.rng.randrange(3)
            forms += [f"EP+{small}", f"EP-{small}", f"S{section}+{small}", f"SL+{small}",
                      f"SE{section}"]
        if target == carriers.PE and self.chance(0.5):
            return "VI"
        made = self.rng.choice(forms)
        if self.chance(0.3):
            made += f",{self.rng.choice((1, 4, 20, 300))}"
        return made

    # Lines

    def ndb(self):
        target = self.rng.choice(self.targets)
        return (f"{self.name('Ndb')}:{target}:{self.offset(target)}:"
                f"{self.pattern(target in TEXTS)}{self.levels()}")

    def levels(self):
        return self.rng.choice(LEVELS) if self.chance(0.1) else ""

    def macro(self):
        """A rule with a macro, and the patterns of its group."""
        # clamscan crashes on macros of the last group, 31, and on those for programs.
        target = self.rng.choice([t for t in self.targets if t not in carriers.EXECUTABLES])
        group = self.rng.randrange(31)
        text = target in TEXTS
        low = self.rng.choice((4, 10, 30))
        high = low + self.rng.choice((0, 3, 20, 200))
        name = self.name("Macro")
        subs = [self.literal(text, 4, 8), "${%d-%d}%d$" % (low, high, group)]
        if self.chance(0.3):
            subs.append(self.literal(text, 4, 8))
        logic = self.rng.choice(("&", "&", "&", "|")).join(str(i) for i in range(len(subs)))
        yield "ldb", f"{name};Engine:81-255,Target:{target};{logic};" + ";".join(subs)
        for _ in range(self.rng.randint(1, 3)):
            yield "ndb", f"{self.name('Member')}:{target}:${group}$:{self.literal(text, 5, 9)}"

    def cbc(self):
        """Of a logical rule; fewer forms are taken there, so only those that always are."""
        target = self.rng.choice(self.targets)
        subs = [self.pattern(target in TEXTS) for _ in range(self.rng.randint(1, 3))]
        return ";".join([self.name("Program"), f"Engine:81-255,Target:{target}",
                         self.expression(len(subs))] + subs)

    def cdb(self):
        return members.random_line("cdb", self.name("Cdb"), self.rng)

    def zmd(self):
        return members.random_line("zmd", self.name("Zmd"), self.rng)

    def db(self):
        return f"{self.name('Db')}={self.pattern(False)}"

    def ldb(self):
        target = self.rng.choice(self.targets)
        text = target in TEXTS
        count = self.rng.choice((1, 2, 2, 3, 4, 6))
        subs = [self.sub(target, text) for _ in range(count)]
        if self.with_regexes and self.chance(0.3):
            subs.append(self.regex(len(subs)))
        if self.chance(0.2):
            subs.append(self.compared(self.rng.randrange(count)))
        if target in (0, carriers.GRAPHICS) and self.chance(0.15):
            subs.append(f"fuzzy_img#{pictures.any_hash(self.rng)}{self.rng.choice(('', '#0'))}")
        engines = self.rng.choice(ENGINES) if self.chance(0.3) else ENGINES[0]
        fields = [f"Engine:{engines},Target:{target}{self.condition(target)}",
                  self.expression(len(subs))]
        return ";".join([self.name("Ldb")] + fields + subs)

    def expression(self, count):
        """One that is not true of everything in which nothing is found."""
        while True:
            made = self.logic(list(range(count)))
            if not Expression(made).decide({}):
                return made

    def sub(self, target, text):
        offset = self.offset(target)
        made = self.pattern(text)
        if self.chance(0.35):
            made += "::" + self.rng.choice(OPTIONS)
        return made if offset == "*" else f"{offset}:{made}"

    def condition(self, target):
        forms = ["FileSize:1-100000", "FileSize:300-5000", "Container:CL_TYPE_ZIP",
                 "Container:CL_TYPE_ANY", "Intermediates:CL_TYPE_ZIP",
                 "Intermediates:CL_TYPE_ZIP>CL_TYPE_GZ", "Container:CL_TYPE_GZ",
                 "Container:CL_TYPE_POSIX_TAR", "Intermediates:CL_TYPE_GZ>CL_TYPE_POSIX_TAR",
                 "Intermediates:CL_TYPE_ANY>CL_TYPE_ZIP", "FileSize:0-0", "FileSize:2000-2000",
                 f"HandlerType:CL_TYPE_{self.rng.choice(TYPES)}"]
        if target in carriers.EXECUTABLES:
            forms += ["NumberOfSections:2-3", "NumberOfSections:1-1", "EntryPoint:0-1000",
                      "EntryPoint:1200-3000", "EntryPoint:0-0"]
        if not self.chance(0.15):
            return ""
        chosen = {form.partition(":")[0]: form
                  for form in self.rng.sample(forms, self.rng.choice((1, 1, 1, 2, 3)))}
        return "".join("," + form for form in chosen.values())

    def logic(self, ids):
        """An expression that names all of them."""
        self.rng.shuffle(ids)
        terms = []
        while ids:
            if len(ids) > 1 and self.chance(0.3):
                cut = self.rng.randint(2, len(ids))
                inner, ids = ids[:cut], ids[cut:]
                terms.append("(" + self.logic(inner) + ")" + self.count(block=len(inner)))
            else:
                terms.append(str(ids.pop()) + self.count(block=0))
        made = terms[0]
        for term in terms[1:]:
            made += self.rng.choice("&&|") + term
        return made

    def count(self, block):
        if not self.chance(0.25):
            return ""
        made = self.rng.choice((">0", ">1", ">2", "=1", "=2", "=0", "<2", "<3", "=3", ">4"))
        if block > 1 and self.chance(0.4):
            made += f",{self.rng.randint(1, block)}"
        return made

    def regex(self, number):
        trigger = self.logic(list(range(number))) if number and self.chance(0.9) else "0"
        pieces = [self.rng.choice((
            self.letters(), self.letters(), "[a-f]{2,4}", r"\d+", "(ab|cd|e)", ".", "x?",
            r"\x41\x42", "[^0-9]", r"\s", "(foo)+?", r"\.", "z{3}", r"\/", "(?:qu|ux)",
            "(?i:ab)", "(?=c)c", "(?!d)e", "(?<=a)b", r"(q)\1", "a++", "(?>b|bc)", r"\bk\b", "^m",
            "n$", "(?#no)o", r"\w{2}", r"[\x00-\x1f]", r"\W", r"[[:alpha:]]", "(?<n>p)", "r{,2}",
            "^", "$", r"\Az", "(t|)", "[.;:]", "u*?", r"\D", r"\x3B",
        )) for _ in range(self.rng.randint(2, 5))]
        made = f"{trigger}/{''.join(pieces)}/{self.flags()}"
        if self.chance(0.3):
            offset = self.rng.choice(("0", "9", "64", "300", "EOF-300", "EOF-64"))
            made = offset + \
                (f",{self.rng.choice((1, 20, 300))}" if self.chance(0.5) else "") + ":" + made
        return made

    def letters(self):
        return bytes(self.rng.choice(LETTERS) for _ in range(self.rng.randint(2, 6))).decode()

    def flags(self):
        return "".join(f for f in "grEismxAU" if self.chance(0.12)) + \
            ("e" if self.chance(0.1) else "")

    def compared(self, number):
        kind = self.rng.choice(("h", "d", "a", "i", "i", "i"))
        length = self.rng.choice((1, 2, 4, 8)) if kind == "i" else self.rng.randint(1, 6)
        order = self.rng.choice(("l", "b")) if kind in "ih" else self.rng.choice(("", "b"))
        exact = "e" if self.chance(0.3) else ""
        most = min(16 ** length if kind == "h" else 10 ** length if kind != "i"
                   else 256 ** length, 1 << 31) - 1
        value = min(self.rng.choice((0, 1, 5, 9, 10, 99, 0x42, 1000, 0x12345678)), most)
        form = self.rng.choice(("%d", "%d", "0x%x", "0x%X", "0%o"))
        forms = [f"={form}" % value, f"<{form}" % (value + 1),
                 f">{form},<{form}" % (value, value + 9),
                 f"<{form},>{form}" % (value + 9, value), f"={form},={form}" % (value, value)]
        if value < most:
            forms.append(f">{form}" % value)
        sign = self.rng.choice((">>", ">>", "<<"))
        distance = self.rng.choice((0, 4, 10, 40))
        return f"{number}({sign}{distance}#{kind}{order}{exact}{length}#{self.rng.choice(forms)})"

    # Hashes, of which the digest is made later

    def hdb(self):
        return f"{'0' * 32}:{self.rng.choice(('100', '*'))}:{self.name('Hdb')}:73"

    def hsb(self):
        digits = self.rng.choice((40, 64, 32))
        letters = self.rng.choice("0a") * digits
        letters = letters.upper() if self.chance(0.3) else letters
        return f"{letters}:{self.rng.choice(('100', '*'))}:{self.name('Hsb')}{self.from_levels()}"

    def from_levels(self):
        return self.rng.choice((":73", ":73", ":73:255", ":80:216", ":217", ":73:215"))

    def imp(self):
        digits = self.rng.choice((32, 40, 64))
        size = self.rng.choice(("100", "*"))
        return f"{'0' * digits}:{size}:{self.name('Imp')}{self.rng.choice(('', ':73', ':90:300'))}"

    def mdb(self):
        return f"{self.rng.choice(('512', '*'))}:{'0' * 32}:{self.name('Mdb')}:73"

    def msb(self):
        digits = self.rng.choice((40, 64))
        size = self.rng.choice(("512", "*"))
        return f"{size}:{'0' * digits}:{self.name('Msb')}{self.from_levels()}"
