"""The audit: every logged arm computed again from its row, and who had to have it."""

from copylab.decision.audit.result import (
    Audit,
    AuditedEpoch,
    AuditFinding,
    ChannelRatio,
)
from copylab.decision.audit.run import audit_exposures

__all__ = ["Audit", "AuditFinding", "AuditedEpoch", "ChannelRatio", "audit_exposures"]
