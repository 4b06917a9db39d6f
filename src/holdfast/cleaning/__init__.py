"""The cleaning room: raw lines become order lines, rejects and a ledger that balances to the cent."""

from holdfast.cleaning.clean import Cleaned, clean
from holdfast.cleaning.ledger import Balance, Entry, balance
from holdfast.cleaning.policy import POLICIES, Policy, policy_from, policy_named
from holdfast.cleaning.reasons import EXPLANATIONS, Kept, Reason

__all__ = [
    "EXPLANATIONS", "POLICIES", "Balance", "Cleaned", "Entry", "Kept", "Policy", "Reason", "balance", "clean",
    "policy_from", "policy_named",
]  # fmt: skip
