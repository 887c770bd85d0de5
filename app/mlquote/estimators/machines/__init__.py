"""What an hour of a machine is: part, place, draw, price, ownership."""
