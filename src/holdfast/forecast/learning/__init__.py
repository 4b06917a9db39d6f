"""What is learned from past dates: who orders, how often and for how much, and how many in all."""
