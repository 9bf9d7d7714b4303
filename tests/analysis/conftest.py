from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def real_data() -> Path:
    default = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("COPYLAB_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set COPYLAB_DATA")
    return folder
