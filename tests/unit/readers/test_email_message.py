from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from domain.errors import DocumentError
from ingestion.readers.email_message import EmailReader

READER = EmailReader()


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {
        "From": "Ann <ann@example.org>",
        "To": "bo@example.org",
        "Subject": "Results",
        **headers,
    }.items():
        message[name] = value
    return message


def test_headers_come_first_and_the_body_after() -> None:
    message = mail(Date="Fri, 01 Mar 2024 08:30:00 +0000")
    message.set_content("Potassium is 4.1.\n")
    reading = READER.read(message.as_bytes(), "x.eml")
    assert reading.title == "Results"
    assert reading.text == (
        "From: Ann <ann@example.org>\nTo: bo@example.org\nDate: Fri, 01 Mar 2024 08:30:00 +0000\nSubject: Results\n\n"
        "Potassium is 4.1."
    )
    assert [(section.path, section.kind) for section in reading.sections[1:]] == [
        (("Headers",), "message"),
        (("Body",), "message"),
    ]
    assert reading.sections[2].date == date(2024, 3, 1)
    assert reading.metadata == {"author": "Ann <ann@example.org>", "created": "2024-03-01T08:30:00+00:00"}


def test_plain_text_is_preferred_and_its_html_twin_is_no_attachment() -> None:
    message = mail()
    message.set_content("plain words\n")
    message.add_alternative("<p>html words</p>", subtype="html")
    reading = READER.read(message.as_bytes(), "x.eml")
    assert "plain words" in reading.text
    assert "html words" not in reading.text
    assert reading.attachments == ()


def test_an_html_body_is_read_as_html_with_its_tables() -> None:
    message = mail()
    message.set_content(
        "<meta charset='iso-8859-1'><script>x()</script><p>Łódź</p>"
        "<table><tr><th>Drug</th><th>Dose</th></tr><tr><td>A</td><td>1</td></tr></table>",
        subtype="html",
    )
    reading = READER.read(message.as_bytes(), "x.eml")
    assert reading.text.endswith("Łódź\nDrug | Dose\nA | 1")
    table = reading.tables[0]
    assert reading.text[table.header_start : table.header_end] == "Drug | Dose"
    assert reading.text[table.row_starts[0] : table.end] == "A | 1"


def test_attachments_are_handed_on_and_never_read_here() -> None:
    message = mail()
    message.set_content("see attached\n")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="../../labs.csv")
    reading = READER.read(message.as_bytes(), "x.eml")
    assert [(a.name, a.media_type, a.content, a.inline) for a in reading.attachments] == [
        ("labs.csv", "text/csv", b"a,b\n1,2\n", True)
    ]


def test_a_message_inside_a_message_is_an_attachment() -> None:
    inner = mail(Subject="Inner")
    inner.set_content("inner words\n")
    outer = mail(Subject="Outer")
    outer.set_content("outer words\n")
    outer.add_attachment(inner)
    reading = READER.read(outer.as_bytes(), "x.eml")
    assert "inner words" not in reading.text
    assert reading.attachments[0].name == "message.eml"
    assert READER.read(reading.attachments[0].content, "message.eml").title == "Inner"


def test_several_text_parts_are_all_kept() -> None:
    message = mail()
    message.make_mixed()
    for words in ("first part", "second part"):
        part = EmailMessage()
        part.set_content(words)
        message.attach(part)
    assert READER.read(message.as_bytes(), "x.eml").text.endswith("first part\nsecond part")


@pytest.mark.parametrize(
    "content",
    [
        b"From: a@b.c\nContent-Type: text/plain; charset=x-unknown\n\nwords",
        b"From: a@b.c\nTo: " + b"a@b.c, " * 50_000 + b"\n\nwords",
        b"From: =?utf-8?b?!!!?= <\nDate: never\n\nwords",
        b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nwords",
    ],
)
def test_broken_headers_and_parts_do_not_lose_the_body(content: bytes) -> None:
    assert READER.read(content, "x.eml").text.endswith("words")


@pytest.mark.parametrize("content", [b"", b"just words\nFrom: a@b.c\n", b"\x00\x01\x02", b'{\n"From": 1}'])
def test_what_is_no_message_is_malformed(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(content, "x.eml")


def test_an_encrypted_message_is_said_to_be_encrypted() -> None:
    content = b"From: a@b.c\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA"
    with pytest.raises(DocumentError, match=r"document\.encrypted"):
        READER.read(content, "x.eml")


def test_sniffing_counts_known_headers() -> None:
    assert READER.sniff(b"From: a@b.c\n\nx", "x.eml") == 0.95
    assert READER.sniff(b"From: a@b.c\nTo: b@b.c\nSubject: s\n\nx", "unnamed") == 0.8
    assert READER.sniff(b"Note: this is text\nFrom: the heart\n", "x.txt") == 0.0
