"""Churn and its opposite as a shop sees them: definitions that look back, a window, and who comes back."""
