# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Samples that tests scan, made when they are needed: nothing in this tree may be found.

# eicar: the EICAR test file (68 bytes), put together from pieces.
eicar() {
	# shellcheck disable=SC2016 # no variables
	printf '%s%s%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}' '$EICAR-STANDARD-' \
		'ANTIVIRUS-TEST' '-FILE!$H+H*'
}

# pack ARCHIVE NAME FILE: the file as the only member, called NAME; the ending says how.
pack() {
	python3 -B - "$@" <<'END'
import gzip, io, sys, tarfile, zipfile

archive, name, path = sys.argv[1:]
content = open(path, "rb").read()

if archive.endswith(".zip"):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(name, content)
elif archive.endswith((".tar", ".tar.gz")):
    with tarfile.open(archive, "w:gz" if archive.endswith(".gz") else "w") as t:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        t.addfile(member, io.BytesIO(content))
else:
    with gzip.GzipFile(archive, "wb", mtime=0) as z:
        z.write(content)
END
}

# json FILE EXPRESSION: true if each line is a JSON object and the Python expression over
# `lines` is true.
json() {
	python3 -B - "$@" <<'END'
import base64, json, sys

path, expression = sys.argv[1:]
lines = [json.loads(line) for line in open(path, encoding="utf-8")]
if not eval(expression):
    print(*lines, sep="\n")
    sys.exit(f"not true: {expression}")
END
}

# hex TEXT: as rules have it.
hex() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# many FOLDER COUNT BYTES: that many files of that many bytes, which take the room of one.
many() {
	python3 -B - "$@" <<'END'
import os, random, sys

folder, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.mkdir(folder)
with open(f"{folder}/00000", "wb") as f:
    f.write(random.Random(1).randbytes(size))
for i in range(1, count):
    os.link(f"{folder}/00000", f"{folder}/{i:05}")
END
}
