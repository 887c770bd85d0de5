"""What labels cost: items, votes and review by the unit or by the hour; people, people with a model, a model."""
