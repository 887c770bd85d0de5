"""What a training run takes: memory, layouts, messages, goodput, efficiency."""
