"""WeCom group robots by webhook: one-way, no reading."""
