"""Documents, compositions, questionnaires and their answers, communications and media in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.fhir import datatypes
from ingestion.fhir.chart import View
from ingestion.fhir.datatypes import joined
from ingestion.fhir.generic import said
from ingestion.fhir.narrative import narrative_lines
from ingestion.fhir.node import Node, plain
from ingestion.fhir.phrases import because, coded, during, moment, on
from ingestion.fhir.sentences import Rendering, finished, labelled, notes_lines, sentence, status_of, warned


def document_reference(node: Node, view: View) -> Rendering:
    """Return "Document: type of date, current; by …; what its attachments are"."""
    kind, codes = coded(node, "type")
    name = node.word("description") or kind
    status, warning = status_of(node, "status", "docStatus")
    written = node.word("date") or node.word("created") or node.word("indexed")
    authors = joined(datatypes.reference(ref, view) for ref in node.nodes("author"))
    files = []
    for content in node.nodes("content"):
        files.append(datatypes.attachment(content.node("attachment")))
        content.skip("format")
    node.skip("subject")
    main = [joined([name, on(written)], " "), kind if kind != name else "", status]
    more = [labelled("by", authors), labelled("file:", joined(files))]
    first = sentence(warned(warning, "Document"), main, more, [codes])
    return finished(node, view, name, [first, *notes_lines(node, view)], written)


def composition(node: Node, view: View) -> Rendering:
    """Return the title with date and authors, then the narrative of every section under its title."""
    kind, codes = coded(node, "type")
    title = node.word("title") or kind
    status, warning = status_of(node, "status")
    written = node.word("date")
    authors = joined(datatypes.reference(ref, view) for ref in node.nodes("author"))
    node.skip("subject")
    main = [joined([title, on(written)], " "), status]
    lines = [sentence(warned(warning, "Document"), main, [labelled("by", authors)], [codes])]
    for section in node.nodes("section"):
        lines.extend(_composed(section, view))
    return finished(node, view, title, [*lines, *during(node, view)], written)


def _composed(section: Node, view: View) -> Iterator[str]:
    title = section.word("title") or coded(section, "code")[0]
    entries = joined(datatypes.reference(ref, view) for ref in section.nodes("entry"))
    empty = datatypes.names(section.nodes("emptyReason"))
    text = narrative_lines(section.node("text").word("div"))
    yield joined([f"{title}:" if title else "", entries or (f"empty ({empty})" if empty else "")], " ")
    yield from text
    section.node("text").close()
    section.skip("mode", "orderedBy")
    for inner in section.nodes("section"):
        yield from _composed(inner, view)


def questionnaire_response(node: Node, view: View) -> Rendering:
    """Return when and for what it was filled in, then each question with its answers."""
    status, warning = status_of(node, "status")
    written = node.word("authored")
    form = node.word("questionnaire") or datatypes.reference(node.node("questionnaire"), view)
    name = form.partition("|")[0].rstrip("/").rpartition("/")[2]
    node.skip("subject", "questionnaire")
    source = datatypes.reference(node.node("source"), view)
    author = datatypes.reference(node.node("author"), view)
    more = [labelled("answered by", source), labelled("written by", author if author != source else "")]
    first = sentence(warned(warning, "Questionnaire answers"), [joined([name, on(written)], " "), status], more)
    lines = [first, *(line for item in node.nodes("item") for line in _answers(item, view))]
    return finished(node, view, f"Questionnaire answers {name}".strip(), [*lines, *during(node, view)], written)


def _answers(item: Node, view: View) -> Iterator[str]:
    question = item.word("text") or item.word("linkId")
    item.skip("linkId", "definition", "text")
    given = item.nodes("answer")
    spoken = joined((_answer(answer, view) for answer in given), "; ")
    if spoken:
        yield f"{_asked(question)} {spoken}{'' if spoken.endswith('.') else '.'}"
    elif not item.nodes("item"):
        yield f"{_asked(question)} no answer."
    elif item.word("text"):
        yield _asked(question)
    for inner in (*item.nodes("item"), *(below for answer in given for below in answer.nodes("item"))):
        yield from _answers(inner, view)


def _asked(question: str) -> str:
    return question if question.endswith(("?", ":")) else f"{question}:"


def _answer(answer: Node, view: View) -> str:
    kind, value = answer.choice("value")
    return plain(value) if kind in {"String", "Decimal", "Integer"} else said(value, view)


def questionnaire(node: Node, view: View) -> Rendering:
    """Return title and purpose, then the text of each question with its possible answers."""
    title = node.word("title") or node.word("name")
    status, warning = status_of(node, "status")
    node.skip("url", "version", "publisher", "contact", "subjectType", "name", "experimental", "identifier")
    main = [joined([title, on(node.word("date"))], " "), status]
    lines = [sentence(warned(warning, "Questionnaire"), main, [node.word("description"), node.word("purpose")])]
    for item in node.nodes("item"):
        lines.extend(_questions(item, view))
    return finished(node, view, title, lines)


def _questions(item: Node, view: View) -> Iterator[str]:
    options = joined(said(option.choice("value")[1], view) for option in item.nodes("answerOption"))
    question = joined([item.word("prefix"), item.word("text") or item.word("linkId")], " ")
    yield f"{_asked(question)} {options}." if options else question
    inner = item.nodes("item")
    item.close()
    for below in inner:
        yield from _questions(below, view)


def communication(node: Node, view: View) -> Rendering:
    """Return who said what to whom, and when."""
    status, warning = status_of(node, "status")
    name = node.node("topic").word("text") or datatypes.names([*node.nodes("topic"), *node.nodes("category")])
    sent = node.word("sent") or node.word("received")
    node.skip("subject")
    texts = []
    for payload in node.nodes("payload"):
        kind, value = payload.choice("content")
        texts.append(plain(value) if kind == "String" else said(value, view))
    sender = datatypes.reference(node.node("sender"), view)
    to = joined(datatypes.reference(ref, view) for ref in node.nodes("recipient"))
    more = [*texts, labelled("from", sender), labelled("to", to), because(node, view)]
    head = "Communication not done" if status == "not done" else "Communication"
    first = sentence(warned(warning, head), [joined([name, on(sent)], " "), status], more)
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], sent)


def media(node: Node, view: View) -> Rendering:
    """Return what the picture or recording shows; the file itself is only named."""
    kind = joined([datatypes.names(node.nodes("type")), datatypes.names(node.nodes("modality"))])
    status, warning = status_of(node, "status")
    written, when = moment(node, "created")
    file = datatypes.attachment(node.node("content"))
    node.skip("subject")
    more = [
        labelled("body site", datatypes.names(node.nodes("bodySite"))),
        because(node, view),
        labelled("file:", file),
    ]
    first = sentence(warned(warning, "Media"), [kind, status, when], more)
    return finished(node, view, kind, [first, *during(node, view), *notes_lines(node, view)], written)


def binary(node: Node, view: View) -> Rendering:
    """Return the media type of a file kept as a resource."""
    kind = node.word("contentType")
    node.skip("data", "content", "securityContext")
    return finished(node, view, kind, [sentence("File", [kind])])


def simple_list(node: Node, view: View) -> Rendering:
    """Return the title of a list, then its entries; one that was taken off the list says so."""
    name, codes = coded(node, "code")
    title = node.word("title") or name
    status, warning = status_of(node, "status")
    written = node.word("date")
    node.skip("subject", "mode")
    empty = datatypes.names(node.nodes("emptyReason"))
    lines = [sentence(warned(warning, "List"), [title, status, on(written)], [labelled("empty:", empty)], [codes])]
    for entry in node.nodes("entry"):
        item = datatypes.reference(entry.node("item"), view)
        flag = datatypes.names(entry.nodes("flag"))
        deleted = "deleted from the list" if entry.is_true("deleted") else ""
        entry.skip("deleted")
        said_parts = joined([item, flag, deleted, on(entry.word("date"))])
        lines.append(f"Entry: {said_parts}." if said_parts else "")
    return finished(node, view, title, [*lines, *notes_lines(node, view)], written)
