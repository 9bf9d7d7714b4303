from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.catalog import Catalog, read_catalog
from copylab.errors import UnreadableError

EMAIL = "# plain\n## subject\nS\n## body\nB\n# other\n## subject\nS\n## body\nC\n"
FILES = {
    "copylab.yaml": """\
brand: {name: Shop}
locales: {default: en-US, also: [zh-CN]}
markets: [US]
attributes: {user_id: string, loans: int}
email: {layout: main, unsubscribe: leave}
""",
    "templates/_partials/rate.md": "{{ brand.name }} {% include 'deep/terms.md' %}",
    "templates/_partials/deep/terms.md": "Terms apply.\n",
    "templates/_layouts/main.html": "<p>{{ body }}</p><a href='{{ unsubscribe_url }}'>x</a>",
    "templates/_layouts/main.txt": "{{ body }} {{ unsubscribe_url }}",
    "templates/_personas.yaml": "ann: {name: Ann, goods: [{title: Tea}], loans: 0}\n",
    "templates/news/weekly/message.yaml": """\
purpose: marketing
live: plain
variants: {plain: {}, other: {}}
variables:
  name:  {type: person_name, max: 12, missing: {zh-CN: 您, en-US: there}}
  price: {type: money, currency: USD, min: 0, max: 99, missing: skip}
  when:  {type: datetime, missing: skip}
  leave: {type: url, base: "https://shop.example/", max: 40}
""",
    "templates/news/weekly/sms.en-US.md": """\
# plain
Hi {{ name }} {% include 'rate.md' %}
# other
{{ price | money }}
""",
    "templates/news/weekly/sms.zh-CN.md": "# plain\n{{ name }}\n# other\n{{ when | time }}\n",
    "templates/news/weekly/email.en-US.md": EMAIL,
    "templates/news/weekly/email.zh-CN.md": EMAIL,
    "experiments/audiences.yaml": "fresh: loans = 0\n",
    "experiments/metrics.yaml": "click: {event: click, kind: share, within: 3d}\n",
    "experiments/hook.yaml": """\
message: news/weekly
channels: [sms]
audience: fresh
unit: user_id
salt: hook.1
arms: {plain: 50%, other: 40%, none: 10%}
control: plain
""",
}
Write = Callable[..., Path]
ID = "news/weekly"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_files(**changes: str | bytes | None) -> Path:
        for name, text in {**FILES, **changes}.items():
            if text is None:
                continue
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write_files


def rules(catalog: Catalog) -> set[str]:
    return {finding.rule for finding in catalog.findings}


def test_everything_in_a_workspace_is_read(write: Write) -> None:
    catalog = read_catalog(write())
    assert catalog.errors() == ()
    assert list(catalog.messages) == [ID]
    assert {key[1:] for key in catalog.templates} == {
        (channel, locale, variant)
        for channel in ("sms", "email")
        for locale in ("en-US", "zh-CN")
        for variant in ("plain", "other")
    }
    assert set(catalog.partials) == {"rate.md", "deep/terms.md"}
    assert set(catalog.layouts) == {"main"}
    assert set(catalog.audiences) == {"fresh"}
    assert set(catalog.metrics) == {"click"}
    assert set(catalog.experiments) == {"hook"}
    assert catalog.personas["ann"] == {
        "name": "Ann",
        "goods": [{"title": "Tea"}],
        "loans": 0,
    }
    assert set(catalog.sources) == set(FILES)


def test_the_audience_of_an_experiment_is_found(write: Write) -> None:
    catalog = read_catalog(write())
    audience = catalog.audience_of(catalog.experiments["hook"])
    assert audience is not None
    assert audience.name == "fresh"


def test_a_hash_changes_with_what_is_printed_and_with_nothing_else(
    write: Write,
) -> None:
    before = read_catalog(write()).copy_hashes
    message = "templates/news/weekly/message.yaml"

    def changed(name: str, old: str, new: str) -> set[str]:
        text = FILES[name].replace(old, new, 1)
        assert text != FILES[name]
        after = read_catalog(write(**{name: text})).copy_hashes
        return {".".join(key[1:]) for key in before if after[key] != before[key]}

    words = "templates/news/weekly/sms.en-US.md"
    assert changed(words, "Hi", "Hello") == {"sms.en-US.plain"}
    assert changed("templates/_partials/deep/terms.md", "T", "t") == {"sms.en-US.plain"}
    assert changed(message, "en-US: there", "en-US: you") == {"sms.en-US.plain"}
    assert changed(message, "zh-CN: 您", "zh-CN: 你") == {"sms.zh-CN.plain"}
    assert changed(message, "USD", "EUR") == {"sms.en-US.other"}
    assert changed(message, "https://shop", "https://s") == {
        f"email.{locale}.{variant}"
        for locale in ("en-US", "zh-CN")
        for variant in ("plain", "other")
    }
    zone = ("copylab.yaml", "markets", "timezone: Asia/Shanghai\nmarkets")
    assert changed(*zone) == {"sms.zh-CN.other"}
    assert len(changed("copylab.yaml", "name: Shop", "name: Store")) == len(before)
    assert changed(message, "purpose: marketing", "purpose: otp") == set()
    assert changed(message, "max: 99", "max: 98") == set()
    assert changed("experiments/hook.yaml", "hook.1", "hook.2") == set()


def test_the_hash_of_an_arm_covers_the_channels_of_its_experiment(write: Write) -> None:
    catalog = read_catalog(write())
    hook = catalog.experiments["hook"]
    before = catalog.arm_hashes(hook)
    assert set(before) == {"plain", "other"}
    email = "templates/news/weekly/email.en-US.md"
    after = read_catalog(write(**{email: FILES[email].replace("\nB", "\nBB")}))
    assert after.arm_hashes(hook) == before
    sms = "templates/news/weekly/sms.zh-CN.md"
    after = read_catalog(write(**{sms: FILES[sms].replace("plain\n", "plain\n!")}))
    assert after.arm_hashes(hook)["plain"] != before["plain"]
    assert after.arm_hashes(hook)["other"] == before["other"]


def test_reading_goes_on_past_every_fault_and_tells_all(write: Write) -> None:
    catalog = read_catalog(
        write(
            **{
                "copylab.yaml": FILES["copylab.yaml"] + "colour: red\n",
                "templates/news/weekly/sms.zh-CN.md": "# plain\n{{ nobody }}\n# other\nx\n",
                "templates/news/weekly/fax.en-US.md": "Hello\n",
                "templates/lost/sms.en-US.md": "Hello\n",
                "templates/bad/message.yaml": b"\xff\xfe",
                "templates/_partials/bad.md": b"\xc3(",
                "templates/_layouts/lonely.html": "<p>{{ body }}</p>",
                "templates/_personas.yaml": "ann: [",
                "experiments/audiences.yaml": "fresh: salary = 0\n",
                "experiments/broken.yaml": "message: [\n",
            }
        )
    )
    assert ID in catalog.messages
    assert (ID, "sms", "en-US", "plain") in catalog.templates
    files = {finding.file for finding in catalog.findings}
    assert files >= {
        "copylab.yaml",
        "templates/news/weekly/sms.zh-CN.md",
        "templates/news/weekly/fax.en-US.md",
        "templates/lost/sms.en-US.md",
        "templates/bad/message.yaml",
        "templates/_partials/bad.md",
        "templates/_layouts/lonely.html",
        "templates/_personas.yaml",
        "experiments/audiences.yaml",
        "experiments/broken.yaml",
    }
    assert len(catalog.findings) == len(set(catalog.findings))
    assert rules(catalog) >= {"unknown-key", "unknown-file", "not-utf-8", "syntax"}
    assert rules(catalog) >= {"undeclared-variable", "missing-field"}


def test_a_finding_in_a_partial_names_no_variant(write: Write) -> None:
    catalog = read_catalog(write(**{"templates/_partials/rate.md": "{{ nobody }}"}))
    (finding,) = catalog.errors()
    assert finding.file == "templates/_partials/rate.md"
    assert finding.variant is finding.field is None


def test_a_layout_that_is_not_there_is_told_where_it_is_named(write: Write) -> None:
    config = FILES["copylab.yaml"].replace("layout: main", "layout: mian")
    catalog = read_catalog(write(**{"copylab.yaml": config}))
    (finding,) = catalog.errors()
    assert finding.rule == "include-missing"
    assert "mian" in finding.message


def test_folders_that_begin_with_a_dot_or_underscore_hold_no_messages(
    write: Write,
) -> None:
    catalog = read_catalog(
        write(
            **{
                "templates/_drafts/x/message.yaml": "purpose: [",
                "templates/.git/sms.en-US.md": "x",
                "templates/news/README.md": "Notes for the team",
            }
        )
    )
    assert catalog.findings == ()


@pytest.mark.parametrize("name", ["templates", "experiments", "templates/_partials"])
def test_a_file_where_a_folder_should_be_stops_reading(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "copylab.yaml").write_text(FILES["copylab.yaml"])
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")
    with pytest.raises(UnreadableError, match="is a file where a folder should be"):
        read_catalog(tmp_path)


def test_a_folder_where_a_file_should_be_stops_reading(write: Write) -> None:
    root = write()
    (root / "templates/news/weekly/push.en-US.md").mkdir()
    with pytest.raises(UnreadableError, match="directory"):
        read_catalog(root)


def test_no_workspace_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"copylab\.yaml is missing"):
        read_catalog(tmp_path / "nowhere")
    with pytest.raises(UnreadableError, match=r"copylab\.yaml is missing"):
        read_catalog(tmp_path)


def test_a_workspace_of_settings_alone_is_empty_and_well(tmp_path: Path) -> None:
    (tmp_path / "copylab.yaml").write_text("locales: {default: en-US}\n")
    catalog = read_catalog(tmp_path)
    assert (catalog.messages, catalog.experiments, catalog.findings) == ({}, {}, ())
