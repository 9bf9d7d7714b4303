"""``copylab diff``: what changes for people, not in files."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
brand: {name: Example}
markets: [US]
locales: {default: en-US}
sms: {price: 0.01 USD}
"""
MESSAGE = """\
purpose: transactional
live: plain
variables:
  name: {type: text, max: 12, charset: gsm7, missing: there}
  stage: {type: enum, values: [new, repaid], missing: new}
"""
WORDS = "Hi {{ name }}{% if stage == 'repaid' %}, thanks for paying back{% endif %}."


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repo(make_files) -> Path:
    folder = make_files(
        {
            "copy/copylab.yaml": CONFIG,
            "copy/templates/hello/message.yaml": MESSAGE,
            "copy/templates/hello/sms.en-US.md": WORDS,
            "copy/templates/_partials/end.md": "See you soon.",
            "code/app.py": "",
        }
    )
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder / "copy"


def write(repo: Path, words: str) -> None:
    (repo / "templates/hello/sms.en-US.md").write_text(words, encoding="utf-8")


def test_nothing_changed_for_anybody(repo, run_copylab) -> None:
    write(repo, WORDS.replace("{% if", "{#- a note -#}{% if"))
    ran = run_copylab("diff", "HEAD", cwd=repo)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "No message changes: everybody receives what they received.\n"


def test_only_the_branch_that_changed_is_shown_with_its_values(
    repo, run_copylab
) -> None:
    write(repo, WORDS.replace("paying back", "repaying"))
    out = run_copylab("diff", "HEAD", cwd=repo).out
    assert "stage = repaid" in out or "stage = 'repaid'" in out
    assert ", thanks for repaying." in out
    assert out.count("    - ") == 1
    assert "1 text of 1 message changed." in out


def test_parts_and_cost_are_given_before_and_after(repo, run_copylab) -> None:
    write(repo, WORDS + " You are welcome here" * 8)
    out = run_copylab("diff", "HEAD", cwd=repo).out
    assert "parts at worst: 1 → 2 (" in out
    assert "cost at worst: 0.01 USD → 0.02 USD a message" in out


def test_costs_in_two_currencies_stand_beside_each_other(repo, run_copylab) -> None:
    config = (repo / "copylab.yaml").read_text()
    two = "markets: [US, CN]\nsms: {price: {US: 0.01 USD, CN: 0.045 CNY}}\n"
    kept = [x for x in config.splitlines() if not x.startswith(("markets", "sms"))]
    (repo / "copylab.yaml").write_text("\n".join([*kept, two]))
    write(repo, WORDS.replace("Hi", "Hello"))
    ran = run_copylab("diff", "HEAD", "--format", "json", cwd=repo)
    [change] = json.loads(ran.out)["changes"]
    assert change["cost_after"] == "0.045 CNY or 0.01 USD"


def test_a_change_of_a_partial_is_a_change_of_the_messages_that_include_it(
    repo, run_copylab
) -> None:
    write(repo, WORDS + "{% include 'end.md' %}")
    git(repo, "commit", "-q", "-am", "second")
    (repo / "templates/_partials/end.md").write_text("See you.", encoding="utf-8")
    out = run_copylab("diff", "HEAD", cwd=repo).out
    assert "- Hi" in out
    assert "See you." in out


def test_added_and_removed_texts_are_named(repo, run_copylab) -> None:
    (repo / "templates/hello/push.en-US.md").write_text("## title\nA\n## body\nB\n")
    out = run_copylab("diff", "HEAD", cwd=repo).out
    assert "hello · push · en-US · plain (added)" in out
    git(repo, "add", ".")
    git(repo, "commit", "-q", "-m", "second")
    (repo / "templates/hello/push.en-US.md").unlink()
    out = run_copylab("diff", "HEAD", cwd=repo).out
    assert "hello · push · en-US · plain (removed)" in out
    out = run_copylab("diff", "HEAD~1", cwd=repo).out
    assert "No message changes" in out


def test_json_has_every_pair_of_texts(repo, run_copylab) -> None:
    write(repo, WORDS.replace("Hi", "Hello"))
    found = json.loads(run_copylab("diff", "HEAD", "--format", "json", cwd=repo).out)
    (change,) = found["changes"]
    assert (change["message"], change["kind"], change["whole"]) == (
        "hello",
        "changed",
        True,
    )
    assert len(change["branches"]) == 2
    for branch in change["branches"]:
        assert branch["after"] == branch["before"].replace("Hi", "Hello")
    assert change["cost_after"] == "0.01 USD"


def test_markdown_cannot_be_broken_out_of(repo, run_copylab) -> None:
    write(repo, "```` \n# big\n" + WORDS)
    out = run_copylab("diff", "HEAD", "--format", "markdown", cwd=repo).out
    assert out.count("\n````\n") == 1
    assert out.count("````diff\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nothing",), "git knows no revision 'nothing'"),
        (("--output=x",), "No such option"),
        (("HEAD", "helo"), "there is no message 'helo'"),
    ],
)
def test_bad_calls_get_one_message(repo, run_copylab, arguments, says) -> None:
    ran = run_copylab("diff", *arguments, cwd=repo)
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_revision_that_looks_like_an_option_is_a_revision(repo, run_copylab) -> None:
    ran = run_copylab("diff", "--", "--output=x", cwd=repo)
    assert ran.code == 2
    assert "git knows no revision '--output=x'" in ran.err


def test_a_folder_without_history_is_told(make_files, run_copylab) -> None:
    folder = make_files({"copylab.yaml": CONFIG})
    ran = run_copylab("diff", "HEAD", cwd=folder, GIT_CEILING_DIRECTORIES="/")
    assert ran.code == 2
    assert "is not in a git repository" in ran.err


@pytest.mark.parametrize("words", ["Hi \x1b {{ name }}", "Hi \x00 {{ name }}"])
def test_copy_that_cannot_be_sent_is_compared_all_the_same(
    repo, run_copylab, words: str
) -> None:
    write(repo, words)
    ran = run_copylab("diff", "HEAD", cwd=repo)
    assert (ran.code, ran.err) == (0, "")


def test_a_route_that_lacks_characters_is_compared_too(repo, run_copylab) -> None:
    (repo / "copylab.yaml").write_text(CONFIG.replace("sms: {", "sms: {profile: kr, "))
    ran = run_copylab("diff", "HEAD", cwd=repo)
    assert (ran.code, ran.err) == (0, "")
    assert "cp949" in ran.out
