"""How good something said of customers was, against what they did: scores, intervals, costs."""
