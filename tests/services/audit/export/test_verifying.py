"""No byte of a file or its manifest changes unseen; a signature tells who has written both."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.config.settings import Audit
from console.errors import UsageError
from console.services.audit.export.file import beside
from console.services.audit.export.manifest import rendered, sealed
from console.services.audit.export.signing import SigningKey, expected_key, signing_key
from console.services.audit.export.verifying import verify

TEXTS = {
    "csv": b'id,note\n1,"two\nlines, ""quoted"""\n2,plain\n',
    "jsonl": b'{"id": 1}\n{"id": 2}\n',
    "fhir": b'{"resourceType": "AuditEvent"}\n{"resourceType": "AuditEvent"}\n',
    "html": b"<html><table>\n<tr><td>1</td></tr>\n<tr><td>2</td></tr>\n</table></html>",
}
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def made(folder: Path, format_: str, key: SigningKey | None) -> Path:
    from hashlib import sha256

    path, text = folder / f"log.{format_}", TEXTS[format_]
    path.write_bytes(text)
    told = {"format": format_, "reason": "Žofie asked", "snapshot": {"id": "1:2:"}, "file": path.name, "complete": True,
            "rows": 2, "bytes": len(text), "sha256": sha256(text).hexdigest()}  # fmt: skip
    beside(path).write_bytes(rendered(sealed(told, key)))
    return path


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("format_", TEXTS)
def test_what_is_whole_is_found_so(tmp_path: Path, format_: str, key: SigningKey | None) -> None:
    verdict = verify(made(tmp_path, format_, key), None)
    assert verdict.ok
    assert verdict.signature == ("valid" if key else "absent")


@pytest.mark.parametrize(
    ("which", "format_", "key"),
    [
        *(("file", format_, None) for format_ in TEXTS),
        ("manifest", "csv", None),
        ("manifest", "csv", KEY),
        # The key plays no part in how the file is checked, nor the format in how its manifest is.
        *(pytest.param("file", format_, KEY, marks=pytest.mark.long) for format_ in TEXTS),
        *(
            pytest.param("manifest", format_, key, marks=pytest.mark.long)
            for format_ in ("jsonl", "fhir", "html")
            for key in (None, KEY)
        ),
    ],
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_found(
    tmp_path: Path, which: str, format_: str, key: SigningKey | None, data: st.DataObject
) -> None:
    path = made(tmp_path, format_, key)
    changed = path if which == "file" else beside(path)
    text = bytearray(changed.read_bytes())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] ^= data.draw(st.integers(1, 255))
    changed.write_bytes(text)
    assert not verify(path, None).ok


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text + b"\n", lambda text: b""])
def test_so_is_a_longer_or_shorter_one(tmp_path: Path, change: object) -> None:
    path = made(tmp_path, "csv", KEY)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]  # one of the three above
    assert not verify(path, None).ok


def test_who_can_write_both_cannot_sign(tmp_path: Path) -> None:
    other = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert verify(made(tmp_path, "csv", KEY), KEY.public).ok
    assert verify(made(tmp_path, "csv", None), KEY.public).findings() == [
        "It is not signed, though a key is configured."
    ]
    assert verify(made(tmp_path, "csv", other), KEY.public).findings() == [
        "It is signed by another key than the configured one."
    ]


def test_keys_of_the_configuration(tmp_path: Path) -> None:
    private, public = tmp_path / "audit.pem", tmp_path / "audit.pub"
    private.write_bytes(KEY.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.chmod(0o600)
    public.write_bytes(KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    found = signing_key(Audit(signing_key=str(private)))
    assert found is not None
    assert found.public == KEY.public
    assert expected_key(Audit(verify_key=str(public))) == expected_key(Audit(signing_key=str(private))) == KEY.public
    assert expected_key(Audit()) is None
    assert signing_key(Audit()) is None
    private.chmod(0o644)
    with pytest.raises(UsageError, match="Others may read"):
        signing_key(Audit(signing_key=str(private)))
    with pytest.raises(UsageError, match="no private Ed25519 key"):
        signing_key(Audit(signing_key=str(public)))


@pytest.mark.parametrize("name", [".", "/", "..", "/dev/null"])
def test_what_is_no_file(name: str) -> None:
    with pytest.raises(UsageError, match=r"is (a folder|no regular file)"):
        verify(Path(name), None)


def test_a_file_without_its_manifest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        verify(tmp_path / "log.csv", None)
