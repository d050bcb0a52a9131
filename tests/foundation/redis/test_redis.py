"""The ways to a server, and what it calls itself."""

import socket
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from redis.asyncio import Redis

from taskflow.foundation.clock import now
from taskflow.foundation.redis.ask import Ask
from taskflow.foundation.redis.connection import RedisDown, describe, open_redis
from taskflow.foundation.redis.turn import Turn
from tests.foundation.redis.store import Store, program


@pytest.mark.parametrize(
    "url", ["", "localhost:6379", "http://localhost", "redis://localhost:port", "unix:///s?colour=red"]
)
async def test_a_url_that_leads_nowhere_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
        await open_redis(url)


async def test_a_server_tells_its_name_and_version(pool: Redis) -> None:
    assert (await describe(pool)).split(".")[0] in {"Valkey 9", "Redis 7", "Redis 8"}


async def test_a_server_that_is_not_there_has_no_name() -> None:
    redis = await open_redis("unix:///nowhere")

    with pytest.raises(RedisDown):
        await describe(redis)


def certificate(folder: Path) -> tuple[Path, Path]:
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    (folder / "cert").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert", folder / "key"


@pytest.fixture
def secured() -> Iterator[str]:
    """A server that wants TLS and a password; its URL."""
    path = program("redis-server")
    if path is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="tf") as folder:
        cert, key = certificate(Path(folder))
        tls = ["--tls-port", str(port), "--tls-cert-file", str(cert), "--tls-key-file", str(key)]
        server = Store(path, Path(folder), *tls, "--tls-auth-clients", "no", "--bind", "127.0.0.1")
        server.start()
        with server.client() as client:
            client.config_set("requirepass", "open sesame")
        yield f"rediss://:open%20sesame@127.0.0.1:{port}/3?ssl_ca_certs={cert}"
        server.kill()


async def test_asks_go_through_tls_with_a_password_to_the_database_that_the_url_names(secured: str) -> None:
    redis = await open_redis(secured)
    turn = Turn(redis)

    reply = await turn.ask(Ask("limit:{u}", 60_000_000, 600_000_000))
    there = await redis.exists("limit:{u}")
    await turn.close()
    await redis.aclose()

    assert (reply.left, there) == (9, 1)
