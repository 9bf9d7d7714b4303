"""What compose hands to a sender."""

from __future__ import annotations

import dataclasses
import json
import pickle
from dataclasses import dataclass

import pytest

from copylab.channels.composed import Email, Push, Sms
from copylab.channels.push import apns_payload, fcm_payload, payload_bytes


@dataclass(frozen=True)
class Exposure:
    unit: str

    def to_dict(self) -> dict[str, object]:
        return {"unit": self.unit}


SMS = Sms("您好", "UCS-2", 2, 1, 1, Exposure("u1"))
PUSH = Push(
    "t", "您好", {"apns": apns_payload("t", "您好"), "fcm": fcm_payload("t", "您好")}
)
EMAIL = Email("s", "p", "<p>h</p>", "t", {"From": "a@e.example"})


def test_sms_as_json() -> None:
    assert SMS.to_dict() == {
        "channel": "sms",
        "text": "您好",
        "encoding": "UCS-2",
        "units": 2,
        "segments": 1,
        "segments_max": 1,
        "product": "SMS",
        "exposure": {"unit": "u1"},
    }


def test_push_as_json() -> None:
    record = json.loads(json.dumps(PUSH.to_dict()))
    assert record["channel"] == "push"
    assert record["payload"]["apns"]["aps"]["alert"]["body"] == "您好"
    assert record["exposure"] is None


def test_email_as_json() -> None:
    assert json.loads(json.dumps(EMAIL.to_dict())) == {
        "channel": "email",
        "subject": "s",
        "preheader": "p",
        "html": "<p>h</p>",
        "text": "t",
        "headers": {"From": "a@e.example"},
        "exposure": None,
    }


def test_push_knows_the_size_for_each_service() -> None:
    for service in ("apns", "fcm"):
        for serializer in ("compact", "ascii"):
            assert PUSH.payload_bytes(service, serializer) == payload_bytes(
                PUSH.payload[service], serializer
            )
    with pytest.raises(ValueError, match="must be one of apns, fcm"):
        PUSH.payload_bytes("hms")


@pytest.mark.parametrize("composed", [SMS, PUSH, EMAIL])
def test_composed_messages_are_frozen_and_cross_processes(
    composed: Sms | Push | Email,
) -> None:
    assert not hasattr(composed, "__dict__")
    with pytest.raises(dataclasses.FrozenInstanceError):
        composed.exposure = None  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(composed)) == composed
    exposed = dataclasses.replace(composed, exposure=Exposure("u2"))
    assert exposed.to_dict()["exposure"] == {"unit": "u2"}
