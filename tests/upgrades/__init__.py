"""Homes as earlier releases left them, opened by this one."""
