from collections.abc import Callable

import pytest

from copylab.experiment.model import Experiment
from copylab.experiment.read import read_experiment
from copylab.findings import Finding
from copylab.source import SourceFile

WINBACK = """\
message: winback_day3
channels: [sms]
status: draft
audience: approved_not_borrowed
unit: user_id
salt: winback_hook.9f3a1c
coverage: 100%
arms: {plain: 45%, coupon: 45%, none: 10%}
control: plain
metrics: {primary: click, secondary: [login, loan], guardrails: [opt_out]}
plan: {alpha: 0.05, power: 0.8, mde: 15%, looks: 3, window: 7d}
"""


@pytest.fixture
def winback_text() -> str:
    return WINBACK


@pytest.fixture
def read() -> Callable[[str], tuple[Experiment | None, list[Finding]]]:
    def read_text(text: str) -> tuple[Experiment | None, list[Finding]]:
        source = SourceFile("experiments/winback_hook.yaml", text)
        return read_experiment(source, "winback_hook")

    return read_text


@pytest.fixture
def winback(
    read: Callable[[str], tuple[Experiment | None, list[Finding]]],
) -> Experiment:
    experiment, findings = read(WINBACK)
    assert experiment is not None
    assert findings == []
    return experiment
