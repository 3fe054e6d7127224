"""What the city holds records of: its territory and its offices now, its people and assets later."""
