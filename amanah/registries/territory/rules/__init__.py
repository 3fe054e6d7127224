"""What is true of territories without asking anybody: their codes and names, their shapes, and where a point lies. No Django."""
