"""Read the Content Credentials in a file: who signed it, what it is, whether it was edited.

Nothing is fetched from addresses in the file. That it is ours byte for byte only the list of files
given out can say (`given_out`), as the signature's hash leaves out parts of a file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RECORD = "longevity.record"  # the assertion that holds what a file is
# What a certificate may be for, of which the one that signs must have one: e-mail, documents, C2PA.
USES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")
TRUST = {"trust_config": "\n".join(USES)}
SETTINGS: Mapping[str, Any] = {
    "version": 1,
    "trust": TRUST,
    "verify": {"verify_after_sign": True, "ocsp_fetch": False, "remote_manifest_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}
_TRUSTED = "signingCredential.trusted"
# Failures about the certificate, which do not mean that the file was edited.
_OF_THE_SIGNER = {
    "signingCredential.untrusted",
    "signingCredential.expired",
    "claimSignature.outsideValidity",
}
LONGEST_NAME = 80


@dataclass(frozen=True)
class Claim:
    """What a file's credentials say, and what the C2PA library finds of it."""

    record: dict[str, Any]
    signer: str  # the name in the certificate, in characters that can be printed
    ours: bool  # signed with a known certificate, the very one
    holds: bool  # the file and what its credentials say are as they were signed


def read_claim(kind: str, data: bytes, known: str) -> Claim | None:
    """Read the credentials of a file; None where it holds none that can be read.

    `kind`: png, svg, pdf or pptx. `known`: the certificates of who signs here, in PEM.
    """
    import c2pa

    # Trusted is the very certificate, not whatever its issuer issues.
    anchor = {"trust_kind": "manifest", "trust_anchors": "", "allowed_list": known}
    try:
        context = c2pa.Context.from_dict({**SETTINGS, "trust": {**TRUST, "anchors": [anchor]}})
        with c2pa.Reader(kind, io.BytesIO(data), None, context) as reader:
            report = json.loads(reader.detailed_json())
            manifest = reader.get_active_manifest() or {}
        record = report["manifests"][report["active_manifest"]]["assertion_store"].get(RECORD)
        return _judge_report(record, manifest["signature_info"], report["validation_results"])
    except (c2pa.C2paError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _judge_report(record: Any, signer: Mapping[str, Any], results: Mapping[str, Any]) -> Claim:
    """Return the claim in the C2PA library's report: it holds where no failure is of the file."""
    active = results["activeManifest"]
    inner = [item["validationDeltas"] for item in results.get("ingredientDeltas") or []]
    wrong = {item["code"] for found in (active, *inner) for item in found.get("failure", [])}
    name = str(signer.get("common_name") or signer.get("issuer") or "somebody without a name")
    return Claim(
        record if isinstance(record, dict) else {},
        signer="".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME],
        ours=any(item["code"] == _TRUSTED for item in active.get("success", [])),
        holds=isinstance(record, dict) and not wrong - _OF_THE_SIGNER,
    )
