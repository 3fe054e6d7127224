"""A resident's own data: what we hold, who looked at it, and what they may ask of us."""
