"""Keys in files: made once, read by their owner only, rotated and removed."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from app.identity.key_folder import load_ring, retire, rotate
from app.identity.keys import BadKey
from app.identity.ring import HOLDS, LEAD, State

NOW = 1_800_000_000.0


def _put(path: Path, text: str = "", mode: int = 0o600) -> str:
    """Writes a key, or another text, and gives the key's id."""
    key = OKPKey.generate_key("Ed25519")
    path.write_text(text or key.as_pem(private=True).decode())
    path.chmod(mode)
    return key.thumbprint()


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    made = load_ring(folder)
    path = folder / "token-key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_ring(folder) == made
    assert [found.name for found in folder.iterdir()] == ["token-key.pem"]
    assert made.keys[0].kid == OKPKey.import_key(path.read_text()).thumbprint()


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kids = {load.keys[0].kid for load in pool.map(lambda _: load_ring(tmp_path), range(16))}
    assert len(kids) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["token-key.pem"]


def test_a_key_that_is_to_come_lies_beside_the_others_under_its_time(tmp_path: Path) -> None:
    first = load_ring(tmp_path).keys[0].kid
    made = rotate(tmp_path, NOW)
    path = tmp_path / f"token-key-{int(NOW) + LEAD}.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [(each.kid, state) for each, state, _ in load_ring(tmp_path).states(NOW)] == [
        (first, State.CURRENT),
        (made.kid, State.NEXT),
    ]
    with pytest.raises(BadKey) as refusal:
        rotate(tmp_path, NOW + 1)
    assert str(refusal.value) == f"the token key {made.kid} is the next already"


def test_rotating_removes_what_verifies_nothing_any_more(tmp_path: Path) -> None:
    first = load_ring(tmp_path).keys[0].kid
    second = rotate(tmp_path, NOW).kid
    third = rotate(tmp_path, NOW + LEAD + HOLDS - 1).kid
    assert [each.kid for each in load_ring(tmp_path).keys] == [first, second, third]
    fourth = rotate(tmp_path, NOW + 2 * LEAD + HOLDS).kid
    assert [each.kid for each in load_ring(tmp_path).keys] == [second, third, fourth]


def test_a_stolen_key_is_removed_when_another_is_there(tmp_path: Path) -> None:
    first = load_ring(tmp_path).keys[0].kid
    with pytest.raises(BadKey, match="rotate first"):
        retire(tmp_path, first)
    with pytest.raises(BadKey, match="there is no token key 'x'"):
        retire(tmp_path, "x")
    second = rotate(tmp_path, NOW).kid
    retire(tmp_path, first)
    assert load_ring(tmp_path).signing(NOW).kid == second


def test_all_that_is_wrong_with_all_files_is_told_at_once(tmp_path: Path) -> None:
    _put(tmp_path / "token-key.pem")
    _put(tmp_path / "token-key-1.pem", mode=0o640)
    _put(tmp_path / "token-key-2.pem", "no key")
    _put(tmp_path / "token-key-3.pem", (tmp_path / "token-key.pem").read_text())
    _put(tmp_path / "token-key-next.pem", mode=0o604)
    (tmp_path / "token-key-4.pem").mkdir(mode=0o700)
    with pytest.raises(BadKey) as refusal:
        load_ring(tmp_path)
    open_to_others, no_key = (
        "is open to others than its owner (chmod 600)",
        "the token key is an Ed25519 private key in PEM",
    )
    assert str(refusal.value).splitlines() == [
        f"{tmp_path}/token-key-1.pem: {open_to_others}",
        f"{tmp_path}/token-key-2.pem: {no_key}",
        f"{tmp_path}/token-key-4.pem: Is a directory",
        f"{tmp_path}/token-key-next.pem: is named token-key.pem or token-key-SECONDS.pem; {open_to_others}",
        f"{tmp_path}/token-key.pem: holds the same key as token-key-3.pem",
    ]


def test_a_file_that_may_not_be_read_is_a_fault_and_no_reason_for_another_key(tmp_path: Path) -> None:
    _put(tmp_path / "token-key.pem", mode=0)
    if os.access(tmp_path / "token-key.pem", os.R_OK):
        (tmp_path / "token-key.pem").unlink()
        (tmp_path / "token-key.pem").symlink_to(tmp_path / "token-key.pem")  # root may read all, but no loop
    with pytest.raises(BadKey, match=r"token-key\.pem: "):
        load_ring(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
