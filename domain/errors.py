"""The one error tree. Every error has a stable code; the API and the CLI map codes, never classes.

ConsiliumError
├── DocumentError            document.*   a file that cannot be read; nothing of it is kept
├── AccessError              access.*     who asks is unknown, or may not do this
├── RequestError             request.*    what was asked cannot be understood or does not exist
├── PolicyUnavailableError   policy.*     a safety check cannot run, so nothing is said
└── ServiceError             service.*    broken infrastructure: index, model, storage

An error's text is written by us and may carry ids, counts, limits and codes. It never carries the text of a document,
a question or an answer.
"""

from __future__ import annotations

from typing import Final

DOCUMENT_CODES: Final = {
    "document.encrypted": "The file is protected by a password or by encryption. Remove the protection and try again.",
    "document.needs_ocr": "The file holds scanned pages without text. Install tesseract on the server and try again.",
    "document.too_large": "The file is over a limit on size or pages. Split it, or raise the limit.",
    "document.too_slow": "Reading the file took longer than the time limit. Split it, or raise the limit.",
    "document.out_of_memory": "Reading the file took more memory than the limit. Split it, or raise the limit.",
    "document.malformed": "The file is broken or is not what its type says. Export it again from its source.",
    "document.unsupported": "No reader is registered for this type of file. Convert it to a supported type.",
    "document.bomb": "The file expands or nests beyond the limits, as decompression and entity bombs do.",
    "document.hostile": "The file asks for entities or outside resources, which are never resolved. Remove them.",
    "document.empty": "The file holds no text.",
    "document.unreadable": "The file could not be opened or its reader stopped. Check its permissions and try again.",
    "document.subject_conflict": "The file is about others than --subject. Leave it out, or say --same-subject.",
    "document.version_conflict": "Another text of this document has the same date in force. Give --effective-from.",
}
ACCESS_CODES: Final = {
    "access.identity_required": "Who asks is not known. Sign in, or send a token or a key.",
    "access.denied": "You may not do this. The reason is named.",
    "access.original_withheld": "The original would show more than may be shown for this purpose. Its text is open.",
    "access.too_many_attempts": "Too many wrong tokens or keys came from this address. Wait a minute.",
}
REQUEST_CODES: Final = {
    "request.invalid": "The request is not valid. The fields at fault are named.",
    "request.not_found": "There is nothing by that id within this scope.",
    "request.conflict": "Something by that name is there already.",
    "request.too_large": "The request is over the size limit.",
    "request.rate_limited": "There were too many requests. Wait as long as Retry-After says, and try again.",
    "request.quota_spent": "The quota of the day is spent. Wait as long as Retry-After says, or ask for a larger one.",
    "request.key_reused": "The idempotency key was sent with another request before. Use a new key for each request.",
    "request.key_in_use": "The request with this idempotency key is still under way. Try again in a moment.",
    "request.key_spent": "The request with this idempotency key was done, and its reply was erased since.",
    "request.setting_invalid": "A setting is not valid. The setting at fault is named.",
    "request.backup_invalid": "The backup is not whole, or none that this product reads. The part at fault is named.",
    "request.backup_foreign": "The backup is of another store than the one here. Say --foreign if that is meant.",
    "request.store_in_use": "There is data already where the backup would go. Name an empty place.",
    "request.template_invalid": "The template of a report is not valid. The parts at fault are named.",
    "request.dataset_invalid": "The dataset is not in a format that this suite reads. The file at fault is named.",
}
POLICY_CODES: Final = {
    "policy.detector_unavailable": "The personal-data detector failed its check, so the text is withheld.",
    "policy.verifier_unavailable": "The verifier failed, so no answer is given.",
    "policy.audit_unavailable": "The audit log cannot be written, so no answer is given.",
    "policy.filter_unavailable": "The access filter cannot be applied, so nothing is searched.",
    "policy.access_unavailable": "The access policies cannot be read or do not fit, so nothing is answered.",
}
SERVICE_CODES: Final = {
    "service.encoder_unavailable": "The embedding model could not be loaded or its files do not match their digests.",
    "service.reranker_unavailable": "The re-ranker of the pack could not be loaded or does not match its digest.",
    "service.index_unavailable": "The passage index cannot be opened or answered with an error.",
    "service.index_in_use": "Another process owns the index. Use the running server, or stop it first.",
    "service.drafter_unavailable": "The model server could not be reached or answered with an error.",
    "service.drafter_deadline": "The model server did not finish before the deadline.",
    "service.storage_unavailable": "The store could not be read or written.",
    "service.issuer_unavailable": "The issuer of tokens could not be reached or answers what cannot be used.",
    "service.overloaded": "More is being asked than can be answered. Try again after the time in Retry-After.",
    "service.draining": "The server is about to stop and takes no new work. Another one, or the next start, will.",
    "service.port_unavailable": "A port that the server needs is taken. Choose another, or stop what holds it.",
    "service.internal": "Something unexpected failed. It was logged under the id given.",
}
CODES: Final = {**DOCUMENT_CODES, **ACCESS_CODES, **REQUEST_CODES, **POLICY_CODES, **SERVICE_CODES}


class ConsiliumError(Exception):
    """An error with a stable ``code`` from :data:`CODES` and an optional ``detail`` of ids, counts and limits."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in type(self).allowed():
            message = f"{code!r} is not a code of {type(self).__name__}"
            raise ValueError(message)
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {self.remedy}" + (f" ({detail})" if detail else ""))

    @classmethod
    def allowed(cls) -> frozenset[str]:
        """Return the codes that this class may carry."""
        return frozenset(CODES)

    @property
    def remedy(self) -> str:
        """What happened and the way out, in one or two plain sentences."""
        return CODES[self.code]


class DocumentError(ConsiliumError):
    """A file that cannot be read; nothing of it is kept."""

    @classmethod
    def allowed(cls) -> frozenset[str]:
        """Return the ``document.*`` codes."""
        return frozenset(DOCUMENT_CODES)


class AccessError(ConsiliumError):
    """Who asks is unknown, or may not do this."""

    @classmethod
    def allowed(cls) -> frozenset[str]:
        """Return the ``access.*`` codes."""
        return frozenset(ACCESS_CODES)


class RequestError(ConsiliumError):
    """What was asked cannot be understood or does not exist within the scope."""

    @classmethod
    def allowed(cls) -> frozenset[str]:
        """Return the ``request.*`` codes."""
        return frozenset(REQUEST_CODES)


class PolicyUnavailableError(ConsiliumError):
    """A safety check cannot run, so nothing is said."""

    @classmethod
    def allowed(cls) -> frozenset[str]:
        """Return the ``policy.*`` codes."""
        return frozenset(POLICY_CODES)


class ServiceError(ConsiliumError):
    """Broken infrastructure: index, model or storage."""

    @classmethod
    def allowed(cls) -> frozenset[str]:
        """Return the ``service.*`` codes."""
        return frozenset(SERVICE_CODES)
