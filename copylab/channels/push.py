"""Push: payloads for APNs, FCM, browsers and phone makers, their exact size and limits.

Sizes are those of the JSON that is sent. Senders serialise differently, and the one
that escapes every non-ASCII character doubles a Chinese payload: choose by the sender.
What each service takes is dated data: `load_push_profile`.
"""

from __future__ import annotations

from copylab.channels.push_apns import (
    ApnsHeaders,
    ApnsOptions,
    apns_headers,
    apns_payload,
)
from copylab.channels.push_fcm import FcmOptions, fcm_bytes, fcm_payload
from copylab.channels.push_json import (
    SERIALIZERS,
    Serializer,
    json_char_bytes,
    payload_bytes,
)
from copylab.channels.push_profile import (
    PushProfile,
    load_push_profile,
    push_profile_names,
)
from copylab.channels.push_vendor import VendorOptions, vendor_payload
from copylab.channels.push_web import (
    WEB_PUSH_OVERHEAD,
    WebPushAction,
    WebPushHeaders,
    WebPushOptions,
    web_push_body_bytes,
    web_push_headers,
    web_push_payload,
)
from copylab.channels.width import display_width

__all__ = [
    "SERIALIZERS",
    "WEB_PUSH_OVERHEAD",
    "ApnsHeaders",
    "ApnsOptions",
    "FcmOptions",
    "PushProfile",
    "Serializer",
    "VendorOptions",
    "WebPushAction",
    "WebPushHeaders",
    "WebPushOptions",
    "apns_headers",
    "apns_payload",
    "display_width",
    "fcm_bytes",
    "fcm_payload",
    "json_char_bytes",
    "load_push_profile",
    "payload_bytes",
    "push_profile_names",
    "vendor_payload",
    "web_push_body_bytes",
    "web_push_headers",
    "web_push_payload",
]
