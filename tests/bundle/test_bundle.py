from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

import copylab
from copylab.bundle import open_bundle, pack
from copylab.catalog import Catalog
from copylab.errors import UnreadableError
from copylab.workspace import load, open_workspace

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOT_COMPARED = {"root", "templates"}  # shapes have no equality: what they print has

WITHOUT_YAML = """
import sys
sys.modules["yaml"] = sys.modules["_yaml"] = None
import datetime, copylab
workspace = copylab.load(sys.argv[1])
user = {"user_id": "u1", "loans": 9}
at = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
print(workspace.compose("hello", user, channel="sms", locale="en-US", at=at).text)
"""


def without_root(catalog: Catalog) -> dict[str, object]:
    names = [item.name for item in fields(Catalog) if item.name not in NOT_COMPARED]
    return {name: getattr(catalog, name) for name in names}


def test_a_bundle_equals_the_folder_it_was_built_from(
    folder: Path, bundle: Path
) -> None:
    assert without_root(load(bundle)) == without_root(load(folder))
    assert load(bundle).copy_hashes == load(folder).copy_hashes


def test_the_sample_is_equal_and_so_is_all_that_it_prints(
    sample, sample_bundle
) -> None:
    again = load(sample_bundle)
    assert without_root(again) == without_root(sample)
    assert list(again.templates) == list(sample.templates)
    printed = 0
    for message, channel, locale, variant in sample.templates:
        for user in sample.personas.values():
            where = {"channel": channel, "locale": locale, "variant": variant}
            assert _try(again, message, user, where) == _try(
                sample, message, user, where
            )
            printed += 1
    assert printed > 20


def _try(workspace, message, values, where) -> object:
    try:
        return workspace.render(message, values, **where)
    except copylab.RenderError as error:
        return str(error)


def test_exposures_are_byte_for_byte_those_of_the_folder(sample, sample_bundle) -> None:
    again = load(sample_bundle)
    running = {
        name: replace(item, status="running")
        for name, item in sample.experiments.items()
    }
    first = _one_running(running)
    ours, theirs = (replace(each, experiments=first) for each in (again, sample))
    made = 0
    for (message, channel, locale, _), number in product(sample.templates, range(9)):
        for user in sample.personas.values():
            given = {**user, "user_id": f"u{number}", "link": "a1"}
            call = {"channel": channel, "locale": locale, "at": AT, "send_id": "s"}
            one = ours.compose(message, given, **call)
            assert one == theirs.compose(message, given, **call)
            if getattr(one, "exposure", None) is not None:
                made += 1
                assert one.exposure.template_hash or one.exposure.variant is None
    assert made > 50


def _one_running(experiments) -> dict:
    kept: dict[tuple, object] = {}
    for name, item in experiments.items():
        for channel in item.channels or ("sms", "push", "email"):
            kept.setdefault((item.message, channel), name)
    names = set(kept.values())
    return {name: item for name, item in experiments.items() if name in names}


def test_no_yaml_is_needed(bundle: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_YAML, str(bundle)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "Hello 1.5, Bye.\n"


def test_the_same_workspace_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    first = pack(load(elsewhere))
    elsewhere.rename(folder)
    assert pack(load(folder)) == first
    assert str(folder).encode() not in first


def test_a_bundle_of_a_bundle_is_the_same(bundle: Path) -> None:
    assert pack(load(bundle)) == bundle.read_bytes()


def test_a_message_is_made_at_its_first_use_and_kept(sample_bundle: Path) -> None:
    catalog = open_bundle(sample_bundle).catalog
    name = next(iter(catalog.messages))
    assert name in catalog.messages
    assert catalog.messages._kept == {}
    assert catalog.messages[name] is catalog.messages[name]
    assert list(catalog.messages._kept) == [name]
    with pytest.raises(KeyError):
        catalog.messages["nothing/like/it"]


def test_a_pickled_bundle_is_the_same_without_what_was_made(bundle: Path) -> None:
    workspace = load(bundle)
    before = len(pickle.dumps(workspace))
    assert workspace.render("hello", {}, channel="sms", locale="en-US")
    data = pickle.dumps(workspace)
    assert len(data) < before * 1.1
    again = pickle.loads(data)
    assert without_root(again) == without_root(workspace)
    assert again.copy_hashes == workspace.copy_hashes


def test_lint_says_of_a_bundle_what_it_says_of_the_folder(folder: Path, bundle) -> None:
    found = open_workspace(bundle).lint().findings
    assert found == open_workspace(folder).lint().findings


def test_a_workspace_with_errors_makes_no_bundle(folder: Path) -> None:
    (folder / "templates/hello/sms.en-US.md").write_text("# plain\n{{ nobody }}\n")
    with pytest.raises(ValueError, match="has errors"):
        pack(open_workspace(folder))


def test_what_no_bundle_may_hold_is_refused(folder: Path) -> None:
    workspace = replace(load(folder), personas={"a": {"b": Path("x")}})
    with pytest.raises(TypeError, match="PosixPath cannot stand in a bundle"):
        pack(workspace)


def test_another_file_is_no_bundle(folder: Path) -> None:
    with pytest.raises(UnreadableError, match="is no bundle") as caught:
        load(folder / "copylab.yaml")
    assert "copylab build" in caught.value.help
