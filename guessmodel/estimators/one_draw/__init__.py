"""What is made of one draw alone: as a function of it, where it turns, and its statistics."""
