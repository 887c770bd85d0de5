"""What a training run costs: question, work, hours, energy, dollars."""
