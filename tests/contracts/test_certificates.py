from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from threading import Thread

import pytest

from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import ReadOnly
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import UnreachableError, Wire


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that nobody has signed, and its key."""
    openssl = which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [openssl, "req", "-x509", *kind, *names, "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    return made, key


@contextmanager
def secured(certificate: tuple[Path, Path]) -> Iterator[tuple[int, list[bytes]]]:
    """Serve one connection with TLS; give the port and what was read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    read: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                taken, _ = server.accept()
                with taken, context.wrap_socket(taken, server_side=True) as opened:
                    read.append(opened.recv(65536))
                    opened.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                    opened.recv(1)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], read
        thread.join(5)


def test_a_certificate_that_nobody_signed_is_refused_before_anything_is_sent(
    certificate: tuple[Path, Path],
) -> None:
    with secured(certificate) as (port, read):
        wire = Wire(f"https://localhost:{port}", permit=ReadOnly(), veil=Veil(), pace=Pace())
        with pytest.raises(UnreachableError, match="its certificate is not to be trusted: self"):
            wire.send("GET", "/v1/actions")
        wire.close()

    assert read == []


def test_a_certificate_for_another_name_is_refused(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with secured(certificate) as (port, read):
        wire = Wire(f"https://127.0.0.1:{port}", permit=ReadOnly(), veil=Veil(), pace=Pace())
        with pytest.raises(UnreachableError, match="not to be trusted: IP address mismatch"):
            wire.send("GET", "/v1/actions")
        wire.close()

    assert read == []


def test_a_certificate_that_is_trusted_is_used(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with secured(certificate) as (port, read):
        wire = Wire(f"https://localhost:{port}", permit=ReadOnly(), veil=Veil(), pace=Pace())
        reply = wire.send("GET", "/v1/actions")
        wire.close()

    assert reply.status == 200
    assert read[0].startswith(b"GET /v1/actions HTTP/1.1\r\n")
