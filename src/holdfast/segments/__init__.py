"""The segments room: customers become groups with names."""
