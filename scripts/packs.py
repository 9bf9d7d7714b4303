"""Write packs/compiled: each pack as JSON, which is read in a tenth of the YAML's time."""

from pathlib import Path

from copylab.lint.pack import compile_packs

TARGET = Path(__file__).parents[1] / "copylab" / "lint" / "packs" / "compiled"


def main() -> None:
    """Write the files that changed, and take away those of packs that are gone."""
    files = compile_packs()
    TARGET.mkdir(exist_ok=True)
    for old in TARGET.glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        path = TARGET / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
