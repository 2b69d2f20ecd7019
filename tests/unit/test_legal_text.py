from __future__ import annotations

import pytest

from domain.documents import Section
from ingestion.legal_text import regulation_sections
from tests.data import shared_data

CONTENTS = """Rules on Kites
7 CFR Part 900

§ 900.1 Purpose. .......... 1
§ 900.2 Definitions. ...... 1
§ 900.3 Flying of kites. .. 2
§ 900.10 Records. ......... 3
§ 900.11 [Reserved] ....... 3
"""
BODY = """PART 900—KITES
Subpart A—General Provisions
§ 900.1 Purpose.
This part is about kites. See
§ 900.3 of this part.
§ 900.2 Definitions.
As used in this part:
Kite means a thing that flies:
(1) On a line; or
(2) Off a line.
Line (also see
tether) means a string: (1) Of wool; or
(2) Of silk.
Subpart B—Flying and
Keeping
§ 900.3 Flying of kites over
water.
Nobody may fly one, except:
(a) Standard: Over lakes. (1) By day:
(i) With a licence under paragraph
(b) of this section; or
(ii) Without.
(2) By night.
(b) The agency may object.
[12 FR 345, May 1, 1990]
§ 900.10 Records.
Keep them.
§ 900.11 [Reserved]
Appendix A to Part 900—Forms
Form one.
"""


def sections_of(text: str) -> tuple[Section, ...]:
    found = regulation_sections(text)
    assert found is not None
    return found


def by_citation(text: str) -> dict[str | None, str]:
    return {section.locator.citation: text[section.start : section.end] for section in sections_of(text)}


def test_every_level_has_its_citation_and_its_own_text() -> None:
    assert by_citation(CONTENTS + BODY) == {
        None: CONTENTS + BODY,
        "7 CFR Part 900": BODY.rstrip(),
        "7 CFR Part 900, Subpart A": BODY[BODY.index("Subpart A") : BODY.index("\nSubpart B")],
        "7 CFR 900.1": "§ 900.1 Purpose.\nThis part is about kites. See\n§ 900.3 of this part.",
        "7 CFR 900.2": BODY[BODY.index("§ 900.2") : BODY.index("\nSubpart B")],
        '7 CFR 900.2 "Kite"': "Kite means a thing that flies:\n(1) On a line; or\n(2) Off a line.",
        '7 CFR 900.2 "Kite"(1)': "(1) On a line; or",
        '7 CFR 900.2 "Kite"(2)': "(2) Off a line.",
        '7 CFR 900.2 "Line (also see tether)"': (
            "Line (also see\ntether) means a string: (1) Of wool; or\n(2) Of silk."
        ),
        '7 CFR 900.2 "Line (also see tether)"(1)': "(1) Of wool; or",
        '7 CFR 900.2 "Line (also see tether)"(2)': "(2) Of silk.",
        "7 CFR Part 900, Subpart B": BODY[BODY.index("Subpart B") :].rstrip(),
        "7 CFR 900.3": BODY[BODY.index("§ 900.3 Flying") : BODY.index("\n§ 900.10")],
        "7 CFR 900.3(a)": BODY[BODY.index("(a) Standard") : BODY.index("\n(b) The agency")],
        "7 CFR 900.3(a)(1)": BODY[BODY.index("(1) By day") : BODY.index("\n(2) By night")],
        "7 CFR 900.3(a)(1)(i)": "(i) With a licence under paragraph\n(b) of this section; or",
        "7 CFR 900.3(a)(1)(ii)": "(ii) Without.",
        "7 CFR 900.3(a)(2)": "(2) By night.",
        "7 CFR 900.3(b)": "(b) The agency may object.",
        "7 CFR 900.10": "§ 900.10 Records.\nKeep them.",
        "7 CFR 900.11": "§ 900.11 [Reserved]",
        "7 CFR Part 900, Appendix A": "Appendix A to Part 900—Forms\nForm one.",
    }


def test_a_list_of_contents_behind_the_text_does_not_become_the_sections() -> None:
    assert by_citation(BODY + CONTENTS)["7 CFR 900.1"].endswith("\n§ 900.3 of this part.")


def test_the_path_holds_readable_headings() -> None:
    found = {section.locator.citation: section.path for section in sections_of(CONTENTS + BODY)}
    assert found["7 CFR 900.3(a)(1)(i)"] == (
        "7 CFR Part 900",
        "Subpart B - Flying and Keeping",
        "§ 900.3 Flying of kites over water",
        "(a) Standard: Over lakes",
        "(1)",
        "(i)",
    )
    assert found["7 CFR 900.3(b)"][-1] == "(b)"


def test_without_a_title_in_the_text_the_citation_names_the_section_alone() -> None:
    markdown = BODY.replace("PART", "# PART").replace("Subpart", "## Subpart").replace("\n§", "\n## §")
    found = by_citation(markdown)
    assert found["§ 900.3(a)(2)"] == "(2) By night."
    assert "Part 900, Subpart B" in found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A letter about § 164.512 and nothing else.",
        "We refer to\n§ 1.1 Purpose.\n§ 1.2 Scope.\n§ 1.3 Terms.\nand to no other.",
        CONTENTS,
        "\n".join(f"See also\n§ 1.{n} Heading." for n in range(12)),
        "A long essay. " * 500 + "\n" + BODY,
    ],
)
def test_text_that_only_mentions_regulations_is_none(text: str) -> None:
    assert regulation_sections(text) is None


def test_hipaa_has_every_section_with_its_body_and_exact_paragraphs() -> None:
    text = shared_data("law/hipaa-combined-2013.md").read_text(encoding="utf-8")
    found = by_citation(text)
    assert sum(1 for section in sections_of(text) if section.kind == "section") == 151
    assert found["§ 164.512(b)(1)(i)"].startswith("(i) A public health authority that is authorized by law")
    assert found["§ 164.512(b)(1)(v)(A)(1)"].startswith("(1) To conduct an evaluation relating to medical surveillance")
    assert found["§ 164.512(i)(1)(i)(A)"].startswith("(A) An Institutional Review Board (IRB)")
    assert found["§ 164.512(i)(2)(ii)(A)(3)"].startswith("(3) Adequate written assurances")
    assert found['§ 160.103 "Business associate"(3)(iii)'].startswith("(iii) A subcontractor that creates")
    assert found["§ 164.308(a)(5)(ii)(C)"].startswith("(C) Log-in monitoring")
