"""Who may do what: keys, users, sessions, roles, and the audit log."""
