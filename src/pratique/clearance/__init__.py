"""What happens next? The life of a parcel, and the decision on it."""

from pratique.clearance.decide import Policy, decide, default_policy

__all__ = ["Policy", "decide", "default_policy"]
