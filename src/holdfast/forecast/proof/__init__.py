"""The proof: the whole forecast repeated on past dates, graded beside simpler rules, and searched for leaks."""
