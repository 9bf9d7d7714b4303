from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from copylab.bundle import pack
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]

FILES: dict[str, str | bytes] = {
    "copylab.yaml": (
        "brand: {name: Shop}\nlocales: {default: en-US}\nmarkets: [US]\n"
        "attributes: {user_id: string, loans: int}\n"
        "holdout: {share: 2%, salt: holdout.1}\n"
    ),
    "templates/_partials/end.md": "Bye.",
    "templates/_personas.yaml": "somebody: {user_id: u1, n: 3, tags: [a, b]}\n",
    "templates/hello/message.yaml": (
        "purpose: transactional\nlive: plain\n"
        "variants: {plain: {tone: dry}, other: {}}\n"
        "variables:\n"
        "  n: {type: decimal, min: 0.5, max: 9, decimals: 1, missing: 1.5}\n"
        "  day: {type: date, min: 2026-01-01, max: 2030-01-01, missing: skip}\n"
    ),
    "templates/hello/sms.en-US.md": (
        "# plain\nHello {{ n | number }}, {% include 'end.md' %}\n# other\nGood {{ day | date }}\n"
    ),
    "experiments/audiences.yaml": "few: loans < 3 and not loans in (1, 2)\n",
    "experiments/metrics.yaml": "click: {event: click, kind: share, within: 3d}\n",
    "experiments/e.yaml": (
        "message: hello\nstatus: running\nunit: user_id\nsalt: hello.1\naudience: few\n"
        "arms: {plain: 50%, other: 50%}\ncontrol: plain\n"
        "metrics: {primary: click}\nplan: {mde: 15%, window: 7d}\n"
        "epochs:\n- {epoch: 1, at: 2026-01-01T00:00:00Z, hash: a, arms: {plain: 50%, other: 50%}}\n"
    ),
}


@pytest.fixture
def folder(make_files: Callable[[dict[str, str | bytes]], Path]) -> Path:
    """A small workspace with something of everything but an e-mail."""
    return make_files({f"shop/{name}": text for name, text in FILES.items()}) / "shop"


@pytest.fixture
def bundle(folder: Path) -> Path:
    """The bundle of it."""
    path = folder.parent / "shop.bundle"
    path.write_bytes(pack(load(folder)))
    return path


@pytest.fixture(scope="session")
def sample() -> Workspace:
    """The sample workspace: three channels, two locales."""
    return load(ROOT)


@pytest.fixture(scope="session")
def sample_bundle(sample: Workspace, tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("bundle") / "sample.bundle"
    path.write_bytes(pack(sample))
    return path
