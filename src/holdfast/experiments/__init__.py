"""The experiments room: who is left alone at random, and what can be told from that."""
