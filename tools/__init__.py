"""What is done to the project and not by it: building it, and asking about what it is built on."""
