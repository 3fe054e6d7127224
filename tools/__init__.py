"""What `./run` does once the environment is set up: tests, lint, documentation, the demonstration, the production start."""
