"""Checks an export of the audit trail with nothing of the product: Python's standard library and openssl.

    python3 verify_trail.py trail.jsonl VERIFIER-KEY...

Prints how much was checked; exits 1 and says where the trail is broken. Formats: records hashed as RFC 8785 JSON,
Merkle roots after RFC 9162 section 2.1, checkpoints as C2SP signed notes.
"""
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile

SPKI = bytes.fromhex("302a300506032b6570032100")


def sha256(data):
    return hashlib.sha256(data).digest()


def root_of(leaves):
    """Merkle tree head of leaf hashes."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:]))


def signed(text, signature, raw_key):
    with tempfile.TemporaryDirectory() as folder:
        def write(name, data):
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(data)
            return path
        call = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin",
                "-inkey", write("key", SPKI + raw_key), "-in", write("text", text), "-sigfile", write("sig", signature)]
        return subprocess.run(call, capture_output=True).returncode == 0


def check_note(note, origin, leaves, keys):
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    name, size, root = text.split("\n")[:3]
    if name != origin:
        raise ValueError("checkpoint of another log")
    if int(size) > len(leaves) or base64.b64decode(root) != root_of(leaves[: int(size)]):
        raise ValueError(f"root of the checkpoint at {size} differs")
    for line in signatures.splitlines():
        _, signer, blob = line.split(" ")
        blob = base64.b64decode(blob)
        for key_name, key_id, raw in keys:
            if signer == key_name and blob[:4] == key_id and signed(text.encode(), blob[4:], raw):
                return
    raise ValueError(f"checkpoint at {size} is not signed by a trusted key")


def parse_key(text):
    name, key_id, key = text.split("+", 2)
    return name, bytes.fromhex(key_id), base64.b64decode(key)[1:]


def main(path, key_texts):
    keys = [parse_key(text) for text in key_texts]
    previous, leaves, checkpoints, origin = bytes(32), [], 0, None
    for line in open(path, encoding="utf-8"):
        value = json.loads(line)
        if origin is None:
            origin = value["origin"]
        elif "checkpoint" in value:
            check_note(value["checkpoint"], origin, leaves, keys)
            checkpoints += 1
        elif "entry" in value:
            record = {**value["entry"], "seq": len(leaves) + 1, "previous": previous.hex()}
            text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            previous = sha256(text.encode())
            if previous.hex() != value["hash"]:
                raise ValueError(f"record {len(leaves) + 1} differs from its hash")
            leaves.append(sha256(b"\x00" + previous))
    print(f"{len(leaves)} records, {checkpoints} checkpoints")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except (ValueError, KeyError) as problem:
        print(f"broken: {problem}")
        sys.exit(1)
