"""Multihashes: those that are known, and all the others."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.transfer._verify import Follower, checksum_of

CONTENT = bytes(range(256)) * 5000


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def multihash(code, digest):
    return (varint(code) + varint(len(digest)) + digest).hex()


KNOWN = {
    0x11: hashlib.sha1(CONTENT, usedforsecurity=False),
    0x12: hashlib.sha256(CONTENT),
    0x13: hashlib.sha512(CONTENT),
    0x14: hashlib.sha3_512(CONTENT),
    0x15: hashlib.sha3_384(CONTENT),
    0x16: hashlib.sha3_256(CONTENT),
    0x17: hashlib.sha3_224(CONTENT),
    0x20: hashlib.sha384(CONTENT),
    0xD5: hashlib.md5(CONTENT, usedforsecurity=False),
    0x1013: hashlib.sha224(CONTENT),
    0xB220: hashlib.blake2b(CONTENT, digest_size=32),
    0xB240: hashlib.blake2b(CONTENT, digest_size=64),
    0xB260: hashlib.blake2s(CONTENT, digest_size=32),
}


def agrees(text, content=CONTENT):
    follower = Follower(checksum_of(text), lambda count, at: content[at : at + count])
    follower.follow(len(content))
    return follower.agrees


@pytest.mark.parametrize("code", KNOWN, ids=hex)
def test_known_functions(code):
    text = multihash(code, KNOWN[code].digest())
    assert agrees(text)
    assert agrees(text.upper())
    assert not agrees(text, CONTENT[:-1])


def test_the_beginning_of_a_digest_counts_if_it_proves_something():
    digest = hashlib.sha256(CONTENT).digest()
    assert agrees(multihash(0x12, digest[:20]))
    assert checksum_of(multihash(0x12, digest[:4])) is None
    assert checksum_of(multihash(0x12, digest + b"x")) is None


@pytest.mark.parametrize(
    "text",
    [None, 5, "", "12", "1220", "1220ab", "ff20abcd", "no hex", "1220" + "ä" * 64, "80" * 40],
)
def test_what_is_no_known_multihash(text):
    assert checksum_of(text) is None


@given(st.one_of(st.text(), st.binary().map(bytes.hex)))
def test_nothing_raises(text):
    checksum_of(text)
