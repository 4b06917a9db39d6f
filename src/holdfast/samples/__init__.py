"""The samples room: seeded shops with known truth."""
