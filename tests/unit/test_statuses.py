from __future__ import annotations

import pytest

from app.statuses import EXIT_STATUS, HTTP_STATUS
from domain.errors import (
    CODES,
    DOCUMENT_CODES,
    AccessError,
    ConsiliumError,
    DocumentError,
    PolicyUnavailableError,
    RequestError,
    ServiceError,
)


def test_every_error_code_has_an_exit_status_and_an_http_status() -> None:
    assert set(EXIT_STATUS) == set(CODES)
    assert set(HTTP_STATUS) == set(CODES)


def test_no_error_exits_with_success_or_answers_with_success() -> None:
    assert all(status > 0 for status in EXIT_STATUS.values())
    assert all(status >= 400 for status in HTTP_STATUS.values())


def test_every_code_belongs_to_exactly_one_class_of_the_tree() -> None:
    classes = (AccessError, DocumentError, PolicyUnavailableError, RequestError, ServiceError)
    for code in CODES:
        assert sum(code in kind.allowed() for kind in classes) == 1


def test_a_class_refuses_a_code_that_is_not_its_own() -> None:
    with pytest.raises(ValueError, match="not a code of DocumentError"):
        DocumentError("request.invalid")


def test_an_error_says_what_happened_and_the_way_out() -> None:
    error = ConsiliumError("document.encrypted", "page 1")
    assert str(error) == f"document.encrypted: {DOCUMENT_CODES['document.encrypted']} (page 1)"
