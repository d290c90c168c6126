#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Random pages beside clamscan: the texts that view/html.h and view/script_text.h make of a page
are, byte for byte, the files that clamscan makes of it.

usage: normalised_pages.py VIEW_DUMP [PAGES [SEED [KIND]]]

KIND is `page`, `script`, `encoded`, or `mixed` (the default). Where they differ, the page
is cut down to the smallest that still does, and printed; as the pages are mostly nonsense,
one in 500 may. Before that ClamAV's own examples are read, from CUSTOS_SHARED (default ../shared),
if they are there: those must come out exactly. Output is TAP; what needs clamscan is
skipped where it is not installed.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("CUSTOS_SHARED", HERE.parent.parent.parent / "shared"))
EXAMPLES = SHARED / "data" / "fixtures" / "clamav-unit"
REFERENCES = {"nocomment": "page", "notags": "words", "js": "script"}

BATCH = 200
RARE = 500
SHOWN = 12
FILES = {"nocomment.html": "page", "notags.html": "words", "javascript": "script"}
SCRATCH = "/dev/shm" if os.path.isdir("/dev/shm") else None

PIECES = [
    "<", ">", "&", ";", "\"", "'", "=", " ", "  ", "\n", "\t", "\r\n", "/", "!", "-", "--",
    "a", "B", "cD", "x1", "%41", "#", "0", "9", ":", ".", "(", ")", "\\", "?", "[", "]",
    "<a href=", "<a href=\"", "<img src='", "<p ", "<P>", "</p>", "</a>", "<br/>", "<b>", "</B>",
    "<!--", "-->", "<!", "&amp;", "&lt;", "&gt", "&#65;", "&#x42;", "&#", "&nbsp;", "&Eacute;",
    "&euro;", "&bogus;", "&#12290;", "&#300;", "&#255;", "&#254;", "title=", "HREF = ", " id='x' ",
    "http://Ex.com/", "\x01", "\x14", "\x7f", "\0", "\x0b", "\x0c", "\xe9", "\xe3\x80\x82",
    "\xef\xbc\x8e", "\xc3\xa9", "\xff", "<style>", "</style>", "<style type=\"a\">", "<title>",
    "<div class=\"A  b\">", "text ", "WORD", "<?php ", "?>", "<%", "<input value=", "checked",
]
SCRIPT_PIECES = [
    "<script>", "</script>", "<script type=\"text/javascript\">", "</SCRIPT >", "< /script>",
    "var ", "x", "y", "foo", "Bar", "=", "+", "\"a\"", "'b'", "\"\\x41\"", "'\\n'", ";", "(", ")",
    "{", "}", "function ", "return ", "if", "else", "for", "while", "new ", "this", ".", "[", "]",
    "1", "0x1F", "1.5", "017", "1e3", "//c\n", "/*c*/", "/re/g", "\n", " ", "\t", ",", "-", "*",
    "/", "<", ">", "!", "&", "|", "?", ":", "eval(", "unescape(", "\"%41%42\"", "document.write(",
    "String.fromCharCode(", "65", "\"", "'", "\\", "&&", "++", "--", "==", "<!--", "-->", "in ",
    "typeof ", "\xe9", "$", "_", "@", "#", "%u0041", "escape", "\"+\"", "' + '",
]
# Scripts in Microsoft's encoding. Where the tag has none behind it clamscan passes over the
# rest of the page, and we do not.
ENCODED_TAGS = [
    "<script language='JScript.Encode'>", "<SCRIPT x=Y LANGUAGE=vbscript.encode >",
    "<script language=\"&#74;script.Encode\" language='b' src>  ",
    "<script language='JScript.Encode'><!-- a\n//B  'c'\n",
]
ENCODED_TEXTS = [
    "#@~^QAAAAA==W!x^DkKxP6WKc#Pls+MYcvD+P,dY@$@!4@*@#@&B*i)P&z~^@#@&-lM~Abo~x,FitBAAAA==^#~@",
    "#@~^KAAAAA==[Km;s+\tYRSDbO+vJ@!l,t.n6'BXv@*\xe9H@!zm@*E#prgsAAA==^#~@",
    "#@~^FAAAAA==a{FI@!zkmDbwD@*@!(@*OwUAAA==^#~@",
    "#@~^EQAAAA==C,'~r[m:\nwpJ,QPE4v3AMAAA==^#~@",
]
PIECES += [tag + text for tag in ENCODED_TAGS[:2] for text in ENCODED_TEXTS[::2]]
SCRIPT_PIECES += [ENCODED_TEXTS[0]]


def pages(kind, chosen, count):
    for _ in range(count):
        pieces = {"page": PIECES, "script": SCRIPT_PIECES,
                  "mixed": PIECES + SCRIPT_PIECES,
                  "encoded": PIECES + SCRIPT_PIECES}[kind]
        body = [chosen.choice(pieces) for _ in range(chosen.randint(1, 25))]
        if kind == "script":
            yield "<html><script>" + "".join(body) + "</script>"
        elif kind == "encoded":
            yield ("<html>" + chosen.choice(ENCODED_TAGS) + chosen.choice(ENCODED_TEXTS) +
                   "".join(body))
        else:
            yield "<html>" + "".join(body)


def theirs(folder, names):
    """What clamscan writes for each file: {name: {kind: bytes}}."""
    temps = Path(tempfile.mkdtemp(dir=SCRATCH))
    rule = temps / "none.ndb"
    rule.write_text("Never:0:*:5e1f0c6d4b2a39788796a5b4c3d2e1f0\n")
    left = temps / "left"
    left.mkdir()
    subprocess.run(["clamscan", "--no-summary", f"-d{rule}", "--leave-temps",
                    f"--tempdir={left}", "-r", folder], capture_output=True)
    found = {name: {} for name in names}
    for path in left.rglob("*"):
        if path.name in FILES and path.is_file():
            name = re.sub(r"^\d+_\d+-", "", path.relative_to(left).parts[0])
            name = name.rsplit(".", 1)[0]
            found[name][FILES[path.name]] = path.read_bytes()
    shutil.rmtree(temps)
    return found


def ours(folder, names):
    out = Path(tempfile.mkdtemp(dir=SCRATCH))
    for i in range(0, len(names), 500):
        subprocess.run([VIEW_DUMP, out] + [folder / name for name in names[i:i + 500]],
                       check=True)
    found = {name: {kind: (out / f"{name}.{kind}").read_bytes() for kind in FILES.values()}
             for name in names}
    shutil.rmtree(out)
    return found


def differ(texts):
    """How many are pages to clamscan; the texts on which we differ, and in what."""
    folder = Path(tempfile.mkdtemp(dir=SCRATCH))
    names = [f"p{i:05}.html" for i in range(len(texts))]
    for name, text in zip(names, texts):
        (folder / name).write_bytes(text.encode("latin-1"))
    them, us = theirs(folder, names), ours(folder, names)
    shutil.rmtree(folder)
    result, count = [], 0
    for name, text in zip(names, texts):
        if not them[name]:
            continue  # no page to clamscan
        count += 1
        parts = [kind for kind in FILES.values()
                 if us[name][kind] != them[name].get(kind, b"")]
        if parts:
            result.append((text, parts, us[name], them[name]))
    return count, result


def shrink(text, kind):
    """A shorter text that still differs in that kind."""
    size = max(1, len(text) // 2)
    while size > 0:
        cuts = [text[:i] + text[i + size:] for i in range(6, len(text), size)]
        good = [t for t, parts, *_ in differ(cuts)[1] if kind in parts] if cuts else []
        if good:
            text = min(good, key=len)
        else:
            size //= 2
    return text


def examples():
    """ClamAV's pages whose texts are not what its references say; None: there are none."""
    pages = sorted((EXAMPLES / "htmlnorm_scanfiles").glob("htmlnorm_*.html"))
    if not pages:
        return None
    wrong, compared = [], 0
    for page in pages:
        name = page.stem.removeprefix("htmlnorm_").removesuffix("_test")
        us = ours(page.parent, [page.name])[page.name]
        for suffix, part in REFERENCES.items():
            reference = EXAMPLES / "htmlnorm_reffiles" / f"{name}.{suffix}.ref"
            if not reference.exists():
                continue
            compared += 1
            if reference.read_bytes() != us[part]:
                wrong.append(f"{page.name}: {part}")
    return wrong if compared else ["there are pages, and no references"]


def main():
    wrong_examples = examples()
    if wrong_examples is None:
        print("ok 1 - ClamAV's examples # SKIP they are not here")
    else:
        for wrong in wrong_examples:
            print(f"# {wrong}")
        print(f"{'not ok' if wrong_examples else 'ok'} 1 - ClamAV's examples")
    if not shutil.which("clamscan"):
        print("ok 2 - random pages # SKIP no clamscan\n1..2")
        return 1 if wrong_examples else 0
    return max(bool(wrong_examples), random_pages())


def random_pages():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    kind = sys.argv[4] if len(sys.argv) > 4 else "mixed"
    chosen = random.Random(seed)
    wrong, shown, done, compared = 0, set(), 0, 0
    while done < count:
        texts = list(pages(kind, chosen, min(BATCH, count - done)))
        done += len(texts)
        pages_here, differing = differ(texts)
        compared += pages_here
        for text, parts, *_ in differing:
            wrong += 1
            if len(shown) >= SHOWN:
                continue
            small = shrink(text, parts[0])
            if small in shown:
                continue
            shown.add(small)
            for _, _, us, them in differ([small])[1]:
                print(f"# {small.encode('latin-1')}")
                for part in parts[:1]:
                    print(f"#   {part} here:  {us[part]}")
                    print(f"#   {part} there: {them.get(part)}")
    # Where clamscan says nothing, nothing was compared.
    bad = wrong > count // RARE or compared < count // 2
    print(f"{'not ok' if bad else 'ok'} 2 - {count} pages ({kind}, seed {seed}): "
          f"{wrong} of {compared} that are compared differ")
    print("1..2")
    return 1 if bad else 0


if __name__ == "__main__":
    VIEW_DUMP = sys.argv[1]
    sys.exit(main())
