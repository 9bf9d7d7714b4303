"""Arms whose messages do not arrive as the control's do, and are not promoted for it.

The alarm at delivery does not make a result unreadable: everybody assigned is counted,
and what was filtered is part of what the wording does. But it blocks. An arm that is
delivered more or less often than the control, in that pair alone with p below 0.001
too, is not promoted, as if a guardrail of it did not hold: its win may be the filter's,
and a wording that operators filter is none to make live unasked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.delivery import check_delivery
from copylab.analysis.guardrails import GuardrailResult

if TYPE_CHECKING:
    from copylab.analysis.delivery import Delivery

DELIVERY = "delivery"
"""What stops an arm whose messages arrive more or less often than the control's."""


def block_filtered(
    delivery: Delivery | None, control: str
) -> tuple[GuardrailResult, ...]:
    """What stops arms whose messages do not arrive as the control's do.

    Each is like a guardrail that is open: no harm is shown, and nothing is promoted.
    Where the control sends nothing, the arm that arrives most often stands for it.

    Args:
        delivery: What arrived; None where no event says so.
        control: The arm that the others are compared with.
    """
    if delivery is None or delivery.ok:
        return ()
    shares = {arm: delivery.arrived[arm] / n for arm, n in delivery.sent.items() if n}
    base = control if control in shares else max(shares, key=lambda arm: shares[arm])
    found = []
    for arm, share in shares.items():
        sent = {name: delivery.sent[name] for name in (arm, base)}
        arrived = {name: delivery.arrived[name] for name in (arm, base)}
        if arm == base or check_delivery(sent, arrived).ok:
            continue
        reason = (
            f"messages of {arm} do not arrive as those of {base} do "
            f"({share:.2%} against {shares[base]:.2%})"
        )
        found.append(GuardrailResult(DELIVERY, arm, "open", None, reason))
    return tuple(found)
