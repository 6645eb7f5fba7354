"""Read the Content Credentials of a file: who signed it, what it is, whether a byte is another.

A file is only ever somebody's claim. Nothing is fetched: no manifest from an address in the
file, no word on a certificate from its issuer.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from longevity.outputs.credentials import spelling
from longevity.release.certificates import USES

RECORD = "longevity.record"  # the assertion that holds what a file is
ANY = "application/octet-stream"  # a file whose credentials stand beside it
SETTINGS: Mapping[str, Any] = {
    "version": 1,
    # Who is trusted is decided by the certificate itself (`verify`), not by who issued it.
    "trust": {"trust_config": "\n".join(USES)},
    "verify": {
        "verify_trust": False,
        "verify_after_sign": False,
        "ocsp_fetch": False,
        "remote_manifest_fetch": False,
    },
    "builder": {"thumbnail": {"enabled": False}},
}
# What the hash of the file found, so that what the credentials say is as it was signed.
_OF_THE_FILE = ("assertion.dataHash.", "assertion.collectionHash.")
_OF_TIME = ("signingCredential.expired", "claimSignature.outsideValidity")
LONGEST_NAME = 80


@dataclass(frozen=True)
class Claim:
    """What a file's credentials say, and what of it holds."""

    record: dict[str, Any]
    signer: str  # a name somebody wrote into a certificate, in signs that can be printed
    # The certificates, the signer's first; only where `record_holds` did they sign.
    chain: tuple[bytes, ...]
    record_holds: bool  # what the credentials say is what was signed, in the form it is signed here
    whole: bool  # and no byte of the file is another
    ran_out: bool  # the certificate holds no more


def read_claim(kind: str, data: bytes, store: bytes | None = None) -> Claim | None:
    """Read the credentials of a file; None where it holds none that can be read.

    `kind`: png, svg, pdf, pptx, or ANY with the credentials of a `store` beside it.
    """
    import c2pa

    try:
        context = c2pa.Context.from_dict(dict(SETTINGS))
        with c2pa.Reader(kind, io.BytesIO(data), store, context) as reader:
            report = json.loads(reader.detailed_json())
    except (c2pa.C2paError, ValueError):
        return None
    try:
        label = report["active_manifest"]
        manifest = report["manifests"][label]
        return _judge_manifest(kind, data, store, label, manifest, report)
    except (KeyError, TypeError, AttributeError):
        return None


def _judge_manifest(
    kind: str,
    data: bytes,
    separate_store: bytes | None,
    label: str,
    manifest: Mapping[str, Any],
    report: Mapping[str, Any],
) -> Claim:
    assertions = manifest["assertion_store"]
    wrong = [
        failure["code"]
        for results in _list_results(report["validation_results"])
        for failure in results.get("failure", [])
    ]
    of_file = [code for code in wrong if code.startswith(_OF_THE_FILE)]
    of_time = [code for code in wrong if code in _OF_TIME]
    try:
        store, as_put = spelling.locate_store(kind, data, _find_hash(assertions), separate_store)
        parts = spelling.take_apart(store, label)
        chain = parts.chain
        spelled = len(report["manifests"]) == 1 and sorted(
            parts.assertions
        ) == _list_referred_hashes(manifest)
    except (ValueError, TypeError, KeyError, IndexError):
        chain, spelled = (
            spelling.find_chain(data if separate_store is None else separate_store),
            False,
        )
        as_put = False
    record = assertions.get(RECORD)
    record_holds = (
        spelled and len(of_file) + len(of_time) == len(wrong) and isinstance(record, dict)
    )
    return Claim(
        record if isinstance(record, dict) else {},
        _keep_printable(str(manifest["signature"].get("common_name") or "")),
        chain,
        record_holds,
        record_holds and as_put and not of_file,
        bool(of_time),
    )


def _find_hash(assertions: Mapping[str, Any]) -> Mapping[str, Any]:
    hashed: Mapping[str, Any] = (
        assertions.get("c2pa.hash.data") or assertions["c2pa.hash.collection.data"]
    )
    return hashed


def _list_results(results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    active = [results["activeManifest"]]
    return active + [item["validationDeltas"] for item in results.get("ingredientDeltas") or []]


def _keep_printable(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:LONGEST_NAME]


def _list_referred_hashes(manifest: Mapping[str, Any]) -> list[str]:
    """List the hashes of the assertions that a claim refers to, in order."""
    claim = manifest["claim"]
    both = [*(claim.get("created_assertions") or []), *(claim.get("gathered_assertions") or [])]
    return sorted(str(reference["hash"]) for reference in both)
