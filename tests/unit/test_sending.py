"""Where events may go: nowhere inside, by whatever name or number it is called."""

from __future__ import annotations

import pytest

from app.events.sending import Sender, checked, public
from app.system import SystemClock
from domain.errors import RequestError
from domain.webhooks import Delivery, Endpoint, Event


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https://u:p@example.org/", "https://127.0.0.1/",
        "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://localhost/", "https://LOCALHOST./",
        "https://[fd00::1]/", "https://0.0.0.0/", "https://100.64.0.1/", "https://224.0.0.1/", "nonsense",
    ],
)  # fmt: skip
def test_an_address_inside_or_without_tls_is_refused(url: str) -> None:
    with pytest.raises(RequestError) as caught:
        checked(url, anywhere=False)
    assert caught.value.code == "request.invalid"
    assert "127" not in str(caught.value)


def test_a_public_address_is_taken_and_a_private_one_where_it_is_allowed() -> None:
    assert checked("https://example.org/hook", anywhere=False).host == "example.org"
    assert checked("http://127.0.0.1:9/hook", anywhere=True).port == 9


def test_public_addresses_are_told_from_others() -> None:
    assert public("93.184.216.34")
    assert public("2606:2800:220:1::1")
    assert not public("::ffff:192.168.1.1")


def test_a_public_name_that_leads_inside_is_not_connected_to() -> None:
    """DNS rebinding: the name was fine when the endpoint was added, and its address is checked when it is used."""
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["93.184.216.34", "127.0.0.1"]

    endpoint = Endpoint(
        id="w", tenant="t", url="https://example.org/hook", kinds=("erasure.done",), secret="whsec_AAAA", created_at=""
    )
    event = Event(id="evt_1", tenant="t", kind="erasure.done", at="", data={})
    delivery = Delivery(endpoint=endpoint, event=event, attempts=0, due=0)
    assert Sender(resolve=resolve).send(delivery, SystemClock().now()) == 0
    assert asked == [("example.org", 443)]
