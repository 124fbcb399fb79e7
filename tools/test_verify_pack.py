"""What verify_pack.py promises: an honest pack verifies, and every way to tamper with one is found.

    python3 -m unittest discover tools

The packs are built here, with throw-away keys, by code that shares nothing with the verifier but the
format; the Merkle trees follow the recursive definitions of RFC 6962 to the letter.
"""

import base64
import contextlib
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(Path(__file__).parent))
import verify_pack  # noqa: E402

ORIGIN = "surety.example/acme"


def b64(data):
    return base64.b64encode(data).decode()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def split(n):
    return 1 << (n - 1).bit_length() - 1


def inclusion(m, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return inclusion(m, leaves[:k]) + [root(leaves[k:])]
    return inclusion(m - k, leaves[k:]) + [root(leaves[:k])]


def consistency(m, leaves, whole=True):
    if m == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return consistency(m, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(m - k, leaves[k:], False) + [root(leaves[:k])]


class Signer:
    def __init__(self, seed, name=ORIGIN, type=1):
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.name, self.type = name, type
        typed = bytes([type]) + self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(typed)}"

    def line(self, text):
        if self.type == 4:
            time = 1_760_000_000
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            signature = time.to_bytes(8, "big") + self.key.sign(message)
        else:
            signature = self.key.sign(text.encode())
        return f"— {self.name} {b64(self.id + signature)}\n"


OLD, NEW = Signer(1), Signer(2)
WITNESS = Signer(3, "witness.example/w", 4)


class Builder:
    """An honest pack as plain values, to be changed before it is written."""

    def __init__(self):
        self.headers, self.salts, self.payloads = [], [], []
        self.signers = [NEW]
        self.records, self.stated = {}, {}
        self.evidence = [b"model card", b"test report"]
        for number in (1, 2, 3):
            self.state(f"SYS-{number}", 1, {"name": f"System {number}", "used": True})
        self.move("SYS-1", "draft", "approved")
        self.state("SYS-2", 2, {"name": "Süßes \"Zwei\"", "used": False})
        self.say({"type": "withdrawn", "kind": "ai_system", "id": "SYS-3", "reason": "retired"})
        self.records.pop("SYS-3")
        # SYS-4 had personal data in its text, which was erased.
        seq = self.state("SYS-4", 1, {"name": "by Jane Doe"})
        residue = {"type": "stated", "kind": "ai_system", "id": "SYS-4", "version": 1, "body": {"name": "(erased)"}}
        self.say({"type": "redacted", "seq": seq, "reason": "GDPR Art. 17", "residue": residue})
        self.salts[seq] = self.payloads[seq] = None
        self.records["SYS-4"]["body"] = residue["body"]
        self.older = {3: OLD, 5: OLD, len(self.headers): NEW}

    def say(self, event, **header):
        seq = len(self.headers)
        self.salts.append(hashlib.sha256(b"salt %d" % seq).digest())
        self.payloads.append(json.dumps(event, ensure_ascii=False))
        self.headers.append(canonical({
            "actor": "u-1", "instant": f"2026-11-21T11:37:05.{seq:06}Z", "kind": event["type"], "organisation": "acme",
            "schema": 1, "seq": seq, "idempotency_key": f"key-{seq}", "digest": self.digest(seq), **header,
        }))
        return seq

    def digest(self, seq):
        return hashlib.sha256(self.salts[seq] + self.payloads[seq].encode()).hexdigest()

    def state(self, id, version, body):
        event = {"type": "stated", "kind": "ai_system", "id": id, "version": version, "body": body}
        state = self.records.get(id, {}).get("state", "draft")
        self.records[id] = {"id": id, "kind": "ai_system", "version": version, "state": state, "body": body}
        self.stated[id] = self.say(event)
        return self.stated[id]

    def move(self, id, before, to):
        self.say({"type": "moved", "kind": "ai_system", "id": id, "from": before, "to": to, "note": ""})
        self.records[id]["state"] = to

    def leaves(self):
        return [hashlib.sha256(b"\0" + header.encode()).digest() for header in self.headers]

    def checkpoint(self, size, *signers):
        text = f"{ORIGIN}\n{size}\n{b64(root(self.leaves()[:size]))}\n"
        return text + "\n" + "".join(signer.line(text) for signer in signers)

    def change_header(self, seq, **fields):
        """Changes fields of a header as a forger would, who hashes all anew."""
        self.headers[seq] = canonical({**json.loads(self.headers[seq]), **fields})

    def forge(self, seq, change):
        """Changes a payload, and all that is computed from it."""
        event = json.loads(self.payloads[seq])
        change(event)
        self.payloads[seq] = json.dumps(event)
        self.change_header(seq, digest=self.digest(seq))

    def files(self):
        leaves = self.leaves()
        size = len(leaves)
        lines = lambda values: "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
        files = {
            "ledger/entries.jsonl": lines(
                {"header": header, "salt": salt and b64(salt), "payload": payload}
                for header, salt, payload in zip(self.headers, self.salts, self.payloads)
            ),
            "ledger/checkpoint": self.checkpoint(size, *self.signers),
            "ledger/keys.txt": f"# old\n{OLD.vkey}\n# new\n{NEW.vkey}\n",
            "ledger/proofs.jsonl": lines(
                {"record": id, "index": self.stated[id], "size": size,
                 "hashes": [b64(value) for value in inclusion(self.stated[id], leaves)]}
                for id in self.records
            ),
            "ledger/consistency.jsonl": lines(
                {"old": old, "new": size, "hashes": [b64(value) for value in consistency(old, leaves)]}
                for old in self.older
            ),
            "README.txt": "An audit pack.",
        }
        for old, signer in self.older.items():
            files[f"ledger/checkpoints/{old}"] = self.checkpoint(old, signer)
        for id, record in self.records.items():
            files[f"records/ai_system/{id}.json"] = json.dumps(record)
        for data in self.evidence:
            files[f"evidence/{hashlib.sha256(data).hexdigest()}"] = data
        return {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}

    def manifest(self, files):
        return {
            "format": "surety-pack", "version": 1, "organisation": {"id": "acme", "name": "Acme"}, "as_of": "2026-11-21",
            "made_at": "2026-11-21T12:00:00Z", "origin": ORIGIN, "size": len(self.headers),
            "files": [
                {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
                for path, data in files.items()
            ],
        }


def zipped(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for path, data in files.items():
            pack.writestr(path, data)
    return file


def pack_of(builder, change_files=None):
    """The zip of a builder. `change_files` is made before the manifest lists the files."""
    files = builder.files()
    if change_files:
        change_files(files)
    files["manifest.json"] = json.dumps(builder.manifest(files)).encode()
    return files


class HonestPacks(unittest.TestCase):
    def verify(self, files, **arguments):
        result = verify_pack.verify_pack(zipped(files), **arguments)
        self.assertEqual(result.findings, [])
        return result

    def test_an_honest_pack_verifies_and_says_that_origin_is_not_proved(self):
        result = self.verify(pack_of(Builder()))
        self.assertEqual(len(result.checked), 9)
        self.assertIn("not origin", result.notes[0])

    def test_with_trusted_keys_given_nothing_is_left_open(self):
        result = self.verify(pack_of(Builder()), vkeys=[OLD.vkey, NEW.vkey])
        self.assertEqual(result.notes, [])

    def test_a_checkpoint_that_the_auditor_kept_is_met(self):
        builder = Builder()
        kept = [("kept", builder.checkpoint(4, OLD, WITNESS).encode())]
        self.verify(pack_of(builder), checkpoints=kept)
        self.verify(pack_of(builder), checkpoints=kept, vkeys=[OLD.vkey, NEW.vkey, WITNESS.vkey])

    def test_every_size_of_ledger_verifies(self):
        for size in range(1, 40):
            builder = Builder()
            for number in range(len(builder.headers), size):
                builder.state("SYS-9", number, {"number": number})
            builder.older = {old: OLD for old in range(1, len(builder.headers) + 1, 3)}
            self.verify(pack_of(builder))

    def test_records_that_the_pack_leaves_out_are_named(self):
        builder = Builder()
        del builder.records["SYS-1"]
        self.assertIn("1 records on the ledger have no file in records/: SYS-1", self.verify(pack_of(builder)).notes)

    def test_a_redaction_of_a_redaction_verifies(self):
        builder = Builder()
        last = len(builder.headers) - 1
        residue = json.loads(builder.payloads[last])
        residue["reason"] = "(erased)"
        builder.say({"type": "redacted", "seq": last, "reason": "again", "residue": residue})
        builder.salts[last] = builder.payloads[last] = None
        self.verify(pack_of(builder))


class TamperedPacks(unittest.TestCase):
    def found(self, expected, files, **arguments):
        result = verify_pack.verify_pack(zipped(files), **arguments)
        self.assertTrue(
            any(expected in finding for finding in result.findings), f"{expected!r} is not in {result.findings}"
        )
        return result

    def entries(self, change):
        """The pack whose entry lines were changed, everything else staying as signed."""
        def change_files(files):
            lines = [json.loads(line) for line in files["ledger/entries.jsonl"].splitlines()]
            change(lines)
            files["ledger/entries.jsonl"] = "".join(json.dumps(line) + "\n" for line in lines).encode()
        return pack_of(Builder(), change_files)

    # The zip and the manifest

    def test_a_file_changed_after_the_manifest_is_found(self):
        files = pack_of(Builder())
        files["README.txt"] += b"!"
        self.found("README.txt has not the SHA-256 and length", files)

    def test_an_unlisted_file_is_found(self):
        files = pack_of(Builder())
        files["soa.json"] = b"{}"
        self.found("soa.json is not listed", files)

    def test_a_missing_file_is_found(self):
        files = pack_of(Builder())
        del files["README.txt"]
        self.found("README.txt is listed in manifest.json but is not there", files)

    def test_a_pack_without_its_parts_is_found(self):
        for path in ("manifest.json", "ledger/entries.jsonl", "ledger/checkpoint", "ledger/keys.txt",
                     "ledger/proofs.jsonl", "ledger/consistency.jsonl"):
            files = pack_of(Builder(), lambda files: files.pop(path, None))
            files.pop(path, None)
            self.found(f"{path} is missing", files)

    def test_another_format_is_refused(self):
        files = pack_of(Builder())
        files["manifest.json"] = files["manifest.json"].replace(b"surety-pack", b"other-pack")
        self.found("not the manifest of a surety-pack", files)

    def test_unsafe_names_are_refused(self):
        for name in ("../x", "/x", "a//b", "a\\b", "C:x", "folder/"):
            with self.subTest(name):
                self.found("unsafe name", {**pack_of(Builder()), name: b""})

    def test_a_file_that_is_there_twice_is_refused(self):
        file = zipped(pack_of(Builder()))
        with zipfile.ZipFile(file, "a") as pack, self.assertWarns(UserWarning):
            pack.writestr("README.txt", "another")
        result = verify_pack.verify_pack(file)
        self.assertEqual(result.findings, ["the zip has the file README.txt twice"])

    def test_a_zip_bomb_is_refused(self):
        files = pack_of(Builder())
        files["bomb"] = bytes(70 * 2**20)
        self.found("that is no honest pack", files)

    def test_broken_zips_are_found_whatever_is_broken(self):
        good = zipped(pack_of(Builder())).getvalue()
        for cut in range(0, len(good), 97):
            self.assertTrue(verify_pack.verify_pack(io.BytesIO(good[:cut])).findings, cut)
        for at in range(0, len(good), 61):
            broken = bytearray(good)
            broken[at] ^= 0x55
            # A flipped bit may hit a date or an attribute, which say nothing: it must only not crash.
            verify_pack.verify_pack(io.BytesIO(bytes(broken)))

    def test_json_that_can_be_read_two_ways_is_refused(self):
        files = pack_of(Builder())
        files["manifest.json"] = files["manifest.json"].replace(b'{"format"', b'{"size":1,"format"')
        self.found("a key stands twice", files)
        deep = pack_of(Builder(), lambda files: files.update({"records/ai_system/SYS-1.json": b"[" * 100_000}))
        self.found("not proper JSON", deep)

    # Entries

    def test_a_changed_payload_is_found(self):
        def change(lines):
            lines[1]["payload"] = lines[1]["payload"].replace("System", "Sistem")
        self.found("entry 1: salt and payload do not have the digest", self.entries(change))

    def test_a_changed_salt_is_found(self):
        def change(lines):
            lines[1]["salt"] = b64(bytes(32))
        self.found("entry 1: salt and payload do not have the digest", self.entries(change))

    def test_a_changed_header_is_found(self):
        def change(lines):
            lines[1]["header"] = lines[1]["header"].replace('"u-1"', '"u-2"')
        self.found("the first 8 entries have another root", self.entries(change))

    def test_a_header_not_in_canonical_form_is_found(self):
        changes = [('{"actor"', '{ "actor"'), ('"u-1"', '"u\\u002d1"'), ('"schema":1,"seq":1', '"seq":1,"schema":1')]
        for before, after in changes:
            def change(lines):
                lines[1]["header"] = lines[1]["header"].replace(before, after)
            self.found("entry 1: the header is not in canonical form", self.entries(change))

    def test_a_header_with_wrong_fields_is_found(self):
        for fields in ({"more": "x"}, {"actor": ""}, {"actor": 1}, {"schema": True}, {"schema": -1}, {"digest": "00"}):
            builder = Builder()
            builder.change_header(1, **fields)
            self.found("entry 1: the header", pack_of(builder))

    def test_a_deleted_entry_is_found(self):
        self.found("entry 2: the header says that it is entry 3", self.entries(lambda lines: lines.pop(2)))

    def test_entries_cut_off_at_the_end_are_found(self):
        result = self.found("ledger/checkpoint is of 8 entries", self.entries(lambda lines: lines.pop()))
        self.assertTrue(any("entries were cut off" in finding for finding in result.findings))

    def test_reordered_and_inserted_entries_are_found(self):
        self.found("the header says that it is entry", self.entries(lambda lines: lines.reverse()))
        self.found("the header says that it is entry", self.entries(lambda lines: lines.insert(1, lines[1])))

    def test_an_entry_of_another_organisation_is_found(self):
        builder = Builder()
        builder.change_header(1, organisation="other")
        self.found("entry 1: the header names the organisation other", pack_of(builder))

    def test_instants_that_run_backwards_or_are_none_are_found(self):
        builder = Builder()
        builder.change_header(2, instant="2026-11-21T11:37:04.000002Z")
        self.found("entry 2: its instant", pack_of(builder))
        for instant in ("2026-11-31T11:37:05.000002Z", "2026-11-21T24:00:00.000000Z", "2026-11-21T11:37:05Z"):
            builder = Builder()
            builder.change_header(2, instant=instant)
            self.found("is not an instant", pack_of(builder))

    def test_an_idempotency_key_used_twice_is_found(self):
        builder = Builder()
        builder.change_header(3, idempotency_key="key-1")
        self.found("entry 3: its idempotency key is that of entry 1", pack_of(builder))

    def test_a_payload_of_another_type_than_its_header_is_found(self):
        builder = Builder()
        builder.change_header(1, kind="moved")
        self.found("entry 1: the payload is of another type", pack_of(builder))

    # Redaction

    def test_an_entry_erased_without_a_redacted_entry_is_found(self):
        def change(lines):
            lines[1]["salt"] = lines[1]["payload"] = None
        self.found("entry 1: its payload is gone", self.entries(change))

    def test_a_redacted_entry_whose_payload_is_there_is_found(self):
        builder = Builder()
        builder.say({"type": "redacted", "seq": 0, "reason": "GDPR Art. 17", "residue": None})
        self.found("entry 0: entry 8 says that it was redacted, but its payload is there", pack_of(builder))

    def test_a_redaction_of_what_is_not_before_it_is_found(self):
        builder = Builder()
        builder.say({"type": "redacted", "seq": 8, "reason": "odd"})
        self.found("it redacts entry 8, which is not before it", pack_of(builder))

    def test_what_is_kept_of_an_entry_must_be_of_its_type(self):
        builder = Builder()
        builder.forge(7, lambda event: event["residue"].update(type="withdrawn"))
        self.found("is of another type than that entry", pack_of(builder))

    # Signatures and roots

    def test_a_checkpoint_with_a_changed_text_is_found(self):
        def change(files):
            files["ledger/checkpoint"] = files["ledger/checkpoint"].replace(b"\n8\n", b"\n7\n")
        self.found("ledger/checkpoint: the signature of surety.example/acme", pack_of(Builder(), change))

    def test_a_checkpoint_of_a_stranger_is_found(self):
        builder = Builder()
        builder.signers = [Signer(9)]
        self.found("ledger/checkpoint: not signed with a trusted key", pack_of(builder))

    def test_the_word_of_a_witness_alone_is_not_that_of_the_log(self):
        builder = Builder()
        builder.signers = [WITNESS]
        keys = [OLD.vkey, NEW.vkey, WITNESS.vkey]
        self.found("ledger/checkpoint: not signed with a trusted key", pack_of(builder), vkeys=keys)

    def test_a_pack_signed_with_keys_of_its_own_is_found_with_trusted_keys(self):
        files = pack_of(Builder())
        self.found("not signed with a trusted key", files, vkeys=[Signer(9).vkey])

    def test_a_key_that_was_changed_is_found(self):
        def change(files):
            files["ledger/keys.txt"] = files["ledger/keys.txt"].replace(ORIGIN.encode(), b"surety.example/evil")
        self.found("ledger/keys.txt, line 2: key surety.example/evil: the id does not belong", pack_of(Builder(), change))

    def test_a_forged_ledger_is_found_by_an_older_checkpoint(self):
        builder = Builder()
        kept = [("kept", builder.checkpoint(4, OLD).encode())]
        builder.forge(1, lambda event: event["body"].update(name="Forged"))
        builder.older = {len(builder.headers): NEW}
        self.assertEqual(verify_pack.verify_pack(zipped(pack_of(builder))).findings, [], "alone it is perfect")
        self.found("your checkpoint kept: the first 4 entries have another root", pack_of(builder), checkpoints=kept)

    def test_a_forged_ledger_is_found_by_the_older_checkpoints_of_the_pack(self):
        builder = Builder()
        honest = builder.files()["ledger/checkpoints/3"]
        builder.forge(1, lambda event: event["body"].update(name="Forged"))
        files = pack_of(builder, lambda files: files.update({"ledger/checkpoints/3": honest}))
        self.found("ledger/checkpoints/3: the first 3 entries have another root", files)

    def test_a_kept_checkpoint_of_a_larger_ledger_is_found(self):
        builder = Builder()
        larger = Builder()
        larger.state("SYS-5", 1, {})
        kept = [("kept", larger.checkpoint(9, NEW).encode())]
        self.found("is of 9 entries, but the ledger has only 8", pack_of(builder), checkpoints=kept)

    def test_a_checkpoint_under_a_wrong_name_is_found(self):
        def change(files):
            files["ledger/checkpoints/4"] = files.pop("ledger/checkpoints/3")
        self.found("ledger/checkpoints/4 is of 3 entries", pack_of(Builder(), change))

    def test_another_origin_is_found(self):
        files = pack_of(Builder())
        files["manifest.json"] = files["manifest.json"].replace(ORIGIN.encode(), b"surety.example/other")
        self.found("its origin is surety.example/acme", files)

    # Proofs

    def changed_line(self, path, change):
        def change_files(files):
            lines = [json.loads(line) for line in files[path].splitlines()]
            change(lines)
            files[path] = "".join(json.dumps(line) + "\n" for line in lines).encode()
        return pack_of(Builder(), change_files)

    def test_wrong_inclusion_proofs_are_found(self):
        path = "ledger/proofs.jsonl"
        holds_not = "the inclusion proof of SYS-1 does not hold"
        self.found(holds_not, self.changed_line(path, lambda lines: lines[0]["hashes"].pop()))
        self.found(holds_not, self.changed_line(path, lambda lines: lines[0]["hashes"].append(b64(bytes(32)))))
        self.found(holds_not, self.changed_line(path, lambda lines: lines[0].update(size=7)))
        self.found("entry 1 is not the one", self.changed_line(path, lambda lines: lines[0].update(index=1)))
        self.found("entry 1 is not the one", self.changed_line(path, lambda lines: lines[1].update(index=1)))
        self.found("SYS-1.json: ledger/proofs.jsonl has no", self.changed_line(path, lambda lines: lines.pop(0)))
        self.found("a second proof", self.changed_line(path, lambda lines: lines.append(lines[0])))

    def test_wrong_consistency_proofs_are_found(self):
        path = "ledger/consistency.jsonl"
        holds_not = "the consistency proof from 3 to 8 entries does not hold"
        self.found(holds_not, self.changed_line(path, lambda lines: lines[0]["hashes"].pop()))
        self.found(holds_not, self.changed_line(path, lambda lines: lines[0]["hashes"].reverse()))
        self.found("no proper checkpoint of 4", self.changed_line(path, lambda lines: lines[0].update(old=4)))
        self.found("has no proof from 3 to 8", self.changed_line(path, lambda lines: lines.pop(0)))

    # Evidence and records

    def test_evidence_under_a_wrong_name_is_found(self):
        name = f"evidence/{hashlib.sha256(b'model card').hexdigest()}"
        files = pack_of(Builder(), lambda files: files.update({name: b"a better model card"}))
        self.found(f"{name} has not the SHA-256 that is its name", files)

    def test_a_record_that_is_not_as_last_stated_is_found(self):
        cases = [
            (dict(body={"name": "System 1", "used": 1}), "its body is not the one that entry 0"),
            (dict(version=2), "its version is not the one that entry 0"),
            (dict(custom={"cost": 1}), "its custom fields are not those that entry 0"),
            (dict(state="draft"), "its state is not \"approved\", to which entry 3 moved it"),
            (dict(id="SYS-2"), "it calls itself ai_system/SYS-2"),
        ]
        for change, expected in cases:
            builder = Builder()
            record = {**builder.records["SYS-1"], **change}
            files = pack_of(
                builder, lambda files: files.update({"records/ai_system/SYS-1.json": json.dumps(record).encode()})
            )
            self.found(f"records/ai_system/SYS-1.json: {expected}", files)

    def test_an_outdated_version_of_a_record_is_found(self):
        builder = Builder()
        builder.records["SYS-2"]["body"] = {"name": "System 2", "used": True}
        self.found("its body is not the one that entry 4 stated last", pack_of(builder))

    def test_a_record_that_the_ledger_never_stated_is_found(self):
        builder = Builder()
        record = {"id": "SYS-8", "kind": "ai_system", "version": 1, "state": "draft", "body": {}}
        files = pack_of(
            builder, lambda files: files.update({"records/ai_system/SYS-8.json": json.dumps(record).encode()})
        )
        self.found("records/ai_system/SYS-8.json: the ledger never stated this record", files)

    def test_the_erased_text_of_a_record_is_found_if_it_comes_back(self):
        builder = Builder()
        builder.records["SYS-4"]["body"] = {"name": "by Jane Doe"}
        self.found("its body is not the one that entry 6 stated last", pack_of(builder))


class PublishedVectors(unittest.TestCase):
    """The same vectors that the ledger crate is tested with; each file names its origin."""

    def read(self, name):
        folder = Path(__file__).parent.parent / "crates" / "ledger" / "tests" / "data"
        return json.loads((folder / name).read_text(encoding="utf-8"))

    def accepts(self, check):
        try:
            return bool(check())
        except verify_pack.Wanting:
            return False

    def hash(self, text):
        return verify_pack.decode_base64(text, 32, "vector")

    def test_proofs_are_accepted_and_refused_as_labelled(self):
        vectors = self.read("merkle-proofs.json")
        for case in vectors["inclusion"]:
            holds = self.accepts(lambda: verify_pack.inclusion_holds(
                case["index"], case["size"], self.hash(case["leaf"]), list(map(self.hash, case["proof"])), self.hash(case["root"])
            ))
            self.assertEqual(holds, case["accept"], case["why"])
        for case in vectors["consistency"]:
            holds = self.accepts(lambda: case["old"] and verify_pack.consistency_holds(
                case["old"], case["new"], self.hash(case["old_root"]), self.hash(case["new_root"]),
                list(map(self.hash, case["proof"])),
            ))
            self.assertEqual(holds, case["accept"], case["why"])

    def test_the_reference_tree_has_its_published_roots(self):
        vectors = self.read("reference-tree.json")
        tree = verify_pack.Tree()
        for leaf in vectors["leaves"]:
            tree.append(verify_pack.leaf_hash(bytes.fromhex(leaf)))
        self.assertEqual([tree.root(size).hex() for size in range(9)], vectors["roots"])

    def test_checkpoints_of_another_program_open_with_log_and_witness_keys(self):
        vectors = self.read("log-300.json")
        keys = [verify_pack.Key.parse(vkey) for vkey in vectors["vkeys"]]
        self.assertEqual([str(key) for key in keys], vectors["vkeys"])
        for case in vectors["checkpoints"]:
            note = case["note"].encode()
            self.assertEqual(verify_pack.open_checkpoint(note, keys, "vector").size, case["size"])
            with self.assertRaises(verify_pack.Wanting):
                verify_pack.open_checkpoint(note, keys[1:], "vector")

    def test_checkpoint_bodies_are_read_as_labelled(self):
        for case in self.read("checkpoint-bodies.json")["bodies"]:
            read = self.accepts(lambda: verify_pack.parse_checkpoint(case["text"].encode(), "vector"))
            self.assertEqual(read, case["valid"], case["name"])


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_main(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            try:
                status = verify_pack.main([str(argument) for argument in arguments])
            except SystemExit as end:
                status = end.code
        return status, out.getvalue(), err.getvalue()

    def pack(self, files):
        path = self.folder / "pack.zip"
        path.write_bytes(zipped(files).getvalue())
        return path

    def test_status_0_says_verified(self):
        builder = Builder()
        kept = self.folder / "kept"
        kept.write_text(builder.checkpoint(3, OLD))
        arguments = self.pack(pack_of(builder)), "--vkey", OLD.vkey, "--vkey", NEW.vkey, "--checkpoint", kept
        status, out, _ = self.run_main(*arguments)
        self.assertEqual((status, out.splitlines()[-1]), (0, "VERIFIED"))

    def test_status_1_says_what_is_wanting(self):
        files = pack_of(Builder())
        files["README.txt"] = b""
        status, out, _ = self.run_main(self.pack(files))
        self.assertEqual((status, out.splitlines()[-1]), (1, "FOUND WANTING"))
        self.assertIn("WANTING  README.txt has not", out)
        text = self.folder / "text.zip"
        text.write_text("no zip")
        self.assertEqual(self.run_main(text)[0], 1)

    def test_status_2_is_for_wrong_use(self):
        pack = self.pack(pack_of(Builder()))
        for arguments in ([], [self.folder / "absent.zip"], [pack, "--vkey", "nonsense"],
                          [pack, "--checkpoint", self.folder / "absent"], [pack, "--unknown"]):
            status, out, err = self.run_main(*arguments)
            self.assertEqual((status, out), (2, ""), arguments)
            self.assertTrue(err)

    def test_it_runs_as_a_program(self):
        program = Path(verify_pack.__file__)
        done = subprocess.run(
            [sys.executable, program, self.pack(pack_of(Builder()))], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
