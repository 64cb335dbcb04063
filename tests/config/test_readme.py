"""The README is in step with the code."""

import re
from pathlib import Path

from footnote.config.settings_table import settings_table

ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"<!-- settings: \S+ -->\n(.*?)<!-- end of settings -->", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
PAGES = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("modules/**/*.md"), *ROOT.glob("platform/**/*.md"), ROOT / "config/README.md"}
)


def test_the_readme_lists_the_settings_as_they_are() -> None:
    found = TABLE.search((ROOT / "README.md").read_text("utf-8"))
    assert found is not None
    assert found.group(1) == settings_table()


def test_every_link_between_the_pages_leads_somewhere() -> None:
    links = [(page, link) for page in PAGES for link in LINK.findall(page.read_text("utf-8"))]
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_every_slice_has_a_page() -> None:
    slices = [package.parent for package in ROOT.glob("modules/*/__init__.py")]
    assert [folder.name for folder in slices if not (folder / "README.md").is_file()] == []
