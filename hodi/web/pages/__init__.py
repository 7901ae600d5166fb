"""The pages: one module per place that somebody lands on."""
