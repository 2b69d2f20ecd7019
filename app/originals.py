"""Decides whether the file that a version was read from may be shown, and shows it.

An original cannot be redacted, and it holds more than its text: running headers, pictures, notes, attached files. It is
shown only where it cannot show what a passage would not, and withheld where that is not certain.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, NoReturn

from domain.documents import Document, Version
from domain.errors import AccessError, RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.questions import Question
from ingestion.sandbox import ReadingSandbox
from policies.disclosure.kinds import Level, kinds_at_least
from policies.disclosure.policy import Disclosure, kinds_to_redact

# What is sent, by what was read. Nothing else is an original that a browser is given.
MEDIA_TYPES: Final = {"application/pdf": "application/pdf"}
_PDF: Final = b"%PDF-"
_SECRET: Final = kinds_at_least(Level.SECRET)
_KEPT: Final = 1_000


@dataclass(slots=True)
class _Verdicts:
    """Remembers what was found out about an original, by digests alone, for as long as the process runs."""

    known: OrderedDict[str, str] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: str) -> str | None:
        with self.lock:
            return self.known.get(key)

    def keep(self, key: str, reason: str) -> None:
        with self.lock:
            self.known[key] = reason
            while len(self.known) > _KEPT:
                self.known.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """Shows originals. ``sandbox`` says, in a fenced process, all that a file would show."""

    catalogue: Catalogue
    blobs: BlobStore
    disclosure: Disclosure
    sandbox: ReadingSandbox
    audit: AuditLog
    verdicts: _Verdicts = field(default_factory=_Verdicts)

    def close(self) -> None:
        """End the process that looks into files."""
        self.sandbox.close()

    def has(self, version: Version) -> bool:
        """Say whether the original of a version is of a kind that is shown at all."""
        return version.media_type in MEDIA_TYPES

    def show(self, version: Version, document: Document, asker: Question) -> tuple[bytes, str]:
        """Return the bytes and the media type for a version that ``asker`` may see.

        Raises AccessError ``access.original_withheld`` with the reason, RequestError ``request.not_found`` where the
        file is not kept, and PolicyUnavailableError where the detector failed.
        """
        if version.media_type not in MEDIA_TYPES:
            _withhold("only PDF files are shown as they are")
        kinds = kinds_to_redact(asker.purpose, self.disclosure.pack)
        if not kinds <= _SECRET:
            _withhold(f"the purpose {asker.purpose} keeps names back, which cannot be taken out of a file")
        content = self.blobs.get(version.digest)
        if content is None:
            raise RequestError("request.not_found", "original")
        if not content.startswith(_PDF):  # what was read was inside of another file
            _withhold("it is part of another file")
        reason = self._reason(content, version, document, asker)
        if reason:
            _withhold(reason)
        self.audit.append(
            "original_shown",
            {
                "actor": asker.actor.id,
                "tenant": asker.scope.tenant,
                "purpose": asker.purpose,
                "subjects": list(asker.scope.subjects),
                "version": version.id,
            },
        )
        return content, MEDIA_TYPES[version.media_type]

    def _reason(self, content: bytes, version: Version, document: Document, asker: Question) -> str:
        known = self.catalogue.identities(asker.scope.tenant, asker.known_as)
        kinds = sorted(kinds_to_redact(asker.purpose, self.disclosure.pack))
        told = [[one.subject, one.kind, one.value] for one in known]
        facts = json.dumps([version.digest, version.id, bool(document.labels.subjects), asker.purpose, kinds, told])
        key = hashlib.sha256(facts.encode()).hexdigest()
        reason = self.verdicts.get(key)
        if reason is None:
            outcomes = self.sandbox.read_bytes(content, "original.pdf")
            reading = outcomes[0].reading if len(outcomes) == 1 else None
            if reading is None:
                return "it could not be looked through"
            redacted, _ = self.disclosure.apply([reading.text, version.text, version.title], asker.purpose, known)
            count = {name: int(reading.metadata.get(name, "1")) for name in ("pictures", "notes", "files")}
            if any(one.counts for one in redacted):
                reason = f"something in it is kept back for the purpose {asker.purpose}"
            elif count["files"]:
                reason = "files are attached to it"
            elif kinds and count["notes"]:
                reason = "it holds notes or forms, which are not read"
            elif kinds and count["pictures"] and document.labels.subjects:
                reason = "it is about somebody and shows pictures, which are not read to the last word"
            else:
                reason = ""
            self.verdicts.keep(key, reason)
        return reason


def _withhold(reason: str) -> NoReturn:
    raise AccessError("access.original_withheld", reason)
