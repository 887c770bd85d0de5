"""What makes a sound row smell: figures that fit their type and their place and still are seldom right."""
