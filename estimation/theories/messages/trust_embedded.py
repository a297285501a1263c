"""Trust-embedded cheap talk (Ozer, Zheng and Chen 2011): lying has a cost, and messages are partly believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from estimation.theories.messages.trusting import Trusting


@dataclass(frozen=True)
class TrustEmbedded(Trusting):
    """Trust (α), trustworthiness (β) and the sender's belief about the receiver's trust (α^m).

    Parameters
    ----------
    believed_trust
        What a sender believes the receiver's trust to be: ``"own"`` (people project their own trust, α^m = α),
        ``"separate"`` (its own parameter) or a fixed number in [0, 1]. A person who never receives has no other
        source for α than what they send, so for senders alone ``"own"`` estimates α^m.
    response, lapse, correlated, formulas
        See `Theory`.

    Raises
    ------
    TheoryError
        If `believed_trust` is none of these.
    """

    name: ClassVar[str] = "trust-embedded"
    citation: ClassVar[str] = "Özer, Zheng & Chen (2011), Management Science 57(6):1111-1137"
