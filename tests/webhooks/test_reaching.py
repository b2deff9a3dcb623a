"""No address that somebody types leads to what only this server can reach."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from ipaddress import ip_address, ip_network
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured

from config import env
from riskassess.kernel.errors import InvalidInput
from riskassess.webhooks import reaching
from riskassess.webhooks.reaching import checked, may_be_reached, post, reachable
from riskassess.webhooks.signing import new_secret, signed
from tests.webhooks.receiver import listening

OURS = [ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.7", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2001:0:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_local_and_disguised_addresses_are_not_reached(address: str) -> None:
    assert not may_be_reached(ip_address(address), [])


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::6810:84e5", "::ffff:93.184.215.14"])
def test_public_ones_are_but_encrypted_only(address: str) -> None:
    assert may_be_reached(ip_address(address), [])
    assert not may_be_reached(ip_address(address), [], encrypted=False)


def test_a_network_of_ours_is_reached_where_it_is_named() -> None:
    assert may_be_reached(ip_address("10.20.3.4"), [ip_network("10.20.0.0/16")], encrypted=False)
    assert not may_be_reached(ip_address("10.21.3.4"), [ip_network("10.20.0.0/16")])


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://example.com/", "no address of a web server"),
        ("https:///nowhere", "no address of a web server"),
        ("http://example.com/", "unencrypted"),
        ("https://us:secret@example.com/", "password"),
        ("https://example.com/#part", "# part"),
        ("https://example.com:0/", "Port 0"),
        ("https://example.com:99999/", "no address"),
        ("https://[::1", "no address"),
        ("file:///etc/passwd", "no address of a web server"),
    ],
)
def test_what_is_typed_is_checked_in_words(url: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        checked(url, [])


def _answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    monkeypatch.setattr(reaching, "resolved", lambda host: [ip_address(one) for one in addresses])


def test_a_name_with_one_private_address_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, "93.184.215.14", "169.254.169.254")
    with pytest.raises(InvalidInput, match="not a public address"):
        reachable(checked("https://metadata.example.com/", []), [])


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "localhost", "[::ffff:7f00:1]"])
def test_other_spellings_of_this_machine_are_this_machine(host: str) -> None:
    answer = post(f"https://{host}:9/", b"{}", {}, [])
    assert answer.status is None
    assert "not a public address" in answer.problem or "No server is known" in answer.problem


def test_the_connection_goes_to_the_very_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another machine at the second look (DNS rebinding): there is no second look."""
    with listening() as receiver:
        asked: list[str] = []

        def told(host: str) -> list[reaching.Address]:
            asked.append(host)
            return [ip_address("127.0.0.1")]

        monkeypatch.setattr(reaching, "resolved", told)
        answer = post(receiver.url.replace("127.0.0.1", "hooks.example.com"), b"{}", {}, OURS)
        assert answer.status == 204
        assert asked == ["hooks.example.com"]
        (message,) = receiver.got
        assert message.headers["host"].startswith("hooks.example.com:")
        assert message.path == "/hook?of=us"


def test_nobody_is_led_elsewhere_by_an_answer() -> None:
    with listening() as receiver, listening() as other:
        receiver.answers, receiver.headers = 302, {"Location": other.url}
        answer = post(receiver.url, b"{}", {}, OURS)
        assert (answer.status, answer.is_taken) == (302, False)
        assert "302" in answer.problem
        assert not other.got


def test_who_sends_a_byte_now_and_then_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "DEADLINE", 0.5)
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        line, _ = server.accept()
        with line:
            while not over.wait(0.05):
                try:
                    line.send(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    answer = post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, OURS)
    over.set()
    thread.join(5)
    server.close()
    assert answer.status is None
    assert answer.problem
    assert answer.milliseconds < 5_000


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    answer = post(f"http://127.0.0.1:{port}/", b"{}", {}, OURS)
    assert answer.problem == "It refuses connections."


def test_a_certificate_must_be_trusted_and_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(_certified(tmp_path, "hooks.example.com")) as receiver:
        _answers(monkeypatch, "127.0.0.1")
        rightly = receiver.url.replace("127.0.0.1", "hooks.example.com")
        assert "certificate" in post(rightly, b"{}", {}, OURS).problem
        monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "certificate.pem"))
        assert post(rightly, b"{}", {}, OURS).status == 204
        assert "certificate" in post(rightly.replace("hooks.", "other."), b"{}", {}, OURS).problem
        assert len(receiver.got) == 1


def test_an_authority_of_the_companys_own_is_trusted_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its authority signs, the server shows what it signed: trusted by that authority alone, for that name alone."""
    with listening(_certified(tmp_path, "hooks.corp.example", by="Corporate authority")) as receiver:
        _answers(monkeypatch, "127.0.0.1")
        there = receiver.url.replace("127.0.0.1", "hooks.corp.example")
        assert "certificate" in post(there, b"{}", {}, OURS).problem
        monkeypatch.setenv("WEBHOOK_CA_FILE", str(tmp_path / "authority.pem"))
        ours = env.authorities("WEBHOOK_CA_FILE")
        assert post(there, b"{}", {}, OURS, ours).status == 204
        assert "certificate" in post(there.replace("hooks.", "other."), b"{}", {}, OURS, ours).problem
        (tmp_path / "else").mkdir()
        _certified(tmp_path / "else", "x.example", by="Another authority")
        other = (tmp_path / "else/authority.pem").read_text()
        assert "certificate" in post(there, b"{}", {}, OURS, other).problem
        assert len(receiver.got) == 1


def test_a_file_without_certificates_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEBHOOK_CA_FILE", raising=False)
    assert env.authorities("WEBHOOK_CA_FILE") == ""
    for file, content in (("none.pem", None), ("empty.pem", ""), ("text.pem", "no certificate")):
        if content is not None:
            (tmp_path / file).write_text(content)
        monkeypatch.setenv("WEBHOOK_CA_FILE", str(tmp_path / file))
        with pytest.raises(ImproperlyConfigured, match=f"WEBHOOK_CA_FILE=.*{file}.*PEM"):
            env.authorities("WEBHOOK_CA_FILE")


def _certified(folder: Path, name: str, by: str = "") -> ssl.SSLContext:
    """A server's certificate for `name`, signed by itself, or by an authority that is made for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signs = key
    if by:
        signs = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)])
        authority = (
            x509.CertificateBuilder()
            .subject_name(issuer)
            .issuer_name(issuer)
            .public_key(signs.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(signs, hashes.SHA256())
        )
        (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(signs, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the Standard Webhooks libraries test themselves with."""
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_beside_each_other_and_no_two_are_alike() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    both = signed("a", 1, "{}", [first, second])["webhook-signature"].split(" ")
    assert both == [signed("a", 1, "{}", [one])["webhook-signature"] for one in (first, second)]
