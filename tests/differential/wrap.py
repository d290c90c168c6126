# SPDX-License-Identifier: Apache-2.0
"""Containers around a file, as the conditions of a rule ask for them."""
import gzip
import io
import tarfile
import zipfile
import zlib

from pattern import Unsolved

WRAPPED_SHARE = 0.05


def wrapped(data, conditions, rng=None):
    """In the containers that a rule asks for; where it asks for none, now and then in some."""
    chain = []
    if "Intermediates" in conditions:
        chain = conditions["Intermediates"].split(">")
    elif "Container" in conditions:
        chain = [conditions["Container"]]
    elif rng and rng.random() < WRAPPED_SHARE:
        chain = rng.choices(sorted(WRAPPERS), k=rng.choice((1, 1, 2)))
    for kind in reversed(chain):
        if kind == "CL_TYPE_ANY":
            continue
        if kind not in WRAPPERS:
            raise Unsolved(f"container {kind}")
        data = WRAPPERS[kind](data)
    return data


def in_zip(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("inner.bin", (2020, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def in_tar(data):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("inner.bin")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def in_gzip(data):
    return gzip.compress(data, mtime=0)


WRAPPERS = {"CL_TYPE_ZIP": in_zip, "CL_TYPE_GZ": in_gzip, "CL_TYPE_POSIX_TAR": in_tar}


def unwrapped(data):
    """What is in all of these containers around it, as far as they can be opened."""
    try:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return unwrapped(archive.read(archive.namelist()[0]))
        if data[:2] == b"\x1f\x8b":
            return unwrapped(gzip.decompress(data))
        if data[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                return unwrapped(archive.extractfile(archive.next()).read())
    # zipfile says of a password that a member needs, or of a method, that it is at run time.
    except (OSError, EOFError, IndexError, AttributeError, RuntimeError, zlib.error,
            zipfile.BadZipFile, tarfile.TarError):
        pass
    return data
