"""A few classes of people, each with its own weights: a finite mixture of logits."""
