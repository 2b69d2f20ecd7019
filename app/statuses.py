"""The two tables of error codes: exit statuses and HTTP statuses. A test proves both complete."""

from __future__ import annotations

from typing import Final

from domain.errors import ACCESS_CODES, DOCUMENT_CODES, POLICY_CODES, REQUEST_CODES, SERVICE_CODES

USAGE, DATA, UNAVAILABLE, SOFTWARE, FORBIDDEN, CONFIG = 64, 65, 69, 70, 77, 78

EXIT_STATUS: Final[dict[str, int]] = {
    **dict.fromkeys(DOCUMENT_CODES, DATA),
    **dict.fromkeys(ACCESS_CODES, FORBIDDEN),
    **dict.fromkeys(REQUEST_CODES, USAGE),
    "request.setting_invalid": CONFIG,
    "request.backup_invalid": DATA,
    "request.template_invalid": DATA,
    "request.backup_foreign": DATA,
    **dict.fromkeys(POLICY_CODES, FORBIDDEN),
    **dict.fromkeys(SERVICE_CODES, UNAVAILABLE),
    "service.internal": SOFTWARE,
}
HTTP_STATUS: Final[dict[str, int]] = {
    **dict.fromkeys(DOCUMENT_CODES, 422),
    "document.too_large": 413,
    "document.unsupported": 415,
    "document.subject_conflict": 409,
    "document.version_conflict": 409,
    "access.identity_required": 401,
    "access.denied": 403,
    "access.original_withheld": 403,
    "access.too_many_attempts": 429,
    "request.invalid": 422,
    "request.not_found": 404,
    "request.conflict": 409,
    "request.too_large": 413,
    "request.rate_limited": 429,
    "request.quota_spent": 429,
    "request.key_reused": 422,
    "request.key_in_use": 409,
    "request.key_spent": 409,
    "request.setting_invalid": 500,
    "request.dataset_invalid": 422,
    "request.template_invalid": 422,
    "request.backup_invalid": 422,
    "request.backup_foreign": 409,
    "request.store_in_use": 409,
    **dict.fromkeys(POLICY_CODES, 503),
    **dict.fromkeys(SERVICE_CODES, 503),
    "service.drafter_deadline": 504,
    "service.overloaded": 429,
    "service.internal": 500,
}
