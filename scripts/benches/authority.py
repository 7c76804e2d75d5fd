"""A certificate authority of one moment, so that loopback can be asked over https."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)
# An authority signs certificates and nothing else.
SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def issue(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The file with the authority's certificate, and the context of a server at 127.0.0.1 that it vouches for.

    Writes ``authority.pem`` and ``server.pem`` (certificate and key) into ``folder``. Valid for a day.
    """
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback authority")])
    root = _begun(name, name, own, own).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(SIGNS, critical=True)
    key = ec.generate_private_key(ec.SECP256R1())
    server = _begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), name, key, own).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
    )
    authority, certificate = folder / "authority.pem", folder / "server.pem"
    authority.write_bytes(root.sign(own, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    certificate.write_bytes(
        server.sign(own, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return authority, context


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    """A certificate with the two key identifiers that Python 3.13 asks for (RFC 5280, section 4.2.1)."""
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
