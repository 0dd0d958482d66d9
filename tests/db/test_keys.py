"""The master key: kept safely, derived as the standards say, opening nothing that was changed."""

import hashlib
import hmac
import os
import stat
import threading

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from db.errors import ImpossibleValueError, KeyMissingError, StorageError, TamperedError
from db.keys import MasterKey, load_master_key, load_or_create_master_key

KEY = MasterKey(bytes(range(32)))
OTHER_KEY = MasterKey(bytes(32))


def hkdf_sha256(secret: bytes, info: bytes) -> bytes:
    """RFC 5869, sections 2.2 and 2.3, for one block of output and no salt."""
    pseudorandom_key = hmac.digest(bytes(32), secret, hashlib.sha256)
    return hmac.digest(pseudorandom_key, info + b"\x01", hashlib.sha256)


def test_writes_a_new_key_that_only_this_user_can_read(tmp_path):
    path = tmp_path / "keys" / "master.key"

    key = load_or_create_master_key(path)

    assert path.read_bytes() == key.secret
    assert len(key.secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


def test_writes_the_key_with_the_same_rights_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        load_or_create_master_key(tmp_path / "keys" / "master.key")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "keys" / "master.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_reads_the_same_key_again(tmp_path):
    path = tmp_path / "master.key"

    assert (
        load_or_create_master_key(path).secret
        == load_or_create_master_key(path).secret
        == load_master_key(path).secret
    )


def test_two_new_keys_differ(tmp_path):
    one = load_or_create_master_key(tmp_path / "one.key")
    two = load_or_create_master_key(tmp_path / "two.key")

    assert one.secret != two.secret
    assert one.fingerprint() != two.fingerprint()


def test_starts_at_the_same_moment_agree_on_one_key(tmp_path):
    path = tmp_path / "master.key"
    together = threading.Barrier(8)
    found = []

    def start():
        together.wait()
        found.append(load_or_create_master_key(path).secret)

    starts = [threading.Thread(target=start) for _ in range(8)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()

    assert found == [path.read_bytes()] * 8
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o777])
def test_refuses_a_key_file_that_others_can_reach(tmp_path, mode):
    path = tmp_path / "master.key"
    load_or_create_master_key(path)
    path.chmod(mode)

    with pytest.raises(KeyMissingError, match="chmod 600"):
        load_or_create_master_key(path)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_refuses_a_key_file_of_the_wrong_length_and_leaves_it_alone(tmp_path, length):
    path = tmp_path / "master.key"
    path.write_bytes(b"k" * length)
    path.chmod(0o600)

    with pytest.raises(KeyMissingError, match="32 bytes") as refused:
        load_or_create_master_key(path)

    assert "kk" not in str(refused.value)
    assert path.read_bytes() == b"k" * length


def test_says_that_a_key_file_is_missing_instead_of_making_another(tmp_path):
    path = tmp_path / "master.key"

    with pytest.raises(KeyMissingError, match="is missing"):
        load_master_key(path)

    assert not path.exists()


def test_refuses_a_folder_in_place_of_the_key_file(tmp_path):
    with pytest.raises(KeyMissingError, match="is not a file"):
        load_or_create_master_key(tmp_path)


def test_refuses_a_named_pipe_without_waiting_for_it(tmp_path):
    path = tmp_path / "master.key"
    os.mkfifo(path, 0o600)

    with pytest.raises(KeyMissingError, match="is not a file"):
        load_or_create_master_key(path)


def test_says_that_a_key_file_cannot_be_written(tmp_path):
    (tmp_path / "taken").write_text("a file where a folder is needed")

    with pytest.raises(KeyMissingError, match="cannot be written"):
        load_or_create_master_key(tmp_path / "taken" / "master.key")


def test_a_full_disk_leaves_no_half_key(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(KeyMissingError, match="No space left"):
        load_or_create_master_key(tmp_path / "master.key")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_refuses_a_secret_of_the_wrong_length(length):
    with pytest.raises(ImpossibleValueError, match="32 bytes"):
        MasterKey(bytes(length))


def test_never_shows_the_secret():
    shown = f"{KEY!r} {KEY} {[KEY]}"

    assert KEY.secret.hex() not in shown
    assert repr(KEY.secret)[2:-1] not in shown
    assert "secret" not in shown


def test_derives_as_rfc_5869_says():
    expected = hkdf_sha256(KEY.secret, b"symptom-diary\0derive\0totp")

    assert KEY.derive(b"totp") == expected


def test_signs_as_rfc_2104_says_with_a_key_of_its_own():
    link_key = hkdf_sha256(KEY.secret, b"symptom-diary\0mac\0link")

    assert KEY.mac(b"link", b"alert 7") == hmac.digest(link_key, b"alert 7", hashlib.sha256)


def test_seals_so_that_aes_gcm_opens_it_with_the_derived_key():
    sealed = KEY.seal(b"photo", b"a rash", b"id 1")

    photo_key = hkdf_sha256(KEY.secret, b"symptom-diary\0seal\0photo")
    assert sealed[0] == 1
    assert AESGCM(photo_key).decrypt(sealed[1:13], sealed[13:], b"\x01id 1") == b"a rash"


def test_every_purpose_use_and_master_key_has_a_key_of_its_own():
    keys = {key.derive(b"a") for key in (KEY, OTHER_KEY)} | {
        KEY.derive(b"b"),
        KEY.mac(b"a", b""),
        KEY.mac(b"b", b""),
        OTHER_KEY.mac(b"a", b""),
        KEY.mac(b"a", b"x"),
    }

    assert len(keys) == 7


@pytest.mark.parametrize(
    "act",
    [
        lambda: KEY.derive(b""),
        lambda: KEY.mac(b"", b"x"),
        lambda: KEY.seal(b"", b"x", b"y"),
    ],
)
def test_refuses_an_empty_purpose(act):
    with pytest.raises(ImpossibleValueError, match="purpose"):
        act()


def test_a_fingerprint_is_stable_and_short():
    assert KEY.fingerprint() == MasterKey(bytes(range(32))).fingerprint()
    assert len(bytes.fromhex(KEY.fingerprint())) == 8


@given(plaintext=st.binary(max_size=300), associated=st.binary(max_size=30))
def test_opens_what_it_sealed_and_never_seals_twice_alike(plaintext, associated):
    sealed = KEY.seal(b"photo", plaintext, associated)

    assert KEY.open(b"photo", sealed, associated) == plaintext
    assert len(sealed) == len(plaintext) + 29
    assert KEY.seal(b"photo", plaintext, associated) != sealed


def test_notices_every_single_changed_bit():
    sealed = KEY.seal(b"photo", b"a rash", b"id 1")

    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(TamperedError):
            KEY.open(b"photo", bytes(changed), b"id 1")


def test_notices_every_cut_and_every_addition():
    sealed = KEY.seal(b"photo", b"a rash", b"id 1")

    for wrong in [sealed[:end] for end in range(len(sealed))] + [sealed + b"\0"]:
        with pytest.raises(TamperedError):
            KEY.open(b"photo", wrong, b"id 1")


@pytest.mark.parametrize(
    ("key", "purpose", "associated"),
    [(OTHER_KEY, b"photo", b"id 1"), (KEY, b"totp", b"id 1"), (KEY, b"photo", b"id 2")],
)
def test_opens_only_with_the_same_key_purpose_and_place(key, purpose, associated):
    sealed = KEY.seal(b"photo", b"a rash", b"id 1")

    with pytest.raises(TamperedError, match="restore") as refused:
        key.open(purpose, sealed, associated)

    assert isinstance(refused.value, StorageError)
