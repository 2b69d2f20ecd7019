"""Reads who the patients of clinical records are, from the files alone, and finds them in what is shown.

The files are FHIR bundles or resources (JSON) and C-CDA documents (XML); who is in them is read here once more, apart
from the product's readers, so that what a reader overlooks is missed. Identities are names, the names of contacts and
guardians, street addresses, telephone numbers, addresses of mail, numbers of records and persons, and days of birth.
Towns and postal codes are not among them: a record names those of its hospitals too.
"""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_plus

from lxml import etree

from evaluation.datasets.questions import invalid

_SHORTEST: Final = 4  # letters and digits; a shorter number stands everywhere
_SHORTEST_NAME: Final = 3
_SHORTEST_CODE: Final = 6  # characters of base64 that are fixed
_LONG: Final = 10  # letters and digits that no other word holds by chance
_SPACE_BETWEEN: Final = r"[^0-9a-z]{0,3}"
_DAY: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_PERSONS: Final = frozenset({"guardianPerson", "associatedPerson"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One thing that identifies a patient, as the record writes it. ``kind`` is "name" for a whole name."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFile:
    """A file with the ids of its patients and their identities. ``id`` counts the files, whose names may be names."""

    id: str
    path: Path
    subjects: tuple[str, ...]
    identities: tuple[Identity, ...]


def read_patient_files(folder: Path) -> tuple[PatientFile, ...]:
    """Return all JSON and XML files below a folder, in order of their names, those without patients included.

    Raises RequestError ``request.dataset_invalid`` with the number of the file at fault, since names of files may be
    those of patients, and when no file tells who its patient is.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".json", ".xml"} and path.is_file())
    files = tuple(_file(path, number) for number, path in enumerate(paths, start=1))
    if not any(file.identities for file in files):
        raise invalid(folder.name, "has no FHIR or C-CDA file that tells who its patient is")
    return files


def leaked(identities: Iterable[Identity], shown: Iterable[str]) -> list[Identity]:
    """Return the identities that stand in texts that were shown.

    Case, accents, spaces and punctuation do not matter; neither does it help to write a value backwards, in base64,
    with the escapes of URLs or of HTML. One name alone counts where it is a word of its own with a capital letter:
    "May" in "may" is nobody's.
    """
    told = "\n".join(shown)
    told += "\n" + html.unescape(unquote_plus(told))
    folded, joined = _folded(told), re.sub(r"\s+", "", told.translate(str.maketrans("-_", "+/")))
    return [own for own in identities if _stands(own, told, folded, joined)]


def _stands(identity: Identity, told: str, folded: str, joined: str) -> bool:
    if any(code in joined for code in _codes(identity.value)):
        return True
    if identity.kind == "name part":
        forms = {identity.value, identity.value.upper()} | {identity.value[::-1]}
        return any(re.search(rf"(?<![^\W_]){re.escape(form)}(?![^\W_])", told) for form in forms)
    return any(re.search(_loose(form), folded) for plain in _forms(identity) for form in (plain, plain[::-1]))


def _loose(form: str) -> str:
    """Return a pattern for letters and digits with little between them."""
    inner = _SPACE_BETWEEN.join(map(re.escape, form))
    return inner if len(form) >= _LONG else rf"(?<![0-9a-z]){inner}(?![0-9a-z])"


def _forms(identity: Identity) -> list[str]:
    """Return how a value may be written, letters and digits only."""
    value = identity.value
    written = [value]
    if identity.kind == "birth date" and (found := _DAY.match(value)):
        day = date(*map(int, found.groups()))
        month = f"{day:%B}"
        written = [f"{day:%Y%m%d}", f"{day:%m%d%Y}", f"{day:%d%m%Y}"]
        written += [f"{name} {day.day} {day.year}" for name in (month, month[:3])]
        written += [f"{day.day} {name} {day.year}" for name in (month, month[:3])]
    elif identity.kind == "contact" and "@" not in value:
        written.append(re.sub(r"\D", "", value)[-_LONG:])  # without the code of the country
    elif identity.kind == "name":
        first, *_, last = value.split()
        written += [f"{last} {first}", f"{first} {last}"]
    plain = (re.sub(r"[^0-9a-z]", "", _folded(form)) for form in written)
    return [form for form in dict.fromkeys(plain) if len(form) >= _SHORTEST]


def _codes(value: str) -> Iterator[str]:
    """Yield what a value is in base64, wherever it stands among other bytes."""
    for form in {value, value.casefold(), value.upper()}:
        # of the three ways that the bytes may fall into groups of three, the inner characters are fixed
        for offset in range(3):
            whole = base64.b64encode(b"\0" * offset + form.encode()).decode()
            rest = (offset + len(form.encode())) % 3
            code = whole.rstrip("=")[(0, 2, 3)[offset] : -1 if rest else None]
            if len(code) >= _SHORTEST_CODE:
                yield code


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _file(path: Path, number: int) -> PatientFile:
    place = f"file {number} in order of names"
    try:
        content = path.read_bytes()
        found = list(_fhir(json.loads(content)) if path.suffix.lower() == ".json" else _ccda(content))
    except (OSError, ValueError, RecursionError, etree.XMLSyntaxError):
        raise invalid(place, "cannot be read as JSON or XML") from None
    except (AttributeError, TypeError, KeyError):
        raise invalid(place, "has a patient who is not in the form of FHIR") from None
    subjects = tuple(dict.fromkeys(subject for subject, _ in found if subject))
    identities = dict.fromkeys(own for _, listed in found for own in listed if _tells(own))
    return PatientFile(id=f"file-{number:04}", path=path, subjects=subjects, identities=tuple(identities))


def _tells(identity: Identity) -> bool:
    if identity.kind == "name part":
        return len(identity.value) >= _SHORTEST_NAME and identity.value[0].isupper()
    return bool(_forms(identity))


_Patient = tuple[str, list[Identity]]


def _fhir(body: Any) -> Iterator[_Patient]:
    entries = body.get("entry", []) if isinstance(body, dict) else []
    resources = [entry.get("resource", {}) for entry in entries] or [body]
    for resource in resources:
        if isinstance(resource, dict) and resource.get("resourceType") == "Patient":
            numbers = [str(own["value"]) for own in resource.get("identifier", []) if own.get("value")]
            identities = [*_fhir_person(resource), *(Identity(kind="number", value=number) for number in numbers)]
            for contact in resource.get("contact", []):
                identities += _fhir_person({**contact, "name": [contact.get("name", {})]})
                identities += _fhir_person({"address": [contact.get("address", {})]})
            for extension in resource.get("extension", []):
                if "mothersMaidenName" in extension.get("url", ""):
                    identities += _name(str(extension.get("valueString", "")).split(), "")
            identities += _birth(str(resource.get("birthDate", "")))
            yield str(resource.get("id") or next(iter(numbers), "")), identities


def _fhir_person(person: Mapping[str, Any]) -> Iterator[Identity]:
    for name in person.get("name", []):
        yield from _name(list(name.get("given", [])), str(name.get("family", "")))
    for point in person.get("telecom", []):
        yield Identity(kind="contact", value=str(point.get("value", "")))
    address = person.get("address", [])
    for place in address if isinstance(address, list) else []:
        for line in place.get("line", []):
            yield Identity(kind="address", value=str(line))


def _ccda(content: bytes) -> Iterator[_Patient]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(content, parser)
    roles = [] if root is None else [element for element in root.iter() if _tag(element) == "patientRole"]
    for role in roles:
        numbers = [own.get("extension", "").strip() for own in role if _tag(own) == "id"]
        roots = [own.get("root", "") for own in role if _tag(own) == "id"]
        identities = [Identity(kind="number", value=number) for number in numbers if number]
        for inner in role.iter():
            identities += _ccda_part(inner, role)
        yield next(filter(None, numbers), "") or next(filter(None, roots), ""), identities


def _ccda_part(element: etree._Element, role: etree._Element) -> Iterator[Identity]:
    tag, parent = _tag(element), element.getparent()
    holder = "" if parent is None else _tag(parent)
    if tag == "name" and (holder == "patient" or holder in _PERSONS):
        parts = {name: [_words(own) for own in element if _tag(own) == name] for name in ("given", "family")}
        yield from _name(parts["given"], next(iter(parts["family"]), ""))
    elif tag == "birthTime":
        yield from _birth(element.get("value", "")[:8])
    elif tag == "telecom" and holder in {"patientRole", "guardian"}:
        yield Identity(kind="contact", value=re.sub(r"^\w+:", "", element.get("value", "")))
    elif tag == "streetAddressLine" and parent is not None and parent.getparent() in {role, *_guardians(role)}:
        yield Identity(kind="address", value=_words(element))


def _guardians(role: etree._Element) -> list[etree._Element]:
    return [element for element in role.iter() if _tag(element) == "guardian"]


def _name(given: list[str], family: str) -> Iterator[Identity]:
    parts = [part.strip() for part in (*given, family) if part and part.strip()]
    if len(parts) > 1:
        yield Identity(kind="name", value=" ".join(parts))
    for part in parts:
        yield Identity(kind="name part", value=part)


def _birth(value: str) -> Iterator[Identity]:
    found = _DAY.match(value)
    if found:
        date(*map(int, found.groups()))  # a day that is none is a ValueError, and the file at fault is named
        yield Identity(kind="birth date", value=value)


def _tag(element: etree._Element) -> str:
    # samples use prefixes that they do not declare, which stay part of the tag
    return re.split("[}:]", element.tag)[-1] if isinstance(element.tag, str) else ""


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
