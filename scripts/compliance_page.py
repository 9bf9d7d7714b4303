"""Write docs/compliance.md from the packs: what is checked for whom, and on what ground."""

from pathlib import Path

from copylab.lint.compliance_page import render_page

TARGET = Path(__file__).parents[1] / "docs" / "compliance.md"

if __name__ == "__main__":
    text = render_page()
    TARGET.write_text(text, encoding="utf-8")
    print(f"wrote docs/compliance.md, {text.count(chr(10))} lines")
