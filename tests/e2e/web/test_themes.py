"""The themes differ in colours alone, so that one of them is looked at whole and the other for its colours."""

from __future__ import annotations

import re

import pytest

from app.api.client import DIST
from tests.data import ROOT
from tests.e2e.web.people import COLOURED, TAGS, Web, axe, looks, with_axe

SOURCES = ROOT / "app/web/src"
# Each declaration that a rule about the theme makes in any sheet of the page, with what its value can be.
_THEMED = """async sheets => {
  const found = [];
  const look = rules => {
    for (const rule of rules) {
      if (rule.cssRules && !rule.style) look(rule.cssRules);
      if (/data-theme|prefers-color-scheme/.test(rule.selectorText ?? rule.conditionText ?? ''))
        for (const name of rule.style ?? []) {
          const value = rule.style.getPropertyValue(name).trim();
          found.push([name, CSS.supports('color', value), CSS.supports('box-shadow', value)]);
        }
    }
  };
  for (const text of sheets) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    look(sheet.cssRules);
  }
  return found;
}"""


def files(*endings: str) -> dict[str, str]:
    """Return the sources of the client with these endings, tests left out."""
    return {
        path.relative_to(SOURCES).as_posix(): path.read_text(encoding="utf-8")
        for path in SOURCES.rglob("*")
        if path.name.endswith(endings) and ".test." not in path.name
    }


def test_the_rules_about_colours_are_those_that_axe_itself_calls_so(web: Web) -> None:
    page = web.window()
    with_axe(page)
    rules = page.evaluate("tags => axe.getRules(tags).filter(one => one.tags.includes('cat.color'))", list(TAGS))
    assert sorted(one["ruleId"] for one in rules) == sorted(COLOURED)


def test_a_theme_sets_colours_and_a_shadow_and_nothing_else(web: Web) -> None:
    sheets = [path.read_text(encoding="utf-8") for path in sorted((DIST / "assets").glob("*.css"))]
    assert not [text for text in sheets if "var(--lightningcss" in text]  # it names each theme, for light-dark()
    declared = [one for one in web.window().evaluate(_THEMED, sheets) if not one[0].startswith("--lightningcss")]
    assert {"--surface", "--text", "--mark"} <= {name for name, _, _ in declared}
    others = {name for name, colour, _ in declared if not (colour and name.startswith("--"))}
    assert others == {"color-scheme", "--shadow"}
    assert {name for name, _, shadow in declared if shadow and name == "--shadow"} == {"--shadow"}
    shadowed = re.compile(r"^\s*([\w-]+):[^;]*var\(--shadow\)", re.MULTILINE)
    assert {name for text in files(".css").values() for name in shadowed.findall(text)} == {"box-shadow"}


def test_no_page_asks_which_theme_it_is_shown_in() -> None:
    """The two controls that choose it know what was chosen, which is the same whatever the system is."""
    asking = re.compile(r"dataset\.theme|data-theme|prefers-color-scheme|light-dark\(|useTheme\b|forced-colors")
    sources = files(".ts", ".tsx", ".css")
    assert {name for name, text in sources.items() if asking.search(text)} == {
        "app/PreferencesMenu.tsx",
        "app/preferences.ts",
        "features/settings/Appearance.tsx",
        "styles/base.css",  # forced colours
        "styles/tokens.css",
    }


@pytest.mark.parametrize(("theme", "colour"), [("light", "#bbb"), ("dark", "#444")])
def test_words_too_pale_in_one_theme_are_found(web: Web, theme: str, colour: str) -> None:
    page = web.window()
    page.goto(f"{web.url}/sign-in")
    page.get_by_role("heading", level=1).wait_for()
    looks(page, "themes")
    page.evaluate(
        """([theme, colour]) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`[data-theme=${theme}] h1 { color: ${colour} !important }`);
          document.adoptedStyleSheets = [sheet];
        }""",
        [theme, colour],
    )
    with pytest.raises(AssertionError, match="color-contrast"):
        looks(page, "themes")


def test_what_is_wrong_beside_colours_is_found(web: Web) -> None:
    page = web.window()
    page.goto(f"{web.url}/sign-in")
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')")
    with pytest.raises(AssertionError, match="button-name"):
        axe(page)
