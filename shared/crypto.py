"""Encryption at rest, keyed hashes and signatures, from keys that can be rotated."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 4


class KeyFormatError(ValueError):
    """A key is not 32 random bytes in URL-safe base64."""


class UndecryptableError(Exception):
    """No configured key opens this value: the key that sealed it is missing, or the value was altered."""


def generate_key() -> str:
    """Return a new key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def parse_key(text: str) -> bytes:
    """Return the bytes of a key, or raise `KeyFormatError`."""
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFormatError("a key is 32 random bytes in URL-safe base64; `heedline keys generate` prints one")
    return key


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"heedline key id" + key).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True)
class Keys:
    """The keys of an installation. The first encryption key seals; every one of them opens."""

    encryption: tuple[bytes, ...]
    index: bytes
    session: bytes

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt with AES-256-GCM, bound to `context` (which table, column and row it belongs to)."""
        key = self.encryption[0]
        nonce = os.urandom(NONCE_BYTES)
        return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal` made with any configured key, or raise `UndecryptableError`."""
        key_id, nonce, body = (
            sealed[:KEY_ID_BYTES],
            sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES],
            sealed[KEY_ID_BYTES + NONCE_BYTES :],
        )
        for key in self.encryption:
            if hmac.compare_digest(_key_id(key), key_id):
                try:
                    return AESGCM(key).decrypt(nonce, body, context.encode())
                except InvalidTag:
                    raise UndecryptableError(f"the value for {context} was altered") from None
        raise UndecryptableError(f"no configured key opens the value for {context}")

    def digest(self, value: str, purpose: str) -> bytes:
        """Return a keyed hash (HMAC-SHA-256 with the index key), for look-ups without the plain value."""
        return hmac.new(self.index, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


KEY_FILES = {"ENCRYPTION_KEYS": "encryption", "INDEX_KEY": "index", "SESSION_KEY": "session"}


def local_key(data_dir: Path, name: str) -> str:
    """Read the key file under `data_dir/keys`, creating it (mode 0600) the first time."""
    directory = data_dir / "keys"
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(generate_key() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()


def random_token(length: int = KEY_BYTES) -> str:
    """Return an unguessable URL-safe text of `length` random bytes."""
    return secrets.token_urlsafe(length)
