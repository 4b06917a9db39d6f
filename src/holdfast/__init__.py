"""Holdfast: who is about to leave, what that is worth, and what to do about it.

The names below are loaded when first used, so that `import holdfast` and `holdfast --help` stay quick.
"""
