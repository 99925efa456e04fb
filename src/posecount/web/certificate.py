"""A certificate made on the spot: browsers give cameras only to HTTPS, and nobody certifies home networks."""

import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

LASTS = timedelta(days=30)  # it is gone as soon as posecount ends


@dataclass(frozen=True, slots=True)
class Certificate:
    """Both in PEM; `fingerprint` is SHA-256 as phones show it."""

    certificate: bytes
    key: bytes
    fingerprint: str


def made_for(address: str) -> Certificate:
    """For an IP address, signed by itself, its key known to this process only."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "posecount on your own computer")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a phone's clock may be late
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Certificate(
        signed.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        signed.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def context(made: Certificate) -> ssl.SSLContext:
    """For a server. Python reads keys only from files: this one is there a moment, for this user alone."""
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "both.pem")
        file.touch(0o600)
        file.write_bytes(made.key + made.certificate)
        secure.load_cert_chain(file)
    return secure
