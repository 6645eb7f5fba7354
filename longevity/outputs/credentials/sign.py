"""Put Content Credentials into a file that leaves, and enter it in the list.

The SDK makes them (C2PA): a claim of what the file is, the hash of the file, a signature. Nothing
is fetched: no authority is asked for the time.
"""

from __future__ import annotations

import io
import json
from typing import Any

from longevity import NAME, __version__
from longevity.errors import DataError
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.read import RECORD, SETTINGS
from longevity.release import certificates
from longevity.release.certificates import Identity
from longevity.settings import Settings

LARGEST_RECORD = 1_000_000  # characters as JSON: what the SDK takes, less a little
TRIAL = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
Record = dict[str, Any]


def sign_file(data: bytes, kind: str, settings: Settings, record: Record) -> bytes:
    """Return a PNG, SVG, PDF or (made by `archive.prepare_deck`) PPTX with its credentials in it.

    DataError where the certificate cannot sign, as one that ran out, for too long a record, and
    where the file cannot be entered in the list of those given out.
    """
    signed = _sign_data(data, kind, settings, record)
    given_out.add_file(settings.home, signed)
    return signed


def describe_signer(settings: Settings) -> str:
    """Say in a sentence whose certificate signs, having tried; ConfigError or DataError if not."""
    if settings.signing.certificates is None:
        return "Files are signed with this home's own certificate."
    identity = certificates.ensure_identity(settings)
    _sign_data(TRIAL, "svg", settings, {})
    return f"Files are signed by “{identity.name}”, whose certificate holds to {identity.ends}."


def build_signer(identity: Identity) -> Any:
    """Return the SDK's signer, which asks no one for the time; C2paError where it cannot sign."""
    import c2pa

    chain = certificates.write_pem(*identity.chain)
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, identity.key, None))


def _sign_data(data: bytes, kind: str, settings: Settings, record: Record) -> bytes:
    """Return the file with its credentials."""
    import c2pa

    definition = json.dumps(
        {
            "claim_generator_info": [{"name": NAME, "version": __version__}],
            "title": record.get("title") or record.get("document"),
            "assertions": [{"label": RECORD, "data": record}],
        },
        default=str,
    )
    if len(definition) > LARGEST_RECORD:
        raise DataError("The file has too many rows to be signed.", "Choose fewer of them.")
    identity = certificates.ensure_identity(settings)
    signed = io.BytesIO()
    try:
        builder = c2pa.Builder(definition, c2pa.Context.from_dict(dict(SETTINGS)))
        builder.set_intent(
            c2pa.C2paBuilderIntent.CREATE, c2pa.C2paDigitalSourceType.DATA_DRIVEN_MEDIA
        )
        builder.sign(build_signer(identity), kind, io.BytesIO(data), signed)
    except c2pa.C2paError as error:
        raise DataError(
            f"Nothing can be signed with the certificate of {identity.name}, which holds to "
            f"{identity.ends}: {error}.",
            certificates.MEND,
        ) from error
    return signed.getvalue()
