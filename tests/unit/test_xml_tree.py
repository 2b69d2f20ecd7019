from __future__ import annotations

import pytest

from domain.errors import DocumentError
from ingestion.xml_tree import child, descendant, local_name, namespace, parse, text_of
from tests.data import shared_data


def code_of(content: bytes, *, recover: bool = False) -> str:
    try:
        parse(content, recover=recover)
    except DocumentError as error:
        return error.code
    return "read"


def test_text_is_read_in_document_order_without_comments() -> None:
    root = parse(b"<a xmlns='urn:x'> one <b>two<!-- no --></b>\n three<?pi no?></a>")
    assert text_of(root) == "one two three"
    assert local_name(root) == "a"
    assert namespace(root) == "urn:x"


def test_children_are_found_by_local_name() -> None:
    root = parse(b"<a xmlns:p='urn:p'><p:b><c>x</c></p:b></a>")
    assert text_of(child(root, "b")) == "x"
    assert child(root, "c") is None
    assert text_of(descendant(root, "c")) == "x"


@pytest.mark.parametrize("recover", [False, True])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "document.hostile"),
        ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://h/x.dtd'> %x;]><a/>", "document.hostile"),
        ("<!DOCTYPE a [<!ENTITY x 'word'>]><a>&x;</a>", "document.hostile"),
        ("<!DOCTYPE a [<!-- <b> --><!ENTITY x 'word'>]><a>&x;</a>", "document.hostile"),
        ("<!DOCTYPE a [<?x <b> ?><!ENTITY x 'word'>]><a/>", "document.hostile"),
        ("<!DOCTYPE a SYSTEM 'a.dtd'><a>&mdash;</a>", "document.hostile"),
        ("<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;'>]><a>&y;</a>", "document.bomb"),
        ("<!DOCTYPE a [<!ENTITY x '" + "h" * 2000 + "'>]><a>" + "&x;" * 1000 + "</a>", "document.bomb"),
        ("<a>" * 201 + "</a>" * 201, "document.bomb"),
        ("<a>" * 5000 + "</a>" * 5000, "document.bomb"),
        ("<a>" * 200 + "</a>" * 200, "read"),
        ("<!DOCTYPE a PUBLIC '-//X//EN' 'file:///nowhere.dtd'><a/>", "read"),
        ("<!-- <!DOCTYPE b [<!ENTITY x 'y'>]> --><a/>", "read"),
        (" \n", "document.empty"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_unsafe_xml_is_refused_with_its_reason_in_every_encoding(
    content: str, code: str, encoding: str, *, recover: bool
) -> None:
    assert code_of(content.encode(encoding), recover=recover) == code


def test_an_entity_hidden_by_an_odd_encoding_is_still_refused() -> None:
    declaration = "+ADwAIQ-DOCTYPE a +AFsAPAAh-ENTITY x 'word'+AD4AXQA+"
    utf7 = f"<?xml version='1.0' encoding='UTF-7'?>{declaration}ADw-a+AD4-x+ADw-/a+AD4-"
    assert code_of(utf7.encode()) == "document.hostile"
    assert code_of("<!DOCTYPE a [<!ENTITY x 'word'>]><a/>".encode("utf-16-le")) == "document.hostile"


def test_broken_xml_is_malformed_unless_recovery_is_asked_for() -> None:
    assert code_of(b"<a><b></a>") == "document.malformed"
    assert code_of(b"<a xsi:type='ED'>x</a>") == "document.malformed"
    assert text_of(parse(b"<a xsi:type='ED'>x</a>", recover=True)) == "x"
    assert code_of(b"no xml at all", recover=True) == "document.malformed"


def test_many_comments_and_instructions_before_the_root_take_no_long_time() -> None:
    prolog = "<?xml version='1.0'?>" + "<?pi x?> <!-- y -->\n" * 20_000
    assert code_of(f"{prolog}<a>{'<?pi x?><!-- y -->' * 20_000}</a>".encode()) == "read"


def test_the_error_never_quotes_the_document() -> None:
    with pytest.raises(DocumentError) as caught:
        parse(b"<a><secret></a>")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("folder", ["xml_entity", "xml_unparseable", "archives_hostile"])
def test_every_hostile_file_is_read_or_refused_by_code(folder: str) -> None:
    files = sorted(shared_data(f"faults/{folder}").iterdir())
    codes = {path.name: code_of(path.read_bytes()) for path in files}
    assert len(codes) == len(files)
    expected = {
        "004-list-xhtml-xxe1.xml": "document.hostile",
        "010-Classic_XXE_B64_Encoded.xml": "document.hostile",
        "012-Deny_Of_Service_-_Billion_Laugh_Attack": "document.bomb",
        "014-XXE_PHP_Wrapper.xml": "document.hostile",
        "018-testXXE.xml": "read",
        "000-unicode-problem.xml": "document.malformed",
        "002-ex-pat.xml": "document.malformed",
        "004-japanese-utf8.xml": "document.malformed",
        "020-fake_oom.xml": "read",
    }
    assert {name: code for name, code in codes.items() if name in expected} == {
        name: code for name, code in expected.items() if name in codes
    }
