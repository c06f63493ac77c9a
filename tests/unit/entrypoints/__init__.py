"""How the service reads what comes in, and says what goes out."""
