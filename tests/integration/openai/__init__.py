"""The OpenAI image model, at stand-ins for the servers that it can ask."""
