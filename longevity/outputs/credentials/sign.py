"""Put Content Credentials into a file that leaves, or beside it.

The SDK makes them (C2PA): a claim of what the file is, the hash of the file, a signature. Nothing
is fetched: no authority is asked for the time.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from longevity import NAME, __version__
from longevity.errors import DataError
from longevity.outputs.credentials import archive
from longevity.outputs.credentials.read import ANY, RECORD, SETTINGS
from longevity.outputs.credentials.spelling import HALF, HALF_SIGNATURE
from longevity.release import certificates
from longevity.release.certificates import Identity, Key
from longevity.settings import Settings

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
LARGEST_RECORD = 1_000_000  # characters as JSON: what the SDK takes, less a little
Record = dict[str, Any]


def sign_file(data: bytes, kind: str, settings: Settings, record: Record) -> bytes:
    """Return a PNG, SVG, PDF or (made by `archive.prepare_deck`) PPTX with its credentials in it.

    DataError where the certificate cannot sign, as one that ran out, and for too long a record.
    """
    return _sign_data(data, kind, settings, record)[0]


def sign_beside(data: bytes, settings: Settings, record: Record) -> bytes:
    """Return the credentials of a file that has no room for them."""
    return _sign_data(data, ANY, settings, record)[1]


def sign_deck(deck: Any, settings: Settings, record: Record) -> bytes:
    """Return a presentation of python-pptx as a file with its credentials in it."""
    saved = io.BytesIO()
    deck.save(saved)
    return sign_file(archive.prepare_deck(saved.getvalue()), "pptx", settings, record)


def _sign_data(data: bytes, kind: str, settings: Settings, record: Record) -> tuple[bytes, bytes]:
    import c2pa

    definition = json.dumps(_describe_record(record))
    if len(definition) > LARGEST_RECORD:
        raise DataError("The file has too many rows to be signed.", "Choose fewer of them.")
    identity = certificates.ensure_identity(settings)
    signed = io.BytesIO()
    try:
        builder = c2pa.Builder(definition, c2pa.Context.from_dict(dict(SETTINGS)))
        builder.set_intent(
            c2pa.C2paBuilderIntent.CREATE, c2pa.C2paDigitalSourceType.DATA_DRIVEN_MEDIA
        )
        if kind == ANY:
            builder.set_no_embed()
        store = builder.sign(_build_signer(identity), kind, io.BytesIO(data), signed)
    except c2pa.C2paError as error:
        raise DataError(
            f"The file cannot be signed with the certificate of {identity.name}, which holds to "
            f"{identity.ends}: {error}.",
            "Look at [signing] in the configuration.",
        ) from error
    return signed.getvalue(), store


def _describe_record(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "claim_generator_info": [{"name": NAME, "version": __version__}],
        "title": record.get("title") or record.get("document"),
        "assertions": [{"label": RECORD, "data": dict(record)}],
    }


def _build_signer(identity: Identity) -> Any:
    import c2pa

    key = identity.key
    if key is None:
        raise DataError(f"There is no key of the certificate of {identity.name}.")
    return c2pa.Signer.from_callback(
        lambda message: _sign_message(key, message), c2pa.C2paSigningAlg.ES256, identity.pem
    )


def _sign_message(key: Key, message: bytes) -> bytes:
    """Sign with ES256; of the two signatures that hold the one with the smaller number."""
    first, second = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    second = ORDER - second if second > HALF else second
    return b"".join(number.to_bytes(HALF_SIGNATURE, "big") for number in (first, second))
