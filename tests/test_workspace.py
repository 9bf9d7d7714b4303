from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

import copylab
from copylab.errors import CopylabError, UnreadableError, WorkspaceError
from copylab.workspace import load, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

CONFIG = "locales: {default: en-US}\nmarkets: [US]\nattributes: {user_id: string, loans: int}\n"
MESSAGE = "purpose: transactional\nlive: plain\nvariants: {plain: {}, other: {}}\n"
WORDS = "# plain\nHello\n# other\nGood day\n"
EMAIL = "# plain\n## subject\nS\n## body\nB\n# other\n## subject\nS\n## body\nB\n"
EXPERIMENT = """\
message: hello
status: running
unit: user_id
salt: hello.1
arms: {plain: 50%, other: 50%}
control: plain
epochs: [{epoch: 1, at: 2026-01-01T00:00:00Z, hash: abc, arms: {plain: 50%, other: 50%}}]
"""


def write(root: Path, **files: str | None) -> Path:
    texts: dict[str, str | None] = {
        "copylab.yaml": CONFIG,
        "templates/hello/message.yaml": MESSAGE,
        "templates/hello/sms.en-US.md": WORDS,
        **files,
    }
    for name, text in texts.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return root


def refused(root: Path) -> list[str]:
    """The messages of all findings that prevent loading."""
    with pytest.raises(WorkspaceError) as caught:
        load(root)
    error = caught.value
    assert error.findings
    for finding in error.findings:
        assert str(finding) in str(error)
        assert finding.severity == "error"
        assert finding.file
        assert finding.line
    return [finding.message for finding in error.findings]


def test_a_good_workspace_is_loaded_and_composes(tmp_path: Path) -> None:
    workspace = copylab.load(write(tmp_path))
    assert list(workspace.messages) == ["hello"]
    assert workspace.findings == ()
    assert workspace.render("hello", {}, channel="sms", locale="en-US").text == "Hello"


def test_a_workspace_is_named_by_where_it_lies_and_how_much_it_holds(
    tmp_path: Path,
) -> None:
    workspace = load(write(tmp_path))
    assert repr(workspace) == f"<Workspace '{tmp_path}': 1 messages, 0 experiments>"


def test_a_workspace_cannot_be_changed(tmp_path: Path) -> None:
    workspace = load(write(tmp_path))
    with pytest.raises(AttributeError):
        workspace.messages = {}  # type: ignore[misc]


def test_a_pickled_workspace_is_the_same(tmp_path: Path) -> None:
    workspace = load(write(tmp_path, **{"experiments/e.yaml": EXPERIMENT}))
    workspace.composer("hello", "sms")
    again = pickle.loads(pickle.dumps(workspace))
    assert type(again) is type(workspace)
    assert again.messages == workspace.messages
    assert again.experiments == workspace.experiments
    assert "_composers" not in vars(again)
    assert again.copy_hashes == workspace.copy_hashes


def test_a_composer_is_kept_for_the_next_call(tmp_path: Path) -> None:
    workspace = load(write(tmp_path))
    assert workspace.composer("hello", "sms") is workspace.composer("hello", "sms")


def test_where_there_is_no_workspace_one_message_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"copylab\.yaml is missing"):
        load(tmp_path)
    with pytest.raises(CopylabError):
        load(tmp_path / "nowhere")


def test_a_workspace_with_errors_opens_and_does_not_load(tmp_path: Path) -> None:
    words = "# plain\nHello {{ nobody }}\n# other\n{% if %}\n"
    root = write(tmp_path, **{"templates/hello/sms.en-US.md": words})
    assert len(open_workspace(root).errors()) >= 2
    assert len(refused(root)) >= 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("message: hello", "message: helo", "there is no message 'helo'"),
        ("unit:", "channels: [push]\nunit:", "has no push copy"),
        ("other: 50%", "third: 50%", "the arm 'third' is no variant of 'hello'"),
        ("unit:", "audience: nobody\nunit:", "there is no audience 'nobody'"),
        ("unit:", "audience: salary > 3\nunit:", "salary"),
    ],
)
def test_a_running_experiment_must_find_what_it_names(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = EXPERIMENT.replace(old, new, 1)
    root = write(tmp_path, **{"experiments/e.yaml": text})
    assert any(message in found for found in refused(root))
    draft = text.replace("status: running", "status: draft")
    (root / "experiments/e.yaml").write_text(draft)
    assert load(root).experiments["e"].status == "draft"


def test_an_arm_needs_words_in_every_channel_the_experiment_covers(
    tmp_path: Path,
) -> None:
    files = {
        "templates/hello/push.en-US.md": "# plain\n## title\nA\n## body\nB\n",
        "experiments/e.yaml": EXPERIMENT,
    }
    root = write(tmp_path, **files)
    assert refused(root) == ["the arm 'other' has no words in push.en-US"]
    narrowed = EXPERIMENT.replace("unit:", "channels: [sms]\nunit:", 1)
    (root / "experiments/e.yaml").write_text(narrowed)
    assert load(root).errors() == ()


def test_two_experiments_cannot_run_on_one_message_and_channel(tmp_path: Path) -> None:
    second = EXPERIMENT.replace("hello.1", "hello.2")
    files = {"experiments/a.yaml": EXPERIMENT, "experiments/b.yaml": second}
    (message,) = refused(write(tmp_path, **files))
    assert message == "'a' is running on hello sms already"


def test_a_layout_must_find_its_names(tmp_path: Path) -> None:
    files = {
        "copylab.yaml": CONFIG + "email: {layout: main}\n",
        "templates/_layouts/main.html": "<p>{{ body }}</p><a href='{{ unsubscribe_url }}'>x</a>",
        "templates/_layouts/main.txt": "{{ body }}",
        "templates/hello/email.en-US.md": EMAIL,
    }
    (message,) = refused(write(tmp_path, **files))
    assert "unsubscribe_url" in message


def test_findings_and_reports_come_from_one_reading(tmp_path: Path) -> None:
    report = load(write(tmp_path)).lint()
    assert report.messages == 1


def test_a_loaded_workspace_cannot_be_changed(repository: Path) -> None:
    workspace = copylab.load(repository)
    with pytest.raises(TypeError):
        workspace.messages["new"] = None  # type: ignore[index]
    travelled = pickle.loads(pickle.dumps(workspace))
    with pytest.raises(TypeError):
        travelled.messages["new"] = None


@pytest.mark.parametrize(
    ("user", "at"), [(None, NOON), ([], NOON), ({}, "2026-01-01"), ({}, None)]
)
def test_a_wrong_call_of_compose_is_a_type_error(
    repository: Path, user: object, at: object
) -> None:
    workspace = copylab.load(repository)
    message = next(iter(workspace.messages))
    with pytest.raises(TypeError, match="must be a"):
        workspace.compose(message, user, channel="sms", at=at)  # type: ignore[arg-type]


def test_the_hash_of_one_variant_is_among_those_of_all(tmp_path: Path) -> None:
    write(tmp_path)
    alone = load(tmp_path)
    found = {key: alone.copy_hash(key) for key in alone.templates}
    assert found == load(tmp_path).copy_hashes
    assert len(set(found.values())) == 2
    with pytest.raises(KeyError):
        alone.copy_hash(("hello", "sms", "en-US", "nobody"))
    known = pickle.loads(pickle.dumps(alone))
    assert {key: known.copy_hash(key) for key in known.templates} == found
