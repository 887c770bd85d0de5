"""What each framework's function of a loss is: its parameters and no others, its defaults, and where it departs."""
