#!/usr/bin/env python3
"""Verify a Surety audit pack without trusting the program that wrote it.

    python3 verify_pack.py PACK.zip [--vkey VKEY ...] [--checkpoint FILE ...]

Needs Python 3.11 or newer and the package `cryptography`; nothing of Surety.
Exit status: 0 verified, 1 found wanting, 2 wrong use.

What is checked, in this order:

 1. The zip: sane names, no bomb, every file unbroken.
 2. manifest.json: lists every other file with its true length and SHA-256, and no file is unlisted.
 3. ledger/entries.jsonl: each header is in canonical form (RFC 8785), numbered densely from 0, of the
    one organisation; instants never run backwards; idempotency keys are unique; each digest is
    SHA-256(salt || payload); a payload says what its header says it does. An entry without payload
    was redacted, and a later `redacted` entry must say so.
 4. ledger/checkpoint: signed with a trusted key, of exactly these entries, with exactly the root
    (RFC 6962) that is computed here from the entries.
 5. ledger/checkpoints/SIZE and every --checkpoint FILE: signed with a trusted key, and the root is
    the one computed here over the first SIZE entries. A ledger that was rewritten after such a
    checkpoint was made fails here, even if whoever rewrote it holds the signing key.
 6. ledger/proofs.jsonl and ledger/consistency.jsonl: each proof holds (RFC 9162, 2.1.3.2, 2.1.4.2).
 7. evidence/SHA256: each file has the SHA-256 that is its name.
 8. records/KIND/ID.json: body, version and custom fields are those that the ledger stated last, and
    the state is the one to which it moved the record last. (The state of a record that was never
    moved is the first of its kind's life cycle, which the ledger does not say.)

What trust rests on. With --vkey, only the keys given are trusted: take them from the organisation by
another way than the pack. Without, the keys in the pack itself are used, which proves that the pack
is whole and agrees with itself, but not who made it. An older checkpoint that you kept from an
earlier visit (--checkpoint) proves in addition that nothing before it was changed since.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.stderr.write("verify_pack: the Python package `cryptography` is needed: pip install cryptography\n")
    raise SystemExit(2) from None

# Limits. An honest pack stays far below them; a zip bomb does not.
MAX_FILES = 200_000
MAX_TOTAL_BYTES = 32 * 2**30
MAX_EXPANSION = 250  # times the zip's own size; deflate makes JSON about 5 to 30 times smaller
ALWAYS_ALLOWED_BYTES = 64 * 2**20  # below this the expansion does not matter
MAX_JSON_BYTES = 64 * 2**20  # one JSON file or one line of a JSON Lines file
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
MAX_HEADER_BYTES = 65_535

CHUNK = 2**20
# What zipfile raises for a zip with a flipped bit, depending on where the bit stands.
BROKEN_ZIP = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
)
HEX_64 = re.compile(r"[0-9a-f]{64}")
DECIMAL = re.compile(r"0|[1-9][0-9]{0,19}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
HEADER_KEYS = {"actor", "digest", "instant", "kind", "organisation", "schema", "seq"}


class Wanting(Exception):
    """Something in the pack is not as it should be; the text says what and where."""


class WrongUse(Exception):
    """The arguments of the program are wrong, not the pack."""


# --------------------------------------------------------------------------------------------------
# JSON


def strict_json(data: bytes | str, where: str) -> Any:
    """`data` as JSON, refusing what two readers could understand differently: a key that stands
    twice in an object, and numbers that are none (NaN, Infinity)."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice in an object")
        return found

    def no_number(text: str) -> Any:
        raise ValueError(f"{text} is not a JSON number")

    try:
        if isinstance(data, bytes):
            data = data.decode("utf-8")
        return json.loads(data, object_pairs_hook=unique, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise Wanting(f"{where}: not proper JSON: {error}") from None


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; Python alone would take true for 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def is_whole(value: Any, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def field_of(value: Any, key: str, kind: type, where: str) -> Any:
    """`value[key]`, which must be there and be of the type `kind`."""
    if not isinstance(value, dict) or type(value.get(key)) is not kind:
        names = {str: "text", int: "whole number", list: "list", dict: "object"}
        raise Wanting(f"{where}: no {names[kind]} called \"{key}\"")
    return value[key]


def decode_base64(text: Any, length: int | None, where: str) -> bytes:
    """The bytes of canonical padded base64, `length` of them if that is given."""
    try:
        data = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Wanting(f"{where}: not base64") from None
    if base64.b64encode(data).decode() != text or (length is not None and len(data) != length):
        raise Wanting(f"{where}: not the base64 of {length} bytes" if length else f"{where}: not canonical base64")
    return data


# --------------------------------------------------------------------------------------------------
# Merkle tree (RFC 6962 section 2.1)


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """All roots of perfect subtrees: levels[l][i] covers the leaves from i * 2**l on."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self.levels[0])

    def append(self, leaf: bytes) -> None:
        self.levels[0].append(leaf)
        level = 0
        while len(self.levels[level]) % 2 == 0:
            if level + 1 == len(self.levels):
                self.levels.append([])
            self.levels[level + 1].append(node_hash(*self.levels[level][-2:]))
            level += 1

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        if size == 0:
            return hashlib.sha256(b"").digest()
        # The perfect subtrees that make up the tree, one for each binary digit of the size.
        peaks, start = [], 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                peaks.append(self.levels[level][start >> level])
                start += 1 << level
        root = peaks.pop()
        while peaks:
            root = node_hash(peaks.pop(), root)
        return root


def inclusion_holds(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2. Every tree begins with the empty one, which needs no proof."""
    if old == 0:
        return not proof
    if old == new:
        return not proof and old_root == new_root
    if old > new or not proof:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    # A perfect old tree is a subtree of the new one, and its root is left out of the proof.
    hashes = [old_root, *proof] if old & (old - 1) == 0 else proof
    old_found = new_found = hashes[0]
    for value in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_found, new_found = node_hash(value, old_found), node_hash(value, new_found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_found = node_hash(new_found, value)
        node, last = node >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


# --------------------------------------------------------------------------------------------------
# Signed notes (c2sp.org/signed-note) and checkpoints (c2sp.org/tlog-checkpoint)


@dataclass(frozen=True)
class Key:
    """A verifier key: name+id+base64(type || public key)."""

    name: str
    id: bytes
    type: int  # 1: Ed25519; 4: Ed25519 cosignature of a witness
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Key:
        parts = text.split("+", 2)
        if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]) or not is_key_name(parts[0]):
            raise Wanting(f"\"{text}\" is not a key as name+id+base64")
        data = decode_base64(parts[2], 33, f"key {parts[0]}")
        name, key_id = parts[0], bytes.fromhex(parts[1])
        if data[0] not in (1, 4):
            raise Wanting(f"key {name}: signature type {data[0]} is not known here")
        if hashlib.sha256(name.encode() + b"\n" + data).digest()[:4] != key_id:
            raise Wanting(f"key {name}: the id does not belong to this name and key")
        return cls(name, key_id, data[0], data[1:])

    def __str__(self) -> str:
        typed = bytes([self.type]) + self.public
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(typed).decode()}"

    def verifies(self, text: bytes, signature: bytes) -> bool:
        if self.type == 4:
            if len(signature) != 72:
                return False
            (time,) = struct.unpack(">Q", signature[:8])
            text, signature = f"cosignature/v1\ntime {time}\n".encode() + text, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


def is_key_name(name: str) -> bool:
    """Whether a name can stand on a signature line."""
    wrong = any(c.isspace() or c == "+" or unicodedata.category(c) == "Cc" for c in name)
    return bool(name) and len(name.encode()) <= 255 and not wrong


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


def open_checkpoint(note: bytes, keys: list[Key], where: str) -> Checkpoint:
    """The checkpoint in a signed note, if a trusted key named like its origin signed it and no
    signature of another trusted key is wrong. Signatures of unknown keys are ignored."""
    if len(note) > MAX_NOTE_BYTES or any(byte < 0x20 and byte != 0x0A for byte in note):
        raise Wanting(f"{where}: not a signed note: too long or with control characters")
    body, gap, lines = note.rpartition(b"\n\n")
    if not gap or not lines.endswith(b"\n"):
        raise Wanting(f"{where}: not a signed note: no text, empty line and signature lines")
    text = body + b"\n"
    signatures = lines[:-1].split(b"\n")
    if len(signatures) > MAX_SIGNATURES:
        raise Wanting(f"{where}: more than {MAX_SIGNATURES} signatures")
    signers = []
    for line in signatures:
        name, key_id, signature = parse_signature(line, where)
        for key in keys:
            if (key.name, key.id) == (name, key_id):
                if not key.verifies(text, signature):
                    raise Wanting(f"{where}: the signature of {name}+{key_id.hex()} is wrong")
                signers.append(key)
    checkpoint = parse_checkpoint(text, where)
    if not any(key.type == 1 and key.name == checkpoint.origin for key in signers):
        raise Wanting(
            f"{where}: not signed with a trusted key of {checkpoint.origin}"
            " (if it was signed with an earlier key that you trust too, give that with --vkey)"
        )
    return checkpoint


def parse_signature(line: bytes, where: str) -> tuple[str, bytes, bytes]:
    try:
        dash, name, encoded = line.decode("utf-8").split(" ")
    except ValueError:
        raise Wanting(f"{where}: a signature line is not as \"— name base64\"") from None
    data = decode_base64(encoded, None, f"{where}: signature of {name}")
    if dash != "—" or not is_key_name(name) or len(data) < 5:
        raise Wanting(f"{where}: a signature line is not as \"— name base64\"")
    return name, data[:4], data[4:]


def parse_checkpoint(text: bytes, where: str) -> Checkpoint:
    try:
        lines = text.decode("utf-8").split("\n")[:-1]
    except ValueError:
        raise Wanting(f"{where}: not UTF-8") from None
    if len(lines) < 3 or not all(lines) or not DECIMAL.fullmatch(lines[1]):
        raise Wanting(f"{where}: not a checkpoint of the lines origin, size and root")
    return Checkpoint(lines[0], int(lines[1]), decode_base64(lines[2], 32, f"{where}: root"))


def parse_keys(text: str, where: str) -> list[Key]:
    """One key a line; empty lines and lines that start with # are skipped."""
    keys = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                keys.append(Key.parse(line.strip()))
            except Wanting as error:
                raise Wanting(f"{where}, line {number}: {error}") from None
    return keys


# --------------------------------------------------------------------------------------------------
# The zip


class Pack:
    """The files of a pack, by their paths."""

    def __init__(self, file: str | Path | IO[bytes]) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
        except BROKEN_ZIP as error:
            raise Wanting(f"not a zip file: {error}") from None
        self.infos: dict[str, zipfile.ZipInfo] = {}
        infos = self.zip.infolist()
        if len(infos) > MAX_FILES:
            raise Wanting(f"the zip has {len(infos)} files, more than {MAX_FILES}")
        for info in infos:
            self._add(info)
        total = sum(info.file_size for info in infos)
        # The length of the zip itself, not the sum of what its files claim: they could overlap.
        packed = self.zip.fp.seek(0, 2)
        if total > MAX_TOTAL_BYTES or total > max(ALWAYS_ALLOWED_BYTES, MAX_EXPANSION * packed):
            raise Wanting(f"the zip would unpack {packed} bytes to {total}: that is no honest pack")

    def _add(self, info: zipfile.ZipInfo) -> None:
        path = info.filename
        parts = path.split("/")
        if "" in parts or "." in parts or ".." in parts or "\\" in path or ":" in path:
            raise Wanting(f"the zip has a file with the unsafe name {path!r}")
        if path in self.infos:
            raise Wanting(f"the zip has the file {path} twice")
        if info.flag_bits & 1:
            raise Wanting(f"{path} is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Wanting(f"{path} is compressed in an unusual way; a pack is stored or deflated")
        self.infos[path] = info

    def under(self, folder: str) -> list[str]:
        """The paths in `folder`, which ends with a slash, in order."""
        return sorted(path for path in self.infos if path.startswith(folder))

    def open(self, path: str) -> IO[bytes]:
        if path not in self.infos:
            raise Wanting(f"{path} is missing")
        return self.zip.open(self.infos[path])

    def read(self, path: str, limit: int = MAX_JSON_BYTES) -> bytes:
        with self.open(path) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise Wanting(f"{path} is longer than {limit} bytes")
        return data

    def lines(self, path: str) -> Iterator[tuple[str, Any]]:
        """Each line of a JSON Lines file with the name of its place."""
        with self.open(path) as file:
            number = 0
            while line := file.readline(MAX_JSON_BYTES + 1):
                number += 1
                where = f"{path}, line {number}"
                if len(line) > MAX_JSON_BYTES:
                    raise Wanting(f"{where} is longer than {MAX_JSON_BYTES} bytes")
                yield where, strict_json(line, where)

    def digest(self, path: str) -> tuple[str, int]:
        """SHA-256 and length of a file; reading it to its end also checks its CRC."""
        sha, length = hashlib.sha256(), 0
        with self.open(path) as file:
            while chunk := file.read(CHUNK):
                sha.update(chunk)
                length += len(chunk)
        return sha.hexdigest(), length


# --------------------------------------------------------------------------------------------------
# The ledger


@dataclass
class Latest:
    """What the ledger last says of one record. Each is (number of the entry, what it says)."""

    stated: tuple[int, dict[str, Any]] | None = None
    moved: tuple[int, str] | None = None
    withdrawn: int | None = None


@dataclass
class Ledger:
    organisation: str
    tree: Tree = field(default_factory=Tree)
    instant: str = ""
    idempotency_keys: dict[bytes, int] = field(default_factory=dict)
    records: dict[tuple[str, str], Latest] = field(default_factory=dict)
    erased: dict[int, str] = field(default_factory=dict)  # entries without payload, with their kind
    named: dict[int, int] = field(default_factory=dict)  # entry said to be erased: by which entry

    def add(self, line: Any) -> None:
        """Checks the next entry and takes it in."""
        seq = len(self.tree)
        where = f"entry {seq}"
        if not isinstance(line, dict) or line.keys() != {"header", "salt", "payload"}:
            raise Wanting(f"{where}: expected header, salt and payload")
        text = field_of(line, "header", str, where)
        header = self.check_header(text, seq)
        if line["salt"] is None and line["payload"] is None:
            self.erased[seq] = header["kind"]
        else:
            salt = decode_base64(line["salt"], 32, f"{where}: salt")
            payload = utf8(field_of(line, "payload", str, where), where)
            if hashlib.sha256(salt + payload).hexdigest() != header["digest"]:
                raise Wanting(f"{where}: salt and payload do not have the digest in the header")
            event = strict_json(payload, f"{where}: payload")
            if field_of(event, "type", str, where) != header["kind"]:
                raise Wanting(f"{where}: the payload is of another type than the header says")
            self.apply(seq, event, seq)
        self.tree.append(leaf_hash(utf8(text, where)))

    def check_header(self, text: str, seq: int) -> dict[str, Any]:
        where = f"entry {seq}"
        header = strict_json(text, f"{where}: header")
        if not isinstance(header, dict):
            raise Wanting(f"{where}: the header is no object")
        texts = (set(header) | HEADER_KEYS) - {"schema", "seq"}
        if set(header) - {"idempotency_key"} != HEADER_KEYS or not all(
            type(header[key]) is str and header[key] for key in texts
        ):
            raise Wanting(f"{where}: the header has not the fields that it must have")
        if not is_whole(header["schema"], 2**32) or not HEX_64.fullmatch(header["digest"]):
            raise Wanting(f"{where}: the header's schema or digest is not of the right form")
        if not is_whole(header["seq"], 2**53) or header["seq"] != seq:
            raise Wanting(f"{where}: the header says that it is entry {header['seq']}")
        # RFC 8785 for an object of texts and whole numbers: sorted keys, no spaces, and just the
        # escapes that Python writes too.
        canonical = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if canonical != text or len(utf8(text, where)) > MAX_HEADER_BYTES:
            raise Wanting(f"{where}: the header is not in canonical form (RFC 8785)")
        if header["organisation"] != self.organisation:
            raise Wanting(f"{where}: the header names the organisation {header['organisation']}")
        self.check_instant(header["instant"], where)
        self.check_idempotency_key(header.get("idempotency_key"), seq)
        return header

    def check_instant(self, instant: str, where: str) -> None:
        try:
            if not INSTANT.fullmatch(instant):
                raise ValueError
            # Python does not know the year 0, which has the days of 2000.
            datetime.fromisoformat("2000" + instant[4:] if instant.startswith("0000") else instant)
        except ValueError:
            raise Wanting(f"{where}: {instant} is not an instant as 2026-11-21T11:37:05.000001Z") from None
        # All of one length, the largest unit first: the order of texts is that of instants.
        if instant < self.instant:
            raise Wanting(f"{where}: its instant {instant} is before that of the entry before")
        self.instant = instant

    def check_idempotency_key(self, key: str | None, seq: int) -> None:
        if key is not None:
            first = self.idempotency_keys.setdefault(hashlib.sha256(utf8(key, f"entry {seq}")).digest(), seq)
            if first != seq:
                raise Wanting(f"entry {seq}: its idempotency key is that of entry {first}")

    def apply(self, seq: int, event: dict[str, Any], by: int) -> None:
        """Takes in what entry `seq` says, of which entry `by` tells: itself, or the entry that kept
        what is left of it when it was erased. So entries may come out of order: the later counts."""
        where = f"entry {by}" if seq == by else f"entry {by}, what it keeps of entry {seq}"
        kind = field_of(event, "type", str, where)
        if kind == "redacted":
            self.apply_redaction(event, by, where)
        elif kind in ("stated", "moved", "withdrawn"):
            key = field_of(event, "kind", str, where), field_of(event, "id", str, where)
            latest = self.records.setdefault(key, Latest())
            if kind == "stated":
                field_of(event, "body", dict, where)
                if latest.stated is None or latest.stated[0] < seq:
                    latest.stated = seq, event
            elif kind == "moved":
                to = field_of(event, "to", str, where)
                if latest.moved is None or latest.moved[0] < seq:
                    latest.moved = seq, to
            else:
                latest.withdrawn = max(seq, latest.withdrawn or 0)

    def apply_redaction(self, event: dict[str, Any], by: int, where: str) -> None:
        erased = field_of(event, "seq", int, where)
        if not 0 <= erased < by:
            raise Wanting(f"{where}: it redacts entry {erased}, which is not before it")
        self.named[erased] = by
        residue = event.get("residue")
        if residue is not None:
            if field_of(residue, "type", str, where) != self.erased.get(erased, residue["type"]):
                raise Wanting(f"{where}: what it keeps of entry {erased} is of another type than that entry")
            self.apply(erased, residue, by)

    def check_redactions(self) -> None:
        for seq in sorted(self.erased.keys() - self.named.keys()):
            raise Wanting(f"entry {seq}: its payload is gone, and no later entry says that it was redacted")
        for seq in sorted(self.named.keys() - self.erased.keys()):
            raise Wanting(f"entry {seq}: entry {self.named[seq]} says that it was redacted, but its payload is there")


def utf8(text: str, where: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Wanting(f"{where}: half of a surrogate pair is no text") from None


# --------------------------------------------------------------------------------------------------
# The verification


class Verification:
    """Runs the checks and keeps what they found. Each check goes on where the one before stopped."""

    def __init__(self) -> None:
        self.checked: list[str] = []
        self.findings: list[str] = []
        self.notes: list[str] = []

    def run(self, file: str | Path | IO[bytes], vkeys: list[Key], kept: list[tuple[str, bytes]]) -> None:
        try:
            self._run(file, vkeys, kept)
        except Wanting as error:
            self.findings.append(str(error))
        except RecursionError:
            self.findings.append("JSON in the pack is nested deeper than in any honest file")
        except BROKEN_ZIP as error:
            self.findings.append(f"the zip is broken: {error}")

    def _run(self, file: str | Path | IO[bytes], vkeys: list[Key], kept: list[tuple[str, bytes]]) -> None:
        pack = Pack(file)
        manifest = strict_json(pack.read("manifest.json"), "manifest.json")
        self.attempt(self.check_manifest, pack, manifest)
        keys = self.keys(pack, vkeys)
        ledger = self.check_entries(pack, manifest)
        self.attempt(self.check_head, pack, manifest, ledger, keys)
        older = self.check_checkpoints(pack, manifest, ledger, keys, kept)
        self.attempt(self.check_inclusion, pack, ledger)
        self.attempt(self.check_consistency, pack, ledger, older)
        self.attempt(self.check_evidence, pack)
        self.check_records(pack, ledger)

    def attempt(self, check: Any, *arguments: Any) -> None:
        """Runs a check on which no other depends."""
        try:
            check(*arguments)
        except Wanting as error:
            self.findings.append(str(error))

    def check_manifest(self, pack: Pack, manifest: Any) -> None:
        where = "manifest.json"
        if field_of(manifest, "format", str, where) != "surety-pack" or manifest.get("version") != 1:
            raise Wanting("manifest.json: not the manifest of a surety-pack, version 1")
        listed: set[str] = set()
        for file in field_of(manifest, "files", list, where):
            path = field_of(file, "path", str, where)
            if path in listed:
                raise Wanting(f"manifest.json lists {path} twice")
            listed.add(path)
            if path not in pack.infos:
                self.findings.append(f"{path} is listed in manifest.json but is not there")
            elif pack.digest(path) != (file.get("sha256"), file.get("bytes")):
                self.findings.append(f"{path} has not the SHA-256 and length that manifest.json lists")
        for path in sorted(pack.infos.keys() - listed - {where}):
            self.findings.append(f"{path} is not listed in manifest.json")
        self.checked.append(f"manifest: {len(listed)} files compared with their listed SHA-256, none unlisted allowed")

    def keys(self, pack: Pack, vkeys: list[Key]) -> list[Key]:
        try:
            text = pack.read("ledger/keys.txt").decode("utf-8")
        except ValueError:
            raise Wanting("ledger/keys.txt: not UTF-8") from None
        of_pack = parse_keys(text, "ledger/keys.txt")
        if vkeys:
            self.checked.append(f"keys: only the {len(vkeys)} given with --vkey are trusted")
            return vkeys
        self.notes.append(
            "No --vkey was given, so the keys in the pack itself were used. This proves integrity, not "
            "origin: that the pack is whole and agrees with itself, not who made it."
        )
        self.checked.append(f"keys: {len(of_pack)} read from the pack")
        return of_pack

    def check_entries(self, pack: Pack, manifest: Any) -> Ledger:
        organisation = field_of(manifest, "organisation", dict, "manifest.json")
        ledger = Ledger(field_of(organisation, "id", str, "manifest.json: organisation"))
        for _, line in pack.lines("ledger/entries.jsonl"):
            ledger.add(line)
        self.attempt(ledger.check_redactions)
        self.checked.append(
            f"entries: {len(ledger.tree)} with canonical headers, dense numbers, instants in order and "
            f"unique idempotency keys; all digests match but those of {len(ledger.erased)} redacted entries"
        )
        return ledger

    def check_head(self, pack: Pack, manifest: Any, ledger: Ledger, keys: list[Key]) -> None:
        path, size = "ledger/checkpoint", len(ledger.tree)
        head = open_checkpoint(pack.read(path, MAX_NOTE_BYTES), keys, path)
        if field_of(manifest, "size", int, "manifest.json") != size or head.size != size:
            raise Wanting(f"{path} is of {head.size} entries, manifest.json of {manifest['size']}; there are {size}")
        self.compare(head, manifest, ledger, path)
        self.checked.append(f"checkpoint: signed, with the root computed from all {size} entries")

    def compare(self, checkpoint: Checkpoint, manifest: Any, ledger: Ledger, where: str) -> None:
        if checkpoint.origin != field_of(manifest, "origin", str, "manifest.json"):
            raise Wanting(f"{where}: its origin is {checkpoint.origin}, that of the pack is {manifest['origin']}")
        if checkpoint.size > len(ledger.tree):
            raise Wanting(
                f"{where} is of {checkpoint.size} entries, but the ledger has only {len(ledger.tree)}: "
                "entries were cut off, or the pack is older than the checkpoint"
            )
        if checkpoint.root != ledger.tree.root(checkpoint.size):
            raise Wanting(
                f"{where}: the first {checkpoint.size} entries have another root than the one signed: "
                "an entry before it was changed since"
            )

    def check_checkpoints(
        self, pack: Pack, manifest: Any, ledger: Ledger, keys: list[Key], kept: list[tuple[str, bytes]]
    ) -> list[Checkpoint]:
        """Checks the older checkpoints of the pack and those that the auditor kept; gives the former."""
        older: list[Checkpoint] = []

        def check(note: bytes, where: str) -> Checkpoint:
            checkpoint = open_checkpoint(note, keys, where)
            self.compare(checkpoint, manifest, ledger, where)
            return checkpoint

        def check_older(path: str) -> None:
            checkpoint = check(pack.read(path, MAX_NOTE_BYTES), path)
            if path != f"{folder}{checkpoint.size}":
                raise Wanting(f"{path} is of {checkpoint.size} entries, not of as many as its name says")
            older.append(checkpoint)

        folder = "ledger/checkpoints/"
        for path in pack.under(folder):
            self.attempt(check_older, path)
        for name, note in kept:
            self.attempt(check, note, f"your checkpoint {name}")
        self.checked.append(
            f"older checkpoints: {len(pack.under(folder))} of the pack and {len(kept)} of yours, each compared "
            "with the root at its size"
        )
        return older

    def check_inclusion(self, pack: Pack, ledger: Ledger) -> None:
        size = len(ledger.tree)
        root = ledger.tree.root(size)
        stated = {id: latest.stated[0] for (_, id), latest in ledger.records.items() if latest.stated}
        proved: set[str] = set()
        for where, line in pack.lines("ledger/proofs.jsonl"):
            record = field_of(line, "record", str, where)
            index = field_of(line, "index", int, where)
            hashes = proof_hashes(line, where)
            if record in proved:
                raise Wanting(f"{where}: a second proof for {record}")
            if stated.get(record) != index:
                raise Wanting(f"{where}: entry {index} is not the one that last stated {record}")
            if line.get("size") != size or not inclusion_holds(
                index, size, ledger.tree.levels[0][index], hashes, root
            ):
                raise Wanting(f"{where}: the inclusion proof of {record} does not hold")
            proved.add(record)
        for path in pack.under("records/"):
            if record_id(path) not in proved:
                self.findings.append(f"{path}: ledger/proofs.jsonl has no inclusion proof of it")
        self.checked.append(f"inclusion proofs: {len(proved)} hold")

    def check_consistency(self, pack: Pack, ledger: Ledger, older: list[Checkpoint]) -> None:
        size = len(ledger.tree)
        roots = {checkpoint.size: checkpoint.root for checkpoint in older}
        proved: set[int] = set()
        for where, line in pack.lines("ledger/consistency.jsonl"):
            old = field_of(line, "old", int, where)
            hashes = proof_hashes(line, where)
            if old not in roots:
                raise Wanting(f"{where}: there is no proper checkpoint of {old} entries in the pack")
            if line.get("new") != size or not consistency_holds(
                old, size, roots[old], ledger.tree.root(size), hashes
            ):
                raise Wanting(f"{where}: the consistency proof from {old} to {size} entries does not hold")
            proved.add(old)
        for missing in sorted(set(roots) - proved - {0, size}):
            self.findings.append(f"ledger/consistency.jsonl has no proof from {missing} to {size} entries")
        self.checked.append(f"consistency proofs: {len(proved)} hold")

    def check_evidence(self, pack: Pack) -> None:
        paths = pack.under("evidence/")
        for path in paths:
            if pack.digest(path)[0] != path.removeprefix("evidence/"):
                self.findings.append(f"{path} has not the SHA-256 that is its name")
        self.checked.append(f"evidence: {len(paths)} files compared with the SHA-256 in their names")

    def check_records(self, pack: Pack, ledger: Ledger) -> None:
        paths = pack.under("records/")
        for path in paths:
            self.attempt(self.check_record, pack, path, ledger)
        there = {tuple(path.removeprefix("records/").removesuffix(".json").split("/", 1)) for path in paths}
        live = {
            key for key, latest in ledger.records.items()
            if latest.stated and (latest.withdrawn is None or latest.withdrawn < latest.stated[0])
        }
        absent = sorted(id for _, id in live - there)
        if absent:
            few = ", ".join(absent[:20]) + (", ..." if len(absent) > 20 else "")
            self.notes.append(f"{len(absent)} records on the ledger have no file in records/: {few}")
        self.checked.append(f"records: {len(paths)} files compared with the ledger's latest word on them")

    def check_record(self, pack: Pack, path: str, ledger: Ledger) -> None:
        record = strict_json(pack.read(path), path)
        kind, id = field_of(record, "kind", str, path), field_of(record, "id", str, path)
        if path != f"records/{kind}/{id}.json":
            raise Wanting(f"{path}: it calls itself {kind}/{id}")
        latest = ledger.records.get((kind, id))
        if latest is None or latest.stated is None:
            raise Wanting(f"{path}: the ledger never stated this record")
        seq, event = latest.stated
        if not same_json(record.get("body"), event["body"]):
            raise Wanting(f"{path}: its body is not the one that entry {seq} stated last")
        if "version" in event and not same_json(record.get("version"), event["version"]):
            raise Wanting(f"{path}: its version is not the one that entry {seq} stated last")
        if "custom" in record and not same_json(record["custom"] or {}, event.get("custom") or {}):
            raise Wanting(f"{path}: its custom fields are not those that entry {seq} stated last")
        if latest.moved is not None and record.get("state") != latest.moved[1]:
            raise Wanting(f"{path}: its state is not \"{latest.moved[1]}\", to which entry {latest.moved[0]} moved it")


def proof_hashes(line: Any, where: str) -> list[bytes]:
    hashes = field_of(line, "hashes", list, where)
    if len(hashes) > 128:
        raise Wanting(f"{where}: more hashes than any proof has")
    return [decode_base64(value, 32, where) for value in hashes]


def record_id(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".json")


# --------------------------------------------------------------------------------------------------
# The program


def verify_pack(
    pack: str | Path | IO[bytes], vkeys: list[str] | None = None, checkpoints: list[tuple[str, bytes]] | None = None
) -> Verification:
    """Verifies a pack, given as a path or an open file. `checkpoints` are (name, signed note). The
    pack is in order if the result has no findings. Raises WrongUse if a key given is no key."""
    try:
        keys = [Key.parse(text) for text in vkeys or []]
    except Wanting as error:
        raise WrongUse(f"--vkey: {error}") from None
    verification = Verification()
    verification.run(pack, keys, checkpoints or [])
    return verification


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="verify_pack.py",
        description="Verify a Surety audit pack without trusting the program that wrote it.",
        epilog="Exit status: 0 verified, 1 found wanting, 2 wrong use.",
    )
    parser.add_argument("pack", metavar="PACK.zip", help="the audit pack")
    parser.add_argument(
        "--vkey", action="append", default=[], metavar="VKEY",
        help="a key to trust, as name+id+base64, got by another way than the pack; may be given again",
    )
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE",
        help="an older signed checkpoint that you kept; may be given again",
    )
    options = parser.parse_args(arguments)
    try:
        if not Path(options.pack).is_file():
            raise WrongUse(f"there is no file {options.pack}")
        kept = [(name, Path(name).read_bytes()) for name in options.checkpoint]
        verification = verify_pack(options.pack, options.vkey, kept)
    except (WrongUse, OSError) as error:
        print(f"verify_pack: {error}", file=sys.stderr)
        return 2
    for line in verification.checked:
        print(f"checked  {line}")
    for line in verification.notes:
        print(f"note     {line}")
    for line in verification.findings:
        print(f"WANTING  {line}")
    print("FOUND WANTING" if verification.findings else "VERIFIED")
    return 1 if verification.findings else 0


if __name__ == "__main__":
    sys.exit(main())
