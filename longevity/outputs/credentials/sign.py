"""Sign a file with Content Credentials (C2PA), and add it to the list of files given out.

The credentials are a record of what the file is, a hash of the file and a signature, all in the
file. Nothing is fetched: no time-stamping authority is asked.
"""

from __future__ import annotations

import io
import json
from typing import Any

from longevity import NAME, __version__
from longevity.base.errors import DataError
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.read import RECORD, SETTINGS
from longevity.release import certificates
from longevity.release.certificates import Identity
from longevity.settings import Settings

LARGEST_RECORD = 1_000_000  # characters as JSON: what the SDK takes, less a little
TRIAL = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
Record = dict[str, Any]


def sign_file(data: bytes, kind: str, settings: Settings, record: Record) -> bytes:
    """Return a file with credentials in it. `kind`: png, svg, pdf or pptx; `record`: what it is.

    A PPTX has to come from `archive.prepare_deck`. DataError where the certificate cannot sign, as
    it ran out, where the record is too long, and where the list of files given out cannot be
    written.
    """
    signed = _sign_data(data, kind, settings, record)
    given_out.add_file(settings.home, signed)
    return signed


def describe_signer(settings: Settings) -> str:
    """Return a sentence that says whose certificate signs, after a trial signature.

    ConfigError or DataError where it cannot sign.
    """
    if settings.signing.certificates is None:
        return "Files are signed with this home's own certificate."
    identity = certificates.ensure_identity(settings)
    _sign_data(TRIAL, "svg", settings, record={})
    return f"Files are signed by “{identity.name}”, whose certificate holds to {identity.ends}."


def build_signer(identity: Identity) -> Any:
    """Return the SDK's signer, which asks no one for the time; C2paError where it cannot sign."""
    import c2pa

    chain = certificates.write_pem(*identity.chain)
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, identity.key, None))


def _sign_data(data: bytes, kind: str, settings: Settings, record: Record) -> bytes:
    """Return the file with credentials in it, without adding it to the list."""
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
