"""The package's face."""

from __future__ import annotations

import subprocess
import sys

import pytest

import copylab.channels


def test_channels_are_imported_when_used() -> None:
    code = (
        "import sys, copylab.channels as channels; before = set(sys.modules);"
        "assert channels.sms.measure('a').units == 1;"
        "assert channels.push.payload_bytes({}) == 2;"
        "heavy = {'mistune', 'mjml', 'css_inline', 'yaml', 'jinja2', 'email'};"
        "assert 'copylab.channels.sms' not in before;"
        "sys.exit(len(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_unknown_channel_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'fax'"):
        copylab.channels.fax  # noqa: B018 - the access is the test
