"""The desk of the data-protection officer: requests with their clocks, how often numbers are opened, what the city says it uses data for."""
