"""Sealing of identifiers: what could tell who somebody is lies encrypted, and is found again by a keyed hash.

`seal` encrypts (AES-256-GCM), `lookup` gives the same sixteen bytes for the same text and label (BLAKE2b with a key), so that a number can be found
without being readable. Labels ("nik", "kk") part the fields: the same digits under another label give other bytes, and a sealed value
moved to another field does not open. Sources: NIST SP 800-38D (GCM), RFC 7693 (BLAKE2b); UU 27/2022 art. 35 asks for protection of this kind.
"""
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import blake2b
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amanah.foundation.kernel.errors import Unavailable

FORM = 1  # first byte of a sealed value: how the rest is laid out
NONCE = 12
LEAST = 1 + 4 + NONCE + 16  # bytes of a sealed empty text


class Seal:
    """The keys of one house. Made once at the start (`settings.SEAL`); holds the keys in force and those that rotation has replaced."""

    def __init__(self, key: bytes, *, old: Iterable[bytes] = (), lookup_key: bytes) -> None:
        secrets = [key, *old]
        self._ciphers = {self._name(secret): AESGCM(blake2b(secret, digest_size=32, person=b"amanah.seal").digest()) for secret in secrets}
        self._current = self._name(key)
        self._front = bytes([FORM]) + self._current
        self._cipher = self._ciphers[self._current]
        self._lookup = blake2b(lookup_key, digest_size=64, person=b"amanah.lookup").digest()
        self._hashers: dict[str, blake2b] = {}

    @classmethod
    def from_texts(cls, key: str, *, old: Iterable[str] = (), lookup_key: str) -> Self:
        return cls(key.encode(), old=[text.encode() for text in old], lookup_key=lookup_key.encode())

    @staticmethod
    def _name(secret: bytes) -> bytes:
        """Four bytes that say which key sealed a value without saying anything about the key."""
        return blake2b(secret, digest_size=4, person=b"amanah.keyname").digest()

    def seal(self, text: str, label: str) -> bytes:
        """Encrypt `text`: 1 byte form, 4 bytes name of the key, 12 bytes nonce, then the text's length and 16 bytes of proof. Never the same twice."""
        nonce = os.urandom(NONCE)
        return self._front + nonce + self._cipher.encrypt(nonce, text.encode(), label.encode())

    def open(self, sealed: bytes | memoryview, label: str) -> str:
        """The text again. Raises Unavailable when its key is not here or the bytes were changed or belong to another field."""
        data = bytes(sealed)
        cipher = self._ciphers.get(data[1:5])
        if len(data) < LEAST or data[0] != FORM or cipher is None:
            raise Unavailable("Kunci pembuka data ini tidak tersedia. Periksa AMANAH_SEAL_KEY dan AMANAH_SEAL_OLD_KEYS.", permanent=True)
        try:
            return cipher.decrypt(data[5:5 + NONCE], data[5 + NONCE:], label.encode()).decode()
        except InvalidTag as error:
            raise Unavailable("Data tersegel ini rusak atau dipindahkan dari kolom lain. Laporkan kepada pengelola aplikasi.", permanent=True) from error

    def lookup(self, text: str, label: str) -> bytes:
        """Sixteen bytes by which `text` is found again; useless without the key."""
        hasher = self._hashers.get(label)
        if hasher is None:
            hasher = self._hashers[label] = blake2b(label.encode() + b"\0", digest_size=16, key=self._lookup)
        one = hasher.copy()
        one.update(text.encode())
        return one.digest()

    @property
    def front(self) -> bytes:
        """The five bytes with which everything begins that the key in force has sealed: form and name of the key."""
        return self._front

    def is_current(self, sealed: bytes | memoryview) -> bool:
        """Whether this value was sealed with the key in force; others wait for rotation."""
        return bytes(sealed[:5]) == self._front


def as_text(sealed: bytes | memoryview) -> str:
    """A sealed value as JSON can hold it."""
    return b64encode(bytes(sealed)).decode()


def from_text(text: str) -> bytes:
    return b64decode(text)
