"""The page people live in: its built files, and the application that serves them beside the API."""
